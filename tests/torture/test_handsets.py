"""E7: phones die, lose the network in mid-photo, lose answers, fill up, are updated: what is saved arrives, once."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from sqlalchemy import select

from backend.db import Database
from backend.models.hazards import Hazard
from backend.models.patrols import Patrol
from backend.models.photos import Photo, PhotoUse
from tests.browser.conftest import browser, city
from tests.rig.city import City
from tests.rig.handset import Handset
from tests.torture.deaths import DEATHS, Life, die_at_any_moment, die_while_walking

pytestmark = pytest.mark.torture
__all__ = ["browser", "city"]

RUNS_OF_A_PHONE = 10
MOST = 250
"""Runs on each database, however many rounds are asked for."""


@pytest.fixture
def life_of(city: City, browser: Browser, tmp_path: Path) -> Iterator[Callable[[int], Life]]:
    lives: list[Life] = []

    def life(seed: int) -> Life:
        handset = Handset(city, browser.browser_type, tmp_path / f"phone-{seed}")
        handset.open()
        handset.sign_in("village_chief")
        lives.append(Life(handset, random.Random(seed)))
        return lives[-1]

    yield life
    for each in lives:
        each.handset.close()


def test_no_report_is_lost_or_doubled_whatever_befalls_the_phone(life_of, city, times):
    runs = min(times(50), MOST)
    told = {}
    saved: set[str] = set()
    for seed in range(-(-runs // RUNS_OF_A_PHONE)):
        life = life_of(seed)
        for run in range(seed * RUNS_OF_A_PHONE, min(runs, (seed + 1) * RUNS_OF_A_PHONE)):
            death = DEATHS[run % len(DEATHS)]
            told[f"第 {run} 次，{death.__name__}"] = death
            death(life, f"第 {run} 次，{death.__name__}")
            life.settle()
        saved |= life.saved
        life.handset.close()
    arrived, walks, missing = kept(city)
    assert not missing, "photos that the office waits for"
    unheard = sum(death is die_at_any_moment for death in told.values())  # it was killed before it could say so
    assert len(saved) >= runs - unheard
    assert saved <= set(arrived) | walks
    written = [text for text in arrived.values() if text in told]
    assert sorted(written) == sorted(text for text, death in told.items() if death is not die_while_walking)


def kept(city: City) -> tuple[dict[str, str], set[str], list[str]]:
    """What the office has: hazards by id with their words, walks, and photos that are named and not there."""
    database = Database.connect(city.settings.database_url)
    try:
        with database.reading() as session:
            hazards = {str(row.id): row.description for row in session.scalars(select(Hazard))}
            walks = {str(each) for each in session.scalars(select(Patrol.id))}
            here = select(Photo.sha256)
            missing = [
                each.hex() for each in session.scalars(select(PhotoUse.sha256).where(PhotoUse.sha256.not_in(here)))
            ]
    finally:
        database.close()
    return hazards, walks, missing
