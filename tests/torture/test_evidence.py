"""Whatever is altered, left out or swapped in a timeline, in its seals or in an evidence package is found."""

from __future__ import annotations

import hashlib
import io
import json
import random
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from backend import append_only
from backend.db import Database
from backend.formats import verifier
from backend.models.hazards import Hazard
from backend.services import verifying
from backend.store.backup import moment
from jobs import seals
from jobs.runner import House
from tests.api.hazard_cases import PLACE, Case
from tests.cast import NOON
from tests.makers import upload
from tests.pictures import GOOD, sha

pytestmark = pytest.mark.torture
KEYS = {
    "fact": ("seq",),
    "fact_secret": ("thing_id", "number", "name"),
    "seal": ("number",),
    "seal_leaf": ("seal", "place"),
}
COLUMNS = {
    "fact": ("thing_id", "number", "at", "actor_id", "act", "body", "before", "hash"),
    "fact_secret": ("thing_id", "number", "name", "salt", "value"),
    "seal": ("number", "at", "root", "chains", "facts", "before", "hash"),
    "seal_leaf": ("seal", "thing_id", "number", "hash"),
}


@pytest.fixture
def sealed(lasting, settings) -> House:
    """Three hazards with photos and notes, sealed twice; all of it under a seal."""
    house = House(settings, lasting.database, lasting.app.extensions["hezhang"].photos)
    picture = {"sha256": sha(GOOD), "at": NOON.isoformat(), "location": PLACE}
    cases = [Case(lasting.phone_of, lasting.cast.wang, photos=[picture]) for _ in range(3)]
    upload(lasting.phone_of(lasting.cast.wang), GOOD)
    for case in cases:
        case.act(lasting.cast.feng, "accept", note="已核实")
    seals.run(house, now=NOON)
    for case in cases[:2]:
        case.act(lasting.cast.feng, "comment", note="再看一次")
        case.act(lasting.cast.feng, "assign", unit="HOUSING")
    seals.run(house, now=NOON)
    return house


def test_no_change_of_the_database_stays_hidden(sealed, times):
    kept = sealed.settings.seals_file.read_bytes().splitlines(keepends=True)
    rows = read(sealed.database)
    with moment(sealed.database) as session:
        assert verifying.verify(session, kept).wrong is None
    chance = random.Random(20250702)
    for number in range(times(40)):
        how = chance.choice([alter, alter, alter, delete, swap, cut_short])
        with undone(sealed.database) as session:
            try:
                what = how(session, rows, chance)
            except DBAPIError:
                continue  # the database has found it by itself
            assert verifying.verify(session, kept).wrong is not None, f"tampering {number} ({what}) stayed hidden"


@contextmanager
def undone(database: Database) -> Iterator[Session]:
    """As somebody who owns the tables, in a transaction that is rolled back."""
    with database.engine.connect().execution_options(immediate=True) as connection, connection.begin() as outer:
        append_only.open_up(connection.execute, database.dialect)
        with Session(connection) as session:
            yield session
        outer.rollback()


def read(database: Database) -> dict[str, list[dict[str, Any]]]:
    with database.reading() as session:
        return {
            table: [dict(row._mapping) for row in session.execute(text(f"SELECT * FROM {table}"))] for table in KEYS
        }


def alter(session: Session, rows: dict[str, list[dict[str, Any]]], chance: random.Random) -> str:
    """Turn one byte, digit or letter of one value."""
    table = chance.choice(list(KEYS))
    row = chance.choice(rows[table])
    name = chance.choice([name for name in COLUMNS[table] if row[name] is not None])
    new = turned(row[name], chance)
    update(session, table, row, {name: new})
    return f"{table}.{name}"


def turned(value: Any, chance: random.Random) -> Any:
    if isinstance(value, int):
        return value + 10_000 + chance.randrange(100)
    if isinstance(value, bytes | memoryview):
        content = bytearray(value)
        place = chance.randrange(len(content))
        content[place] ^= chance.randrange(1, 256)
        return bytes(content)
    written = str(value)
    place = chance.choice([place for place, letter in enumerate(written) if letter.isalnum()])
    other = chance.choice([letter for letter in "0123456789" if letter != written[place]])
    if written[place].isdigit():
        return written[:place] + other + written[place + 1 :]
    return written[:place] + ("a" if written[place] != "a" else "b") + written[place + 1 :]


def delete(session: Session, rows: dict[str, list[dict[str, Any]]], chance: random.Random) -> str:
    """Take a row away."""
    table = chance.choice(list(KEYS))
    row = chance.choice(rows[table])
    if table == "seal":
        session.execute(text("DELETE FROM seal_leaf WHERE seal = :number"), {"number": row["number"]})
    where = " AND ".join(f"{name} = :{name}" for name in KEYS[table])
    session.execute(text(f"DELETE FROM {table} WHERE {where}"), {name: row[name] for name in KEYS[table]})
    return f"a row of {table}"


