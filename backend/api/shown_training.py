"""How sessions of training, their people and the coverage of a year are shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from backend.api.door import BASE
from backend.api.shown import moment, moment_or_none, named_photos
from backend.domain.regions import below_length
from backend.domain.terms import CHIEFS
from backend.domain.training import Coverage, Tally, quiz_of
from backend.formats import phones
from backend.services.training import Seen
from backend.services.training_coverage import Covered, Year


def session(row: Any, invited: Iterable[Any], zone: ZoneInfo) -> dict[str, Any]:
    """A session as anybody sees it."""
    same = ("title", "place", "teacher", "hours", "text", "links", "region_name")
    withdrawn = {"at": moment_or_none(row.withdrawn_at, zone), "reason": row.withdrawn_reason}
    return {name: getattr(row, name) for name in same} | {
        "id": str(row.id),
        "begins_at": moment(row.begins_at, zone),
        "ends_at": moment(row.ends_at, zone),
        "location": {"lon": row.lon, "lat": row.lat} if row.lon is not None else None,
        "region": row.region_code,
        "invited": [
            {"post": each.post, "region": each.region_code, "region_name": each.region_name} for each in invited
        ],
        "made_by": {"id": str(row.made_by_id), "name": row.made_by},
        "made_at": moment(row.made_at, zone),
        "withdrawn": withdrawn if row.withdrawn_at else None,
    }


def totals(tally: Tally) -> dict[str, int]:
    """The numbers of a session."""
    return asdict(tally)


def whole(seen: Seen, photos: Mapping[str, str], zone: ZoneInfo) -> dict[str, Any]:
    """A session for one reader: the numbers for those above, what is right for whoever holds it."""
    return session(seen.row, seen.invited, zone) | {
        "totals": totals(seen.tally) if seen.parts else None,
        "mine": _mine(seen.mine, zone) if seen.mine else None,
        "quiz": _quiz(seen.row.quiz, seen.is_kept),
        "photos": named_photos(photos),
        "may_keep": seen.is_kept,
    }


def attendee(row: Any, zone: ZoneInfo) -> dict[str, Any]:
    """Somebody who is asked to come, or was there."""
    there = _mine(row, zone) if row.how else None
    return _person(row) | {"asked": bool(row.is_asked), "there": there}


def coverage(found: Covered, year: Year) -> dict[str, Any]:
    """The numbers of a place, each with the list behind it."""
    asked = year.begin.year
    rows = [_row(place, found, asked) for place in found.rows]
    return {
        "year": asked,
        "day": year.day.isoformat(),
        "region": found.region,
        "region_name": found.names.get(found.region, found.region),
        "rows": rows,
        "total": {
            "posts": {
                post.value: _covered(found.total.get(post, Coverage(0, 0)), found.region, asked, post)
                for post in CHIEFS
            },
            "all": _covered(_sum(found.total.values()), found.region, asked),
        },
    }


def trainee(row: Any) -> dict[str, Any]:
    """Somebody behind such a number."""
    return _person(row) | {"since": row.from_day.isoformat(), "hours": row.hours, "trained": row.hours > 0}


def _row(place: str, found: Covered, year: int) -> dict[str, Any]:
    posts, is_alone = found.rows[place], len(place) < below_length(found.region)
    return {
        "region": place,
        "name": found.names.get(place, place),
        "posts": {post: _covered(each, place, year, post, is_alone=is_alone) for post, each in posts.items()},
        "all": _covered(_sum(posts.values()), place, year, is_alone=is_alone),
    }


def _sum(all_of: Iterable[Coverage]) -> Coverage:
    whole = Coverage(0, 0)
    for each in all_of:
        whole = whole.plus(each)
    return whole


def _covered(each: Coverage, region: str, year: int, post: str = "", *, is_alone: bool = False) -> dict[str, Any]:
    query = {"region": region, "year": year} | ({"post": post} if post else {})
    query |= {"alone": "true"} if is_alone else {}
    path = f"{BASE}/trainings/coverage/people?{urlencode(query)}"
    return {
        "people": each.people,
        "trained": each.trained,
        "share": each.share,
        "links": {"trained": f"{path}&trained=true", "missing": f"{path}&trained=false"},
    }


def _person(row: Any) -> dict[str, Any]:
    who = {"id": str(row.person_id), "name": row.person, "phone": phones.masked(row.phone_head, row.phone_tail)}
    return {"person": who, "post": row.post, "region": row.region_code, "region_name": row.region_name}


def _mine(row: Any, zone: ZoneInfo) -> dict[str, Any]:
    same = ("how", "distance_m", "right", "hours")
    return {name: getattr(row, name) for name in same} | {
        "at": moment(row.at, zone),
        "doubtful": row.is_doubtful,
    }


def _quiz(kept: dict[str, Any] | None, is_kept: bool) -> dict[str, Any] | None:
    quiz = quiz_of(kept)
    if quiz is None:
        return None
    questions = [
        {"text": each.text, "choices": list(each.choices), "many": len(each.right) > 1}
        | ({"right": sorted(each.right)} if is_kept else {})
        for each in quiz.questions
    ]
    return {"questions": questions, "pass_mark": quiz.pass_mark}
