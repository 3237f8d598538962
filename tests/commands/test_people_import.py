"""A sheet of people that comes again: nobody's account goes to another, and what it ends passes on."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from backend.clock import day_of, utcnow
from backend.config import Settings
from backend.keyring import KeyRing
from backend.models.changes import Change
from backend.models.people import Person
from backend.models.segments import Assignment
from backend.services.people_import import HEADINGS
from tests.cast import assemble

WANG = "王村长,12300000006,村级河长,371502001001,,{segments},2020-01-01,{until},"
WANGS = "TUHAI-371502-001"


@pytest.fixture
def cast(environ, fresh_database):
    """Everybody is there."""
    with fresh_database.transaction() as session:
        return assemble(session, KeyRing.load_or_make(Settings.from_env(environ).keys_file))


@pytest.fixture
def today(environ):
    """The business day."""
    return day_of(utcnow(), Settings.from_env(environ).zone)


@pytest.fixture
def bring(hezhang, tmp_path, cast):
    """Import these rows."""

    def brings(*rows, options=(), **environ):
        sheet = tmp_path / "people.csv"
        sheet.write_text("\n".join([",".join(HEADINGS), *rows]) + "\n", "utf-8-sig")
        return hezhang("import", "people", sheet, "--lang", "en", *options, **environ)

    return brings


@pytest.fixture
def holders(fresh_database, cast, today):
    """Who answers for Wang's segment as its chief today."""

    def held():
        with fresh_database.reading() as session:
            rows = session.scalars(select(Assignment).where(Assignment.segment_id == cast.segments[WANGS].id))
            return {
                row.person_id
                for row in rows
                if row.duty == "chief" and row.from_day <= today and (row.until_day is None or row.until_day > today)
            }

    return held


def row(segments=WANGS, until=""):
    return WANG.format(segments=segments, until=until)


def test_a_known_number_under_another_name_is_refused_unless_it_is_said_to_be_a_new_name(bring, fresh_database, cast):
    other = row().replace("王村长", "别的人")
    refused = bring(other)
    assert refused.exit_code == 1
    assert "王村长" in refused.output
    assert bring(other, options=["--rename"]).exit_code == 0
    with fresh_database.reading() as session:
        assert session.get_one(Person, cast.wang).name == "别的人"


def test_demonstration_numbers_are_refused_in_production(bring):
    refused = bring(row(), HEZHANG_ENV="production")
    assert refused.exit_code == 1
    assert "production" in refused.output


def test_a_post_of_the_wrong_level_is_refused(bring):
    refused = bring("某人,12355550001,市级河长,371502001,,,2024-01-01,,")
    assert refused.exit_code == 1
    assert "level" in refused.output


def test_a_post_that_the_sheet_ends_passes_on_and_phones_hear_of_it(bring, holders, cast, today, fresh_database):
    assert bring(row(until=today.isoformat())).exit_code == 0
    assert holders() == {cast.li}
    with fresh_database.reading() as session:
        told = {(each.person_id, each.op) for each in session.scalars(select(Change))}
    assert told == {(cast.wang, "gone"), (cast.li, "put")}
    assert bring(row()).exit_code == 0  # an older sheet again: what has ended stays ended
    assert holders() == {cast.li}


def test_a_segment_that_the_sheet_no_longer_names_passes_on(bring, holders, cast):
    others = "陈村长,12300000007,村级河长,371502001002,,TUHAI-371502-002,2020-01-01,,"
    assert bring(row(segments="")).exit_code == 0
    assert holders() == {cast.wang}  # a sheet without any segments says nothing of them
    assert bring(row(segments=""), others).exit_code == 0
    assert holders() == {cast.li}
    assert bring(row(), others).exit_code == 0
    assert holders() == {cast.wang}


def test_a_new_chief_in_the_sheet_takes_over_from_whoever_acted(bring, holders, cast, today, fresh_database):
    bring(row(until=today.isoformat()))
    new = f"新村长,12355550002,村级河长,371502001001,,{WANGS},{today},,"
    assert bring(new).exit_code == 0
    assert len(holders()) == 1
    assert not holders() & {cast.wang, cast.li}


def test_posts_of_the_past_are_written_down_and_pass_nothing_on(bring, holders, cast):
    past = f"旧村长,12355550003,村级河长,371502001001,,{WANGS},2015-01-01,2019-12-31,"
    assert bring(past, row()).exit_code == 0
    assert holders() == {cast.wang}
