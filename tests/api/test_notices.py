"""What I was told, how I want to be reached, and what did not get there."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from backend.channels.sending import Accepted, DeliveryFailed
from backend.domain.lanes import Lane
from backend.keyring import KeyRing
from backend.models.notices import Device, Letter
from backend.models.people import Appointment, Person
from backend.store import devices
from jobs import delivery
from tests.carriers import letters, office, push, sms, tell, voice
from tests.cast import NOON
from tests.makers import new_id

__all__ = ["office", "push", "sms", "tell", "voice"]
NOTICES, MINE, PUSH = "/api/v1/notices", "/api/v1/me/notices", "/api/v1/me/push"


def subscription(number: int = 1) -> dict[str, Any]:
    return {
        "endpoint": f"https://push.example/{number}",
        "expirationTime": None,
        "keys": {"p256dh": "BNcRdreALRFX", "auth": "tBHItJI5svbp"},
    }


@pytest.fixture
def wang(phone_of, cast):
    return phone_of(cast.wang)


def test_i_see_what_i_was_told_newest_first_and_how_far_it_has_come(wang, tell, office, phone_of, cast):
    old = tell("1", number=2)
    tell("2", at=NOON + timedelta(minutes=1), lane=Lane.DIGEST, channels=("app",), about=("hazard", new_id()))
    tell("of another", person=cast.li)
    delivery.run(office, now=NOON + timedelta(minutes=2))
    newest, oldest = wang.get(NOTICES).json["items"]
    assert newest["letters"] == []
    assert newest["about"]["type"] == "hazard"
    assert oldest["id"] == str(old.id)
    assert oldest["text"] == "（第2次提醒）您报的徒骇河乱堆已整改销号，谢谢您。"
    assert [(each["channel"], each["state"]) for each in oldest["letters"]] == [("sms", "accepted")]
    assert oldest["letters"][0]["accepted_at"] == "2025-07-02T12:02:00+08:00"
    english = wang.get(NOTICES, headers={"Accept-Language": "en"}).json["items"][1]
    assert english["title"] == "What you reported is done"


def test_the_list_is_paged_and_takes_no_cursor_of_another(wang, tell):
    for number in range(5):
        tell(f"{number}", at=NOON + timedelta(minutes=number))
    first = wang.get(NOTICES, query_string={"limit": 3}).json
    rest = wang.get(first["next"]).json
    assert [len(first["items"]), len(rest["items"]), rest["next"]] == [3, 2, None]
    assert len({each["id"] for each in first["items"] + rest["items"]}) == 5
    for wrong in (
        "WzFd",
        "WyJhIiwiYiJd",
        "WyIyMDI1LTA3LTAyVDEyOjAwOjAwIiwiMDExMDE2NjItMWY2NC01ZGNlLThhOTMtZTg1NWY5MzEwMDMxIl0",
    ):
        assert wang.get(NOTICES, query_string={"cursor": wrong}).status_code == 422


def test_one_whose_words_do_not_fit_hides_no_other(wang, tell):
    tell("1")
    tell("poison", key="climb_late")
    assert {each["text"] for each in wang.get(NOTICES).json["items"]} == {
        "您报的徒骇河乱堆已整改销号，谢谢您。",
        "问题已逾期",
    }


@pytest.fixture
def failed(tell, office, sms):
    """A text to Wang that did not go out."""
    sms.plan = lambda letter, nth: DeliveryFailed("no_such_number", permanent=True)
    wanted = tell()
    delivery.run(office, now=NOON)
    return wanted


def test_what_no_channel_took_is_seen_by_the_offices_of_its_readers_region_and_tried_again(
    failed, phone_of, cast, office, sms, session
):
    sun = phone_of(cast.sun)
    (item,) = sun.get(NOTICES, query_string={"state": "failed"}).json["items"]
    assert (item["id"], item["person"]) == (str(failed.id), str(cast.wang))
    assert item["letters"][0]["failure"] == "no_such_number"
    assert len(phone_of(cast.jin).get(NOTICES, query_string={"state": "failed"}).json["items"]) == 1

    sms.plan = lambda letter, nth: Accepted()
    assert sun.post(f"{NOTICES}/{failed.id}/retry").json["letters"][0]["state"] == "pending"
    delivery.run(office, now=NOON)
    assert letters(session)[0].state == "accepted"
    assert sun.get(NOTICES, query_string={"state": "failed"}).json["items"] == []
    assert sun.post(f"{NOTICES}/{failed.id}/retry").status_code == 409


def test_nobody_else_sees_it_nor_tries_it_again(failed, phone_of, cast, session):
    for player in ("wang", "li", "zhao"):
        assert phone_of(cast.people[player]).get(NOTICES, query_string={"state": "failed"}).status_code == 403
        assert phone_of(cast.people[player]).post(f"{NOTICES}/{failed.id}/retry").status_code == 403
    session.execute(update(Appointment).where(Appointment.person_id == cast.sun).values(region_code="371503"))
    elsewhere = phone_of(cast.sun)
    assert elsewhere.get(NOTICES, query_string={"state": "failed"}).json["items"] == []
    assert elsewhere.post(f"{NOTICES}/{failed.id}/retry").status_code == 404


def test_dead_letters_are_paged_by_when_they_failed(tell, office, sms, phone_of, cast):
    sms.plan = lambda letter, nth: DeliveryFailed("no_such_number", permanent=True)
    for number in range(3):
        tell(f"{number}")
        delivery.run(office, now=NOON + timedelta(minutes=number))
    first = phone_of(cast.sun).get(NOTICES, query_string={"state": "failed", "limit": 2}).json
    rest = phone_of(cast.sun).get(first["next"]).json
    assert len({each["id"] for each in first["items"] + rest["items"]}) == 3
    assert rest["next"] is None


def test_a_phone_takes_pushes_from_when_it_says_so_until_it_says_no(wang, tell, office, push, session, cast):
    device = new_id()
    assert wang.put(f"{PUSH}/{device}", json=subscription()).status_code == 201
    assert wang.put(f"{PUSH}/{device}", json=subscription(2)).status_code == 200
    assert wang.get(MINE).json["devices"] == [{"id": str(device), "channel": "app"}]
    tell("1", channels=("app",))
    delivery.run(office, now=NOON)
    assert "https://push.example/2" in push.taken[0].address
    assert b"push.example" not in session.scalars(select(Device.address_sealed)).one()

    assert wang.delete(f"{PUSH}/{device}").status_code == 204
    assert wang.delete(f"{PUSH}/{device}").status_code == 204
    tell("2", channels=("app",))
    delivery.run(office, now=NOON)
    assert len(push.taken) == 1


def test_an_address_belongs_to_whoever_signed_in_there_last_and_an_id_to_whoever_made_it(wang, phone_of, cast):
    li, device = phone_of(cast.li), new_id()
    assert wang.put(f"{PUSH}/{device}", json=subscription()).status_code == 201
    assert li.put(f"{PUSH}/{device}", json=subscription(3)).status_code == 409
    assert li.delete(f"{PUSH}/{device}").status_code == 204
    assert len(wang.get(MINE).json["devices"]) == 1
    assert li.put(f"{PUSH}/{new_id()}", json=subscription()).status_code == 201
    assert wang.get(MINE).json["devices"] == []


def test_of_many_devices_the_oldest_go(wang, clock):
    devices = [str(new_id()) for _ in range(12)]
    for number, device in enumerate(devices):
        clock.now += timedelta(seconds=1)
        wang.put(f"{PUSH}/{device}", json=subscription(number))
    assert [each["id"] for each in wang.get(MINE).json["devices"]] == devices[2:]


@pytest.mark.parametrize(
    "changed",
    [
        {"endpoint": "http://push.example/1"},
        {"endpoint": "https://"},
        {"endpoint": "https://push.example:99999/"},
        {"endpoint": "https://[::1"},
        {"endpoint": "ftp://push.example"},
        {"endpoint": "https://" + "a" * 2_000},
        {"keys": {"p256dh": "x"}},
        {"keys": None},
        {"surprise": 1},
    ],
)
def test_what_is_no_subscription_is_told_so_by_its_place(wang, changed):
    answer = wang.put(f"{PUSH}/{new_id()}", json=subscription() | changed)
    assert answer.status_code == 422
    assert answer.json["errors"][0]["pointer"].startswith(f"/{next(iter(changed))}")


def test_a_device_that_is_gone_is_forgotten_and_another_way_taken(wang, tell, office, push, sms, cast):
    wang.put(f"{PUSH}/{new_id()}", json=subscription())
    push.plan = lambda letter, nth: DeliveryFailed("gone", permanent=True)
    tell(channels=("app",))
    delivery.run(office, now=NOON)
    assert wang.get(MINE).json["devices"] == []
    assert len(sms.taken) == 1


def test_several_devices_each_get_it(wang, tell, office, push):
    for number in range(3):
        wang.put(f"{PUSH}/{new_id()}", json=subscription(number))
    tell(channels=("app",))
    delivery.run(office, now=NOON)
    assert len({letter.address for letter in push.taken}) == 3


def test_my_wishes_decide_the_order_the_language_and_what_is_not_sent_unless_it_is_urgent(
    wang, tell, office, push, sms
):
    assert wang.get(MINE).json["channels"] == ["app", "chat", "mail", "sms", "voice"]
    said = {"channels": ["sms"], "muted": ["sms"], "language": "en"}
    assert wang.put(MINE, json=said).json == {**said, "devices": [], "push_key": None}
    assert wang.put(MINE, json=said | {"muted": []}).json["muted"] == []
    wang.put(MINE, json=said)
    tell("1")
    delivery.run(office, now=NOON)
    assert sms.taken == []
    tell("2", lane=Lane.URGENT)
    delivery.run(office, now=NOON)
    assert sms.taken[0].text.endswith("is mended and closed. Thank you.")


@pytest.mark.parametrize(
    ("said", "pointer"),
    [
        ({"channels": ["pigeon"]}, "/channels/0"),
        ({"channels": ["sms", "sms"]}, "/channels"),
        ({"muted": "sms"}, "/muted"),
        ({"language": "tlh"}, "/language"),
        ({"volume": 11}, "/volume"),
    ],
)
def test_wishes_that_mean_nothing_are_refused_by_their_place(wang, said, pointer):
    answer = wang.put(MINE, json=said)
    assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (422, pointer)


def test_whoever_left_is_told_nothing_more(tell, office, sms, session, cast):
    session.execute(update(Person).where(Person.id == cast.wang).values(is_active=False))
    tell()
    delivery.run(office, now=NOON)
    assert sms.sent == []
    assert session.scalars(select(Letter.failure)).all() == ["no_address"]


def test_devices_are_sealed_with_the_newest_key_when_keys_are_rotated(wang, session, keyring: KeyRing):
    wang.put(f"{PUSH}/{new_id()}", json=subscription())
    newer = keyring.rotated()
    ((device, sealed),) = devices.sealed(session, None, 10)
    devices.seal_anew(session, device, sealed, newer.seal(newer.open(sealed)))
    ((device, anew),) = devices.sealed(session, None, 10)
    assert newer.is_current(anew)
    assert devices.sealed(session, device, 10) == []
