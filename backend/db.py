"""The database: engine, transactions, column types, and how the two dialects lock."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast
from uuid import UUID

import orjson
from geoalchemy2 import Geometry
from geoalchemy2.shape import from_shape, to_shape
from shapely import from_wkb, to_wkb
from shapely.geometry.base import BaseGeometry
from sqlalchemy import (
    JSON,
    BigInteger,
    ColumnElement,
    Connection,
    CursorResult,
    DateTime,
    Dialect,
    Engine,
    Integer,
    LargeBinary,
    Result,
    Row,
    Text,
    Uuid,
    any_,
    bindparam,
    create_engine,
    event,
    text,
)
from sqlalchemy import cast as sql_cast
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import IntegrityError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import InstrumentedAttribute, Session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine, UserDefinedType

from backend import private

AlreadyTaken = IntegrityError
"""A row that must not be there twice is there."""
AWAY = (OperationalError, InterfaceError, PoolTimeout)
"""The database is starting, busy, full or gone: nothing was kept, the same may be tried again."""
AnyRow = Row[*tuple[Any, ...]]
"""A row of whatever columns the question names."""
BUSY_MS = 10_000
"""How long a SQLite writer waits for its turn before it gives up."""
_SELDOM_S, _OFTEN_S = 0.005, 0.0005
"""How often it asks whether it is its turn: when it has just come, and when it has waited long."""
WGS84 = 4326


class Shape(TypeDecorator[BaseGeometry]):
    """A Shapely geometry, EPSG:4326, lon lat: PostGIS geometry with a GiST index, or WKB made by ourselves."""

    impl = Geometry
    cache_ok = True

    def __init__(self, kind: str = "GEOMETRY") -> None:
        super().__init__(kind, srid=WGS84)
        self.kind = kind

    def load_dialect_impl(self, dialect: Dialect | None) -> TypeEngine[Any]:
        """The column type; GeoAlchemy2 also asks with no dialect at all."""
        if dialect is not None and dialect.name == "sqlite":
            return dialect.type_descriptor(LargeBinary())
        return Geometry(self.kind, srid=WGS84)

    def process_bind_param(self, value: BaseGeometry | None, dialect: Dialect) -> Any:
        """Only shapes that we built ourselves come here."""
        if value is None:
            return None
        return to_wkb(value) if dialect.name == "sqlite" else from_shape(value, srid=WGS84)

    def process_result_value(self, value: Any, dialect: Dialect) -> BaseGeometry | None:
        """Back to Shapely."""
        if value is None:
            return None
        return from_wkb(value) if dialect.name == "sqlite" else to_shape(value)


class UtcTime(TypeDecorator[datetime]):
    """A moment; stored as UTC, always with a zone in Python."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """A moment without a zone is a mistake of ours, never a guess."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a zone")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Always with UTC as its zone, whatever the session's zone is."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class days_before(FunctionElement[int]):  # noqa: N801 - it reads as a function of SQL
    """Whole days from a column of moments to a later moment."""

    type = Integer()
    inherit_cache = True
    name = "days_before"


@compiles(days_before, "postgresql")
def _days_on_postgresql(element: days_before, compiler: SQLCompiler, **options: Any) -> str:
    column, moment = (compiler.process(each, **options) for each in element.clauses)
    return f"CAST(floor(extract(epoch FROM ({moment} - {column})) / 86400) AS integer)"


@compiles(days_before, "sqlite")
def _days_on_sqlite(element: days_before, compiler: SQLCompiler, **options: Any) -> str:
    column, moment = (compiler.process(each, **options) for each in element.clauses)
    return f"(strftime('%s', {moment}) - strftime('%s', {column})) / 86400"


Json = JSON().with_variant(JSONB(), "postgresql")
BigKey = BigInteger().with_variant(Integer(), "sqlite")
"""A 64-bit running number; SQLite counts by itself only in a column called INTEGER."""


