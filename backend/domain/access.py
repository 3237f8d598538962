"""Who may do what where: one table, action × post → relations of regions. What is not in it is refused."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from uuid import UUID

from backend.domain.actions import Action
from backend.domain.regions import Relation, relation, widest
from backend.domain.terms import CHIEFS, Level, Post

OWN, BELOW, AROUND, ABOVE, BESIDE, FOREIGN = Relation
HERE = frozenset({OWN, BELOW})
ANYWHERE = frozenset(Relation)
NOWHERE: frozenset[Relation] = frozenset()
OWN_TOWN = HERE | {BESIDE, AROUND}
"""Seen from a village: every village of its town, and the town itself."""

EVERYBODY = frozenset(Post)
SENIORS = frozenset({Post.CITY_CHIEF, Post.COUNTY_CHIEF, Post.TOWN_CHIEF})
GRASSROOTS = frozenset({Post.VILLAGE_CHIEF, Post.WARDEN})
STAFF = frozenset({Post.OFFICE_CLERK, Post.BUREAU_CLERK, Post.DUTY_OFFICER})
LAW = frozenset({Post.POLICE_CHIEF, Post.PROSECUTOR})


def _row(*grants: tuple[Iterable[Post], frozenset[Relation]]) -> dict[Post, frozenset[Relation]]:
    return {post: relations for posts, relations in grants for post in posts}


TABLE: dict[Action, dict[Post, frozenset[Relation]]] = {
    Action.SEE_SELF: _row((EVERYBODY, ANYWHERE)),
    Action.SEE_REGIONS: _row((EVERYBODY, ANYWHERE)),
    Action.SEE_RULES: _row((EVERYBODY, ANYWHERE)),
    Action.UPLOAD_PHOTO: _row((EVERYBODY, ANYWHERE)),
    Action.SEE_PHOTO: _row((EVERYBODY, HERE)),
    # The law sees the photos of what was handed over to it, and no others of its county.
    Action.SEE_ORIGINAL_PHOTO: _row((STAFF, HERE), (LAW, NOWHERE)),
    # Village chiefs and wardens see their own village; own and substituted segments come on top, by assignment.
    Action.SEE_SEGMENTS: _row((SENIORS | STAFF | GRASSROOTS | {Post.ADMINISTRATOR}, HERE)),
    Action.CHANGE_SEGMENTS: _row(([Post.OFFICE_CLERK, Post.BUREAU_CLERK, Post.ADMINISTRATOR], HERE)),
    Action.CHANGE_RULES: _row(([Post.ADMINISTRATOR], HERE)),
    Action.SEE_PEOPLE: _row((SENIORS | STAFF | {Post.ADMINISTRATOR}, HERE)),
    Action.REVEAL_PHONE: _row((SENIORS | STAFF | {Post.ADMINISTRATOR}, HERE)),
    Action.CHANGE_PEOPLE: _row(([Post.OFFICE_CLERK, Post.ADMINISTRATOR], HERE)),
    Action.RESET_LOGIN: _row(([Post.OFFICE_CLERK, Post.ADMINISTRATOR], HERE)),
    # A village chief who walks the neighbour village, or names the town's reach, is told "not assigned", and the
    # walk is kept. The office walks nowhere itself, but enters walks for chiefs without a phone.
    Action.SUBMIT_PATROL: _row((SENIORS, HERE), (GRASSROOTS, OWN_TOWN), ([Post.OFFICE_CLERK], NOWHERE)),
    Action.ENTER_FOR_ANOTHER: _row(([Post.OFFICE_CLERK], HERE)),
    Action.SEE_PATROLS: _row((SENIORS | STAFF, HERE), (GRASSROOTS, NOWHERE)),
    Action.REVIEW_PATROL: _row((SENIORS | {Post.OFFICE_CLERK}, HERE)),
    Action.WITHDRAW_PATROL: _row(([Post.OFFICE_CLERK], HERE), (SENIORS | GRASSROOTS, NOWHERE)),
    Action.REPORT_HAZARD: _row((SENIORS | STAFF | LAW, HERE), (GRASSROOTS, OWN_TOWN)),
    # Police and prosecutor see what was handed over, a unit what was assigned to it, the grassroots what they
    # reported or walk past: nothing of that goes by region.
    Action.SEE_HAZARDS: _row((SENIORS | STAFF, HERE), (GRASSROOTS | LAW | {Post.UNIT_LIAISON}, NOWHERE)),
    Action.COMMENT_HAZARD: _row((SENIORS | STAFF, HERE), (GRASSROOTS | LAW | {Post.UNIT_LIAISON}, NOWHERE)),
    Action.HANDLE_HAZARD: _row((SENIORS | STAFF, HERE)),
    Action.FIX_HAZARD: _row((STAFF, HERE), (SENIORS | GRASSROOTS | {Post.UNIT_LIAISON}, NOWHERE)),
    Action.SECURE_HAZARD: _row((SENIORS | STAFF, HERE), (GRASSROOTS | {Post.UNIT_LIAISON}, NOWHERE)),
    Action.VERIFY_HAZARD: _row((SENIORS | {Post.OFFICE_CLERK, Post.BUREAU_CLERK}, HERE)),
    Action.SUPERVISE_HAZARD: _row(([Post.CITY_CHIEF, Post.COUNTY_CHIEF, Post.OFFICE_CLERK], HERE)),
    Action.TRANSFER_HAZARD: _row(([Post.CITY_CHIEF, Post.COUNTY_CHIEF, Post.OFFICE_CLERK, Post.BUREAU_CLERK], HERE)),
    Action.HAND_BACK_HAZARD: _row((LAW, NOWHERE)),
    # The police and the prosecutor take the case file of what was handed over to them.
    Action.TAKE_EVIDENCE: _row(([Post.OFFICE_CLERK, Post.BUREAU_CLERK], HERE), (LAW, NOWHERE)),
    Action.SEE_ALARMS: _row(([Post.ADMINISTRATOR, Post.OFFICE_CLERK, Post.DUTY_OFFICER], HERE)),
    Action.SEE_AUDIT: _row(([Post.ADMINISTRATOR, Post.OFFICE_CLERK], HERE)),
    Action.RETRY_NOTICE: _row(([Post.ADMINISTRATOR, Post.OFFICE_CLERK, Post.DUTY_OFFICER], HERE)),
    Action.MAKE_CAMPAIGN: _row(([Post.OFFICE_CLERK], HERE)),
    Action.SEE_CAMPAIGNS: _row((SENIORS | STAFF, HERE), (GRASSROOTS, NOWHERE)),
    Action.SEE_LEDGER: _row((SENIORS | STAFF, HERE)),
    # Whoever answers for a segment answers for it here, too; town chief and office do so on behalf of others.
    Action.ANSWER_CAMPAIGN: _row(
        ([Post.TOWN_CHIEF, Post.OFFICE_CLERK], HERE), (GRASSROOTS | {Post.COUNTY_CHIEF, Post.CITY_CHIEF}, NOWHERE)
    ),
    Action.MAKE_ORDER: _row((SENIORS | {Post.OFFICE_CLERK}, HERE)),
    # Whoever got one sees it, and of its board nothing; above them everybody sees who has not.
    Action.SEE_ORDERS: _row((SENIORS | STAFF, HERE), (EVERYBODY - SENIORS - STAFF, NOWHERE)),
    Action.ANSWER_ORDER: _row((EVERYBODY, NOWHERE)),
    Action.DRAW_LOOKBACK: _row(([Post.OFFICE_CLERK], HERE)),
    Action.SEE_LOOKBACKS: _row((SENIORS | STAFF, HERE)),
    Action.CHECK_LOOKBACK: _row((SENIORS | {Post.OFFICE_CLERK, Post.BUREAU_CLERK}, HERE)),
    Action.SEE_WARNINGS: _row((SENIORS | STAFF, HERE)),
    Action.MAKE_WARNING: _row(([Post.DUTY_OFFICER], HERE)),
    # Two pairs of eyes, of which one may be a superior's.
    Action.SIGN_WARNING: _row(([Post.DUTY_OFFICER, Post.OFFICE_CLERK, Post.CITY_CHIEF, Post.COUNTY_CHIEF], HERE)),
    Action.ANSWER_CALL: _row((EVERYBODY, ANYWHERE)),
    Action.ANSWER_FOR: _row((SENIORS | {Post.DUTY_OFFICER, Post.OFFICE_CLERK}, HERE)),
    Action.MAKE_DRILL: _row(([Post.DUTY_OFFICER, Post.OFFICE_CLERK], HERE)),
    Action.SEE_FLOOD: _row((EVERYBODY, ANYWHERE)),
    Action.CHANGE_SEASON: _row(([Post.OFFICE_CLERK, Post.DUTY_OFFICER, Post.ADMINISTRATOR], HERE)),
    Action.DECLARE_RESPONSE: _row(([Post.DUTY_OFFICER], HERE)),
    Action.KEEP_STATIONS: _row(([Post.ADMINISTRATOR, Post.BUREAU_CLERK], HERE)),
    Action.SEE_SIGNS: _row((SENIORS | STAFF, HERE)),
    Action.KEEP_SIGNS: _row(([Post.OFFICE_CLERK], HERE)),
    Action.SEE_STATS: _row((SENIORS | STAFF, HERE)),
    # Whoever was asked to come, or was there, sees that session.
    Action.SEE_TRAINING: _row((SENIORS | STAFF, HERE), (EVERYBODY - SENIORS - STAFF, NOWHERE)),
    Action.KEEP_TRAINING: _row(([Post.OFFICE_CLERK], HERE)),
    Action.ATTEND_TRAINING: _row((EVERYBODY, NOWHERE)),
    Action.INSPECT: _row(([Post.OFFICE_CLERK, Post.BUREAU_CLERK], HERE)),
    Action.SEE_INSPECTIONS: _row((SENIORS | STAFF, HERE)),
    Action.SEE_POINTS: _row((SENIORS | STAFF, HERE)),
    Action.KEEP_POINTS: _row(([Post.OFFICE_CLERK], HERE)),
    Action.SEE_COOPERATION: _row((SENIORS | STAFF, HERE), (LAW, NOWHERE)),
    Action.COOPERATE: _row(([Post.OFFICE_CLERK, Post.BUREAU_CLERK], HERE), (LAW, NOWHERE)),
    Action.SEE_RISK: _row((SENIORS | STAFF | GRASSROOTS | {Post.ADMINISTRATOR}, HERE)),
    Action.MAKE_ASSESSMENT: _row(([Post.OFFICE_CLERK], HERE)),
    Action.SEE_ASSESSMENTS: _row((SENIORS | STAFF, HERE), (GRASSROOTS, NOWHERE)),
    Action.APPEAL: _row((SENIORS | GRASSROOTS, NOWHERE)),
    Action.SEE_DUTY: _row((SENIORS | STAFF, HERE), (GRASSROOTS, NOWHERE)),
    Action.ENTER_SIGNAL: _row(([Post.DUTY_OFFICER], HERE)),
    Action.KEEP_FEEDS: _row(([Post.ADMINISTRATOR], HERE)),
}
"""NOWHERE: the post may use the route, but only for what is its own (its walks, its segments)."""

OF_THE_ACCOUNT = frozenset({Action.SEE_SELF, Action.SUBMIT_PATROL, Action.SEE_PHOTO, Action.UPLOAD_PHOTO})
"""What any login may try, with whatever seats of today: a phone may still hold walks of a post that has ended."""


@dataclass(frozen=True, slots=True)
class Seat:
    """One appointment of the asking person on that day: a post over a region."""

    post: Post
    region: str
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """Who is asking, with every seat held today; `standing_in_for`: people whose posts they look after."""

    person_id: UUID
    name: str
    seats: tuple[Seat, ...]
    standing_in_for: tuple[UUID, ...] = ()

    @property
    def whose(self) -> tuple[UUID, ...]:
        """Oneself and those one stands in for: whose segments are one's own today."""
        return (self.person_id, *self.standing_in_for)


