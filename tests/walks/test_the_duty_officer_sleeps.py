"""Nobody signs at two in the morning: the warning goes out after two minutes by itself, and the record says so."""

from __future__ import annotations

from sqlalchemy import select

from backend.models.changes import Record
from tests.api.warning_cases import act, shown, texts


def test_the_duty_officer_sleeps(night, cast, session):
    # Deng writes a red warning and asks for its issue. Whoever may sign is asked at once, by app and text.
    warning = night.warn().json["id"]
    night.tick()
    assert len(texts(session, cast.qian, "warning_sign")) == 1
    assert any("等您会签" in letter.text for letter in night.sms.taken)

    # Qian sleeps, and so does everybody else who could sign. Until the second minute nobody is called.
    night.at(1.99)
    assert shown(night, warning)["state"] == "draft"
    assert night.voice.sent == []

    # Then it goes out by itself, and the villages are called in the same look.
    night.at(2)
    told = shown(night, warning)
    assert (told["state"], told["issued_how"]) == ("issued", "unanswered")
    assert (told["sign_by"], told["issued_at"]) == ("2025-07-28T02:02:00+08:00", "2025-07-28T02:02:00+08:00")
    assert (told["made_by"], told["signed_by"]) == ("邓值班", None)
    assert told["board"]["total"]["called"] == 3
    assert len(night.voice.sent) == 3

    # Wang hears it and acts; the ladder of the others counts from the moment at which it went out.
    night.keys = {cast.wang: "2"}
    night.at(7.05, every_s=15)
    climbed = [minutes for what, _, minutes in night.steps(warning, "chen") if what == "superior"]
    assert climbed == [7]

    # Qian wakes up and signs: too late, it is out, and the record says so.
    late = act(night, warning, "sign", cast.qian)
    assert late.status_code == 409
    rows = session.execute(select(Record.act, Record.body).where(Record.thing_id == warning).order_by(Record.seq)).all()
    assert [row.act for row in rows] == ["make", "ask_issue", "issue"]
    assert rows[-1].body == {"how": "unanswered"}