def swap(session: Session, rows: dict[str, list[dict[str, Any]]], chance: random.Random) -> str:
    """Let two facts change places: what each says stands under the number of the other."""
    one, other = chance.sample(rows["fact"], 2)
    for row, source in ((one, other), (other, one)):
        update(session, "fact", row, {name: source[name] for name in ("act", "body", "hash")})
    return "two facts"


def cut_short(session: Session, rows: dict[str, list[dict[str, Any]]], chance: random.Random) -> str:
    """Take the last facts of a hazard away and let the hazard name an earlier end, as somebody would who knows how."""
    chain = chance.choice([rows_of(rows, thing) for thing in {row["thing_id"] for row in rows["fact"]}])
    left = chance.randrange(len(chain))
    given = {"thing": chain[0]["thing_id"], "left": left, "head": chain[left - 1]["hash"] if left else None}
    session.execute(text("DELETE FROM fact WHERE thing_id = :thing AND number > :left"), given)
    session.execute(text("DELETE FROM fact_secret WHERE thing_id = :thing AND number > :left"), given)
    session.execute(text("UPDATE hazard SET facts = :left, head = :head WHERE id = :thing"), given)
    return "a timeline cut short"


def rows_of(rows: dict[str, list[dict[str, Any]]], thing: Any) -> list[dict[str, Any]]:
    return sorted((row for row in rows["fact"] if row["thing_id"] == thing), key=lambda row: row["number"])


def update(session: Session, table: str, row: dict[str, Any], new: dict[str, Any]) -> None:
    given = {f"new_{name}": value for name, value in new.items()} | {name: row[name] for name in KEYS[table]}
    sets = ", ".join(f"{name} = :new_{name}" for name in new)
    where = " AND ".join(f"{name} = :{name}" for name in KEYS[table])
    session.execute(text(f"UPDATE {table} SET {sets} WHERE {where}"), given)


def test_no_change_of_an_evidence_package_stays_hidden(sealed, lasting, times):
    with lasting.database.reading() as session:
        hazard = session.scalars(select(Hazard.id).order_by(Hazard.seq)).first()
    answer = lasting.phone_of(lasting.cast.sun).get(f"/api/v1/hazards/{hazard}/evidence.zip")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as packed:
        files = {name: packed.read(name) for name in packed.namelist()}
    answer.close()
    published = sealed.settings.seals_file.read_bytes().splitlines()
    assert "OK" in verifier.check(list(files), files.__getitem__, published)[0]
    chance = random.Random(20250702)
    for _ in range(times(40)):
        spoilt = dict(files)
        what = chance.choice([edit, edit, edit, drop, cut])(spoilt, chance)
        assert is_refused(spoilt, published), f"{what} stayed hidden"


def is_refused(files: dict[str, bytes], published: list[bytes]) -> bool:
    try:
        verifier.check(list(files), files.__getitem__, published)
    except (verifier.Wrong, ValueError, KeyError, TypeError, AttributeError, IndexError):
        return True
    return False


def edit(files: dict[str, bytes], chance: random.Random) -> str:
    name = chance.choice(list(files))
    content = bytearray(files[name])
    content[chance.randrange(len(content))] ^= chance.randrange(1, 256)
    files[name] = bytes(content)
    return f"a byte of {name}"


def drop(files: dict[str, bytes], chance: random.Random) -> str:
    name = chance.choice(list(files))
    del files[name]
    return f"{name}, taken out,"


def cut(files: dict[str, bytes], chance: random.Random) -> str:
    name = chance.choice(list(files))
    files[name] = files[name][: chance.randrange(len(files[name]))]
    return f"{name}, cut short,"


def test_a_forger_who_writes_every_digest_anew_fails_at_the_seals_handed_out(sealed, lasting):
    """The whole package made up again around one changed word: its own digests add up, the seals do not."""
    with lasting.database.reading() as session:
        hazard = session.scalars(select(Hazard.id).order_by(Hazard.seq)).first()
    forged = forge(lasting.phone_of(lasting.cast.sun).get(f"/api/v1/hazards/{hazard}/evidence.zip"))
    with pytest.raises(verifier.Wrong, match=r"seals\.jsonl"):
        verifier.check(list(forged), forged.__getitem__, None)


def forge(answer: Any) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(answer.data)) as packed:
        files = {name: packed.read(name) for name in packed.namelist()}
    answer.close()
    before, lines = None, []
    for line in files["timeline.jsonl"].splitlines():
        fact = json.loads(json.loads(line)["fact"]) | {"before": before}
        if fact["act"] == "accept":
            fact["act"] = "reject"
        written = json.dumps(fact, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        before = hashlib.sha256(written.encode()).hexdigest()
        lines.append(json.dumps({"fact": written, "hash": before}))
    files["timeline.jsonl"] = "\n".join(lines).encode() + b"\n"
    manifest = json.loads(files["manifest.json"])
    manifest["files"]["timeline.jsonl"] = hashlib.sha256(files["timeline.jsonl"]).hexdigest()
    files["manifest.json"] = json.dumps(manifest).encode()
    files["manifest.sha256"] = hashlib.sha256(files["manifest.json"]).hexdigest().encode()
    return files
