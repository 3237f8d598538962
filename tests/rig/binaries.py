"""Where PostgreSQL with PostGIS is on this machine, and how it gets there when we may install it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

DEBIAN = Path("/usr/lib/postgresql")
_KEEP_QUIET = Path("/etc/postgresql-common/createcluster.d/hezhang-tests.conf")
_APT_S = 900


class PostgisMissing(RuntimeError):
    """PostGIS is not here and we may not install it; the message says what to type."""


def postgis_bin() -> Path:
    """Where initdb and pg_ctl are: the newest PostgreSQL with PostGIS; PostgisMissing if none can be had."""
    found = _found()
    if found is None and os.geteuid() == 0 and shutil.which("apt-get"):
        _install()
        found = _found()
    if found is None:
        raise PostgisMissing(
            f"PostGIS is not installed. Type: apt-get update && apt-get install -y {_package()}  "
            "(or name a server in TEST_DATABASE_URL)"
        )
    return found


def _found() -> Path | None:
    for folder in _candidates():
        sharedir = _asked(folder / "pg_config", "--sharedir") or f"/usr/share/postgresql/{folder.parent.name}"
        if (folder / "initdb").exists() and (Path(sharedir) / "extension" / "postgis.control").exists():
            return folder
    return None


def _candidates() -> Iterator[Path]:
    versions = [found for found in DEBIAN.glob("*/bin") if found.parent.name.isdecimal()]
    yield from sorted(versions, key=lambda found: int(found.parent.name), reverse=True)
    on_path = _asked(Path("pg_config"), "--bindir")
    if on_path:
        yield Path(on_path)


def _asked(pg_config: Path, option: str) -> str | None:
    # Debian's pg_config speaks for the -dev package, which may be of another version, so it is not asked.
    if pg_config.is_relative_to(DEBIAN):
        return None
    if not shutil.which(pg_config):
        return None
    return subprocess.run([pg_config, option], capture_output=True, text=True).stdout.strip() or None


def _package() -> str:
    """The newest package of this distribution: `postgresql-15-postgis-3` on Debian 12."""
    if not shutil.which("apt-cache"):
        return "postgresql-15-postgis-3"
    wanted = "^postgresql-[0-9]+-postgis-3$"
    asked = subprocess.run(["apt-cache", "search", "--names-only", wanted], capture_output=True, text=True)
    versions = [int(version) for version in re.findall(r"^postgresql-(\d+)-postgis-3 ", asked.stdout, re.M)]
    return f"postgresql-{max(versions, default=15)}-postgis-3"


def _install() -> None:
    """Install Debian's PostGIS; its start-up script is told to make and start no cluster of its own."""
    sys.stderr.write("PostGIS is missing: installing it with apt-get, which takes a minute or two.\n")
    ours = not _KEEP_QUIET.exists()
    _KEEP_QUIET.parent.mkdir(parents=True, exist_ok=True)
    _KEEP_QUIET.write_text("create_main_cluster = false\nstart_conf = 'manual'\n")
    try:
        _apt("update")
        _apt("install", "-y", "--no-install-recommends", _package())
    finally:
        if ours:
            _KEEP_QUIET.unlink()


def _apt(*words: str) -> None:
    ran = subprocess.run(
        ["apt-get", "-o", "DPkg::Lock::Timeout=300", "-qq", *words],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=_APT_S,
        env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"},
    )
    if ran.returncode != 0:
        raise PostgisMissing(f"apt-get {' '.join(words)} failed:\n{ran.stdout[-2000:]}")
