"""CAP from outside: every file of the corpus gives the expected answer, and nothing hostile gets anywhere."""

from __future__ import annotations

import contextlib
import socket
import time
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.cap import Circle, Kind, Status
from backend.domain.signals import judge
from backend.errors import BadInput, NotReadable, Problem, TooLarge
from backend.formats import cap, cap_out
from tests.api.signal_cases import message
from tests.formats.cap_schema import breaches

CORPUS = Path(__file__).parents[1] / "data" / "cap"
SIGNATURE, INCLUDE = "http://www.w3.org/2000/09/xmldsig#", "http://www.w3.org/2001/XInclude"
NS = 'xmlns="urn:oasis:names:tc:emergency:cap:1.2"'
# File: kind, colour, event shown, codes, polygons, until.
EXPECTED = {
    "synthetic_liaocheng_rainstorm_yellow_alert": ("Alert", "yellow", "暴雨", ["371500000000"], 0, "2026-07-13T03:20"),
    "synthetic_liaocheng_rainstorm_orange_update": (
        "Update",
        "orange",
        "暴雨",
        ["371500000000"],
        0,
        "2026-07-13T07:05",
    ),
    "synthetic_liaocheng_rainstorm_cancel": ("Cancel", "orange", "暴雨", ["371500000000"], 0, "2026-07-13T06:30"),
    "synthetic_dongchangfu_rainstorm_red_polygon": ("Alert", "red", "暴雨", ["371502000000"], 1, "2026-08-03T08:11"),
    "synthetic_linqing_6digit_geocode": ("Alert", "yellow", "大雾", ["371581"], 0, "2026-11-02T11:00"),
    "synthetic_shenxian_towns_12digit_geocodes": (
        *("Alert", "blue", "雷暴大风", ["371522111000", "371522115000", "371522117000"], 0, "2026-06-20T23:40"),
    ),
}
REFUSED = {
    "attack_xxe_must_be_refused": (NotReadable, "not_readable.xml_dtd", set()),
    "invalid_no_status_expires_before_sent": (
        *(BadInput, "bad_input.detail", {"/alert/status", "/alert/info/0/urgency"}),
    ),
}


def document(name: str) -> bytes:
    return (CORPUS / f"{name}.xml").read_bytes()


def good(**changed: str) -> bytes:
    """A small alert in which some elements are others, or gone."""
    parts = {
        "identifier": "<identifier>1</identifier>",
        "sender": "<sender>office</sender>",
        "sent": "<sent>2025-07-28T09:00:00+08:00</sent>",
        "status": "<status>Actual</status>",
        "msgType": "<msgType>Alert</msgType>",
        "scope": "<scope>Public</scope>",
        "references": "",
        "info": "",
    } | changed
    return f"<alert {NS}>{''.join(parts.values())}</alert>".encode()


def info(area: str = "", **changed: str) -> str:
    parts = {
        "category": "<category>Met</category>",
        "event": "<event>暴雨</event>",
        "urgency": "<urgency>Unknown</urgency>",
        "severity": "<severity>Extreme</severity>",
        "certainty": "<certainty>Unknown</certainty>",
    } | changed
    return f"<info>{''.join(parts.values())}{area}</info>"


def area(shape: str) -> str:
    return info(f"<area><areaDesc>x</areaDesc>{shape}</area>")


def test_every_file_of_the_corpus_is_expected():
    assert {file.stem for file in CORPUS.glob("*.xml")} == EXPECTED.keys() | REFUSED.keys()


@pytest.mark.parametrize("name", EXPECTED)
def test_a_good_file_says_what_it_says(name):
    kind, colour, event, codes, polygons, until = EXPECTED[name]
    read = cap.read(document(name))
    judged = judge(read)
    assert (read.kind, read.status, judged.colour, judged.over_at) == (
        *(kind, Status.EXERCISE, colour, datetime.fromisoformat(f"{until}:00+08:00")),
    )
    assert judged.info is not None
    assert (judged.info.event, judged.info.language, judged.colour_from) == (event, "zh-CN", "text")
    (place,) = judged.info.areas
    assert ([each.value for each in place.geocodes], len(place.polygons)) == (codes, polygons)
    assert all(115 < lon < 117 and 36 < lat < 37 for ring in place.polygons for lon, lat in ring)
    assert breaches(document(name)) == []


