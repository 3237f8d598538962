"""Orders (指令): the list, one with its board by place and the people behind each number, what I say, and changes."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as AnyResponse

from backend.context import now
from backend.domain.actions import Action
from backend.domain.order_boards import NUMBERS
from backend.domain.orders import Kind, Status
from backend.errors import Problem
from backend.web import desk, exports
from backend.web.exports import Export, Item, Value
from backend.web.forms import field, flaws_of, id_of, moment_of, status_of, typed_moment

blueprint = desk.furnished(Blueprint("console_orders", __name__, url_prefix="/console/orders"))
ORDERS = "/console/orders"
COLUMNS = tuple(name for name in NUMBERS if name != "people")
_HEADINGS = (
    *("order.title", "order.kind", "flood.document", "order.by", "order.made_at", "order.due_at"),
    *(f"order.column.{name}" for name in NUMBERS),
)
_PEOPLE = (
    *("order.column.person", "order.for", "people.region", "search.reach", "ledger.column.phone"),
    *("order.column.read", "order.column.signed", "order.column.done", "order.column.late", "order.answer"),
)


@blueprint.get("")
@desk.sits(Action.SEE_ORDERS)
def orders() -> Response:
    """Orders of one's own part of the world and those one got, newest first."""
    listed = desk.ask("/orders", desk.query("kind", "mine", "waiting")).body
    kinds = [(kind.value, exports.word(f"order.kind.{kind}")) for kind in Kind]
    return desk.page("orders.html", items=listed["items"], next=desk.next_of(listed), kinds=kinds, storm=str(uuid4()))


@blueprint.get("/export.<form>")
@desk.sits(Action.SEE_ORDERS)
def export(form: str) -> Response:
    """The whole list as a file, a row an order."""
    asked = desk.filters("kind", "mine", "waiting")
    return exports.file_of(Export("orders", "/orders", "console.nav.orders", _HEADINGS, _rows, asked), form)


@blueprint.get("/<uuid:order_id>")
@desk.sits(Action.SEE_ORDERS)
def order(order_id: UUID) -> Response:
    """One order; its board for those above, one region at a time."""
    return _order(order_id)


@blueprint.get("/<uuid:order_id>/people")
@desk.sits(Action.SEE_ORDERS)
def people(order_id: UUID) -> Response:
    """The people behind a number."""
    found = desk.ask(f"/orders/{order_id}").body
    listed = desk.ask(f"/orders/{order_id}/people", desk.query("region", "alone", "status")).body
    name = request.args.get("status", "")
    shown = name if name in set(Status) else "people"
    return desk.page("order_people.html", found=found, items=listed["items"], next=desk.next_of(listed), name=shown)


@blueprint.route("/<uuid:order_id>/people/export.<form>", methods=exports.METHODS)
@desk.sits(Action.SEE_ORDERS)
def people_export(order_id: UUID, form: str) -> Response:
    """The same as a file."""
    title = desk.ask(f"/orders/{order_id}").body["title"]
    asked = desk.filters("region", "alone", "status")
    said = [(exports.word("order.title"), title)]
    path = f"/orders/{order_id}/people"
    return exports.file_of(Export("order_people", path, "order.people", _PEOPLE, _people, asked, said, True), form)


@blueprint.post("/<uuid:order_id>/say")
@desk.sits(Action.ANSWER_ORDER)
def say(order_id: UUID) -> AnyResponse:
    """Read, sign for or answer an order that one got."""
    word = {"said": field("said", 10), "text": field("text", 5_000), "at": now().isoformat()}
    try:
        desk.tell("PUT", f"/orders/{order_id}/words/{id_of(field('id', 40))}", word)
    except Problem as problem:
        return _order(order_id, status=status_of(problem), flaws=flaws_of(problem), said=word)
    return desk.kept(f"{ORDERS}/{order_id}", "console.did.order_said")


@blueprint.post("/<uuid:order_id>/<any(correct, withdraw):act>")
@desk.sits(Action.MAKE_ORDER)
@desk.proven
def change(order_id: UUID, act: str) -> AnyResponse:
    """Put it right, or take it back; with a reason."""
    said: dict[str, Any] = {"reason": field("reason", 2_000)}
    if act == "correct":
        said |= {"id": str(id_of(field("id", 40))), "title": field("title", 200), "text": field("text", 10_000)}
        said |= {"due_at": moment_of(field("due_at", 40))}
    try:
        desk.tell("POST", f"/orders/{order_id}/{act}", said, version=request.form.get("version"))
    except Problem as problem:
        return _order(order_id, status=status_of(problem), flaws=flaws_of(problem), said=said)
    return desk.kept(f"{ORDERS}/{order_id}", f"order.{act}")


def _order(order_id: UUID, *, status: int = 200, **shown: Any) -> Response:
    seen = desk.ask(f"/orders/{order_id}")
    board = desk.ask(f"/orders/{order_id}/board", desk.filters("region")).body if seen.body["board"] else None
    changed = {"reason": "", "due_at": typed_moment(seen.body["due_at"])}
    values = {"flaws": [], "said": {}, "columns": COLUMNS, "new_id": str(uuid4())} | shown
    page = {"found": seen.body, "board": board, "version": seen.etag, "changed": changed}
    return desk.page("order.html", status=status, proven=desk.is_proven_now(), **page, **values)


def _rows(item: Item) -> list[list[Value]]:
    totals = item["totals"] or dict.fromkeys(NUMBERS)
    return [
        [
            *(item["title"], exports.word(f"order.kind.{item['kind']}"), item["document"], item["by"]["name"]),
            *(exports.moment(item["made_at"]), exports.moment(item["due_at"]), *(totals[name] for name in NUMBERS)),
        ]
    ]


def _people(item: Item) -> list[list[Value]]:
    return [
        [
            *(item["person"]["name"], item["for"] and item["for"]["name"], item["region_name"] or item["region"]),
            *(item["segment"] and item["segment"]["name"], item["person"]["phone"]),
            *(exports.moment(item[name]) for name in ("read_at", "signed_at", "done_at")),
            *(exports.yes(item["late"]), item["answer"]),
        ]
    ]
