"""The coverage of training (全覆盖) at a desk: a year by place and post, and the people behind each number."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response

from backend.context import today
from backend.domain.actions import Action
from backend.domain.terms import CHIEFS
from backend.web import desk, exports, places
from backend.web.exports import Export, Item, Value
from backend.web.training import TRAINING

blueprint = desk.furnished(Blueprint("console_training_coverage", __name__, url_prefix=f"{TRAINING}/coverage"))
_FILTERS = ("region", "year")
_YEARS = 5
_POSTS = tuple(CHIEFS)
_HEADINGS = (
    "people.region",
    *(f"post.{post}" for post in _POSTS),
    *("training.covered.people", "training.covered.trained", "training.covered.share"),
)
_PEOPLE = (
    *("training.person", "people.post", "people.region", "ledger.column.phone", "training.since"),
    *("training.covered.trained", "training.hours"),
)


@blueprint.get("")
@desk.sits(Action.SEE_TRAINING)
def coverage() -> Response:
    """Of the chiefs in their posts, how many were trained, place by place."""
    asked = desk.filters(*_FILTERS)
    found = desk.ask("/trainings/coverage", asked).body
    years = [(str(year), str(year)) for year in range(today().year, today().year - _YEARS, -1)]
    where = places.around(found["region"], Action.SEE_TRAINING)
    return desk.page("training_coverage.html", found=found, years=years, where=where, posts=_POSTS)


@blueprint.get("/export.<form>")
@desk.sits(Action.SEE_TRAINING)
def export(form: str) -> Response:
    """The table as a file, a row a place."""
    share = frozenset({len(_HEADINGS) - 1})
    taken = Export(
        *("training_coverage", "/trainings/coverage", "training.coverage", _HEADINGS, _rows),
        asked=desk.filters(*_FILTERS),
        items=lambda body: body["rows"],
        percent=share,
        is_whole=True,
    )
    return exports.file_of(taken, form)


@blueprint.get("/people")
@desk.sits(Action.SEE_TRAINING)
def people() -> Response:
    """The people behind a number."""
    found = desk.ask("/trainings/coverage/people", desk.query(*_FILTERS, "alone", "post", "trained")).body
    return desk.page("training_missing.html", items=found["items"], next=desk.next_of(found))


@blueprint.route("/people/export.<form>", methods=exports.METHODS)
@desk.sits(Action.SEE_TRAINING)
def people_export(form: str) -> Response:
    """The same as a file."""
    asked = desk.filters(*_FILTERS, "alone", "post", "trained")
    path = "/trainings/coverage/people"
    taken = Export("training_missing", path, "training.coverage.people", _PEOPLE, _people, asked, has_phones=True)
    return exports.file_of(taken, form)


def _rows(item: Item) -> list[list[Value]]:
    every, posts = item["all"], item["posts"]
    return [
        [
            item["name"],
            *(_said(posts.get(post)) for post in _POSTS),
            *(every["people"], every["trained"], every["share"]),
        ]
    ]


def _said(each: dict[str, Any] | None) -> str:
    return f"{each['trained']}/{each['people']}" if each else ""


def _people(item: Item) -> list[list[Value]]:
    person = item["person"]
    return [
        [
            *(person["name"], exports.word(f"post.{item['post']}"), item["region_name"], person["phone"]),
            *(item["since"], exports.yes(item["trained"]), item["hours"]),
        ]
    ]
