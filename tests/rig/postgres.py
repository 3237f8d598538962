"""A PostGIS server for tests: the one that TEST_DATABASE_URL names, or a private one to throw away."""

from __future__ import annotations

import atexit
import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path

from sqlalchemy import URL, make_url

from tests.rig.binaries import postgis_bin
from tests.rig.sweep import Owned, sweep

_SOCKET_NAME_BYTES = len("/hzpg-4194304-abcdef/socket/.s.PGSQL.65535")
_SOCKET_PATH_BYTES = 107
_TRIES = 3
_SETTINGS = """
listen_addresses = '127.0.0.1'
port = {port}
unix_socket_directories = '{socket}'
max_connections = 200
shared_buffers = 64MB
fsync = {fsync}
full_page_writes = {fsync}
synchronous_commit = on
jit = off
timezone = UTC
log_timezone = UTC
"""


class ServerFailed(RuntimeError):
    """The server did not start; the message ends with its own log."""


class Server:
    """A running server; knows the address of each of its databases."""

    def __init__(self, admin: URL) -> None:
        self.admin = admin

    def url(self, database: str) -> str:
        """The address of a database, as DATABASE_URL takes it."""
        return self.admin.set(database=database).render_as_string(hide_password=False)

    def stop(self) -> None:
        """Leave a server alone that is not ours."""


class PrivateServer(Server):
    """A server of our own in a throw-away folder; only its user and root can open its socket."""

    def __init__(self, *, durable: bool) -> None:
        self._binaries = postgis_bin()
        self._user = _unprivileged()
        base = _base(self._user)
        sweep(base)
        self._folder = Owned(base)
        atexit.register(self.stop)
        self._data = self._subfolder("data")
        self._socket = self._subfolder("socket")
        self._make(durable=durable)
        super().__init__(URL.create("postgresql+psycopg", "postgres", database="postgres", query=self._query))

    def start(self) -> None:
        """Start it (again, after a crash); ServerFailed when it does not answer."""
        ran = self._run("pg_ctl", "-D", self._data, "-l", self._data / "log", "-w", "-t", "60", "start")
        if ran.returncode != 0:
            log = (self._data / "log").read_text()[-2000:] if (self._data / "log").exists() else ""
            raise ServerFailed(f"{ran.stdout}{ran.stderr}{log}")

    def crash(self) -> None:
        """End it without a checkpoint or a farewell, so that the next start must recover from the log."""
        self._run("pg_ctl", "-D", self._data, "-m", "immediate", "-w", "stop")

    def stop(self) -> None:
        """Stop it and delete everything."""
        atexit.unregister(self.stop)
        if self._folder.path.exists():
            self.crash()
            self._folder.remove()

    def _make(self, *, durable: bool) -> None:
        password = self._socket / "password"
        password.write_text(secrets.token_urlsafe())
        self._give(password)
        made = self._run(
            *("initdb", "-D", self._data, "-U", "postgres", "--no-sync"),
            *("--encoding=UTF8", "--locale=C.UTF-8"),
            *("--auth-local=trust", "--auth-host=scram-sha-256", f"--pwfile={password}"),
        )
        if made.returncode != 0:
            raise ServerFailed(f"{made.stdout}{made.stderr}")
        for attempt in range(1, _TRIES + 1):
            try:
                self._listen(durable=durable)
                return
            except ServerFailed:  # somebody may have taken the port between our look and our start
                if attempt == _TRIES:
                    raise

    def _listen(self, *, durable: bool) -> None:
        port = _free_port()
        with (self._data / "postgresql.conf").open("a") as conf:
            conf.write(_SETTINGS.format(port=port, socket=self._socket, fsync="on" if durable else "off"))
        self._query = {"host": str(self._socket), "port": str(port)}
        self.start()

    def _subfolder(self, name: str) -> Path:
        folder = self._folder.path / name
        folder.mkdir(mode=0o700)
        self._give(folder)
        return folder

    def _give(self, path: Path) -> None:
        if self._user is not None:
            shutil.chown(path, self._user)

    def _run(self, program: str, *words: str | Path) -> subprocess.CompletedProcess[str]:
        become = ["runuser", "-u", self._user, "--"] if self._user is not None else []
        command = [*become, str(self._binaries / program), *(str(word) for word in words)]
        return subprocess.run(
            command,
            capture_output=True,
            stdin=subprocess.DEVNULL,
            text=True,
            cwd="/",
            env=_bare_environment(),
        )


def provide() -> Server:
    """The server that TEST_DATABASE_URL names, whose role may make databases, or a private one."""
    given = os.environ.get("TEST_DATABASE_URL")
    if not given:
        return PrivateServer(durable=False)
    return Server(make_url(given).set(drivername="postgresql+psycopg"))


def _unprivileged() -> str | None:
    """Whom to become when we are root, as whom PostgreSQL refuses to run; None when we are not."""
    if os.geteuid() != 0:
        return None
    known = {user.pw_name for user in pwd.getpwall()}
    for name in ("postgres", "nobody"):
        if name in known:
            return name
    name = "hezhang-tests"
    subprocess.run(["useradd", "--system", "--no-create-home", name], check=True)
    return name


def _base(user: str | None) -> Path:
    """A folder for temporary things: short enough for a socket in it, and open to the server's user."""
    for base in (Path(tempfile.gettempdir()), Path("/tmp"), Path("/var/tmp")):
        if len(os.fsencode(base)) + _SOCKET_NAME_BYTES <= _SOCKET_PATH_BYTES and _can_enter(user, base):
            return base
    raise ServerFailed("No folder for temporary files has a short name and is open to the server's user.")


def _can_enter(user: str | None, folder: Path) -> bool:
    if user is None:
        return os.access(folder, os.W_OK | os.X_OK)
    return subprocess.run(["runuser", "-u", user, "--", "test", "-x", folder], cwd="/").returncode == 0


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _bare_environment() -> dict[str, str]:
    """Our environment without what would steer PostgreSQL's programs elsewhere."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")} | {"LC_ALL": "C"}
