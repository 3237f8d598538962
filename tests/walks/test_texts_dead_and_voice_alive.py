"""The provider of texts is down in the night of a red warning: calls go out, are answered, and climb all the same."""

from __future__ import annotations

from tests.api.warning_cases import act
from tests.carriers import down, takes_all


def test_texts_dead_and_voice_alive(night, cast, session):
    night.sms.plan = down
    night.keys = {cast.wang: "2", cast.chen: "1"}
    warning = night.red()

    # Everybody is called within seconds; two take the call, and Li sleeps.
    night.at(0.2)
    called = {night._owner(letter.address) for letter in night.voice.taken}
    assert called >= {cast.wang, cast.chen, cast.li}
    roll = night.roll(warning)
    assert {name: each["state"] for name, each in roll.items()} == {"wang": "acting", "chen": "received", "li": "open"}
    assert night.sms.taken == []

    # Nobody is rung up again because a text failed: Li is called three times, the others once.
    night.at(5.2)
    assert {name: each["calls"] for name, each in night.roll(warning).items()} == {"wang": 1, "chen": 1, "li": 3}

    # His silence climbs as ever, though whoever is told of it cannot be reached by text.
    told = [what for what, _, _ in night.steps(warning, "li") if what != "call"]
    assert told == ["substitute", "superior"]

    # The provider comes back after the all-clear: of the whole night that is all that still goes out.
    act(night, warning, "all-clear", text="水位已退到警戒以下")
    night.sms.plan = takes_all
    calls = len(night.voice.taken)
    night.at(40, every_s=60)
    texts = [letter.text for letter in night.sms.taken]
    assert texts
    assert all("已解除" in text for text in texts), texts
    assert [letter.text for letter in night.voice.taken[calls:] if "已解除" not in letter.text] == []
