"""Who may do what where."""

from __future__ import annotations

from uuid import UUID

from backend.domain.access import TABLE, Actor, Scope, Seat, may, may_review, may_try, scope_of
from backend.domain.actions import Action
from backend.domain.regions import Relation
from backend.domain.terms import Post

ME = UUID(int=1)
AWAY = UUID(int=2)


def holding(*seats: tuple[Post, str]) -> Actor:
    return Actor(ME, "演示", tuple(Seat(post, region) for post, region in seats), (AWAY,))


def test_every_action_but_the_public_one_has_a_row_and_no_row_gives_strangers_cases():
    assert set(TABLE) == set(Action) - {Action.PUBLIC}
    for_everybody = {
        Action.SEE_SELF,
        Action.SEE_REGIONS,
        Action.SEE_RULES,
        Action.UPLOAD_PHOTO,
        Action.ANSWER_CALL,
        Action.SEE_FLOOD,
    }
    for action, row in TABLE.items():
        foreign = {post for post, relations in row.items() if Relation.FOREIGN in relations}
        assert not foreign or action in for_everybody


def test_administrators_do_no_case_work_and_the_law_sees_only_what_is_handed_over():
    case_work = {Action.SUBMIT_PATROL, Action.REVIEW_PATROL, Action.SEE_PATROLS, Action.ENTER_FOR_ANOTHER}
    for action in case_work:
        assert not {Post.ADMINISTRATOR, Post.POLICE_CHIEF, Post.PROSECUTOR} & set(TABLE[action])


def test_a_town_chief_reviews_below_and_not_beside():
    town = holding((Post.TOWN_CHIEF, "371502001"))
    assert may(town, Action.REVIEW_PATROL, "371502001001")
    assert not may(town, Action.REVIEW_PATROL, "371502002001")
    assert not may(town, Action.REVIEW_PATROL, "371502")


def test_the_gate_lets_in_whoever_has_the_post_somewhere():
    assert may_try(holding((Post.VILLAGE_CHIEF, "371502001001")), Action.SEE_PATROLS)
    assert not may_try(holding((Post.VILLAGE_CHIEF, "371502001001")), Action.REVIEW_PATROL)
    assert may_try(holding(), Action.PUBLIC)


def test_scope_is_the_widest_of_several_seats_and_what_is_ones_own():
    several = holding((Post.TOWN_CHIEF, "371502001"), (Post.COUNTY_CHIEF, "371502"), (Post.TOWN_CHIEF, "371503001"))
    assert scope_of(several, Action.SEE_PATROLS) == Scope(("371502", "371503001"), (ME, AWAY))
    village = holding((Post.VILLAGE_CHIEF, "371502001001"))
    assert scope_of(village, Action.SEE_PATROLS) == Scope((), (ME, AWAY))
    assert scope_of(village, Action.SEE_REGIONS).regions == ("",)


def test_a_scope_holds_what_lies_inside():
    assert Scope(("371502",)).holds("371502001")
    assert not Scope(("371502",)).holds("371503")


def test_a_review_is_the_word_of_a_senior_chief_or_of_the_office():
    town = holding((Post.TOWN_CHIEF, "371502001"))
    assert may_review(town, Post.WARDEN, "371502001001")
    assert not may_review(town, Post.TOWN_CHIEF, "371502001")
    assert not may_review(town, Post.VILLAGE_CHIEF, "371502002001")
    assert may_review(holding((Post.OFFICE_CLERK, "3715")), Post.CITY_CHIEF, "3715")
    assert not may_review(holding((Post.VILLAGE_CHIEF, "371502001001")), Post.WARDEN, "371502001001")


def test_any_login_may_try_what_belongs_to_the_account_even_without_a_post():
    assert may_try(holding(), Action.SUBMIT_PATROL)
    assert not may_try(holding(), Action.SEE_PATROLS)
