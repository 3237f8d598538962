"""What counts as a patrol, flaw by flaw."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from uuid import UUID, uuid4

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.patrols import PatrolDraft, Standing, Verdict, judge, timing, too_soon
from backend.domain.reasons import OUTCOMES, VALUES, Because, Reason
from backend.domain.rules import PatrolRule
from backend.domain.terms import Level, Outcome
from backend.domain.verdicts import altered, has, outcome_of, reasons_of, stored
from backend.words import LANGUAGES, catalogue, say
from geo.coverage import Reach
from geo.datum import Crs
from geo.track import Fixes, settled
from tests.cast import LINE, NOON
from tests.makers import walk_points

REACH = Reach(LINE, 30.0)
RULE = PatrolRule()
STARTED = NOON - timedelta(hours=4)
ASSIGNED = Standing(Level.VILLAGE, True)


def draft(points: list[list[float]], **changed: object) -> PatrolDraft:
    last_ms = points[-1][2] if points else STARTED.timestamp() * 1000
    first = PatrolDraft(
        id=UUID(int=1),
        segment="TUHAI",
        started_at=STARTED,
        ended_at=datetime.fromtimestamp(last_ms / 1000, UTC),
        crs=Crs.WGS84,
        fixes=settled(Fixes.of(np.array(points, dtype=np.float64).reshape(-1, 4))),
        photos=(),
        body_sha256=b"",
        report={},
    )
    return replace(first, **changed)  # type: ignore[arg-type]


def verdict_of(points: list[list[float]], standing: Standing = ASSIGNED, **changed: object) -> Verdict:
    return judged(draft(points, **changed), standing)


def judged(what: PatrolDraft, standing: Standing = ASSIGNED, received_at: datetime = NOON) -> Verdict:
    return judge(what, REACH, standing, RULE, timing(what, RULE, received_at))


def codes(verdict: Verdict) -> list[str]:
    return [because.reason.value for because in verdict.reasons]


def walk(**how: object) -> list[list[float]]:
    return walk_points(LINE, started_at=STARTED, **how)  # type: ignore[arg-type]


def test_an_honest_walk_is_valid():
    verdict = verdict_of(walk())
    assert (verdict.outcome, codes(verdict)) == (Outcome.VALID, [])


@pytest.mark.parametrize(
    ("how", "expected", "outcome"),
    [
        ({"metres": 100.0}, ["too_little", "too_short"], Outcome.INVALID),
        ({"metres": 300.0, "speed_mps": 1.5}, ["too_short"], Outcome.INVALID),
        ({"aside_m": 400.0}, ["too_far"], Outcome.INVALID),
        ({"speed_mps": 11.0, "metres": 3800.0}, ["driven", "too_short"], Outcome.INVALID),
        ({"crs": Crs.GCJ02}, ["datum_mismatch"], Outcome.DOUBTFUL),
        ({"crs": Crs.BD09}, ["datum_mismatch"], Outcome.DOUBTFUL),
    ],
)
def test_flaws_are_found(how, expected, outcome):
    verdict = verdict_of(walk(**how))
    assert (codes(verdict), verdict.outcome) == (expected, outcome)


def test_a_town_chief_owes_more_metres_and_minutes():
    verdict = verdict_of(walk(metres=280.0, speed_mps=0.4), Standing(Level.TOWN, True))
    assert codes(verdict) == ["too_little", "too_short"]


def test_without_a_track_there_is_nothing_to_judge():
    assert codes(verdict_of([])) == ["no_track"]
    assert codes(verdict_of(walk()[:1])) == ["no_track"]


def test_positions_too_vague_to_use_are_no_track_and_the_sentence_says_so():
    vague = verdict_of(walk(accuracy_m=900.0))
    assert codes(vague) == ["no_track"]
    assert say(vague.reasons[0].text, "zh-CN").startswith("收到 150 个定位点，误差都太大")
    assert say(verdict_of([]).reasons[0].text, "zh-CN") == "没有轨迹，没有收到定位点。"


def test_a_single_position_is_no_track_and_the_sentence_counts_it():
    assert say(verdict_of(walk()[:1]).reasons[0].text, "zh-CN") == "没有轨迹，只收到 1 个定位点。"


def test_a_mocked_position_is_doubted_by_its_accuracy_or_the_phones_word():
    points = walk()
    points[5][3] = 0.0
    assert codes(verdict_of(points)) == ["mock_location"]
    assert codes(verdict_of(walk(), claims_mock=True)) == ["mock_location"]


def test_gaps_over_a_third_of_the_time_leave_the_walk_incomplete():
    points = walk()
    verdict = verdict_of(points[:30] + points[-60:])
    assert codes(verdict) == ["incomplete_track"]


def test_points_out_of_order_are_sorted_and_noted():
    points = walk()
    points[10], points[90] = points[90], points[10]
    assert codes(verdict_of(points)) == ["unsorted"]


def test_whoever_is_not_assigned_or_walks_an_ended_segment_is_told():
    assert codes(verdict_of(walk(), Standing(Level.VILLAGE, False))) == ["not_assigned"]
    ended = verdict_of(walk(), Standing(Level.VILLAGE, False, date(2025, 6, 1)))
    assert codes(ended) == ["segment_ended"]


def test_age_is_noted_after_a_week_and_doubted_after_a_month():
    fresh, noted, late = (judged(draft(walk()), received_at=NOON + timedelta(days=days)) for days in (6, 9, 40))
    assert codes(fresh) == []
    assert (codes(noted), noted.outcome) == (["late"], Outcome.VALID)
    assert (codes(late), late.outcome) == (["late"], Outcome.DOUBTFUL)


def test_a_clock_a_day_ahead_is_corrected_by_what_the_phone_says_it_is():
    day = timedelta(days=1)
    points = [[lon, lat, ms + 86_400_000, accuracy] for lon, lat, ms, accuracy in walk()]
    wrong = draft(points, started_at=STARTED + day)
    assert codes(judged(wrong)) == ["clock"]
    said = replace(wrong, sent_at=NOON + day)
    assert codes(judged(said)) == []
    assert timing(said, RULE, NOON).walked_at == STARTED
    assert timing(wrong, RULE, NOON).walked_at == NOON


def test_a_phone_whose_positions_carry_satellite_time_is_believed():
    day = timedelta(days=1)
    said = draft(walk(), started_at=STARTED + day, ended_at=STARTED + day + timedelta(minutes=13), sent_at=NOON + day)
    assert codes(judged(said)) == []


def test_an_old_track_under_a_new_date_is_doubted():
    points = walk()
    renewed = draft(points, started_at=STARTED + timedelta(hours=2), ended_at=STARTED + timedelta(hours=3))
    assert codes(judged(renewed)) == ["clock"]


def test_a_walk_that_ends_before_it_begins_is_doubted_for_that_and_dated_the_other_way_round():
    points = walk()
    honest = draft(points)
    swapped = replace(honest, started_at=honest.ended_at, ended_at=honest.started_at)
    verdict = judged(swapped)
    assert (codes(verdict), verdict.outcome) == (["clock"], Outcome.DOUBTFUL)
    assert say(verdict.reasons[0].text, "zh-CN") == "结束时间比开始时间还早，请核对手机时间。"
    assert timing(swapped, RULE, NOON) == timing(honest, RULE, NOON)
    old = judged(swapped, received_at=NOON + timedelta(days=40))
    assert codes(old) == ["clock", "late"]


def test_one_that_ends_before_it_begins_and_whose_track_is_of_another_day_has_no_date():
    points = walk()
    day = timedelta(days=1)
    odd = draft(points, started_at=STARTED - day, ended_at=STARTED - day - timedelta(minutes=1))
    assert codes(judged(odd)) == ["clock"]
    assert timing(odd, RULE, NOON).walked_at == NOON


def test_the_end_of_the_calendar_is_doubted_and_breaks_nothing():
    end = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
    odd = draft([], started_at=end, ended_at=end, sent_at=datetime(1970, 1, 1, tzinfo=UTC))
    assert Reason.CLOCK in [because.reason for because in judged(odd).reasons]


WALKS = st.lists(
    st.tuples(st.uuids(), st.integers(0, 60 * 30)), unique_by=(lambda each: each[0], lambda each: each[1]), max_size=12
)


@given(WALKS, st.randoms())
def test_which_walk_came_too_soon_does_not_depend_on_the_order_of_arrival(walks, random):
    timed = [(walk_id, NOON + timedelta(minutes=minutes)) for walk_id, minutes in walks]
    shuffled = random.sample(timed, len(timed))
    apart = timedelta(hours=4)
    late = too_soon(timed, apart)
    assert too_soon(shuffled, apart) == late
    counting = sorted(at for walk_id, at in timed if walk_id not in late)
    assert all(later - earlier >= apart for earlier, later in pairwise(counting))


def test_of_walks_begun_at_one_moment_the_one_that_came_in_first_counts():
    first, second = uuid4(), uuid4()
    assert too_soon([(first, NOON), (second, NOON)], timedelta(hours=4)) == {second}
    assert too_soon([(second, NOON), (first, NOON)], timedelta(hours=4)) == {first}


def test_a_stored_verdict_says_the_same_and_can_be_altered():
    kept = stored(verdict_of(walk(metres=100.0)))
    assert [because.reason for because in reasons_of(kept)] == [Reason.TOO_LITTLE, Reason.TOO_SHORT]
    sooner = altered(kept, Reason.TOO_SOON, Because.of(Reason.TOO_SOON, hours=4))
    assert has(sooner, Reason.TOO_SOON)
    assert altered(sooner, Reason.TOO_SOON, None) == kept
    assert outcome_of(kept) is Outcome.INVALID
    assert outcome_of(kept, without=[Reason.TOO_LITTLE, Reason.TOO_SHORT]) is Outcome.VALID


def test_every_reason_has_an_outcome_and_a_sentence_with_its_values_in_both_languages():
    assert set(OUTCOMES) == set(Reason)
    for reason in Reason:
        values = {name: f"<{name}>" for name in VALUES.get(reason, ())}
        for language in LANGUAGES:
            sentence = say(Because(reason, values).text, language)
            assert sentence != f"reason.{reason}"
            assert "：" not in sentence  # it stands behind one: "这次巡河不算："
            assert f"reason.{reason}" in catalogue(language)


def test_only_outcomes_that_are_not_invalid_count():
    assert [outcome.counts for outcome in Outcome] == [True, True, False]


def test_a_body_that_lay_on_the_phone_for_days_keeps_the_day_of_its_walk():
    days = timedelta(days=5)
    lain = draft(walk(), sent_at=STARTED + timedelta(hours=1))
    assert timing(lain, RULE, NOON + days).walked_at == STARTED
    assert codes(judged(lain, received_at=NOON + days)) == []


def test_what_a_phone_claims_of_its_clock_does_not_move_times_that_the_track_agrees_with():
    week = timedelta(days=7)
    for said in (NOON + week, NOON - week):
        when = timing(draft(walk(), sent_at=said), RULE, NOON)
        assert (when.walked_at, when.is_doubted) == (STARTED, False)


def test_a_clock_that_was_behind_is_corrected_when_the_positions_say_so():
    late = timedelta(days=3)
    behind = draft(walk(), started_at=STARTED - late, ended_at=NOON - late, sent_at=NOON - late)
    assert timing(behind, RULE, NOON).walked_at == STARTED
    assert timing(replace(behind, sent_at=None), RULE, NOON).is_doubted


def test_what_a_review_has_settled_counts_and_what_comes_soon_after_it_does_not():
    first, second, third = (
        (UUID(int=number), NOON + timedelta(hours=hours)) for number, hours in ((1, 0), (2, 2), (3, 5))
    )
    four = timedelta(hours=4)
    assert too_soon([first, second, third], four) == {second[0]}
    assert too_soon([first, second, third], four, {second[0]}) == {third[0]}


def test_a_segment_has_ended_from_its_last_day_on():
    day = date(2025, 7, 2)
    for until, ended in ((None, None), (date(2025, 7, 3), None), (day, day)):
        assert Standing.of_day(Level.TOWN, True, until, day) == Standing(Level.TOWN, True, ended)
