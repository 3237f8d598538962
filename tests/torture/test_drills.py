"""A drill beside a warning that is meant, with anything in between: neither ever crosses into the other."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from random import Random
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from backend.models.callouts import Callout, CalloutStep, DoorKnock
from backend.models.flood_warnings import DrillMember, FloodWarning
from backend.models.notices import Notice
from backend.models.people import Absence
from jobs import callouts, flood_warnings
from tests.api.conftest import house
from tests.api.drill_cases import OF_STAFF, drill_list, say
from tests.api.warning_cases import WARNINGS, night
from tests.carriers import office, push, sms, voice
from tests.cast import CITY, COUNTY, LONG_AGO, NEXT_TOWN, TOWN
from tests.makers import new_id

__all__ = ["house", "night", "office", "push", "sms", "voice"]
pytestmark = pytest.mark.torture

ASKED = ("wang", "chen", "he", "li", "tang", "zhao", "sun", "qian", "deng")
LEVELS = ["blue", "yellow", "orange", "red"]


class Crossings:
    """One long night in which anything may come after anything."""

    def __init__(self, night: Any, session: Any, dice: Random) -> None:
        self.night, self.session, self.dice = night, session, dice
        self.cast = night.cast
        self.people = [self.cast.people[name] for name in ASKED]
        self.list = drill_list(night, self.people, by=self.cast.deng, region=CITY)
        self.open: dict[bool, str] = {}
        self.away: list[UUID] = []
        self.began = night.clock.now
        self.did: Counter[str] = Counter()

    def act(self) -> None:
        """Something happens, then the clockwork looks, and nothing has crossed."""
        acts = [self.warn, self.change, self.lift, self.answer, self.speak, self.leave_town, self.wait, self.wait]
        act = self.dice.choice(acts)
        self.began = self.night.clock.now = self.night.clock.now + timedelta(seconds=1)
        act()
        self.did[act.__name__] += 1
        self.night.clock.now += timedelta(seconds=self.dice.choice([5, 60, 240, 600]))
        flood_warnings.run(self.night.office, now=self.night.clock.now)
        callouts.run(self.night.office, now=self.night.clock.now)
        self.check()

    def warn(self) -> None:
        """A drill or a warning that is meant begins, where none of its kind is under way."""
        is_drill = self.dice.random() < 0.5
        if is_drill in self.open:
            return
        where = self.dice.sample([TOWN, NEXT_TOWN, COUNTY], self.dice.randint(1, 2))
        more = {"drill": True, "drill_list": self.list} if is_drill else {}
        ends = (self.night.clock.now + timedelta(hours=self.dice.choice([1, 12]))).isoformat()
        said = {"level": self.dice.choice(LEVELS), "regions": where, "posts": ["village_chief", "warden", "town_chief"]}
        made = self.night.warn(**said, expires_at=ends, **more).json
        if made["state"] == "draft" and self.dice.random() < 0.8:
            self.night.phone_of(self.cast.qian).post(f"{WARNINGS}/{made['id']}/sign")
        self.open[is_drill] = made["id"]

    def change(self) -> None:
        """It says something else, is about other places, or is graver."""
        said: dict[str, Any] = {"headline": "变了", "reason": "水情变化", "level": self.dice.choice(LEVELS)}
        if self.dice.random() < 0.5:
            said["regions"] = [self.dice.choice([TOWN, NEXT_TOWN])]
        for is_drill, warning in list(self.open.items()):
            way = self.dice.choice(["update", "correct"])
            made = self.night.phone_of(self.cast.deng).post(
                f"{WARNINGS}/{warning}/{way}", json=said | {"id": str(new_id())}
            )
            if made.status_code == 201:
                self.open[is_drill] = made.json["id"]

    def lift(self) -> None:
        """The all-clear of one of them."""
        for is_drill in self.dice.sample([True, False], 1):
            if (warning := self.open.pop(is_drill, None)) is not None:
                self.night.phone_of(self.cast.deng).post(f"{WARNINGS}/{warning}/all-clear", json={"text": "结束"})

    def answer(self) -> None:
        """Somebody answers a call-out of theirs."""
        rows = self.session.scalars(select(Callout).where(Callout.next_at.is_not(None))).all()
        for row in self.dice.sample(list(rows), min(2, len(rows))):
            said = {"id": str(new_id()), "at": self.night.clock.now.isoformat()}
            said["status"] = self.dice.choice(["received", "acting", "unable"])
            self.night.phone_of(row.person_id).post(f"/api/v1/flood/callouts/{row.id}/ack", json=said)

    def speak(self) -> None:
        """Somebody leaves the list, or comes back."""
        say(self.night, self.list, self.dice.choice(self.people), agree=self.dice.random() < 0.6)

    def leave_town(self) -> None:
        """Somebody is away and another acts for them; or is back."""
        if self.away:
            self.session.delete(self.session.get_one(Absence, self.away.pop()))
        else:
            one, other = self.dice.sample([*self.people, self.cast.wu], 2)
            self.away.append(new_id())
            self.session.add(Absence(id=self.away[-1], person_id=one, substitute_id=other, from_day=LONG_AGO))
        self.session.flush()

    def wait(self) -> None:
        """Time goes by."""
        self.night.clock.now += timedelta(minutes=self.dice.choice([1, 5, 20]))

    def check(self) -> None:
        """What was said since the act is marked as what it is, and a drill was said to those on its list alone."""
        self.session.expire_all()
        member = DrillMember.agreed_at.is_not(None) & DrillMember.left_at.is_(None)
        on_list = set(self.session.scalars(select(DrillMember.person_id).where(member)))
        drills = set(self.session.scalars(select(FloodWarning.id).where(FloodWarning.is_drill)))
        drills |= set(self.session.scalars(select(Callout.id).where(Callout.is_drill)))
        fresh = select(Notice).where(Notice.created_at >= self.began, Notice.about_type.in_(["warning", "callout"]))
        for notice in self.session.scalars(fresh):
            assert notice.is_drill is (notice.about_id in drills), notice.key
            assert not notice.is_drill or notice.key in OF_STAFF or notice.person_id in on_list, notice.key

    def check_all(self) -> None:
        """Every step and door of every drill, too."""
        asked = set(self.people)
        steps = select(CalloutStep.person_id).where(CalloutStep.drill_list_id.is_not(None))
        doors = select(DoorKnock.given_to_id).where(DoorKnock.drill_list_id.is_not(None))
        for question in (steps, doors):
            assert {person for person in self.session.scalars(question) if person is not None} <= asked
        wrong = select(Callout.id).join(FloodWarning, FloodWarning.id == Callout.warning_id)
        assert self.session.scalars(wrong.where(Callout.is_drill != FloodWarning.is_drill)).all() == []
        kinds = Counter(self.session.scalars(select(Notice.is_drill)))
        assert min(kinds[True], kinds[False]) > 10, "nothing of one kind was said, so nothing was tried"


def test_no_drill_leaves_its_list_and_nothing_that_is_meant_is_taken_for_one(night, session, times):
    crossings = Crossings(night, session, Random(9))
    for _ in range(times(60)):
        crossings.act()
    crossings.check_all()
    print(dict(crossings.did))
