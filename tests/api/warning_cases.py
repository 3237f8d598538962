"""A flood night as tests play it: warnings are written, the clockwork runs, and people answer or sleep."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.channels.sending import Outcome, Receipt
from backend.models.callouts import Callout, DoorKnock
from backend.models.flood_warnings import FloodWarning
from backend.models.notices import Letter, Notice
from backend.services import reactions, receipts
from backend.services.door_knocks import PATIENCE
from jobs import callouts, delivery, flood_warnings
from jobs.runner import House
from tests.carriers import Carrier
from tests.cast import TOWN, Cast
from tests.makers import new_id

if TYPE_CHECKING:
    from tests.api.conftest import Clock

WARNINGS = "/api/v1/flood/warnings"
NIGHT = datetime.fromisoformat("2025-07-28T02:00:00+08:00")
MINUTE = timedelta(minutes=1)


def body(**said: Any) -> dict[str, Any]:
    """What the duty officer writes at two in the morning."""
    return {
        "id": str(new_id()),
        "level": "red",
        "headline": "徒骇河超警戒",
        "instruction": "立即上堤巡查，转移低洼处群众",
        "regions": [TOWN],
        "issue": True,
    } | said


def shown(night: Night, warning: str, by: UUID | None = None) -> Any:
    """A warning as somebody sees it."""
    return night.phone_of(by or night.cast.deng).get(f"{WARNINGS}/{warning}").json


def act(night: Night, warning: str, what: str, by: UUID | None = None, **said: Any) -> Any:
    """Somebody, Deng without a word, does something with it."""
    return night.phone_of(by or night.cast.deng).post(f"{WARNINGS}/{warning}/{what}", json=said or None)


def revise(night: Night, warning: str, what: str = "update", by: UUID | None = None, **said: Any) -> Any:
    """Somebody writes its next revision."""
    whole = {"id": str(new_id()), "reason": "雨势变化"} | said
    return night.phone_of(by or night.cast.deng).post(f"{WARNINGS}/{warning}/{what}", json=whole)


def texts(session: Session, person: UUID, key: str) -> list[Notice]:
    """What somebody was told by that sentence."""
    session.expire_all()
    question = select(Notice).where(Notice.person_id == person, Notice.key == key)
    return list(session.scalars(question.order_by(Notice.created_at)))


class Night:
    """The house at night, with carriers in the place of providers, and everybody's habits."""

    def __init__(self, phone_of: Any, cast: Cast, clock: Clock, office: House, voice: Carrier, sms: Carrier) -> None:
        self.phone_of, self.cast, self.clock = phone_of, cast, clock
        self.office, self.voice, self.sms = office, voice, sms
        clock.now = NIGHT
        self.began = NIGHT
        self.keys: dict[UUID, str | None] = {}
        """What people press on a call; None: they take it and press nothing. Who is not in it does not take it."""
        self._heard = 0

    def warn(self, by: UUID | None = None, **said: Any) -> Any:
        """Write a warning; the answer."""
        return self.phone_of(by or self.cast.deng).post(WARNINGS, json=body(**said))

    def red(self, **said: Any) -> str:
        """A red warning that two have signed: its id."""
        made = self.warn(**said)
        assert made.status_code == 201, made.json
        signed = self.phone_of(self.cast.qian).post(f"{WARNINGS}/{made.json['id']}/sign")
        assert signed.status_code == 200, signed.json
        assert signed.json["state"] == "issued"
        found: str = made.json["id"]
        self.began = self.clock.now
        return found

    def at(self, minutes: float, every_s: float = 5) -> None:
        """Let the clockwork run up to so many minutes after the warning, every few seconds; looks with nothing due are
        left out.
        """
        until, step = self.began + minutes * MINUTE, timedelta(seconds=every_s)
        while self.clock.now < until:
            due = self._first_due(until)
            steps = max(1, -((self.clock.now - due) // step))
            self.clock.now = min(self.clock.now + steps * step, until)
            self.tick()

    def _first_due(self, until: datetime) -> datetime:
        """When the next thing of all can be due."""
        questions = (
            select(func.min(Callout.next_at)),
            select(func.min(FloodWarning.sign_by)).where(FloodWarning.state.in_(("draft", "signed"))),
            select(func.min(FloodWarning.expires_at)).where(FloodWarning.state.in_(("issued", "draft", "signed"))),
            select(func.min(Letter.next_try_at)),
            select(func.min(Notice.not_before)).where(Notice.addressed_at.is_(None)),
            select(func.min(DoorKnock.given_at)).where(DoorKnock.done_at.is_(None), DoorKnock.passed_at.is_(None)),
        )
        with self.office.database.reading() as session:
            found = [session.scalar(each) for each in questions]
        if found[-1] is not None:
            found[-1] += PATIENCE
        return min((each for each in found if each is not None), default=until)

    def tick(self) -> None:
        """One look of everything."""
        flood_warnings.run(self.office, now=self.clock.now)
        callouts.run(self.office, now=self.clock.now)
        delivery.run(self.office, now=self.clock.now)
        self._people_answer()

    def board(self, warning: str, by: UUID | None = None, **query: Any) -> Any:
        """The board as somebody sees it."""
        seen = self.phone_of(by or self.cast.deng).get(f"{WARNINGS}/{warning}", query_string=query)
        assert seen.status_code == 200, seen.json
        return seen.json["board"]

    def roll(self, warning: str, **query: Any) -> dict[str, Any]:
        """Everybody on the roll: name in the cast → call-out."""
        names = {str(person): name for name, person in self.cast.people.items()}
        found = self.phone_of(self.cast.deng).get(f"{WARNINGS}/{warning}/people", query_string=query).json["items"]
        return {names[each["person"]["id"]]: each for each in found}

    def callout(self, warning: str, name: str) -> Any:
        """Everything about the call-out of somebody."""
        which = self.roll(warning)[name]["id"]
        return self.phone_of(self.cast.deng).get(f"/api/v1/flood/callouts/{which}").json

    def steps(self, warning: str, name: str) -> list[tuple[str, str | None, float]]:
        """What was done about somebody: what, whom, minutes after the warning."""
        names = {self.phone_of(self.cast.jin).get(f"/api/v1/people/{p}").json["name"]: n for n, p in self.people()}
        return [
            (step["what"], names.get(step["person"]), self.minutes(step["at"]))
            for step in self.callout(warning, name)["steps"]
        ]

    def people(self) -> list[tuple[str, UUID]]:
        """Everybody by name."""
        return list(self.cast.people.items())

    def minutes(self, at: str) -> float:
        """How long after the warning."""
        return round((datetime.fromisoformat(at) - self.began) / MINUTE, 2)

    def ack(self, warning: str, name: str, status: str, by: UUID | None = None, how: str = "ack", **rest: Any) -> Any:
        """Somebody answers in the app, or for somebody."""
        which = self.roll(warning)[name]["id"]
        said = {"id": str(new_id()), "status": status, "at": self.clock.now.isoformat()} | rest
        return self.phone_of(by or self.cast.people[name]).post(f"/api/v1/flood/callouts/{which}/{how}", json=said)

    def link_of(self, text: str) -> str:
        """The path of the link in a text."""
        found = re.search(r"/a/[\w-]{16}", text)
        assert found, text
        return found[0]

    def _people_answer(self) -> None:
        """Calls that were taken lately ring, and end as their owner has it."""
        for letter in self.voice.taken[self._heard :]:
            self._heard += 1
            person = self._owner(letter.address)
            if person in self.keys:
                key = self.keys[person]
                self.hear(letter.id, Outcome.ANSWERED if key else Outcome.DELIVERED, key)
            else:
                self.hear(letter.id, Outcome.FAILED, reason="no_answer")

    def hear(self, letter: UUID, outcome: Outcome, key: str | None = None, **rest: Any) -> None:
        """A provider reports on a call."""
        receipt = Receipt(outcome, self.clock.now, letter_id=letter, answer=key, **rest)
        with self.office.database.transaction() as session:
            told = receipts.receive(session, "voice", [receipt], self.office.ways, now=self.clock.now)
            reactions.heard(session, told.heard, now=self.clock.now)

    def _owner(self, address: str) -> UUID:
        number = int(address[-8:])
        return list(self.cast.people.values())[number - 1]


@pytest.fixture
def night(phone_of: Any, cast: Cast, clock: Clock, office: House, voice: Carrier, sms: Carrier) -> Night:
    """Two in the morning in the key window; everybody sleeps until told otherwise."""
    return Night(phone_of, cast, clock, office, voice, sms)
