"""Lists, maps and duty in a small city and in a large one: the same questions, and how many times as long they take.

Asked of the real application through Flask's test client in this process: no socket is in the figure, the
database is. Small and large are asked in turn, so that whatever else the machine does meets both.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import uuid4

import orjson
from flask.testing import FlaskClient
from sqlalchemy import text

from backend import schema
from backend.api.paging import encode
from backend.app import create_app
from backend.clock import utcnow
from backend.config import Settings
from backend.db import Database
from backend.keyring import KeyRing
from backend.simulator.walks import Kind
from backend.store import changes
from tests.bench import city, history, patrols, questions, scene
from tests.bench.city import Size
from tests.bench.questions import Question
from tests.bench.scene import Chief
from tests.rig import postgres
from tests.rig.databases import Databases, PostgisDatabases, SqliteDatabases

SMALL = Size(1, 5, 2_000)
LARGE = {"postgresql": Size(2, 10, 20_000), "sqlite": Size(2, 10, 20_000)}
SAMPLES = 23
"""Real walks of which the rest are copies; a prime, so that outcomes fall on every place."""
WARM, TIMES = 12, 25
"""The driver prepares a question after five times, and PostgreSQL may keep its plan after five more."""
LIMIT = 2.0


@dataclass(frozen=True)
class City:
    """A city with its application."""

    client: FlaskClient
    database: Database
    keyring: KeyRing
    places: list[Chief]

    def headers(self, who: str) -> dict[str, str]:
        """Of a request by somebody."""
        return {"Authorization": f"Bearer {scene.token(city.person(who), self.keyring)}"}

    def path(self, question: Question) -> str:
        """The whole path; a cursor of changes is good in one city only."""
        if questions.SINCE not in question.path:
            return f"/api/v1{question.path}"
        with self.database.reading() as session:
            first = encode([changes.incarnation(session), [0, 0], int(utcnow().timestamp())])
        return f"/api/v1{question.path.replace(questions.SINCE, first)}"


@contextmanager
def opened(url: str, home: Path, size: Size) -> Iterator[City]:
    """A city of that size, filled and with its caches warm."""
    database = Database.connect(url)
    schema.upgrade(database)
    began = time.monotonic()
    settings = Settings.from_env({"HEZHANG_DATA": str(home), "HEZHANG_ENV": "test", "HEZHANG_LOG": "ERROR"})
    app = create_app(settings, database=database)  # keys are made for an empty house
    places = city.build(database, size)
    here = City(app.test_client(), database, app.extensions["hezhang"].keyring, places)
    _samples(here)
    begin_s = int(utcnow().timestamp()) - history.YEARS_S - 43_200
    history.fill(database, places, size.walks, begin_s)
    tidy(database)
    print(f"{size.segments} segments, {size.walks} walks in {time.monotonic() - began:.0f} s", flush=True)
    yield here
    database.close()


def _samples(here: City) -> None:
    """Hand in the walks of which the others are copies: most of them good, one too short, two with a false position."""
    kinds = [Kind.TOO_SHORT, Kind.MOCKED, Kind.MOCKED] + [Kind.HONEST] * (SAMPLES - 3)
    for number, (place, kind) in enumerate(zip(here.places[-SAMPLES:], kinds, strict=True)):
        _put(here, place, patrols.made(place, kind, number, 0))


def _put(here: City, place: Chief, body: bytes) -> None:
    headers = here.headers(f"chief {place.region}") | {"Content-Type": "application/json"}
    answer = here.client.put(f"/api/v1/patrols/{uuid4()}", data=body, headers=headers)
    assert answer.status_code == 201, answer.text


def tidy(database: Database) -> None:
    """What autovacuum does in an installation; SQLite gets nothing that it would not get there."""
    if database.dialect == "postgresql":
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))


def compare(small: City, large: City, now: datetime) -> None:
    """Print every question with both times and their ratio, the worst last."""
    rows = [_asked(small, large, question) for question in questions.every(small.places[0], now)]
    rows.append(_handed_in(small, large))
    for ratio, line in sorted(rows):
        print(f"{line}{'  <- over ' + str(LIMIT) if ratio > LIMIT else ''}")
    dialect, worst = large.database.dialect, max(rows)
    over = sum(ratio > LIMIT for ratio, _ in rows)
    print(f"{dialect}: {len(rows)} questions, {over} over {LIMIT}, worst {worst[0]:.2f}", flush=True)


def _asked(small: City, large: City, question: Question) -> tuple[float, str]:
    counts = {_count(here, question) for here in (small, large)}
    seconds: list[list[float]] = [[], []]
    for number in range(WARM + TIMES):
        for index, here in enumerate((small, large)):
            took = _seconds(here, question)
            if number >= WARM:
                seconds[index].append(took)
    answers = "/".join(str(count) for count in sorted(counts)) + ("" if len(counts) == 1 else " rows DIFFER")
    return _row(seconds, f"{question.who}: {question.path} ({answers})")


def _row(seconds: list[list[float]], name: str) -> tuple[float, str]:
    before, after = (statistics.median(each) * 1000 for each in seconds)
    return after / before, f"{before:8.1f} ms {after:8.1f} ms {after / before:6.2f}  {name[:150]}"


def _seconds(here: City, question: Question) -> float:
    headers, path = here.headers(question.who), here.path(question)
    began = time.perf_counter()
    here.client.get(path, headers=headers)
    return time.perf_counter() - began


def _count(here: City, question: Question) -> int:
    answer = here.client.get(here.path(question), headers=here.headers(question.who))
    assert answer.status_code == 200, (question, answer.text)
    body = orjson.loads(answer.data)
    if isinstance(body, list):
        return len(body)
    return next((len(body[key]) for key in ("items", "features", "changes", "duties") if key in body), 1)


def _handed_in(small: City, large: City) -> tuple[float, str]:
    """Chiefs of one town hand in a walk each."""
    seconds: list[list[float]] = [[], []]
    walkers = small.places[: WARM + TIMES]
    for number, (place, body) in enumerate(zip(walkers, patrols.bodies(walkers, 1), strict=True)):
        for index, here in enumerate((small, large)):
            began = time.perf_counter()
            _put(here, place, body)
            if number >= WARM:
                seconds[index].append(time.perf_counter() - began)
    return _row(seconds, "village chiefs: PUT /patrols (1)")


def main() -> None:
    """Both databases, one after the other."""
    with tempfile.TemporaryDirectory() as folder:
        _measure(SqliteDatabases(Path(folder)), Path(folder))
        _measure(PostgisDatabases(postgres.PrivateServer(durable=False)), Path(folder))


def _measure(source: Databases, home: Path) -> None:
    try:
        with opened(source.empty(), home, SMALL) as small:
            large_size = LARGE[small.database.dialect]
            with opened(source.empty(), home, large_size) as large:
                compare(small, large, utcnow())
    finally:
        source.close()