class Database:
    """One database: `reading()` to ask, `transaction()` to tell."""

    def __init__(self, engine: Engine, asking: Engine | Connection, telling: Engine | Connection) -> None:
        self.engine = engine
        self._asking, self._telling = asking, telling

    @classmethod
    def connect(cls, url: str, *, pool_size: int = 5) -> Database:
        """Open a pool of connections with the safe settings of each dialect (durable commits)."""
        if url.startswith("sqlite"):
            file = Path(url.removeprefix("sqlite:///").partition("?")[0])
            private.folder(file.parent, private.HOME)
            private.database(file)
            engine = create_engine(
                url,
                json_serializer=_dumps,
                json_deserializer=orjson.loads,
                hide_parameters=True,  # names, notes and places must not reach a log by a failing statement
                connect_args={"timeout": BUSY_MS / 1000},
            )
            event.listen(engine, "connect", _sqlite_settings)
            event.listen(engine, "begin", _sqlite_begin)
            return cls(engine, engine, engine.execution_options(immediate=True))
        settings: dict[str, Any] = {
            "json_serializer": _dumps,
            "json_deserializer": orjson.loads,
            "hide_parameters": True,
            "pool_size": pool_size,
            "max_overflow": pool_size,
            "pool_timeout": 10,
            "connect_args": {"connect_timeout": 5, "options": "-c timezone=UTC"},
        }
        # A READ COMMITTED transaction looks afresh at every question anyway; without one, two trips less. The
        # connections that ask stay that way: turning one there and back costs as much as a question.
        asking = create_engine(url, isolation_level="AUTOCOMMIT", pool_reset_on_return=None, **settings)
        engine = create_engine(url, **settings)
        return cls(engine, asking, engine)

    @classmethod
    def on(cls, connection: Connection) -> Database:
        """The house inside one outer transaction of somebody else, who rolls it back (tests)."""
        return cls(connection.engine, connection, connection)

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return self.engine.dialect.name

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Ask; nothing is kept. SQLite gives one consistent look, PostgreSQL one for each question."""
        with self._session(self._asking) as session:
            yield session  # closing gives the connection back and leaves what was read as it is

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """Tell: committed as a whole at the end, or not at all; short, and nothing slow inside."""
        with self._session(self._telling) as session, session.begin():
            yield session

    def _session(self, bind: Engine | Connection) -> Session:
        return Session(bind, expire_on_commit=False, join_transaction_mode="create_savepoint")

    def close(self) -> None:
        """Give every connection back."""
        self.engine.dispose()
        if isinstance(self._asking, Engine):
            self._asking.dispose()


_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended(name, 0)) FROM unnest(CAST(:names AS text[])) AS name")


def lock(session: Session, *keys: str) -> None:
    """Hold these names until the transaction ends, so that only one decides about them at a time.

    SQLite needs none: `BEGIN IMMEDIATE` lets in one writer at all.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(_LOCK, {"names": sorted(keys)})  # in one order everywhere, so that nobody waits in a circle


def touched(result: Result[*tuple[Any, ...]]) -> int:
    """How many rows a change altered."""
    return cast(CursorResult[Any], result).rowcount


class _AsWritten(UserDefinedType[str]):
    """A text that PostgreSQL reads as what it is cast to; as VARCHAR it would plan for an array that it cannot see."""

    cache_ok = True


def among(
    session: Session, column: ColumnElement[Any] | InstrumentedAttribute[Any], ids: Collection[UUID] | Collection[str]
) -> ColumnElement[bool]:
    """Whether a column is one of many ids or region codes; one array on PostgreSQL, which would read each by itself.

    The array is handed over as one text, for the driver looks at every element of a list.
    """
    if session.get_bind().dialect.name == "postgresql":
        written = ",".join(one.hex if isinstance(one, UUID) else one for one in ids)
        array = bindparam(None, f"{{{written}}}", type_=_AsWritten(), unique=True)
        return column == any_(sql_cast(array, postgresql.ARRAY(Uuid() if isinstance(column.type, Uuid) else Text())))
    return column.in_(list(ids))


def insert_for(session: Session) -> Any:
    """The dialect's own INSERT, which knows ON CONFLICT."""
    return postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert


def _dumps(value: Any) -> str:
    return orjson.dumps(value).decode()


def _sqlite_settings(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # the driver must not begin transactions by itself
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",  # NORMAL may lose a committed report on power loss
        "foreign_keys=ON",
        f"busy_timeout={BUSY_MS}",
        "temp_store=MEMORY",
        "cache_size=-20000",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _sqlite_begin(connection: Connection) -> None:
    # A deferred transaction that first reads and then writes fails under many writers, whatever the time-out.
    if not connection.get_execution_options().get("immediate"):
        connection.exec_driver_sql("BEGIN")
        return
    raw = cast(sqlite3.Connection, connection.connection.dbapi_connection)
    began = time.monotonic()
    raw.execute("PRAGMA busy_timeout=0")
    try:
        # SQLite's own waiting asks the less often the longer it has waited, and under eight writers starves the
        # oldest until it gives up. Here the oldest asks most often.
        while (age_s := time.monotonic() - began) < BUSY_MS / 1000 and _must_wait(raw):
            time.sleep(max(_OFTEN_S, _SELDOM_S / (1 + 4 * age_s)))
        if not raw.in_transaction:
            connection.exec_driver_sql("BEGIN IMMEDIATE")  # what still fails leaves as everybody expects it
    finally:
        raw.execute(f"PRAGMA busy_timeout={BUSY_MS}")


def _must_wait(raw: sqlite3.Connection) -> bool:
    """Begin to write; whether somebody else is at it."""
    try:
        raw.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as refused:
        return refused.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
    return False
