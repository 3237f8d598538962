"""How the house does, over HTTP: for whoever keeps it, in one look."""

from __future__ import annotations

from datetime import timedelta

from backend import schema
from backend.services import clockwork, watching
from jobs import delivery
from tests.cast import NOON

SYSTEM = "/api/v1/system"


def test_the_house_says_how_it_does(phone_of, cast, session, tell, office, clock):
    clockwork.take_turn(session, watching.SWEEP, NOON)
    watching.beat(session, "worker@a")
    tell()
    delivery.run(office, now=NOON)
    tell("2")
    clock.now += timedelta(seconds=5)
    said = phone_of(cast.sun).get(SYSTEM).json
    assert said["engine"] == {"runs": True, "sweep_s": 5.0, "waits_s": 0.0}
    assert said["database"]["current"] is True
    assert said["database"]["revision"] == schema.head()
    assert said["jobs"] == [{"name": "escalation", "last_at": "2025-07-02T12:00:00+08:00"}]
    assert [(each["name"], each["silent"]) for each in said["parts"]] == [("worker@a", False)]
    assert [each["lane"] for each in said["queues"]] == ["urgent", "normal", "digest"]
    assert {"name": "sms", "resting": False} in said["channels"]
    assert said["dead_letters"] == 0
    assert said["version"]


def test_it_is_for_those_who_look_after_it(phone_of, cast):
    assert phone_of(cast.jin).get(SYSTEM).json["engine"]["sweep_s"] is None
    assert phone_of(cast.zhao).get(SYSTEM).status_code == 403
