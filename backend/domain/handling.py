"""Handling a hazard (处置): what each act must bring, who may take it, and what it changes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from backend.domain.access import Actor, may, may_try
from backend.domain.hazards import ACTIONS, MENDING, MOVES, Act, Picture, Severity, State, Watch
from backend.domain.regions import level_of
from backend.domain.terms import Level, Post
from backend.errors import BadInput, Conflict, Flaw, Forbidden
from backend.words import Text
from geo.measure import distances_m

NEAR_M = 200.0
"""An after-photo is taken so near to where the hazard is; phones err by tens of metres (our judgement)."""


@dataclass(frozen=True, slots=True)
class ActDraft:
    """An act as it was handed in."""

    id: UUID
    act: Act
    body_sha256: bytes
    note: str = ""
    photos: tuple[Picture, ...] = ()
    unit: str | None = None
    person: UUID | None = None
    severity: Severity | None = None
    """As whoever accepts or assigns it sees it."""
    watch: Watch | None = None
    post: Post | None = None
    until: datetime | None = None
    into: UUID | None = None
    watcher: UUID | None = None
    measure: UUID | None = None
    """The measure that was checked; a new one has the id of its act."""
    every_h: int | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """What decides whether an act may be taken: the hazard as it is now."""

    id: UUID
    state: State
    reporter: UUID
    region: str
    place: tuple[float, float] | None
    unit: str | None
    assignee: UUID | None
    handed_to: Post | None
    handed_region: str | None
    assigned_at: datetime | None
    done_by: UUID | None
    done_photos: tuple[Picture, ...]
    extension_until: datetime | None
    extension_by: UUID | None
    interim: Mapping[UUID, UUID] = field(default_factory=dict)
    """The measures that are watched, each with its watcher."""
    helper: Level | None = None
    """The level whose help was asked for."""


NEEDS: Mapping[Act, Sequence[str]] = {
    Act.REJECT: ("note",),
    Act.REPORT_DONE: ("photos",),
    Act.RETURN: ("note",),
    Act.REOPEN: ("note",),
    Act.TRANSFER: ("post", "note"),
    Act.HAND_BACK: ("note",),
    Act.SUPERVISE: ("watch",),
    Act.ASK_EXTENSION: ("until", "note"),
    Act.REFUSE_EXTENSION: ("note",),
    Act.ASK_COORDINATION: ("note",),
    Act.ANSWER_COORDINATION: ("note",),
    Act.ADD_INTERIM: ("note", "watcher", "every_h"),
    Act.CHECK_INTERIM: ("measure",),
    Act.MERGE: ("into",),
    Act.COMMENT: ("note",),
}
"""What an act cannot be understood without."""


def check_needs(draft: ActDraft) -> None:
    """BadInput that names everything the act lacks."""
    lacking = [name for name in NEEDS.get(draft.act, ()) if not getattr(draft, name)]
    if draft.act is Act.ASSIGN and draft.unit is None and draft.person is None:
        lacking = ["unit"]
    if lacking:
        raise BadInput(*(Flaw(f"/{name}", Text("Missing data for required field.")) for name in lacking))


def allowed(standing: Standing, actor: Actor) -> list[Act]:
    """The acts that the state and the person's posts allow now, for the one who asks what can be done."""
    return [act for act in Act if standing.state in MOVES[act] and _why_not(standing, act, actor) is None]


def moved(standing: Standing, draft: ActDraft, actor: Actor) -> State:
    """The state after the act; Forbidden or Conflict, with what is allowed, when it cannot be taken."""
    extra = {"allowed": [act.value for act in allowed(standing, actor)]}
    if (why := _why_not(standing, draft.act, actor)) is not None:
        raise Forbidden(why, extra=extra)
    if standing.state not in MOVES[draft.act]:
        raise Conflict("hazard_state", extra=extra, state=Text(f"hazard.state.{standing.state}"))
    shown = replace(standing, done_photos=standing.done_photos + draft.photos)  # whoever verifies may show it, too
    if (why := _CONDITIONS.get(draft.act, _nothing)(shown)) is not None:
        raise Conflict(why, extra=extra)
    return MOVES[draft.act][standing.state]


