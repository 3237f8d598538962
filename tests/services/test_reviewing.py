"""Two who decide about one walk at the same moment, and rules that change while a walk is judged."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, timedelta
from functools import partial
from pathlib import Path
from threading import Barrier
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, update

from backend.api.schemas.patrols import PatrolSchema, draft_of
from backend.app import create_app
from backend.config import Settings
from backend.db import Database
from backend.domain.access import Actor, Seat
from backend.domain.terms import Post
from backend.keyring import KeyRing
from backend.models.patrols import Patrol
from backend.models.segments import Segment
from backend.services import patrols, rules, tokens
from backend.services.patrols import AskAgain, Case
from backend.services.tokens import Claims
from tests.cast import CITY, LINE, NOON, VILLAGE, Cast, assemble
from tests.makers import new_id, patrol_body

ROUNDS = 8
ZONE = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings.from_env({"HEZHANG_DATA": str(tmp_path), "HEZHANG_ENV": "test", "HEZHANG_LOG": "ERROR"})


@pytest.fixture
def keyring(settings: Settings) -> KeyRing:
    return KeyRing.load_or_make(settings.keys_file)


@pytest.fixture
def cast(fresh_database: Database, keyring: KeyRing) -> Cast:
    """Everybody is there for all connections."""
    with fresh_database.transaction() as session:
        return assemble(session, keyring)


@pytest.fixture
def phone_of(settings, fresh_database, keyring, cast):
    """Somebody's phone as a function: method, path, body and headers; each request on a connection of its own."""
    app = create_app(settings, database=fresh_database, clock=lambda: NOON)

    def signed_in(person_id):
        bearer = {"Authorization": f"Bearer {tokens.issue(Claims(person_id, 1), keyring, NOON)}"}

        def call(method, path, headers=None, **rest):
            return app.test_client().open(path, method=method, headers=bearer | (headers or {}), **rest)

        return call

    return signed_in


def at_once(*acts):
    together = Barrier(len(acts))

    def run(act):
        together.wait()
        return act()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_of_two_who_review_at_once_one_is_told_that_the_walk_has_changed(phone_of, cast):
    li, sun, wang = phone_of(cast.li), phone_of(cast.sun), phone_of(cast.wang)
    for number in range(ROUNDS):
        path = f"/api/v1/patrols/{new_id()}"
        body = patrol_body(LINE, started_at=NOON - timedelta(days=number, hours=4), seed=number)
        assert wang("PUT", path, json=body).status_code == 201
        etag = {"If-Match": li("GET", path).headers["ETag"]}
        said = [(li, {"outcome": "invalid", "note": "?"}), (sun, {"outcome": "valid", "note": "?"})]
        answers = at_once(*(partial(who, "POST", f"{path}/review", etag, json=word) for who, word in said))
        assert Counter(answer.status_code for answer in answers) == {200: 1, 412: 1}
        word = next(answer.json for answer in answers if answer.status_code == 200)["review"]["outcome"]
        kept = li("GET", path).json
        assert (kept["review"]["outcome"], kept["verdict"]["counts"]) == (word, word == "valid")


def test_a_review_beside_a_walk_that_comes_in_leaves_both_as_in_one_order_or_the_other(phone_of, cast):
    li, wang = phone_of(cast.li), phone_of(cast.wang)
    for number in range(ROUNDS):
        day = NOON - timedelta(days=number)
        first, second = f"/api/v1/patrols/{new_id()}", f"/api/v1/patrols/{new_id()}"
        early = patrol_body(LINE, started_at=day - timedelta(hours=5), seed=number)
        late = patrol_body(LINE, started_at=day - timedelta(hours=3), seed=number + 50, speed_mps=1.0)
        wang("PUT", first, json=early)
        etag = {"If-Match": li("GET", first).headers["ETag"]}
        word = {"outcome": "invalid", "note": "?"}
        reviewing = partial(li, "POST", f"{first}/review", etag, json=word)
        done = at_once(reviewing, partial(wang, "PUT", second, json=late))
        assert [answer.status_code for answer in done] == [200, 201]
        assert [wang("GET", path).json["verdict"]["counts"] for path in (first, second)] == [False, True]


def asked(database: Database, wang: Actor) -> Case:
    draft = draft_of(new_id(), PatrolSchema().load(patrol_body(LINE)))
    with database.reading() as session:
        case = patrols.ask(session, wang, draft, now=NOON, zone=ZONE)
    assert isinstance(case, Case)
    return case


@pytest.mark.parametrize("what", ["rule", "river"])
def test_a_verdict_by_rules_or_a_river_that_have_changed_meanwhile_is_not_kept(fresh_database, cast, what):
    wang = Actor(cast.wang, "王村长", (Seat(Post.VILLAGE_CHIEF, VILLAGE),))
    admin = Actor(cast.jin, "金管理", (Seat(Post.ADMINISTRATOR, CITY),))
    case = asked(fresh_database, wang)
    with fresh_database.transaction() as session:
        if what == "rule":
            rules.change(
                session,
                admin,
                {"near_m": 40},
                valid_from=NOON - timedelta(days=9),
                reason="?",
                today=NOON.date(),
                now=NOON,
            )
        else:
            session.execute(update(Segment).where(Segment.id == case.judged.id).values(version=2, width_m=40.0))
    with pytest.raises(AskAgain), fresh_database.transaction() as session:
        patrols.tell(session, wang, case, patrols.decide(case))
    again = asked(fresh_database, wang)
    with fresh_database.transaction() as session:
        patrol, is_new = patrols.tell(session, wang, again, patrols.decide(again))
    assert (is_new, patrol.started_at.astimezone(UTC)) == (True, NOON - timedelta(hours=4))
    with fresh_database.reading() as session:
        assert session.scalars(select(Patrol.segment_version)).all() == [again.judged.version]
