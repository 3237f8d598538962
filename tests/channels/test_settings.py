"""By what people are reached is a setting; what cannot work is refused at start."""

from __future__ import annotations

import io
import json
from datetime import time
from pathlib import Path
from typing import Any

import pytest
import structlog

from backend import logs
from backend.channels.known import open_channels, ways
from backend.channels.log import LogChannel
from backend.channels.sending import Forged, Letter
from backend.clock import utcnow
from backend.config import ImpossibleSettings, Settings
from backend.domain.buckets import Rate
from backend.domain.lines import Lines
from tests.makers import new_id


@pytest.fixture
def settings(tmp_path: Path):
    """Settings with a channels file of this content, and whatever else is said."""

    def read(content: Any = None, **environ: str) -> Settings:
        if content is not None:
            file = tmp_path / "channels.json"
            file.write_text(content if isinstance(content, str) else json.dumps(content))
            environ["HEZHANG_CHANNELS"] = str(file)
        return Settings.from_env(environ)

    return read


def test_without_a_word_everything_goes_to_the_log_but_in_production_nowhere(settings):
    assert {name: way["kind"] for name, way in settings().channels.items()} == {
        "app": "log",
        "sms": "log",
        "voice": "log",
    }
    assert settings(HEZHANG_ENV="production").channels == {}


def test_a_rate_is_read_and_the_log_needs_no_address(settings):
    read = settings(
        {
            "sms": {"kind": "log", "rate": {"per_minute": 60, "burst": 5}},
            "voice": {"kind": "sms", "url": "https://gateway.example/", "secret": "x"},
        }
    )
    found = ways(read, open_channels(read, utcnow))
    assert found["sms"].rate == Rate(1.0, 5, 0.3)
    assert (found["sms"].needs_address, found["voice"].needs_address) == (False, True)
    assert found["voice"].rate is None


@pytest.mark.parametrize(
    "rate",
    [
        {"per_minute": 0, "burst": 1},
        {"per_minute": 1, "burst": 0},
        {"per_minute": 1, "burst": 1, "reserved": 1},
        {"per_minute": "many", "burst": 1},
        {"burst": 1},
        "fast",
        {"per_minute": 1e9, "burst": 1},
    ],
)
def test_a_rate_that_cannot_be_meant_is_refused(settings, rate):
    read = settings({"sms": {"kind": "log", "rate": rate}})
    with pytest.raises(ImpossibleSettings, match="sms"):
        ways(read, open_channels(read, utcnow))


def test_lines_are_read(settings):
    calls = {"kind": "voice", "url": "https://gateway.example/", "secret": "x"}
    read = settings({"voice": calls | {"lines": 200, "call_s": 30}, "sms": {"kind": "log"}})
    found = ways(read, open_channels(read, utcnow))
    assert (found["voice"].lines, found["sms"].lines) == (Lines(200, 30.0), None)


@pytest.mark.parametrize(
    "wrong",
    [
        {"lines": 0},
        {"lines": 10_001},
        {"lines": "many"},
        {"lines": float("inf")},
        {"lines": [1]},
        {"lines": 1, "call_s": 0},
        {"lines": 1, "call_s": 601},
        {"lines": 1, "call_s": float("nan")},
        {"lines": 1, "call_s": None},
    ],
)
def test_lines_that_cannot_be_meant_are_refused(settings, wrong):
    read = settings({"voice": {"kind": "log"} | wrong})
    with pytest.raises(ImpossibleSettings, match="lines of channel voice"):
        ways(read, open_channels(read, utcnow))


def test_where_people_reach_the_house_is_a_setting_and_here_where_only_this_machine_hears_it(settings):
    assert settings().address == "http://127.0.0.1:8000"
    assert settings(HOST="::1", PORT="8100").address == "http://[::1]:8100"
    for unknown in ({"HOST": "0.0.0.0"}, {"TLS": "1"}, {"HEZHANG_ENV": "production"}, {"HEZHANG_ENV": "test"}):
        assert settings(**unknown).address is None
    assert settings(HEZHANG_ADDRESS="https://hz.example.cn/").address == "https://hz.example.cn"
    assert settings(HEZHANG_ADDRESS="https://10.1.0.9:8443/hz", HEZHANG_ENV="production").address == (
        "https://10.1.0.9:8443/hz"
    )


