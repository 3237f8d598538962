"""The files of the pages: browsers keep them under the address of their bytes, and style is there without npm, too."""

from __future__ import annotations

import gzip
import re

import pytest

from backend.web import assets
from tests.web.conftest import SITE

FOREVER = "public, max-age=31536000, immutable"
LINK = re.compile(r'(?:href|src)="(/static/[^"]+)"')


@pytest.fixture
def unbuilt(app, tmp_path):
    """A house in which nothing was built: its static files are the same, all but the built ones."""
    for file in assets.FOLDER.rglob("*.css"):
        name = file.relative_to(assets.FOLDER)
        if name.parts[0] != "built":
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).write_bytes(file.read_bytes())
    whole, app.static_folder = app.static_folder, tmp_path
    yield
    app.static_folder = whole


def test_a_file_is_kept_for_good_under_the_address_of_its_bytes_only(desk_of, cast):
    desk = desk_of(cast.feng)
    named = LINK.findall(desk.get("/console/").text) + LINK.findall(desk.get("/console/segments").text)
    assert any(name.startswith("/static/reaches.css?v=") for name in named)
    for name in named:
        kept = desk.client.get(name, base_url=SITE, buffered=True)
        assert (kept.status_code, kept.headers["Cache-Control"]) == (200, FOREVER), name
        known = {"If-None-Match": kept.headers["ETag"]}
        assert desk.client.get(name, base_url=SITE, headers=known, buffered=True).headers["Cache-Control"] == FOREVER
        for other in (name.partition("?")[0], f"{name}0"):
            assert desk.client.get(other, base_url=SITE, buffered=True).headers["Cache-Control"] == "no-cache", other
    assert (
        "immutable"
        not in desk.client.get("/static/nothing.css?v=None", base_url=SITE, buffered=True).headers["Cache-Control"]
    )


@pytest.mark.parametrize("path", ["/", "/api/docs", "/a/nobody-has-this"])
def test_pages_before_the_desk_name_their_files_by_their_bytes_too(desk_of, path):
    client = desk_of(None).client
    named = LINK.findall(client.get(path, base_url=SITE, headers={"Accept": "text/html"}).text)
    assert named
    for name in named:
        assert client.get(name, base_url=SITE, buffered=True).headers["Cache-Control"] == FOREVER, name


def test_where_nothing_was_built_the_page_names_the_list_of_its_sheets(desk_of, cast, unbuilt):
    page = desk_of(cast.feng).get("/console/").text
    (style,) = (name for name in LINK.findall(page) if ".css" in name)
    assert style.startswith("/static/console.css?v=")
    assert "/static/built/" not in page


@pytest.mark.parametrize("name", ["console/parts.css", "docs.js"])
def test_a_text_is_compressed_for_whoever_takes_it_so(desk_of, name):
    client, path = desk_of(None).client, f"/static/{name}"
    whole = (assets.FOLDER / name).read_bytes()
    plain = client.get(path, base_url=SITE, buffered=True)
    refused = client.get(path, base_url=SITE, headers={"Accept-Encoding": "gzip;q=0, br"}, buffered=True)
    for answer in (plain, refused):
        assert (answer.data, answer.headers.get("Content-Encoding")) == (whole, None)
        assert "Accept-Encoding" in answer.headers["Vary"]
    packed = client.get(path, base_url=SITE, headers={"Accept-Encoding": "br, gzip"}, buffered=True)
    if len(whole) < 1024:
        assert packed.data == whole
        return
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == whole
    assert int(packed.headers["Content-Length"]) == len(packed.data) < len(whole)
    known = {"If-None-Match": packed.headers["ETag"], "Accept-Encoding": "gzip"}
    again = client.get(path, base_url=SITE, headers=known, buffered=True)
    assert (again.status_code, again.data) == (304, b"")
    part = client.get(path, base_url=SITE, headers={"Range": "bytes=0-9", "Accept-Encoding": "gzip"}, buffered=True)
    assert (part.status_code, part.data) == (206, whole[:10])
