"""GPX from outside and for outside."""

from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo import gpx
from geo.fixes import LATEST_MS
from geo.geojson import GeometryRefused
from geo.track import Fixes, settled
from tests.geo.scenes import MORNING_MS, Person, river, walked

DATA = Path(__file__).parent.parent / "data"
TIME = "<time>2025-07-02T06:00:00+08:00</time>"


def document(*points: str, head: str = "") -> bytes:
    return f'{head}<gpx version="1.1"><trk><trkseg>{"".join(points)}</trkseg></trk></gpx>'.encode()


def point(lon: str = "116", lat: str = "36", inside: str = TIME) -> str:
    return f'<trkpt lat="{lat}" lon="{lon}">{inside}</trkpt>'


def refusal(given_document: bytes, **bounds: int) -> tuple[str, str]:
    with pytest.raises(GeometryRefused) as refused:
        gpx.read(given_document, **bounds)
    return refused.value.code, refused.value.pointer


def test_a_recorded_track_is_read_whole_and_in_order():
    fixes = gpx.read((DATA / "tracks" / "derived_tuhai_patrol_gap34min.gpx").read_bytes())

    assert fixes.count == 513
    assert fixes.lonlat[0].tolist() == [115.9895246, 36.4245974]
    assert (fixes.at_ms[-1] - fixes.at_ms[0]) / 1000.0 == 3 * 3600 + 43 * 60 + 1
    assert np.isnan(fixes.accuracy_m).all()


@pytest.mark.parametrize(
    ("moment", "at_ms"),
    [
        ("2025-07-02T06:00:00+08:00", 1_751_407_200_000),
        ("2025-07-01T22:00:00Z", 1_751_407_200_000),
        (" 2025-07-01T22:00:00.250Z\n", 1_751_407_200_250),
        ("2025-07-01T22:00:00", 1_751_407_200_000),
        ("9999-12-31T23:59:59.999Z", LATEST_MS),
    ],
)
def test_times_are_read_with_and_without_a_zone(moment, at_ms):
    assert gpx.read(document(point(inside=f"<time>{moment}</time>"))).at_ms.tolist() == [at_ms]


def test_several_tracks_and_segments_are_one_after_the_other_and_way_points_are_none_of_them():
    several = (
        b'<?xml version="1.0"?><gpx xmlns="http://www.topografix.com/GPX/1/0"><wpt lat="1" lon="1"/>'
        b"<trk><trkseg>" + point("1").encode() + b"</trkseg><trkseg>" + point("2").encode() + b"</trkseg></trk>"
        b"<trk><name>b</name><trkseg>" + point("3").encode() + b"</trkseg></trk></gpx>"
    )

    assert gpx.read(several).lonlat[:, 0].tolist() == [1.0, 2.0, 3.0]
    assert gpx.read(b"<gpx/>").count == 0


@pytest.mark.parametrize(
    ("given_document", "code", "pointer"),
    [
        (b"", "not_xml", ""),
        (b"<gpx>", "not_xml", ""),
        (b"\xff\xfe<gpx/>", "not_xml", ""),
        (b'<?xml version="1.0" encoding="UTF-7"?><gpx/>', "not_xml", ""),
        (b'<?xml version="1.0" encoding="x-nonsense"?><gpx/>', "not_xml", ""),
        (b"<kml/>", "not_gpx", ""),
        (document(point(lat="nan")), "not_finite", "/trk/0/trkseg/0/trkpt/0/lat"),
        (document(point(), point(lon="-inf")), "not_finite", "/trk/0/trkseg/0/trkpt/1/lon"),
        (document(point(lon="1e999")), "not_finite", "/trk/0/trkseg/0/trkpt/0/lon"),
        (document(point(lon="1_1")), "not_a_number", "/trk/0/trkseg/0/trkpt/0/lon"),
        (document(point(lon="east")), "not_a_number", "/trk/0/trkseg/0/trkpt/0/lon"),
        (document(f"<trkpt>{TIME}</trkpt>"), "not_a_number", "/trk/0/trkseg/0/trkpt/0/lon"),
        (document(point(lat="90.1")), "out_of_range", "/trk/0/trkseg/0/trkpt/0/lat"),
        (document(point(lon="36", lat="116")), "out_of_range", "/trk/0/trkseg/0/trkpt/0/lat"),
        (document(point(inside="")), "no_time", "/trk/0/trkseg/0/trkpt/0/time"),
        (document(point(inside="<time/>")), "no_time", "/trk/0/trkseg/0/trkpt/0/time"),
        (document(point(inside="<time>yesterday</time>")), "not_a_time", "/trk/0/trkseg/0/trkpt/0/time"),
        (document(point(inside="<time>1969-12-31T23:59:59Z</time>")), "out_of_range", "/trk/0/trkseg/0/trkpt/0/time"),
        (
            document(point(inside="<time>9999-12-31T23:59:59-10:00</time>")),
            "out_of_range",
            "/trk/0/trkseg/0/trkpt/0/time",
        ),
        (
            document(point(inside=f"{TIME}<extensions><accuracy>-1</accuracy></extensions>")),
            "out_of_range",
            "/trk/0/trkseg/0/trkpt/0/accuracy",
        ),
    ],
)
def test_what_is_wrong_is_refused_by_name_and_place(given_document, code, pointer):
    assert refusal(given_document) == (code, pointer)


