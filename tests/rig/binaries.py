"""Where PostgreSQL with PostGIS is on this machine, and how it gets there when we may install it."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.rig import debian

DEBIAN = Path("/usr/lib/postgresql")
_HINT = "(or name a server in TEST_DATABASE_URL)"
_KEEP_QUIET = Path("/etc/postgresql-common/createcluster.d/hezhang-tests.conf")


def postgis_bin() -> Path:
    """Where initdb and pg_ctl are: the newest PostgreSQL with PostGIS; debian.Missing if none can be had."""
    found = _found()
    if found is not None:
        return found
    with _no_cluster_of_its_own():
        debian.refresh()
        debian.install(package(), _HINT)
    found = _found()
    if found is None:
        raise debian.Missing(f"{package()} is installed, but its programs are not under {DEBIAN} {_HINT}")
    return found


def package() -> str:
    """The newest package of this distribution: `postgresql-15-postgis-3` on Debian 12."""
    if not shutil.which("apt-cache"):
        return "postgresql-15-postgis-3"
    wanted = "^postgresql-[0-9]+-postgis-3$"
    asked = subprocess.run(["apt-cache", "search", "--names-only", wanted], capture_output=True, text=True)
    versions = [int(version) for version in re.findall(r"^postgresql-(\d+)-postgis-3 ", asked.stdout, re.M)]
    return f"postgresql-{max(versions, default=15)}-postgis-3"


def _found() -> Path | None:
    for folder, shared in _candidates():
        if (folder / "initdb").exists() and (shared / "extension" / "postgis.control").exists():
            return folder
    return None


def _candidates() -> Iterator[tuple[Path, Path]]:
    """Folders of programs with their folders of extensions, the newest version first."""
    versions = [int(found.name) for found in DEBIAN.glob("*") if found.name.isdecimal()]
    for version in sorted(versions, reverse=True):
        yield DEBIAN / str(version) / "bin", Path(f"/usr/share/postgresql/{version}")
    if shutil.which("pg_config"):
        yield _asked("--bindir"), _asked("--sharedir")


def _asked(option: str) -> Path:
    return Path(subprocess.run(["pg_config", option], capture_output=True, text=True).stdout.strip())


@contextmanager
def _no_cluster_of_its_own() -> Iterator[None]:
    """Tell Debian's package to make and start no server of its own while we install it."""
    ours = debian.may_install() and not _KEEP_QUIET.exists()
    if ours:
        _KEEP_QUIET.parent.mkdir(parents=True, exist_ok=True)
        _KEEP_QUIET.write_text("create_main_cluster = false\nstart_conf = 'manual'\n")
    try:
        yield
    finally:
        if ours:
            _KEEP_QUIET.unlink()
