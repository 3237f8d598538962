"""What tests need from Debian: installed when we may, otherwise named with the line to type."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

_APT_S = 900


class Missing(RuntimeError):
    """Something is not on this machine and we may not install it; the message says what to type."""


def program(name: str, package: str | None = None) -> str:
    """The path of a program, installed first if need be; Missing names the package (by default its name)."""
    if not shutil.which(name):
        refresh()
        install(package or name)
    found = shutil.which(name)
    if found is None:
        raise Missing(f"{package or name} is installed, but has no {name}")
    return found


def refresh() -> None:
    """Learn which packages there are, if we may; a source that does not answer must not matter."""
    if may_install():
        _apt("update")


def install(package: str, hint: str = "") -> None:
    """Install a Debian package as root; Missing, with the line to type (and a hint), when that cannot be."""
    if not may_install():
        raise Missing(_order(package, hint))
    sys.stderr.write(f"{package} is missing: installing it with apt-get, which takes a minute or two.\n")
    failure = _apt("install", "-y", "--no-install-recommends", package)
    if failure:
        raise Missing(_order(package, failure))


def may_install() -> bool:
    """Whether we are root on a Debian."""
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def _order(package: str, why: str) -> str:
    return f"{package} is missing. Type: apt-get update && apt-get install -y {package}  {why}".rstrip()


def _apt(*words: str) -> str | None:
    """The end of what apt-get said if it failed."""
    ran = subprocess.run(
        ["apt-get", "-o", "DPkg::Lock::Timeout=300", "-qq", *words],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=_APT_S,
        env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"},
    )
    return ran.stdout[-2000:] if ran.returncode else None