@pytest.mark.parametrize("name", REFUSED)
def test_a_bad_file_is_refused_by_its_place(name):
    kind, code, pointers = REFUSED[name]
    with pytest.raises(Problem) as refused:
        cap.read(document(name))
    assert (type(refused.value), str(refused.value)) == (kind, code)
    assert {flaw.pointer for flaw in refused.value.flaws} == pointers


@pytest.mark.parametrize("name", EXPECTED)
def test_what_is_written_is_valid_and_reads_the_same(name):
    read = cap.read(document(name))
    written = cap_out.write(read)
    assert breaches(written) == []
    assert cap.read(written) == read
    assert cap_out.digest(read) == cap_out.digest(cap.read(written))


@pytest.mark.parametrize(
    ("pointer", "bad"),
    [
        ("/alert/identifier", good(identifier="")),
        ("/alert/identifier", good(identifier="<identifier>a b</identifier>")),
        ("/alert/sender", good(sender="<sender>a,b</sender>")),
        ("/alert/sender", good(sender="<sender>a</sender><sender>b</sender>")),
        ("/alert/identifier", good(identifier=f"<identifier>{'x' * 201}</identifier>")),
        ("/alert/sent", good(sent="")),
        ("/alert/sent", good(sent="<sent>2025-07-28T09:00:00</sent>")),
        ("/alert/sent", good(sent="<sent>2025-07-32T09:00:00+08:00</sent>")),
        ("/alert/sent", good(sent="<sent>0001-01-01T00:00:00+08:00</sent>")),
        ("/alert/sent", good(sent="<sent>1969-12-31T23:59:59+00:00</sent>")),
        ("/alert/sent", good(sent="<sent>9999-12-31T23:59:59-00:00</sent>")),
        ("/alert/sent", good(sent="<sent>yesterday</sent>")),
        ("/alert/status", good(status="<status>actual</status>")),
        ("/alert/msgType", good(msgType="")),
        ("/alert/info", good(info="")),
        ("/alert/info", good(info=info() * 21)),
        ("/alert/references", good(info=info(), references="<references>a,b</references>")),
        ("/alert/references", good(info=info(), references="<references>a,b,2025-07-28T09:00:00</references>")),
        ("/alert/references", good(references=f"<references>{'a,b,2025-07-28T09:00:00Z ' * 101}</references>")),
        ("/alert/info/0/event", good(info=info(event=""))),
        ("/alert/info/0/category", good(info=info(category=""))),
        ("/alert/info/0/category/0", good(info=info(category="<category>Rain</category>"))),
        ("/alert/info/0/language", good(info=info(event="<event>x</event><language>zh CN</language>"))),
        ("/alert/info/0/expires", good(info=info(event="<event>x</event><expires>soon</expires>"))),
        ("/alert/info/1/severity", good(info=info() + info(severity="<severity>Bad</severity>"))),
        ("/alert/info/0/area/0/areaDesc", good(info=info("<area/>"))),
        ("/alert/info/0/area/0/polygon/0", good(info=area("<polygon>36,115</polygon>"))),
        ("/alert/info/0/area/0/polygon/0", good(info=area(f"<polygon>{'36.1,115.2 ' * 100_000}</polygon>"))),
        ("/alert/info/0/area/0/polygon/0", good(info=area("<polygon>36,115 36,116 37,116 37,115</polygon>"))),
        ("/alert/info/0/area/0/polygon/0", good(info=area("<polygon>115,36 116,36 116,37 115,36</polygon>"))),
        ("/alert/info/0/area/0/polygon/0", good(info=area("<polygon>36,1e2 36,116 37,116 36,1e2</polygon>"))),
        ("/alert/info/0/area/0/polygon/0", good(info=area("<polygon>NaN,115 36,116 37,116 NaN,115</polygon>"))),
        ("/alert/info/0/area/0/polygon/0", good(info=area("<polygon>1,-179 2,179 3,179 1,-179</polygon>"))),
        ("/alert/info/0/area/0/polygon/0", good(info=area("<polygon>1,1 1,1 1,1 1,1</polygon>"))),
        ("/alert/info/0/area/0/polygon/1", good(info=area("<polygon>1,1 1,2 2,2 1,1</polygon><polygon/>"))),
        ("/alert/info/0/area/0/circle/0", good(info=area("<circle>36,115</circle>"))),
        ("/alert/info/0/area/0/circle/0", good(info=area("<circle>36,115 -1</circle>"))),
        ("/alert/info/0/area/0/circle/0", good(info=area("<circle>96,115 1</circle>"))),
        ("/alert/info/0/area/0/circle/0", good(info=area("<circle>36,115 5000</circle>"))),
    ],
)
def test_a_flaw_names_its_place(pointer, bad):
    with pytest.raises(BadInput) as refused:
        cap.read(bad)
    assert pointer in {flaw.pointer for flaw in refused.value.flaws}


