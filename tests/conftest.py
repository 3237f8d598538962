"""The scene of every test: both databases, migrated for real, and a transaction that is rolled back."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache
from pathlib import Path

import coverage
import hypothesis
import pytest
from flask import Flask
from sqlalchemy import Connection, Engine
from sqlalchemy.orm import Session
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling

from backend.db import Database
from tests import counting
from tests.rig import postgres
from tests.rig.databases import Databases, PostgisDatabases, SqliteDatabases

BACKENDS = ("sqlite", "postgis")
_CHOICES = {"both": BACKENDS, "sqlite": ("sqlite",), "postgis": ("postgis",)}
_HERE = Path(__file__).parent
_CROWDS = ("torture/", "commands/test_drill")
"""What starts servers, browsers and crowds of senders, and lasts long."""
_ON_SQLITE = ("web/",)
"""What asks nothing of the database but by the API, which answers on both, and is opened by a browser on both."""
_OF_CHILDREN = {"COVERAGE_PROCESS_START", "COVERAGE_PROCESS_CONFIG"}
"""By these a process that a test starts counts its lines, too."""
_TIMES = float(os.environ.get("HEZHANG_TORTURE", "1"))
"""How many times as many rounds the hard tests run: 0.1 in `make quick`, 250 in `make torture`."""

# No setting of the person who types `make test` may reach a test, a database address least of all.
for _name in [name for name in os.environ if name.startswith("HEZHANG_") and name != "HEZHANG_TEST_DB"]:
    del os.environ[_name]
for _name in ("DATABASE_URL", "HOST", "PORT", "TLS", "TRUSTED_PROXIES"):
    os.environ.pop(_name, None)
os.environ["NO_PROXY"] = os.environ["no_proxy"] = "127.0.0.1,localhost"

hypothesis.settings.register_profile("here", deadline=None, print_blob=True)
hypothesis.settings.register_profile("ci", deadline=None, print_blob=True, derandomize=True, database=None)
hypothesis.settings.register_profile("torture", deadline=None, print_blob=True, max_examples=5_000)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "here")


def pytest_configure(config: pytest.Config) -> None:
    """Register our markers and refuse a database that does not exist."""
    config.addinivalue_line("markers", "only_on(backend): the test is about one database: sqlite or postgis")
    config.addinivalue_line("markers", "torture: the test has rounds; `make torture` runs some hundred times as many")
    if _chosen() is None:
        raise pytest.UsageError(f"HEZHANG_TEST_DB is one of {', '.join(_CHOICES)}")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that touches a database runs on each of them."""
    if "backend_name" in metafunc.fixturenames:
        only = metafunc.definition.get_closest_marker("only_on")
        metafunc.parametrize("backend_name", only.args if only else BACKENDS, scope="session")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Take out, and count as deselected, what runs on a database that was not asked for; begin with what lasts long.

    A file stays in one process: with the long ones first, no process is left alone with one at the end.
    """
    chosen = _chosen() or BACKENDS
    out = [item for item in items if _backend_of(item) not in (None, *_databases_for(item, chosen))]
    refused = set(out)
    items[:] = [item for item in items if item not in refused]
    items.sort(key=lambda item: not _lies_in(item, _CROWDS))
    if out:
        config.hook.pytest_deselected(items=out)


def pytest_collection_finish() -> None:
    """What is there before the first test is there for good: the collector of garbage need not go through it again."""
    gc.collect()
    gc.freeze()


class OneCrowdAtATime(LoadFileScheduling):
    """A file of tests stays in one process, and all the crowds in the same: three at once leave no core to any of them,
    and what waits for an answer with patience for a busy machine has none for that.
    """

    def _split_scope(self, nodeid: str) -> str:
        file = super()._split_scope(nodeid)
        return "crowds" if file.removeprefix("tests/").startswith(_CROWDS) else file


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> OneCrowdAtATime:
    """How the files are dealt out to the processes of `make test`."""
    return OneCrowdAtATime(config, log)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Lines are counted where a rule is tried for the first time: counting makes a test half as long again.

    Not once more on PostGIS, and not by the hard tests, which do many times what others do once.
    """
    counting_lines = coverage.Coverage.current()
    is_again = _backend_of(item) == "postgis" or item.get_closest_marker("torture") is not None
    if counting_lines is None or not is_again:
        return (yield)
    children = {name: os.environ.pop(name) for name in _OF_CHILDREN & os.environ.keys()}
    counting_lines.stop()
    try:
        return (yield)
    finally:
        counting_lines.start()
        os.environ.update(children)


