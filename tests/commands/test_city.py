"""`hezhang run` for real: the seed city, a walk by curl's road, a simulated city, the rules run again, and the end."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator

import pytest
from sqlalchemy import func, select

from backend.commands import run
from backend.config import Settings
from backend.db import Database
from backend.keyring import KeyRing
from backend.models.assessments import Assessment, AssessmentAppeal
from backend.models.campaigns import Campaign, CampaignAnswer
from backend.models.cooperation import Clue, JointMeeting, JointPatrol, JointTask, Suggestion
from backend.models.inspections import Inspection, InspectionFinding, SpotDraw
from backend.models.orders import Order, OrderAddressee, OrderWord
from backend.models.people import Person
from backend.models.points import PointEntry
from backend.models.public_reports import PublicReport
from backend.models.training import Training, TrainingAttendance
from backend.simulator.bureau.day import NOUNS
from backend.store import imports
from tests.cast import assemble
from tests.rig import debian
from tests.rig.running import Running, started

WAIT_S = 90
EVERY_NOUN = (
    *(Order, Training, TrainingAttendance, SpotDraw, Inspection, InspectionFinding, Clue, JointPatrol, JointMeeting),
    *(Campaign, CampaignAnswer, JointTask, Suggestion, Assessment, AssessmentAppeal, PublicReport, PointEntry),
)


@pytest.fixture
def city(environ: dict[str, str]) -> Iterator[Running]:
    """The seed city, ready."""
    with started(environ, "curl") as running:
        yield running


def is_taken(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def assert_every_noun_is_there(environ: dict[str, str], made: dict[str, int]) -> None:
    """What stands behind each page of the console after a simulated day of the bureau."""
    assert set(made) == set(NOUNS)
    assert all(made.values()), made
    database = Database.connect(environ["DATABASE_URL"])
    with database.reading() as session:
        rows = {noun: session.scalar(select(func.count()).select_from(noun)) for noun in EVERY_NOUN}
        said = set(session.scalars(select(OrderWord.said)))
        silent = session.scalar(select(func.count()).where(OrderAddressee.read_at.is_(None)))
        states = set(session.scalars(select(Assessment.state)))
        points = set(session.scalars(select(PointEntry.what)))
    database.close()
    assert all(rows.values()), rows
    assert said == {"read", "sign", "answer"}
    assert silent
    assert states == {"draft", "published"}
    assert {"earned", "redeemed"} <= points


def test_a_city_runs_is_walked_judged_again_and_stops_cleanly(city, hezhang, environ, tmp_path):
    assert len(re.findall(r"hezhang-demo", city.greeting)) >= 3
    debian.program("curl")
    command = next(line for line in city.greeting.splitlines() if "curl" in line)
    answer = json.loads(subprocess.run(["sh", "-c", command], capture_output=True, check=True, text=True).stdout)
    assert answer["verdict"]["outcome"] == "valid", answer
    with urllib.request.urlopen(f"{city.address}/readyz") as ready:
        assert ready.status == 200

    out = tmp_path / "played.json"
    played = hezhang("simulate", "--chiefs", 40, "--days", 3, "--seed", 7, "--out", out)
    result = json.loads(out.read_text("utf-8"))
    assert (result["lost"], result["doubled"], result["broken"]) == (0, 0, [])
    assert result["right"]["honest"] >= 0.98, played.output
    assert all(result["right"].get(kind, 1) >= 0.8 for kind in ("driven", "copied", "wrong_datum")), played.output

    assert_every_noun_is_there(environ, result["bureau"])
    assert "played before" in hezhang("simulate", "--chiefs", 1, "--days", 1, "--seed", 7).output
    for command in (("verify",), ("stats", "check")):
        content = hezhang(*command)
        assert content.exit_code == 0, content.output

    assert "0 changed" in hezhang("rejudge", "--since", "2020-01-01").output
    refused = hezhang("run")
    assert refused.exit_code == 1
    assert "is taken" in refused.output

    city.process.send_signal(signal.SIGINT)
    assert city.process.wait(WAIT_S) == 0
    left = subprocess.run(
        [debian.program("pgrep", "procps"), "-f", f"127.0.0.1:{environ['PORT']} "],
        capture_output=True,
        text=True,
        check=False,
    )
    assert left.stdout == ""


def test_a_house_that_is_killed_leaves_nobody_behind(environ, fresh_database):
    with fresh_database.transaction() as session:
        assemble(session, KeyRing.load_or_make(Settings.from_env(environ).keys_file))
    with started(environ, "is running") as house:
        house.process.kill()
        deadline = time.monotonic() + WAIT_S
        while is_taken(int(environ["PORT"])) and time.monotonic() < deadline:
            time.sleep(0.1)
        assert not is_taken(int(environ["PORT"]))


def test_nothing_demo_exists_in_production(hezhang):
    assert hezhang("db", "upgrade").exit_code == 0
    assert hezhang("db", "check").output == "The schema is current.\n"
    refused = hezhang("seed", HEZHANG_ENV="production")
    assert refused.exit_code == 1
    assert "production" in refused.output
    refused = hezhang("simulate", HEZHANG_ENV="production")
    assert (refused.exit_code, "--accounts" in refused.output) == (1, True)


def test_a_house_full_of_made_up_people_does_not_open_in_production(hezhang, fresh_database):
    with fresh_database.transaction() as session:
        cast = assemble(session, KeyRing.fresh())
        made_up = session.get_one(Person, cast.wang)
        made_up.is_demo, made_up.password_hash = True, "known"
    for command in ("serve", "run"):
        refused = hezhang(command, HEZHANG_ENV="production", PORT="18473")
        assert refused.exit_code == 1
        assert "made-up people" in refused.output, command


def test_a_city_of_ones_own_has_no_walk_to_try_and_runs_all_the_same(environ, fresh_database):
    settings = Settings.from_env(environ)
    with fresh_database.transaction() as session:
        assemble(session, KeyRing.load_or_make(settings.keys_file))
    assert run.prepare(settings) is None


def test_the_seed_city_does_not_come_into_a_city_whose_people_are_still_to_be_brought_in(hezhang, environ, tmp_path):
    hezhang("db", "upgrade")
    (tmp_path / "regions.csv").write_text("code,name\n330100000000,杭州市\n", "utf-8")
    assert hezhang("import", "regions", tmp_path / "regions.csv").exit_code == 0
    settings = Settings.from_env(environ)
    assert run.prepare(settings) is None
    database = Database.connect(settings.database_url)
    with database.reading() as session:
        assert imports.region_codes(session) == {"3301"}
    database.close()


def test_the_seed_city_is_loaded_twice_and_stays_one(hezhang, fresh_url):
    from backend.models.segments import Assignment, Segment

    counts = []
    for _ in range(2):
        assert hezhang("seed").exit_code == 0
        database = Database.connect(fresh_url)
        with database.reading() as session:
            counts.append([session.scalar(select(func.count()).select_from(each)) for each in (Segment, Assignment)])
        database.close()
    assert counts[0] == counts[1]
    assert counts[0][0] == 1253


def test_jobs_run_once_by_name(environ):
    for name in ("photos", "logins", "changes"):
        command = [sys.executable, "-m", "jobs", name, "--at", "2025-07-28T08:00+08:00"]
        done = subprocess.run(command, env=os.environ | environ, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr


def test_a_certificate_is_made_once(hezhang, tmp_path):
    first = hezhang("tls", tmp_path).output
    key = (tmp_path / "key.pem").read_bytes()
    assert hezhang("tls", tmp_path).output == first
    assert (tmp_path / "key.pem").read_bytes() == key
    assert (tmp_path / "key.pem").stat().st_mode & 0o077 == 0