@pytest.mark.parametrize(
    "head",
    [
        "<!DOCTYPE gpx>",
        '<!DOCTYPE gpx [<!ENTITY a "b">]>',
        '<!DOCTYPE gpx [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE gpx SYSTEM "http://127.0.0.1:9/x.dtd">',
        '<!DOCTYPE gpx [<!ENTITY a "b"><!ENTITY c "&a;&a;&a;&a;&a;&a;"><!ENTITY d "&c;&c;&c;&c;&c;&c;">]>',
        '<!DOCTYPE gpx [<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;]>',
    ],
)
def test_a_document_type_is_refused_with_whatever_it_brings(head):
    assert refusal(document(point(), head=head)) == ("dtd_forbidden", "")


def test_there_is_a_bound_to_bytes_points_and_depth():
    assert refusal(document(*[point()] * 4), most_points=3) == ("too_many_positions", "/trk/0/trkseg/0/trkpt/3")
    assert refusal(b" " * (16 * 1024 * 1024 + 1)) == ("too_large", "")
    deep = b"<gpx>" + b"<a>" * 200_000 + b"</a>" * 200_000 + b"</gpx>"
    assert gpx.read(deep).count == 0


@given(noise=st.binary(max_size=120))
def test_noise_is_refused(noise):
    with pytest.raises(GeometryRefused):
        gpx.read(noise)


@given(cut=st.integers(0, 400), change=st.binary(min_size=1, max_size=6))
def test_a_damaged_document_is_read_or_refused(cut, change):
    whole = gpx.write(walked(river(300.0), Person(), np.random.default_rng(1), 0.0, 20.0), "a")
    with suppress(GeometryRefused):
        assert gpx.read(whole[:cut] + change + whole[cut + len(change) :]).count <= 4


def test_what_is_written_is_read_again():
    fixes = settled(walked(river(2000.0), Person(every_s=1.0), np.random.default_rng(2)))
    fixes.accuracy_m[3:5] = np.nan, np.inf

    read = gpx.read(gpx.write(fixes, "徒骇河 <东昌府> & \x00\x0b\ud800段"))

    assert np.abs(read.lonlat - fixes.lonlat).max() < 1e-9
    assert read.at_ms.tolist() == fixes.at_ms.tolist()
    known = np.isfinite(fixes.accuracy_m)
    assert read.accuracy_m[known].tolist() == fixes.accuracy_m[known].tolist()
    assert np.isnan(read.accuracy_m[~known]).all()


def test_what_else_a_point_holds_is_passed_over():
    extras = "<ele>30</ele><hdop>1.2</hdop><extensions><speed>1.3</speed></extensions>"

    assert np.isnan(gpx.read(document(point(inside=TIME + extras))).accuracy_m).all()


def test_the_name_is_written_as_text_and_times_in_utc():
    written = gpx.write(Fixes.of([[116.0, 36.5, MORNING_MS + 1, 8.0]]), "<a> & 河").decode()

    assert "<name>&lt;a&gt; &amp; 河</name>" in written
    assert "<time>2025-07-01T22:00:00.001Z</time>" in written
    assert '<trkpt lat="36.500000" lon="116.000000">' in written


def test_the_first_and_the_last_moment_can_be_written():
    edges = Fixes.of([[0.0, 0.0, 0], [0.0, 0.0, LATEST_MS]])

    assert gpx.read(gpx.write(edges, "")).at_ms.tolist() == [0, LATEST_MS]
