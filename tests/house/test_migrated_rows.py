"""A migration finds rows: what they say is read into the new columns, and going back loses nothing else."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from shapely import Point
from sqlalchemy import inspect, select, text, update

from backend import schema
from backend.api.schemas.patrols import PatrolSchema, draft_of
from backend.db import Database
from backend.domain.access import Actor, Seat
from backend.domain.lanes import Lane
from backend.domain.notices import Wanted
from backend.domain.responses import ResponseDraft, ResponseLevel
from backend.domain.roster import ShiftDraft
from backend.domain.seasons import Dates, Phase, SeasonDraft
from backend.domain.signs import is_token
from backend.domain.terms import Level, Post
from backend.domain.ways import Way
from backend.keyring import KeyRing
from backend.models.flood_events import FloodEvent
from backend.models.flood_warnings import DrillList, DrillMember
from backend.models.hazards import Hazard
from backend.models.logins import RefreshToken
from backend.models.notices import Letter, Notice
from backend.models.patrols import Patrol
from backend.models.photos import Photo, PhotoUpload, PhotoUse
from backend.models.risk import RiskChange, RiskPlace, SegmentFlow, SegmentRisk
from backend.models.segments import NoticeBoard
from backend.models.signs import SignName, SignPrint
from backend.models.stations import Reading, Station, StationValue
from backend.services import addressing, logins, notices, patrols, responses, roster, seasons
from tests.cast import CITY, COUNTY, LINE, NOON, VILLAGE, Cast, assemble
from tests.makers import new_id, patrol_body

SAID = [
    ({"sent_at": "2025-07-02T11:59:60+08:00", "mock_location": "false"}, "59:59", False),
    ({"sent_at": "2025-07-02t03:59:58z", "mock_location": "yes"}, "59:58", True),
    ({"mock_location": 1}, None, True),
    ({}, None, False),
]


def test_walks_that_are_there_keep_what_their_phones_claimed_and_find_their_place(fresh_database, tmp_path):
    with fresh_database.transaction() as session:
        cast = assemble(session, KeyRing.load_or_make(tmp_path / "keys.json"))
    wang = Actor(cast.wang, "王村长", (Seat(Post.VILLAGE_CHIEF, VILLAGE),))
    for number, (client, _, _) in enumerate(SAID):
        body = patrol_body(LINE, started_at=NOON - timedelta(days=number, hours=4), seed=number) | {"client": client}
        if not client:
            body["track"] = {"points": []}
        draft = draft_of(new_id(), PatrolSchema().load(body))
        with fresh_database.transaction() as session:
            case = patrols.ask(session, wang, draft, now=NOON, zone=ZoneInfo("Asia/Shanghai"))
            patrols.tell(session, wang, case, patrols.decide(case))

    kept = columns(fresh_database)
    schema.downgrade(fresh_database, "0003_job_lease")
    names = {column["name"] for column in inspect(fresh_database.engine).get_columns("patrol")}
    assert not names & {"place", "sent_at", "claims_mock"}
    schema.upgrade(fresh_database)
    assert columns(fresh_database) == kept
    assert [place is None for place, _, _ in kept] == [False, False, False, True]
    assert [(at and at.strftime("%M:%S"), mock) for _, at, mock in kept] == [(at, mock) for _, at, mock in SAID]


def test_help_that_waits_for_an_answer_still_waits_for_it_and_reports_keep_what_they_were_told(
    fresh_database, tmp_path
):
    with fresh_database.transaction() as session:
        cast = assemble(session, KeyRing.load_or_make(tmp_path / "keys.json"))
        for helped, answered in ((None, None), (int(Level.COUNTY), None), (int(Level.CITY), NOON)):
            asked = None if helped is None else NOON - timedelta(days=1)
            told = {"helped_by_level": helped, "help_asked_at": asked, "help_answered_at": answered}
            session.add(hazard(cast, **told, help_asked_by_id=cast.li if helped else None, helps=3 if helped else 0))
    schema.downgrade(fresh_database, "0015_cases")
    with fresh_database.reading() as session:
        asked = session.execute(text("SELECT helped_by_level, help_asked_by_id FROM hazard ORDER BY seq")).all()
    assert [(level, by is None) for level, by in asked] == [(None, True), (int(Level.COUNTY), False), (None, True)]
    schema.upgrade(fresh_database)
    with fresh_database.reading() as session:
        rows = session.scalars(select(Hazard).order_by(Hazard.seq)).all()
    assert [(row.helps, row.help_asked_at, row.asked_version) for row in rows] == [
        (0, None, 4),
        (1, NOON, 4),
        (0, None, 4),
    ]


def test_seasons_responses_and_shifts_go_down_and_up_again_and_the_walks_owed_are_the_usual_ones(
    fresh_database, tmp_path
):
    zone = ZoneInfo("Asia/Shanghai")
    with fresh_database.transaction() as session:
        cast = assemble(session, KeyRing.load_or_make(tmp_path / "keys.json"))
        officer = Actor(cast.deng, "邓值班", (Seat(Post.DUTY_OFFICER, CITY),))
        dates = Dates(date(2025, 6, 1), date(2025, 9, 30), date(2025, 7, 1), date(2025, 8, 10))
        year = SeasonDraft(new_id(), b"", CITY, 2025, dates, "雨情")
        seasons.put(session, officer, year, now=NOON, today=NOON.date())
        over = ResponseDraft(new_id(), b"", ResponseLevel.III, (CITY,), (), "来水")
        responses.declare(session, officer, over, now=NOON, zone=zone)
        shift = ShiftDraft(new_id(), b"", CITY, cast.deng, NOON, NOON + timedelta(hours=9))
        roster.put(session, officer, shift, now=NOON, zone=zone)
        seasons.turn(session, now=NOON, zone=zone)
        assert seasons.seen(session, CITY, 2025, now=NOON, zone=zone).standing.level is ResponseLevel.III
    schema.downgrade(fresh_database, "0017_flood_events")
    assert "flood_season" not in inspect(fresh_database.engine).get_table_names()
    schema.upgrade(fresh_database)
    with fresh_database.reading() as session:
        seen = seasons.seen(session, CITY, 2025, now=NOON, zone=zone)
        assert (seen.standing.phase, seen.standing.level, seen.versions) == (Phase.SEASON, None, [])
        assert session.scalars(select(FloodEvent.kind).order_by(FloodEvent.seq)).all() == [
            "response",
            "season",
            "season",
        ]


def test_stations_and_risk_go_down_with_rows_in_their_tables_and_come_up_empty(fresh_database, tmp_path):
    with fresh_database.transaction() as session:
        cast = assemble(session, KeyRing.load_or_make(tmp_path / "keys.json"))
        reach = cast.segments["TUHAI-371502-001"]
        place = {"river_code": reach.river_code, "region_code": "371502", "segment_id": reach.id}
        point = Point(115.97, 36.43)
        station = Station(
            id=new_id(), code="LC", name="聊城站", kind="river", point=point, lon=point.x, lat=point.y, **place
        )
        weighed = {"level": "low", "score": 0, "factors": [], "at": NOON, "rule_version": 0}
        session.add_all([station, SegmentRisk(segment_id=reach.id, **weighed)])
        session.flush()
        read = {"station_id": station.id, "quantity": "water_level_m", "at": NOON, "value": 33.0}
        changed = RiskChange(segment_id=reach.id, region_code=reach.region_code, because="day", **weighed)
        flow = SegmentFlow(upper_id=reach.id, lower_id=cast.segments["TUHAI-371502-002"].id)
        session.add_all([Reading(received_at=NOON, **read), StationValue(band="normal", **read), changed, flow])
        session.add(RiskPlace(id=1))
    schema.downgrade(fresh_database, "0017_flood_events")
    assert not {"station", "segment_risk"} & set(inspect(fresh_database.engine).get_table_names())
    schema.upgrade(fresh_database)
    with fresh_database.reading() as session:
        assert session.scalars(select(Station)).all() == session.scalars(select(SegmentRisk)).all() == []


def test_what_waited_to_be_sent_waits_on_in_the_order_of_time_and_nobody_is_being_called(fresh_database, tmp_path):
    with fresh_database.transaction() as session:
        cast = assemble(session, KeyRing.load_or_make(tmp_path / "keys.json"))
        notices.queue(session, [Wanted(cast.wang, "1", "closed", {}, Lane.URGENT, ("voice",), priority=0)], now=NOON)
        addressing.address(session, Lane.URGENT, {"voice": Way()}, now=NOON)
        session.execute(update(Letter).values(calling_until=NOON))
    schema.downgrade(fresh_database, "0017_flood_events")
    assert "priority" not in {column["name"] for column in inspect(fresh_database.engine).get_columns("notice")}
    schema.upgrade(fresh_database)
    with fresh_database.reading() as session:
        (letter,), (notice,) = session.scalars(select(Letter)).all(), session.scalars(select(Notice)).all()
    assert (letter.priority, letter.calling_until, letter.state, notice.priority) == (5, None, "pending", 5)


def test_whoever_had_agreed_to_drills_still_takes_part_by_their_own_word(fresh_database, tmp_path):
    with fresh_database.transaction() as session:
        cast = assemble(session, KeyRing.load_or_make(tmp_path / "keys.json"))
        made = {"made_by_id": cast.sun, "made_at": NOON, "body_sha256": b"", "monthly_day": 5, "monthly_hour": 10}
        session.add(DrillList(id=cast.sun, name="名单", region_code=COUNTY, monthly_since=NOON, **made))
        session.flush()
        for person, agreed_at in ((cast.wang, NOON), (cast.chen, None)):
            said = {"asked_at": NOON, "agreed_at": agreed_at, "said_by_id": cast.sun, "note": "档案12号"}
            session.add(DrillMember(list_id=cast.sun, person_id=person, **said))
    schema.downgrade(fresh_database, "0023_risk")
    schema.upgrade(fresh_database)
    with fresh_database.reading() as session:
        members = {
            row.person_id: (row.agreed_at, row.said_by_id, row.note) for row in session.scalars(select(DrillMember))
        }
        monthly = session.execute(select(DrillList.monthly_day, DrillList.monthly_since)).one()
    assert members == {cast.wang: (NOON, cast.wang, ""), cast.chen: (None, None, "")}
    assert tuple(monthly) == (None, None)


def hazard(cast: Cast, **said: Any) -> Hazard:
    segment = cast.segments["TUHAI-371502-001"]
    return Hazard(
        id=new_id(),
        reporter_id=cast.wang,
        observed_at=NOON,
        reported_at=NOON,
        body_sha256=b"",
        description="裂缝",
        report={},
        kind="flood.levee_defect",
        severity="major",
        segment_id=segment.id,
        river_code=segment.river_code,
        region_code=segment.region_code,
        state="accepted",
        phase_begun_at=NOON,
        deadlines={},
        policy_version=4,
        asked_version=4,
        **said,
    )


def columns(database: Database) -> list[tuple[int | None, datetime | None, bool]]:
    with database.reading() as session:
        rows = session.execute(select(Patrol.place, Patrol.sent_at, Patrol.claims_mock).order_by(Patrol.seq)).all()
    return [(place, at and at.astimezone(UTC).replace(microsecond=0), mock) for place, at, mock in rows]


def test_refresh_tokens_find_their_order_and_one_that_was_passed_over_stays_out(fresh_database, tmp_path):
    keyring = KeyRing.load_or_make(tmp_path / "keys.json")
    with fresh_database.transaction() as session:
        wang = assemble(session, keyring).wang
        seen = logins.Candidate(b"", wang, 1, "")
        pairs = [logins.sign_in(session, keyring, seen, None, now=NOON) for _ in range(2)]
        later = NOON + timedelta(days=1)
        lost = logins.refresh(session, keyring, pairs[0].refresh_token, is_live=False, now=NOON)
        onward = logins.refresh(session, keyring, pairs[0].refresh_token, is_live=False, now=later)
        assert isinstance(lost, logins.Pair)
        assert isinstance(onward, logins.Pair)
        logins.refresh(session, keyring, onward.refresh_token, is_live=False, now=later)
    schema.downgrade(fresh_database, "0029_audit")
    schema.upgrade(fresh_database)
    with fresh_database.reading() as session:
        rows = session.execute(select(RefreshToken.family_id, RefreshToken.number)).all()
    assert sorted(Counter(family for family, _ in rows).values()) == [1, 4]
    assert sorted(number for _, number in rows) == [1, 1, 2, 3, 4]
    with fresh_database.transaction() as session:
        again = later + timedelta(minutes=5)
        assert logins.refresh(session, keyring, lost.refresh_token, is_live=False, now=again) == "reused"
        assert not isinstance(logins.refresh(session, keyring, pairs[1].refresh_token, is_live=False, now=again), str)


def test_photos_are_photos_and_recordings_go_with_what_names_them_when_the_schema_goes_down(fresh_database, tmp_path):
    with fresh_database.transaction() as session:
        cast = assemble(session, KeyRing.load_or_make(tmp_path / "keys.json"))
        named = {"thing_type": "hazard", "thing_id": new_id(), "person_id": cast.wang, "region_code": COUNTY}
        for sha256, kind, its in ((b"p", "photo", {"width": 4, "height": 3}), (b"r", "recording", {})):
            session.add(Photo(sha256=sha256, kind=kind, media_type="x", size=1, received_at=NOON, **its))
            session.flush()
            session.add(PhotoUpload(sha256=sha256, person_id=cast.wang, uploaded_at=NOON))
            session.add(PhotoUse(sha256=sha256, kind=kind, named_at=NOON, **named))
    schema.downgrade(fresh_database, "0030_refresh_tokens")
    schema.upgrade(fresh_database)
    with fresh_database.reading() as session:
        for table in (Photo, PhotoUpload, PhotoUse):
            assert session.scalars(select(table.sha256)).all() == [b"p"]
        assert (session.get_one(Photo, b"p").kind, session.get_one(Photo, b"p").width) == ("photo", 4)


def test_boards_that_are_there_get_a_code_each_and_what_was_printed_goes_when_the_schema_goes_down(
    fresh_database, tmp_path
):
    with fresh_database.transaction() as session:
        cast = assemble(session, KeyRing.load_or_make(tmp_path / "keys.json"))
        reach = cast.segments["TUHAI-371502-001"]
        point = Point(115.97, 36.43)
        for number in range(3):
            session.add(NoticeBoard(id=new_id(), code=f"B{number}", segment_id=reach.id, point=point, place="桥头"))
        session.flush()
        for board in session.scalars(select(NoticeBoard)):
            session.add(SignPrint(board_id=board.id, printed_on=NOON.date(), content={}, said_at=NOON))
            session.add(SignName(board_id=board.id, person_id=cast.wang, post="village_chief"))
    schema.downgrade(fresh_database, "0032_soonest")
    assert "sign_print" not in inspect(fresh_database.engine).get_table_names()
    schema.upgrade(fresh_database)
    with fresh_database.reading() as session:
        boards = session.scalars(select(NoticeBoard).order_by(NoticeBoard.code)).all()
        assert session.scalars(select(SignPrint)).all() == session.scalars(select(SignName)).all() == []
    assert [(each.code, each.segment_id, each.point, each.place) for each in boards] == [
        (f"B{number}", reach.id, point, "") for number in range(3)
    ]
    assert len({each.token for each in boards}) == 3
    assert all(is_token(each.token) for each in boards)