@dataclass(frozen=True, slots=True)
class Scope:
    """What a question to the store may answer: region prefixes, what is of these people, and on these segments."""

    regions: tuple[str, ...]
    people: tuple[UUID, ...] = ()
    segments: tuple[UUID, ...] = ()
    units: tuple[str, ...] = ()
    """What was given to these responsible units."""
    handed: tuple[tuple[Post, str], ...] = ()
    """What was handed over to police or prosecutor of these regions."""

    def holds(self, region: str) -> bool:
        """Whether a region lies inside."""
        return any(region.startswith(prefix) for prefix in self.regions)


def may_try(actor: Actor, action: Action) -> bool:
    """Whether any seat gives the action at all, wherever; the gate at the door."""
    if action is Action.PUBLIC or action in OF_THE_ACCOUNT:
        return True
    return any(seat.post in TABLE[action] for seat in actor.seats)


def may(actor: Actor, action: Action, region: str) -> bool:
    """Whether one of the seats gives the action over that region."""
    return any(relation(seat.region, region) in TABLE[action].get(seat.post, NOWHERE) for seat in actor.seats)


def may_review(actor: Actor, walked_as: Post, region: str) -> bool:
    """Whether one of the seats has the word on a walk: the office's, or that of a chief senior to the walker's post.

    By seniority, so that whoever stands in for the walker cannot use the walker's own seat for it.
    """
    level = CHIEFS.get(walked_as, Level.VILLAGE)
    return any(
        relation(seat.region, region) in TABLE[Action.REVIEW_PATROL].get(seat.post, NOWHERE)
        and CHIEFS.get(seat.post, Level.PROVINCE) > level
        for seat in actor.seats
    )


def scope_of(actor: Actor, action: Action) -> Scope:
    """The part of the world in which the actor may do it: whole regions, and what is personally theirs."""
    regions = {
        "" if seat_gives_all(TABLE[action].get(seat.post, NOWHERE)) else seat.region
        for seat in actor.seats
        if BELOW in TABLE[action].get(seat.post, NOWHERE)
    }
    return Scope(widest(regions), actor.whose)


def with_cases(scope: Scope, actor: Actor) -> Scope:
    """The same with the hazards of one's unit, and those handed over to one's post."""
    units = tuple(seat.unit for seat in actor.seats if seat.post is Post.UNIT_LIAISON and seat.unit)
    return replace(scope, units=units, handed=tuple((s.post, s.region) for s in actor.seats if s.post in LAW))


def seat_gives_all(relations: frozenset[Relation]) -> bool:
    """Whether the table gives the whole world."""
    return FOREIGN in relations
