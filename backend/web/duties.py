"""Duty (巡河任务) at a desk: who has not walked what is owed, in the periods around a day."""

from __future__ import annotations

from datetime import date, timedelta

from flask import Blueprint, Response, request

from backend.context import today
from backend.domain.actions import Action
from backend.errors import NotFound
from backend.web import desk, exports, places
from backend.web.exports import Export, Item, Value
from backend.web.forms import date_of

blueprint = desk.furnished(Blueprint("console_duties", __name__, url_prefix="/console/duties"))
_HEADINGS = (
    *("duty.person", "people.post", "segment.river", "duty.from", "duty.until", "duty.needed", "duty.done"),
    *("duty.missing", "duty.doubtful", "duty.by_office", "duty.basis"),
)


@blueprint.get("")
@desk.sits(Action.SEE_DUTY)
def behind() -> Response:
    """Whoever is behind, chiefs of the higher levels first; everybody if one likes."""
    where = places.around(request.args.get("region", ""), Action.SEE_DUTY)
    if not where.code:
        raise NotFound()  # whoever sees only their own duty has it on their phone
    listed = desk.ask("/duties", _asked(where.code) | desk.query()).body
    values = {"items": listed["items"], "next": desk.next_of(listed), "day": _day()}
    return desk.page("duties.html", where=where, **values)


@blueprint.get("/export.<form>")
@desk.sits(Action.SEE_DUTY)
def export(form: str) -> Response:
    """The whole list as a file, a row a person and river."""
    where = places.around(request.args.get("region", ""), Action.SEE_DUTY)
    if not where.code:
        raise NotFound()
    shown = exports.word("duty.every" if request.args.get("all") else "duty.behind")
    said = [
        (exports.word("people.region"), where.name),
        (exports.word("duty.day"), _day()),
        (exports.word("duty.show"), shown),
    ]
    duties = Export("duties", "/duties", "duty.behind", _HEADINGS, _rows, _asked(where.code), said)
    return exports.file_of(duties, form)


def _asked(region: str) -> dict[str, str]:
    return {"region": region, "day": _day(), "behind": "false" if request.args.get("all") else "true"}


def _day() -> str:
    """The day whose periods are looked at; today for what is none."""
    return (date_of(request.args.get("day", "")) or today()).isoformat()


def _rows(item: Item) -> list[list[Value]]:
    period = item["period"]
    last = date.fromisoformat(period["until"]) - timedelta(days=1)
    return [
        [
            *(item["person"]["name"], exports.word(f"post.{item['post']}"), item["river"]["name"]),
            *(date.fromisoformat(period["from"]), last, item["needed"], item["done"]),
            *(max(0, item["needed"] - item["done"]), item["doubtful"], item["by_office"]),
            exports.word(f"duty.basis.{item['basis']}"),
        ]
    ]