def _why_not(standing: Standing, act: Act, actor: Actor) -> str | None:
    """Why this person may not take it, whatever the state; None when they may."""
    action = ACTIONS[act]
    if act is Act.RETURN and standing.state in MENDING and is_mender(standing, actor):
        return None  # given to the wrong ones: they say so themselves
    if act is Act.HAND_BACK:
        return None if has_it(standing, actor) else "post"
    if not may(actor, action, standing.region) and not (_is_own(standing, act, actor) and may_try(actor, action)):
        return "post"
    if act is Act.ANSWER_COORDINATION and not _is_helper(standing, actor):
        return "helper"
    if act in (Act.VERIFY, Act.CLOSE) and actor.person_id == standing.done_by:
        return "own_work"
    if act in (Act.GRANT_EXTENSION, Act.REFUSE_EXTENSION) and actor.person_id == standing.extension_by:
        return "own_wish"
    return None


def _is_own(standing: Standing, act: Act, actor: Actor) -> bool:
    """Whether the hazard is this person's for that act, wherever it lies."""
    if act in (Act.CHECK_INTERIM, Act.COMMENT) and is_watcher(standing, actor):
        return True
    if act is Act.COMMENT and (standing.reporter in actor.whose or has_it(standing, actor)):
        return True
    return is_mender(standing, actor)


def is_watcher(standing: Standing, actor: Actor) -> bool:
    """Whether this person, or somebody they stand in for, watches one of its measures."""
    return any(watcher in actor.whose for watcher in standing.interim.values())


def is_mender(standing: Standing, actor: Actor) -> bool:
    """Whether it was given to this person, to somebody they stand in for, or to their unit."""
    if standing.assignee is not None and standing.assignee in actor.whose:
        return True
    return standing.unit is not None and any(
        seat.post is Post.UNIT_LIAISON and seat.unit == standing.unit for seat in actor.seats
    )


def helper_for(actor: Actor, region: str) -> Level:
    """Whose help is asked for: the level above the asker's highest seat around the place, at most the city."""
    own = [level_of(seat.region) for seat in actor.seats if region.startswith(seat.region)]
    return Level(min(max(own, default=Level.TOWN) + 1, Level.CITY))


def _is_helper(standing: Standing, actor: Actor) -> bool:
    """Whether a seat of the level that was asked, or of a higher one, lies around the place."""
    return standing.helper is None or any(
        standing.region.startswith(seat.region) and level_of(seat.region) >= standing.helper for seat in actor.seats
    )


def has_it(standing: Standing, actor: Actor) -> bool:
    """Whether it was handed over to this person's post."""
    return standing.handed_to is not None and any(
        seat.post is standing.handed_to and seat.region == standing.handed_region for seat in actor.seats
    )


def _nothing(_: Standing) -> str | None:
    return None


def _extension(standing: Standing) -> str | None:
    return None if standing.extension_until else "no_extension"


def _evidence(standing: Standing) -> str | None:
    """Whether one of the photos of the mended place was taken after the assignment and near it."""
    return None if any(proves(standing, photo) for photo in standing.done_photos) else "no_evidence"


_CONDITIONS: Mapping[Act, Callable[[Standing], str | None]] = {
    Act.CLOSE: _evidence,
    Act.GRANT_EXTENSION: _extension,
    Act.REFUSE_EXTENSION: _extension,
    Act.ASK_COORDINATION: lambda standing: "helped" if standing.helper else None,
    Act.ANSWER_COORDINATION: lambda standing: None if standing.helper else "no_help",
    Act.TRANSFER: lambda standing: "handed_over" if standing.handed_to else None,
    Act.HAND_BACK: lambda standing: None if standing.handed_to else "not_handed_over",
}
"""What must hold beside the state."""


def proves(standing: Standing, photo: Picture) -> bool:
    """Whether a photo shows the place after it was given to be mended."""
    return not lacks(standing, photo)


def lacks(standing: Standing, photo: Picture) -> list[Text]:
    """Why a photo does not show the place after it was given to be mended: its time, its place, or both."""
    return [text for text in (_lacks_time(standing, photo), _lacks_place(standing, photo)) if text is not None]


def _lacks_time(standing: Standing, photo: Picture) -> Text | None:
    if photo.at is None:
        return Text("photo.no_time")
    if standing.assigned_at is not None and photo.at < standing.assigned_at:
        return Text("photo.before")
    return None


def _lacks_place(standing: Standing, photo: Picture) -> Text | None:
    if standing.place is None:
        return None
    if photo.lonlat is None:
        return Text("photo.no_place")
    metres = apart_m(standing.place, photo.lonlat)
    return Text.of("photo.far", metres=round(metres), most=round(NEAR_M)) if metres > NEAR_M else None


def apart_m(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Metres on the ground between two positions (lon, lat)."""
    return float(distances_m([one], [other])[0])
