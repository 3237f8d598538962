"""The seed city behind a server, with a morning's work in it, for whoever looks at its pages."""

from __future__ import annotations

import subprocess
import uuid
from datetime import datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
from sqlalchemy import select

from backend.clock import utcnow
from backend.commands import bureau, keys, seed
from backend.config import Settings
from backend.db import Database
from backend.files.store import PhotoStore
from backend.models.callouts import Callout
from backend.services import links, rules, trial
from backend.simulator.bureau.cast import Stage
from backend.simulator.phones import Phone
from backend.web.assets import BUILT
from jobs import callouts, flood_warnings, rollups
from jobs.runner import House
from tests.rig import debian
from tests.rig.serving import Serving

ROOT = Path(__file__).parents[2]
AXE = ROOT / "backend/web/node_modules/axe-core/axe.min.js"
TOWN, SEGMENT = "371502101", "TUHAI-371502-007"
HAZARDS = (
    ("four_illegal.dump", "major", 30, "桥下堆了约两车建筑垃圾，一半已滑进河里"),
    ("four_illegal.occupy", "ordinary", 60, "有人在滩地上拉铁丝网围了一块菜地"),
    ("flood.seepage", "critical", 2, "背水坡有一处渗水，约碗口大，水是浑的"),
    ("water.drift", "minor", 5, "闸前漂浮物约二十平方米"),
)


class City:
    """Everything from nothing to a running city; `account` finds a demo login by its post."""

    def __init__(self, home: Path, url: str) -> None:
        build_scripts()
        self.serving = Serving(home, url)
        self.settings = Settings.from_env(
            {"HEZHANG_DATA": str(home), "DATABASE_URL": url, "HEZHANG_ENV": "test", "HEZHANG_LOG": "ERROR"}
        )
        self.address = f"http://localhost:{self.serving.port}"
        """A `__Host-` cookie wants https, or a machine of this name."""

    def start(self) -> None:
        """Load the seed city, serve it, and let people work."""
        database = Database.connect(self.settings.database_url)
        try:
            with database.transaction() as session:
                rules.ensure_defaults(session, now=utcnow())
            seed.load(self.settings, database)
            self.serving.start()
            self._walk(database)
            self._find_hazards()
            self._warn()
            self._tick(database, flood_warnings, callouts)
        finally:
            database.close()

    def play_bureau(self) -> None:
        """A day of the bureau, the law and citizens besides, so that hardly a page is empty."""
        day = bureau.played(self.settings, Stage(self.address, 1, self.settings.zone, utcnow(), None))
        assert day is not None
        assert not day.broken, day.broken
        database = Database.connect(self.settings.database_url)
        try:
            self._tick(database, rollups)
        finally:
            database.close()

    def stop(self) -> None:
        """Stop serving."""
        self.serving.stop()

    @staticmethod
    def account(post: str) -> dict[str, str]:
        """The first demo login of a post."""
        return next(account for account in seed.demo_accounts() if account["post"] == post)

    def call_link(self) -> str:
        """The path behind the text to the first of those who are called; nobody need be signed in."""
        database = Database.connect(self.settings.database_url)
        try:
            with database.reading() as session:
                callout_id = session.scalars(select(Callout.id).order_by(Callout.id)).first()
            assert callout_id is not None
            return links.path(keys.opened(self.settings, database), callout_id)
        finally:
            database.close()

    def phone(self, post: str) -> Phone:
        """The phone of that person, signed in."""
        account = self.account(post)
        phone = Phone(self.address, account["phone"], account["password"], np.random.default_rng(1))
        phone.sign_in()
        return phone

    def _walk(self, database: Database) -> None:
        with database.reading() as session:
            walk = trial.walk(session, SEGMENT, now=utcnow(), zone=self.settings.zone)
        assert walk is not None
        self._do("village_chief", "PUT", f"/patrols/{uuid.uuid4()}", walk)

    def _find_hazards(self) -> None:
        now = utcnow()
        phone = self.phone("village_chief")
        for kind, severity, hours, text in HAZARDS:
            said = {"kind": kind, "severity": severity, "segment": SEGMENT, "description": text}
            seen = {"observed_at": _moment(now - timedelta(hours=hours))}
            phone.do("PUT", f"/hazards/{uuid.uuid4()}", said | seen)
        phone.close()

    def _warn(self) -> None:
        said = {
            "id": str(uuid.uuid4()),
            "level": "yellow",
            "headline": "徒骇河水位上涨，沙镇镇段接近警戒",
            "instruction": "上堤巡查，看好涵闸，低洼户做好转移准备",
            "regions": [TOWN],
            "issue": True,
        }
        self._do("duty_officer", "POST", "/flood/warnings", said)

    def _tick(self, database: Database, *jobs: ModuleType) -> None:
        """What the clockwork does meanwhile."""
        house = House(
            self.settings,
            database,
            PhotoStore.open(self.settings.photos_url),
            keys.opened(self.settings, database),
        )
        for job in jobs:
            job.run(house, now=utcnow())

    def _do(self, post: str, method: str, path: str, body: dict[str, Any]) -> None:
        phone = self.phone(post)
        phone.do(method, path, body)
        phone.close()


def build_scripts() -> None:
    """Build the scripts of the pages; debian.Missing, with the line to type, where that cannot be."""
    task = "build" if AXE.exists() else "types"
    ran = subprocess.run([ROOT / ".ci/web", task], capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if ran.returncode or not (BUILT / "console.js").exists() or not AXE.exists():
        raise debian.Missing(f"The scripts of the pages are not built. Type: make web\n{ran.stdout}{ran.stderr}")


def _moment(at: datetime) -> str:
    return at.replace(microsecond=0).isoformat()
