"""Open311: forms in whatever bytes they come, and answers in JSON and XML."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import quote
from xml.etree import ElementTree

import pytest

from backend.errors import BadInput
from backend.formats import open311
from backend.formats.open311 import ERRORS, SERVICES

TEXT = "桥下有垃圾 & <b>"


def test_a_form_is_read_as_it_was_meant():
    raw = b"\xef\xbb\xbfdescription=" + quote(TEXT).encode() + b"&lat=36.43&lat=36.5&empty="
    assert open311.form(raw, "UTF-8") == {"description": TEXT, "lat": "36.5", "empty": ""}
    assert open311.form("description=桥下".encode(), "")["description"] == "桥下"
    assert open311.form(b"description=%EF%BB%BFa+b", "utf8")["description"] == "a b"


@pytest.mark.parametrize(
    ("raw", "charset"),
    [
        (b"description=" + quote(TEXT.encode("gbk")).encode(), ""),
        ("description=桥下有垃圾".encode("gbk"), ""),
        (b"description=" + "Müll".encode("latin-1"), ""),
        (b"description=%C3%28", ""),
        (b"description=%F0%9F%92", ""),
        (b"description=%ED%A0%80", ""),
        ("description=桥".encode("utf-16"), ""),
        (b"description=a%00b", ""),
        (b"a=b", "gbk"),
        (b"a=" + b"x" * open311.MOST_BYTES, ""),
        (b"a=b&" * 101, ""),
    ],
)
def test_what_is_not_utf_8_is_refused_and_never_guessed_at(raw, charset):
    with pytest.raises(BadInput):
        open311.form(raw, charset)


@pytest.mark.parametrize(
    "said", ["NaN", "inf", "1e2", "1e999", "١٢", "", "9" * 400, "91", "-90.1", "0x1f", "1_0", "36,4"]
)
def test_a_latitude_is_a_plain_number_of_degrees(said):
    with pytest.raises(BadInput):
        open311.number(said, "lat")
    assert open311.number(" +36.4300 ", "lat") == 36.43
    assert open311.number("-179.5", "long") == -179.5


def test_moments_and_pages_are_what_they_say():
    at = datetime(2025, 7, 2, 4, 0, tzinfo=UTC)
    assert open311.time_in("2025-07-02T12:00:00 08:00", "start_date") == at
    assert open311.moment(at) == "2025-07-02T04:00:00Z"
    assert open311.moment(None) is None
    for said in ("2025-07-02", "2025-07-02T12:00:00", "yesterday", "9999-12-31T23:59:59Z"):
        with pytest.raises(BadInput):
            open311.time_in(said, "start_date")
    assert open311.page_of("", "page", 9, 3) == 3
    assert open311.page_of("9", "page", 9, 3) == 9
    for said in ("0", "10", "-1", "x", "²", "9" * 30):
        with pytest.raises(BadInput):
            open311.page_of(said, "page", 9, 3)


def test_a_list_is_the_same_in_both_formats():
    items = [{"service_code": "a", "metadata": False, "keywords": None, "description": TEXT + "\x07"}]
    read = ElementTree.fromstring(open311.written("xml", SERVICES, items).replace(b"\x07", b""))
    assert (read.tag, read[0].tag) == ("services", "service")
    assert {each.tag: each.text for each in read[0]} == {
        "service_code": "a",
        "metadata": "false",
        "keywords": None,
        "description": TEXT,
    }
    assert open311.written("json", ERRORS, open311.errors_of(400, ["x"])) == b'[{"code":400,"description":"x"}]'
    assert ElementTree.fromstring(open311.definition("xml", "a&b"))[0].text == "a&b"
