"""A heap of rubbish under a bridge: reported, cleared badly, returned, cleared again, closed, and come back."""

from __future__ import annotations

from datetime import datetime, timedelta

from jobs import escalation
from tests.api.hazard_cases import PLACE, Case, photo
from tests.cast import NOON
from tests.makers import new_id, upload
from tests.pictures import GOOD, sha


def test_a_heap_of_rubbish_is_dumped_cleared_badly_returned_cleared_and_dumped_again(phone_of, cast, clock, house):
    # On the way Wang sees the heap; the photo and the report come in when there is signal again, an hour later.
    before = {"sha256": sha(GOOD), "at": NOON.isoformat(), "location": PLACE}
    clock.now = NOON + timedelta(hours=1)
    heap = Case(phone_of, cast.wang, photos=[before])
    assert heap.answer.json["photos"] == [{"sha256": sha(GOOD), "state": "pending"}]
    assert upload(phone_of(cast.wang), GOOD).status_code in (200, 201)
    assert heap.seen_by(cast.wang).json["photos"][0]["state"] == "stored"

    # Nobody at the bureau looks; when four fifths of the working day are over, its clerk is reminded.
    clock.now = datetime.fromisoformat("2025-07-03T18:00:00+08:00")
    assert escalation.run(house, now=clock.now) == 1
    climbed = heap.seen_by(cast.feng).json["timeline"][-1]
    assert climbed["body"]["told"][0]["person"] == str(cast.feng)
    assert climbed["sentence"] == "快到期提醒，第 1 步，告知责任人"
    heap.act(cast.feng, "accept")
    given_out = heap.act(cast.feng, "assign", unit="HOUSING", note="十个工作日内清运")
    assert given_out.json["deadlines"]["due_at"] == "2025-07-18T00:00:00+08:00"

    # The unit clears half of it. The clerk goes and looks, and sends it back; time begins anew.
    clock.now += timedelta(days=3)
    heap.act(cast.yang, "start")
    heap.act(cast.yang, "report_done", photos=[photo(at=clock.now)], note="已清运")
    assert heap.act(cast.yang, "verify").status_code == 403
    back = heap.act(cast.feng, "return", note="桥墩后面还有一半", photos=[photo(at=clock.now)])
    assert (back.json["state"], back.json["returns"]) == ("assigned", 1)
    assert back.json["deadlines"]["due_at"] == "2025-07-19T00:00:00+08:00"

    # The second time it is done; another pair of eyes verifies it, and it is closed with a photo of the place.
    clock.now += timedelta(days=2)
    heap.act(cast.yang, "report_done", photos=[photo(at=clock.now)], note="全部清运")
    assert heap.act(cast.sun, "verify").status_code == 200
    closed = heap.act(cast.feng, "close")
    assert (closed.json["state"], closed.json["sentence"]) == ("closed", "已销号")
    assert escalation.run(house, now=clock.now + timedelta(days=100)) == 0

    # Two weeks later somebody dumps there again: the look-back finds it, and it is counted as come back.
    clock.now += timedelta(days=14)
    again = heap.act(cast.li, "reopen", note="原处又有人倾倒", id=str(new_id()))
    assert (again.json["state"], again.json["rebounds"], again.json["returns"]) == ("assigned", 1, 1)

    # Everything that happened is told on its page, in its order.
    acts = [each["act"] for each in heap.seen_by(cast.li).json["timeline"]]
    assert acts == [
        *("report", "climb", "accept", "assign", "start", "report_done", "return", "report_done", "verify", "close"),
        "reopen",
    ]