@pytest.fixture(scope="session")
def times() -> Callable[[int], int]:
    """How many rounds a hard test runs that runs so many in `make test`."""
    return lambda rounds: max(1, round(rounds * _TIMES))


@pytest.fixture(scope="session")
def stocked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Databases]]:
    """Where databases of a kind come from, for the whole process: files of tests take turns on both kinds, and a server
    and a migrated template take longer to make than most files to run.
    """
    with ExitStack() as kept:

        @cache
        def stock(name: str) -> Databases:
            here: Databases
            if name == "sqlite":
                here = SqliteDatabases(tmp_path_factory.mktemp("sqlite"))
            else:
                here = PostgisDatabases(postgres.provide())
            kept.callback(here.close)
            return here

        yield stock


@pytest.fixture(scope="session")
def engines(stocked: Callable[[str], Databases]) -> Iterator[Callable[[str], Engine]]:
    """Of each kind the one database that all rolled-back tests of this process share."""
    with ExitStack() as kept:

        @cache
        def shared(name: str) -> Engine:
            database = Database.connect(stocked(name).fresh())
            kept.callback(database.close)
            return database.engine

        yield shared


@pytest.fixture(scope="session")
def databases(backend_name: str, stocked: Callable[[str], Databases]) -> Databases:
    """Where databases of this kind come from; the template is migrated once."""
    return stocked(backend_name)


@pytest.fixture(scope="session")
def engine(backend_name: str, engines: Callable[[str], Engine]) -> Engine:
    """The shared database of this kind."""
    return engines(backend_name)


@pytest.fixture(scope="session")
def wirings() -> dict[str, Flask]:
    """The applications of this process by name, each put in front of the house of one test after the other."""
    return {}


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    """A connection whose outer transaction is rolled back when the test ends."""
    with engine.connect().execution_options(immediate=True) as opened, opened.begin() as outer:
        yield opened
        outer.rollback()


@pytest.fixture
def questions(connection: Connection) -> Iterator[list[str]]:
    """Every question that is put to the database from here on."""
    with counting.questions() as asked:
        yield asked


@pytest.fixture
def database(connection: Connection) -> Database:
    """The house inside that transaction: what it commits is seen by the test and gone afterwards."""
    return Database.on(connection)


@pytest.fixture
def session(connection: Connection) -> Iterator[Session]:
    """A session inside that transaction, for setting scenes and looking at rows."""
    with Session(connection, expire_on_commit=False, join_transaction_mode="create_savepoint") as opened:
        yield opened


@pytest.fixture
def fresh_url(databases: Databases) -> Iterator[str]:
    """The address of a migrated database of one's own, for servers and processes that a test starts."""
    url = databases.fresh()
    yield url
    databases.drop(url)


@pytest.fixture
def fresh_database(fresh_url: str) -> Iterator[Database]:
    """A migrated database of one's own that really commits, for tests with several connections at once."""
    own = Database.connect(fresh_url)
    yield own
    own.close()


@pytest.fixture
def durable_server() -> Iterator[postgres.PrivateServer]:
    """A private PostGIS that writes to the disk for real (`fsync = on`), to be crashed and started again."""
    server = postgres.PrivateServer(durable=True)
    yield server
    server.stop()


def _chosen() -> tuple[str, ...] | None:
    return _CHOICES.get(os.environ.get("HEZHANG_TEST_DB", "both"))


def _databases_for(item: pytest.Item, chosen: tuple[str, ...]) -> tuple[str, ...]:
    return ("sqlite",) if chosen == BACKENDS and _lies_in(item, _ON_SQLITE) else chosen


def _lies_in(item: pytest.Item, places: tuple[str, ...]) -> bool:
    return item.path.relative_to(_HERE).as_posix().startswith(places)


def _backend_of(item: pytest.Item) -> str | None:
    callspec = getattr(item, "callspec", None)
    return callspec.params.get("backend_name") if callspec else None
