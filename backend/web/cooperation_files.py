"""Lists of joint work as files: suggestions, clues, meetings and joint patrols, each with what became of it."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Blueprint, Response

from backend.domain.actions import Action
from backend.web import desk, exports
from backend.web.exports import Export, Item, Value

PATH = "/console/cooperation"
blueprint = desk.furnished(Blueprint("console_cooperation_files", __name__, url_prefix=PATH))
_OF_SUGGESTIONS = ("coop.document", "coop.case", "people.region", "coop.text", "coop.made_by", "coop.made_at")
_OF_CLUES = ("coop.way", "coop.with", "coop.case", "people.region", "coop.text", "coop.made_by", "coop.made_at")
_OF_MEETINGS = ("coop.meeting.title", "people.region", "coop.when", "coop.where", "coop.people", "coop.meeting.minutes")
_OF_PATROLS = ("coop.day", "coop.segment", "people.region", "coop.purpose", "coop.people", "coop.walkers")
_TASK = ("coop.task", "coop.task.due_on", "coop.task.done_at")


@blueprint.get("/<any(suggestions, clues, 'joint-meetings', 'joint-patrols'):noun>.<form>")
@desk.sits(Action.SEE_COOPERATION)
def export(noun: str, form: str) -> Response:
    """One of the lists; the law takes its own."""
    title, headings, rows = {
        "suggestions": ("coop.suggestions", (*_OF_SUGGESTIONS, "coop.reply_by", *_answered("coop.reply")), _suggestion),
        "clues": ("coop.clues", (*_OF_CLUES, "coop.return_on", *_answered("coop.answer")), _clue),
        "joint-meetings": ("coop.meetings", (*_OF_MEETINGS, *_TASK), _meeting),
        "joint-patrols": ("coop.patrols", _OF_PATROLS, _patrol),
    }[noun]
    return exports.file_of(Export(noun.replace("-", "_"), f"/{noun}", title, headings, rows, {}), form)


def _answered(what: str) -> tuple[str, str, str]:
    return what, "coop.answered_at", "coop.late"


def _suggestion(item: Item) -> Iterable[list[Value]]:
    yield [
        *(item["document"], exports.word(f"hazard.kind.{item['kind']}"), item["region"], item["text"]),
        *(item["made_by"]["name"], exports.moment(item["made_at"]), exports.moment(item["reply_by"])),
        *(item["reply"], exports.moment(item["replied_at"]), exports.yes(item["late"])),
    ]


def _clue(item: Item) -> Iterable[list[Value]]:
    yield [
        *(exports.word(f"coop.way.{item['way']}"), exports.word(f"post.{item['post']}")),
        *(exports.word(f"hazard.kind.{item['kind']}"), item["region"], item["note"]),
        *(item["made_by"]["name"], exports.moment(item["made_at"]), item["return_on"]),
        *(item["answer"], exports.moment(item["answered_at"]), exports.yes(item["late"])),
    ]


def _meeting(item: Item) -> Iterable[list[Value]]:
    """A row a task; one without tasks has a row of its own."""
    whole = [item["title"], item["region"], exports.moment(item["at"]), item["place"], _names(item), item["minutes"]]
    for task in item["tasks"] or [{"text": "", "due_on": None, "done_at": None}]:
        yield [*whole, task["text"], task["due_on"], exports.moment(task["done_at"])]


def _patrol(item: Item) -> Iterable[list[Value]]:
    segment = f"{item['segment']['name']} {item['segment']['code']}"
    yield [item["day"], segment, item["region"], item["purpose"], _names(item), item["walked"]]


def _names(item: Item) -> str:
    return exports.word("warnings.comma").join(each["name"] for each in item["people"])