@pytest.mark.parametrize(
    "wrong",
    [
        "hz.example.cn",
        "http://hz.example.cn",
        "ftp://hz.example.cn",
        "https://",
        "https://hz.example.cn?x=1",
        "https://hz.example.cn/#x",
        "https://me@hz.example.cn",
        "https://hz.example.cn:99999",
        "https://hz.example.cn:0",
        "https://[::1",
        "https://河长.cn",
        "https://hz.example.cn/a b",
        "https://hz.example.cn\n",
        "https://1.2.3",
    ],
)
def test_an_address_that_nobody_could_follow_is_refused(settings, wrong):
    with pytest.raises(ImpossibleSettings, match="HEZHANG_ADDRESS"):
        settings(HEZHANG_ADDRESS=wrong)
    with pytest.raises(ImpossibleSettings, match="HEZHANG_ADDRESS"):
        settings(HEZHANG_ADDRESS="http://127.0.0.1:8000", HEZHANG_ENV="production")


@pytest.mark.parametrize("content", ["not json", "[]", "{}", {"sms": "log"}, {"sms": {"kind": 1}}, {"sms": {}}])
def test_a_channels_file_that_says_nothing_is_refused(settings, content):
    with pytest.raises(ImpossibleSettings):
        settings(content)


def test_a_channels_file_that_is_not_there_is_refused_by_its_name(settings):
    with pytest.raises(ImpossibleSettings, match=r"/nowhere\.json"):
        settings(HEZHANG_CHANNELS="/nowhere.json")


def test_quiet_hours_and_the_digest_are_settings(settings):
    read = settings(HEZHANG_QUIET="23:30-06:00", HEZHANG_DIGEST="08:15")
    assert (read.quiet, read.digest_at) == ((time(23, 30), time(6)), time(8, 15))


@pytest.mark.parametrize(
    "wrong", [{"HEZHANG_QUIET": "22:00"}, {"HEZHANG_QUIET": "late-early"}, {"HEZHANG_DIGEST": "25:00"}]
)
def test_hours_that_are_none_are_refused(settings, wrong):
    with pytest.raises(ImpossibleSettings, match=next(iter(wrong))):
        settings(**wrong)


def test_a_point_to_die_at_is_refused_in_production(settings):
    assert settings(HEZHANG_FAILPOINT="send.before").failpoint == "send.before"
    with pytest.raises(ImpossibleSettings, match="HEZHANG_FAILPOINT"):
        settings(HEZHANG_ENV="production", HEZHANG_FAILPOINT="send.before")


@pytest.fixture
def logged(monkeypatch):
    """What the log has of everything that it is told."""
    before, written = structlog.get_config(), io.StringIO()
    monkeypatch.setattr("sys.stderr", written)
    logs.configure("INFO")
    yield written.getvalue
    structlog.configure(**before)


def test_the_log_says_what_went_out_and_never_to_whom_nor_in_which_words(logged):
    letter = Letter(new_id(), "+8613800000001", "系统告警", "何巡河没有巡河", number=2)
    channel = LogChannel("sms")
    assert channel.send(letter).is_delivered
    line = logged()
    assert str(letter.id) in line
    assert "系统告警" in line
    assert "13800000001" not in line
    assert "何巡河" not in line
    assert channel.ask(letter.id) is None
    with pytest.raises(Forged):
        channel.receipts({}, b"", now=utcnow())


def test_pictures_under_the_map_are_addresses_with_a_place_for_the_tile(settings):
    good = "https://t{0-7}.tianditu.gov.cn/vec_w/wmts?TILEMATRIX={z}&TILEROW={y}&TILECOL={x}&tk=KEY"
    assert settings().basemap == ()
    assert settings(HEZHANG_BASEMAP=f"{good} {good}").basemap == (good, good)
    for wrong in ("http://maps.example/{z}/{x}/{y}", "https://maps.example/{z}/{x}", "https://a;b/{z}/{x}/{y}", "x"):
        with pytest.raises(ImpossibleSettings, match="HEZHANG_BASEMAP"):
            settings(HEZHANG_BASEMAP=wrong)
