"""Mailboxes and chats beside the number of an account: named by whoever reads them, and taken from nobody by that."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from backend.channels.outside import Outside
from backend.channels.push import WebPush
from backend.clock import utcnow
from backend.domain.ways import Way
from backend.models.notices import Device
from jobs import delivery
from jobs.runner import House
from tests.carriers import Carrier, office, push, sms, tell, voice
from tests.cast import NOON
from tests.makers import new_id

__all__ = ["office", "push", "sms", "tell", "voice"]
ADDRESSES, MINE = "/api/v1/me/addresses", "/api/v1/me/notices"
MAILBOX = {"channel": "mail", "address": "wang@example.cn"}


@pytest.fixture
def wang(phone_of, cast):
    return phone_of(cast.wang)


@pytest.fixture
def mail(office: House) -> tuple[House, Carrier]:
    """The house with a way to mailboxes and a robot in its chat."""
    carriers = {name: Carrier(name) for name in ("mail", "chat")}
    ways = dict(office.ways) | dict.fromkeys(carriers, Way(1.0))
    return replace(office, channels=dict(office.channels) | carriers, ways=ways), carriers["mail"]


def test_mail_comes_from_when_somebody_says_so_until_they_say_no(wang, tell, mail, session):
    here, carrier = mail
    box = new_id()
    assert wang.put(f"{ADDRESSES}/{box}", json=MAILBOX).status_code == 201
    assert wang.put(f"{ADDRESSES}/{box}", json=MAILBOX | {"address": "w@example.cn"}).status_code == 200
    assert wang.get(MINE).json["devices"] == [{"id": str(box), "channel": "mail"}]
    assert b"example" not in session.scalars(select(Device.address_sealed)).one()
    tell("1", channels=("mail",))
    delivery.run(here, now=NOON)
    assert [letter.address for letter in carrier.taken] == ["w@example.cn"]

    assert wang.delete(f"{ADDRESSES}/{box}").status_code == 204
    assert wang.delete(f"{ADDRESSES}/{box}").status_code == 204
    tell("2", channels=("mail",))
    delivery.run(here, now=NOON)
    assert len(carrier.taken) == 1


def test_a_chat_mentions_the_number_that_was_named(wang, tell, mail):
    here, _ = mail
    assert wang.put(f"{ADDRESSES}/{new_id()}", json={"channel": "chat", "address": "138 0000 0001"}).status_code == 201
    tell("1", channels=("chat",))
    delivery.run(here, now=NOON)
    chat: Any = here.channels["chat"]
    assert [letter.address for letter in chat.taken] == ["+8613800000001"]


def test_naming_somebody_elses_mailbox_takes_it_from_nobody(wang, phone_of, cast):
    box, li = new_id(), phone_of(cast.li)
    wang.put(f"{ADDRESSES}/{box}", json=MAILBOX)
    assert li.put(f"{ADDRESSES}/{new_id()}", json=MAILBOX).status_code == 201
    assert li.put(f"{ADDRESSES}/{box}", json=MAILBOX).status_code == 409
    assert li.delete(f"{ADDRESSES}/{box}").status_code == 204
    assert wang.get(MINE).json["devices"] == [{"id": str(box), "channel": "mail"}]


@pytest.mark.parametrize(
    "changed",
    [
        {"channel": "sms"},
        {"channel": None},
        {"address": ""},
        {"address": "wang"},
        {"address": "a@b.cn,c@d.cn"},
        {"address": "a@b.cn\r\nBcc: c@d.cn"},
        {"address": "<a@b.cn>"},
        {"address": "王@example.cn"},
        {"address": "a@example"},
        {"address": "a" * 201},
        {"address": "a\0@example.cn"},
        {"surprise": 1},
    ],
)
def test_what_is_no_address_is_told_so_by_its_place(wang, changed):
    answer = wang.put(f"{ADDRESSES}/{new_id()}", json=MAILBOX | changed)
    assert answer.status_code == 422
    assert answer.json["errors"][0]["pointer"] == f"/{next(iter(changed))}"


@pytest.mark.parametrize("typed", ["123", "wang@example.cn", "+1"])
def test_a_chat_needs_a_number(wang, typed):
    answer = wang.put(f"{ADDRESSES}/{new_id()}", json={"channel": "chat", "address": typed})
    assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (422, "/address")


def test_a_browser_is_given_the_key_of_the_house_to_subscribe_with(app, wang, keyring, tmp_path):
    assert wang.get(MINE).json["push_key"] is None
    keyring.save(tmp_path / "keys.json")
    wanted = {"contact": "mailto:office@example.cn", "keys_file": tmp_path / "keys.json"}
    pushed = WebPush(wanted, Outside(utcnow))
    here = app.extensions["hezhang"]
    app.extensions["hezhang"] = replace(here, channels={"app": pushed})
    key = wang.get(MINE).json["push_key"]
    assert key == pushed.public_key == WebPush(wanted, Outside(utcnow)).public_key
    assert len(key) == 87
    assert wang.put(MINE, json={"channels": [], "muted": [], "language": "en"}).json["push_key"] == key
    assert wang.get(MINE, headers={"Accept-Language": "en"}).json["push_key"] == key
