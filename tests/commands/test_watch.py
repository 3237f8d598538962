"""Whoever watches says by another way, within a minute, that a part of the house is gone, and that it is back."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from sqlalchemy import text

from backend.clock import utcnow
from backend.commands import watch
from backend.commands.watch import Watchman
from backend.config import Door, Settings
from backend.db import Database
from backend.services import clockwork, watching
from backend.simulator.gateway.script import Script
from backend.simulator.gateway.server import Gateway
from jobs.runner import House


class Web(HTTPServer):
    """A web server that is ready until it is told otherwise, and notes what else it is asked."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.is_ready = True
        self.asked: list[str] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Answers(BaseHTTPRequestHandler):
    server: Web

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        self.send_response(200 if self.server.is_ready or self.path != "/readyz" else 503)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def web() -> Iterator[Web]:
    with Web() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def farm() -> Iterator[Gateway]:
    with Gateway(Script.plain()) as gateway:
        yield gateway


@pytest.fixture
def settings(tmp_path: Path, fresh_url: str, farm: Gateway, web: Web) -> Settings:
    channels = {"watch": {"kind": "dingtalk", "url": f"{farm.address}/dingtalk?token=x"}}
    (tmp_path / "channels.json").write_text(json.dumps(channels))
    wanted = {
        "HEZHANG_DATA": str(tmp_path),
        "DATABASE_URL": fresh_url,
        "HEZHANG_CHANNELS": str(tmp_path / "channels.json"),
        "HEZHANG_HEARTBEAT": f"{web.address}/beat",
        "HEZHANG_LOG": "CRITICAL",
    }
    return replace(Settings.from_env(wanted), doors=(Door.read("127.0.0.1"),), part="m1")


@pytest.fixture
def watchman(settings: Settings, web: Web) -> Iterator[Watchman]:
    here = Watchman(settings, web.address)
    yield here
    here.leave()


@pytest.fixture
def house(settings: Settings, fresh_database: Database) -> House:
    swept(fresh_database)
    return House(settings, fresh_database, None)  # type: ignore[arg-type]  # no photos here


def swept(database: Database) -> None:
    with database.transaction() as session:
        clockwork.finish_turn(session, watching.SWEEP, utcnow())
        clockwork.take_turn(session, watching.SWEEP, utcnow())


def said(farm: Gateway) -> list[str]:
    return [each["text"].split("\n", 1)[1] for each in farm.farm.messages("dingtalk")]


def aged(database: Database, part: str) -> None:
    """Its last sign of life was a minute ago."""
    with database.transaction() as session:
        watching.beat(session, part)
        ago = "at - interval '60 seconds'" if database.dialect == "postgresql" else "datetime(at, '-60 seconds')"
        session.execute(text(f"UPDATE pulse SET at = {ago} WHERE part = :part"), {"part": part})


def test_while_all_is_well_it_says_so_outside_and_nothing_else(watchman, house, farm, web):
    for _ in range(3):
        swept(house.database)
        assert watchman.look() == {}
    assert said(farm) == []
    assert web.asked.count("/beat") == 3


def test_a_part_that_is_gone_is_told_at_the_second_look_and_again_when_it_is_back(watchman, house, farm, web):
    aged(house.database, "jobs@m1")
    assert watchman.look() == {}
    assert set(watchman.look()) == {"jobs@m1"}
    watchman.look()
    (first,) = said(farm)
    assert first.startswith("“jobs@m1”已 6")
    assert web.asked[-1] == "/beat/fail"
    with house.database.transaction() as session:
        assert session.scalar(text("SELECT about FROM alarm WHERE ended_at IS NULL")) == "jobs@m1"
        watching.beat(session, "jobs@m1")
    swept(house.database)
    watchman.look()
    assert said(farm)[1:] == ["各部分已恢复正常。"]
    with house.database.reading() as session:
        assert session.scalar(text("SELECT count(*) FROM alarm WHERE ended_at IS NULL")) == 0


def test_it_looks_often_enough_to_tell_within_a_minute():
    assert watching.SILENT_S + watch.SURE * watch.LOOK_S + 5 < 60


def test_what_still_is_gone_is_said_again_every_ten_minutes(watchman, house, farm, web):
    web.is_ready = False
    for _ in range(2 + int(watch.AGAIN.total_seconds() / watch.LOOK_S)):
        swept(house.database)
        watchman.look()
    assert len(said(farm)) == 2


def test_a_web_server_that_is_not_ready_or_not_there_is_gone(watchman, house, web):
    web.is_ready = False
    swept(house.database)
    assert watchman._wrong().keys() == {"web"}
    watchman._web = "http://127.0.0.1:9"
    assert watchman._wrong().keys() == {"web"}


def test_without_its_database_it_says_so(settings, web, farm, tmp_path):
    nowhere = replace(settings, database_url=f"sqlite:///{tmp_path}/none/x.sqlite")
    lost = Watchman(nowhere, web.address)
    (tmp_path / "none").chmod(0o700)
    for _ in range(2):
        lost.look()
    assert [each.split("”")[0] for each in said(farm)] == ["“database"]
    lost.leave()


def test_an_engine_that_makes_no_sweeps_or_leaves_something_lying_is_gone(watchman, house):
    assert watchman._wrong() == {}
    with house.database.transaction() as session:
        session.execute(text("DELETE FROM job_slot"))
    assert "engine" in watchman._wrong()


def test_when_nobody_can_be_told_it_tries_again(watchman, house, farm, web):
    web.is_ready = False
    farm.farm.change({"dingtalk": {"is_down": True}})
    for _ in range(3):
        swept(house.database)
        watchman.look()
    farm.farm.change({"dingtalk": {"is_down": False}})
    swept(house.database)
    watchman.look()
    assert [each["outcome"] for each in farm.farm.messages("dingtalk")] == ["down", "down", "taken"]


def test_the_engine_answers_at_its_door(phone_of_city, database_of_city):
    door = phone_of_city("/enginez")
    assert door.status_code == 503
    assert door.headers["Retry-After"]
    swept(database_of_city)
    assert phone_of_city("/enginez").json["status"] == "running"


@pytest.fixture
def database_of_city(fresh_database):
    return fresh_database


@pytest.fixture
def phone_of_city(settings, fresh_database):
    from backend.app import create_app

    client = create_app(replace(settings, stage="test"), database=fresh_database).test_client()
    return client.get
