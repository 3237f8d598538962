"""Other systems read our warnings as CAP: what went out, how it changed, that it is over, and what was an exercise."""

from __future__ import annotations

from datetime import timedelta

import pytest

from backend.domain.cap import Kind, Message, Severity, Status
from backend.domain.signals import judge
from backend.formats import atom, cap
from backend.models.flood_warnings import DrillList, DrillMember
from tests.api.warning_cases import NIGHT, WARNINGS
from tests.cast import TOWN
from tests.formats.cap_schema import breaches
from tests.makers import new_id

FEED = "/cap/feed"
BASE = "http://hz.example.cn/cap/feed"


@pytest.fixture
def relay(phone_of):
    """A system of somebody else, without a login: the messages that our feed leads to, the newest first."""
    nobody = phone_of(None)

    def read() -> list[Message]:
        found = nobody.get(FEED)
        assert (found.status_code, found.mimetype) == (200, "application/atom+xml")
        messages = []
        for entry in atom.read(found.data, BASE):
            document = nobody.get(entry.url.removeprefix("http://hz.example.cn"))
            assert (document.status_code, document.mimetype) == (200, "application/cap+xml")
            assert breaches(document.data) == []
            messages.append(cap.read(document.data))
        return messages

    return read


def of(messages: list[Message]) -> list[tuple[str, str, int]]:
    return [(each.identifier, each.kind.value, len(each.references)) for each in messages]


def revise(night, warning: str, how: str, **said) -> str:
    deng = night.phone_of(night.cast.deng)
    body = {"id": str(new_id()), "reason": "水位回落", **said}
    made = deng.post(f"{WARNINGS}/{warning}/{how}", json=body)
    assert made.status_code == 201, made.json
    night.tick()
    found: str = made.json["id"]
    assert night.phone_of(night.cast.deng).get(f"{WARNINGS}/{found}").json["state"] == "issued"
    return found


def test_a_warning_goes_out_is_lowered_and_lifted_under_names_that_stay(night, relay, clock):
    assert relay() == []
    red = night.red(expires_at=(NIGHT + timedelta(hours=6)).isoformat(), contact="区防办 0635-0000000")
    (first,) = relay()
    assert of([first]) == [("YJ2025-0001-1", "Alert", 0)]
    assert (first.sender, first.sent, first.status) == ("hezhang@localhost", NIGHT, Status.ACTUAL)
    judged = judge(first)
    assert (judged.colour, judged.colour_from, judged.disagrees) == ("red", "text", False)
    chinese, english = first.infos
    assert (chinese.language, chinese.headline) == ("zh-CN", "红色预警：徒骇河超警戒")
    assert (english.language, english.severity, english.urgency) == ("en", Severity.EXTREME, "Immediate")
    assert english.headline.startswith("Red warning")
    assert [code.value for area in chinese.areas for code in area.geocodes] == [TOWN + "000"]
    assert chinese.expires == NIGHT + timedelta(hours=6)

    clock.now += timedelta(minutes=20)
    orange = revise(night, red, "update", level="orange", headline="徒骇河水位回落")
    clock.now += timedelta(minutes=40)
    lifted = night.phone_of(night.cast.deng).post(f"{WARNINGS}/{orange}/all-clear", json={"text": "已退到警戒以下"})
    assert lifted.status_code == 200, lifted.json
    messages = relay()
    assert of(messages) == [
        ("YJ2025-0001-2-C", "Cancel", 2),
        ("YJ2025-0001-2", "Update", 1),
        ("YJ2025-0001-1", "Alert", 0),
    ]
    assert messages[2] == first
    assert [each.identifier for each in messages[0].references] == ["YJ2025-0001-1", "YJ2025-0001-2"]
    assert messages[0].references[0] == first.reference
    cleared = messages[0].infos[0]
    assert (cleared.urgency, cleared.responses, cleared.description) == ("Past", ("AllClear",), "已退到警戒以下")
    assert cleared.headline == "橙色预警解除：徒骇河水位回落"


def test_a_correction_is_an_update_and_a_mistake_is_taken_back(night, relay, clock):
    red = night.red()
    clock.now += timedelta(minutes=1)
    right = revise(night, red, "correct", headline="马颊河超警戒")
    assert of(relay()) == [("YJ2025-0001-2", "Update", 1), ("YJ2025-0001-1", "Alert", 0)]
    clock.now += timedelta(minutes=1)
    said = {"text": "误发", "mistake": True}
    assert night.phone_of(night.cast.deng).post(f"{WARNINGS}/{right}/all-clear", json=said).status_code == 200
    newest = relay()[0]
    assert (newest.identifier, newest.kind) == ("YJ2025-0001-2-C", Kind.CANCEL)
    assert newest.infos[0].headline == "红色预警系误发，已撤回：马颊河超警戒"
    assert newest.infos[1].headline.startswith("Sent by mistake")


def test_a_drill_says_in_every_way_that_it_is_one(night, relay, session):
    people = DrillList(id=new_id(), name="演练名单", region_code=TOWN, made_at=NIGHT, body_sha256=b"")
    session.add(people)
    session.flush()
    session.add(DrillMember(list_id=people.id, person_id=night.cast.wang, asked_at=NIGHT, agreed_at=NIGHT))
    session.flush()
    made = night.warn(level="yellow", drill=True, drill_list=str(people.id))
    assert made.status_code == 201, made.json
    night.tick()
    (drill,) = relay()
    assert (drill.identifier, drill.status) == ("YL2025-0001-1", Status.EXERCISE)
    assert drill.infos[0].headline.startswith("【演练】")
    assert drill.infos[1].headline.startswith("[DRILL]")
    assert drill.note == "演练，请勿当真。"


def test_what_did_not_go_out_is_nowhere_and_what_ran_out_needs_no_word(night, relay, phone_of):
    night.warn(issue=False)
    assert relay() == []
    for name in ("YJ2025-0001-1", "YJ2025-0001-1-C", "YJ2025-0001", "nonsense", "x" * 300):
        assert phone_of(None).get(f"/cap/{name}.xml").status_code == 404
    night.red(expires_at=(NIGHT + timedelta(minutes=1)).isoformat())
    night.at(2)
    assert of(relay()) == [("YJ2025-0002-1", "Alert", 0)]
    assert phone_of(None).get("/cap/YJ2025-0002-1-C.xml").status_code == 404


def test_whoever_has_it_is_not_given_it_again_and_after_a_month_it_leaves_the_feed(night, phone_of, relay, clock):
    night.red()
    nobody = phone_of(None)
    for path in (FEED, "/cap/YJ2025-0001-1.xml"):
        found = nobody.get(path)
        assert "public" in found.headers["Cache-Control"]
        assert nobody.get(path, headers={"If-None-Match": found.headers["ETag"]}).status_code == 304
    before = nobody.get(FEED).headers["ETag"]
    clock.now += timedelta(minutes=1)
    assert nobody.get(FEED).headers["ETag"] == before
    clock.now += timedelta(days=31)
    assert relay() == []
    assert nobody.get("/cap/YJ2025-0001-1.xml").status_code == 200
