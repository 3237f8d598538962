"""What a phone is given to start without signal: the shell, its worker, its words, its picture."""

from __future__ import annotations

import json
import re

import pytest

from backend.web.assets import BUILT
from backend.words import LANGUAGES


@pytest.fixture
def browse(app):
    return lambda path, **rest: app.test_client().get(path, buffered=True, **rest)


def test_the_shell_is_one_page_under_a_strict_policy_and_known_again(browse):
    page = browse("/m/")
    assert page.status_code == 200
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe-inline" not in policy
    assert "geolocation=(self)" in page.headers["Permissions-Policy"]
    assert browse("/m/", headers={"If-None-Match": page.headers["ETag"]}).status_code == 304


def test_the_words_of_each_language_are_those_that_the_app_says(browse):
    addresses = re.findall(r'data-words="([^"]+)" href="([^"]+)"', browse("/m/").text)
    assert [language for language, _ in addresses] == list(LANGUAGES)
    said = [json.loads(browse(address).data) for _, address in addresses]
    assert said[0].keys() == said[1].keys()
    assert said[0]["phone.home.start"] == "开始巡河"
    assert said[1]["hazard.kind.flood.seepage"]
    assert not [key for key in said[0] if key.startswith("console.")]
    assert browse("/m/words/fr.json").status_code == 404


def test_it_can_be_put_on_the_home_screen(browse):
    manifest = browse("/m/manifest.webmanifest")
    assert manifest.mimetype == "application/manifest+json"
    said = json.loads(manifest.data)
    assert (said["start_url"], said["scope"], said["display"]) == ("/m/", "/m/", "standalone")
    for icon in said["icons"]:
        picture = browse(icon["src"])
        assert picture.data.startswith(b"\x89PNG")
    assert browse("/m/icon-7.png").status_code == 404


def test_the_worker_names_every_file_of_its_version(browse):
    script = browse("/m/worker.js")
    if not (BUILT / "phone/app.js").exists():
        assert script.status_code == 404
        return
    assert script.mimetype == "text/javascript"
    files = {each["url"] for each in json.loads(script.text.split("\n")[0].removeprefix("self.PRECACHE=").rstrip(";"))}
    named = set(re.findall(r'(?:href|src)="(/(?:static|m/words)[^"]+)"', browse("/m/").text))
    assert named <= files
    for file in files:
        assert browse(file).status_code == 200