def laughs(number: int) -> str:
    return f"&a{number};" * 10


HOSTILE = {
    "no xml": b"{}",
    "nothing": b"",
    "half": document("synthetic_linqing_6digit_geocode")[:700],
    "another root": f"<alarm {NS}/>".encode(),
    "no namespace": b"<alert><identifier>1</identifier></alert>",
    "version 1.0": b'<alert xmlns="http://www.incident.com/cap/1.0"/>',
    "an element of a stranger": f'<alert {NS}><x:y xmlns:x="urn:x"/></alert>'.encode(),
    "a signature inside": f'<alert {NS}><info><s:S xmlns:s="{SIGNATURE}"/></info></alert>'.encode(),
    "file": f'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><alert {NS}><note>&x;</note></alert>'.encode(),
    "parameter entity": f'<!DOCTYPE a [<!ENTITY % x SYSTEM "http://127.0.0.1:9/"> %x;]><alert {NS}/>'.encode(),
    "external DTD": f'<!DOCTYPE alert SYSTEM "http://127.0.0.1:9/x.dtd"><alert {NS}/>'.encode(),
    "a billion laughs": (
        '<!DOCTYPE a [<!ENTITY a0 "lol">'
        + "".join(f"<!ENTITY a{n} '{laughs(n - 1)}'>" for n in range(1, 10))
        + f"]><alert {NS}><note>&a9;</note></alert>"
    ).encode(),
    "quadratic": f"<!DOCTYPE a [<!ENTITY a '{'x' * 50_000}'>]><alert><note>{'&a;' * 9_000}</note></alert>".encode(),
    "unknown entity": f"<alert {NS}><note>&nbsp;</note></alert>".encode(),
    "UTF-7": b'<?xml version="1.0" encoding="UTF-7"?>+ADw-alert/+AD4-',
    "UTF-7 declared over UTF-8": b'<?xml version="1.0" encoding="utf-7"?>' + good(info=info()),
    "UTF-16": f"<alert {NS}/>".encode("utf-16"),
    "GBK": '<?xml version="1.0" encoding="GBK"?><alert>暴雨</alert>'.encode("gbk"),
    "GBK that is UTF-8": b"<?xml version='1.0' encoding='GB2312'?>" + good(info=info()),
    "XInclude": f'<alert {NS}><i:include xmlns:i="{INCLUDE}" href="/etc/passwd"/></alert>'.encode(),
    "deep": f"<alert {NS}>{'<a>' * 20}{'</a>' * 20}</alert>".encode(),
    "deeper": f"<alert {NS}>".encode() + b"<a>" * 600_000,
    "many": f"<alert {NS}>".encode() + b"<a/>" * 400_000,
    "many and few signs": f"<alert {NS}>{'<a/>' * 10_001}</alert>".encode(),
    "many behind a comment": f"<alert {NS}><!-- < -->{'<a></a>' * 9_998}<a/><a/></alert>".encode(),
    "many attributes": b"<alert" + b"".join(b' a%d="1"' % n for n in range(9_000)) + b"/>",
    "more attributes than anybody needs": b"<alert" + b"".join(b' a%d="1"' % n for n in range(21)) + b"/>",
    "many names": b"<alert" + b"".join(b' xmlns:a%d="u"' % n for n in range(90_000)) + b"/>",
    "many lines": f"<alert {NS}><note>".encode() + b"\n" * 1_900_000,
    "many comments": f"<alert {NS}>".encode() + b"<!---->" * 280_000,
    "a long name": b"<" + b"a" * 1_900_000 + b' xmlns="x"/>',
    "long references": f"<alert {NS}><note>{'&lt;' * 490_000}</note></alert>".encode(),
    "large": f"<alert {NS}><note>{'x' * 50_000_000}</note></alert>".encode(),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_what_is_hostile_is_refused_within_fifty_milliseconds_and_opens_nothing(what, monkeypatch):
    connections: list[object] = []
    monkeypatch.setattr(socket.socket, "connect", lambda _, where: connections.append(where))
    best = 1.0
    for _ in range(3):  # the machine may be busy with something else, which thread_time does not count
        began = time.thread_time()
        with pytest.raises((NotReadable, TooLarge, BadInput)):
            cap.read(HOSTILE[what])
        best = min(best, time.thread_time() - began)
    assert best <= 0.05
    assert connections == []


def test_a_signature_at_the_end_and_elements_that_nobody_asked_for_are_passed_over():
    signature = f'<s:Signature xmlns:s="{SIGNATURE}"><s:A><s:B>x</s:B></s:A></s:Signature>'
    read = cap.read(good(info=info() + "<incidents>a b</incidents>" + signature))
    assert read.infos[0].event == "暴雨"
    assert read.note == ""


def test_version_1_1_and_a_mark_of_byte_order_are_read():
    older = good(info=info()).replace(b"cap:1.2", b"cap:1.1")
    assert cap.read(b"\xef\xbb\xbf<?xml version='1.0' encoding='UTF-8'?>" + older).identifier == "1"


def test_a_cancel_needs_no_info_and_moments_may_be_written_as_others_do():
    read = cap.read(good(msgType="<msgType>Cancel</msgType>", sent="<sent>2025-07-28T01:00:00.5Z</sent>"))
    assert (read.kind, read.infos) == (Kind.CANCEL, ())
    assert b"<sent>2025-07-28T01:00:00-00:00</sent>" in cap_out.write(read)


def test_a_circle_is_read_in_metres_and_written_in_kilometres():
    read = cap.read(good(info=area("<circle>36.5,115.9 12.5</circle>")))
    assert read.infos[0].areas[0].circles == (Circle((115.9, 36.5), 12_500.0),)
    assert b"<circle>36.5,115.9 12.5</circle>" in cap_out.write(read)


def test_what_no_xml_can_hold_is_left_out_and_signs_are_escaped():
    said = message().infos[0]
    written = cap_out.write(message(note="a\x00b<c>&d\ufffe", infos=(said,)))
    assert b"<note>ab&lt;c&gt;&amp;d</note>" in written
    assert breaches(written) == []


@given(st.binary(max_size=400), st.integers(0, 5_000), st.integers(0, 200))
def test_a_file_with_any_bytes_in_it_is_read_or_refused(noise, place, gone):
    whole = document("synthetic_dongchangfu_rainstorm_red_polygon")
    place %= len(whole)
    with contextlib.suppress(Problem):  # anything else that is raised fails the test
        assert cap.read(whole[:place] + noise + whole[place + gone :]).sender
