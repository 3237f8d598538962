"""A form that is sent empty answers with our words beside the field and in a summary, never with the browser's."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

import pytest

from tests.api.hazard_cases import Case
from tests.api.warning_cases import Night
from tests.house.tree import ROOT
from tests.web.conftest import SITE
from tests.web.warning_desks import BASE, drafted

TEMPLATES = sorted((ROOT / "backend/web/templates/console").glob("*.html"))


@dataclass
class Form:
    """A form of a page: how it is sent, what stands in it, and what it asks for without fail."""

    method: str
    action: str
    values: list[tuple[str, str]] = field(default_factory=list)
    required: set[str] = field(default_factory=set)


class Forms(HTMLParser):
    """Reads the forms of a page with what a browser would send."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[Form] = []
        self.is_open = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if tag == "form":
            self.is_open = True
            self.found.append(Form(said.get("method") or "get", said.get("action") or ""))
        if not self.is_open or tag not in ("input", "textarea", "select", "button") or not said.get("name"):
            return
        form, name = self.found[-1], said["name"] or ""
        if tag == "button":
            if "main" in (said.get("class") or ""):
                form.values.append((name, said.get("value") or ""))
        elif "required" in said:
            form.required.add(name)
        elif tag == "input" and (said.get("type") not in ("checkbox", "radio") or "checked" in said):
            form.values.append((name, said.get("value") or ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.is_open = False


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template.name)
def test_no_form_leaves_its_words_to_the_browser(template):
    for form in re.findall(r"<form\b[^>]*>", template.read_text("utf-8")):
        assert form.startswith("<form novalidate "), form


def answered(desk, path: str) -> int:
    """Send every form of a page that asks for something without it; how many there were."""
    page = desk.get(path)
    assert page.status_code == 200, (path, page.status_code)
    forms = [form for form in Forms(page.text).found if form.required and form.method == "post"]
    for form in forms:
        values: dict[str, list[str]] = {}
        for name, value in form.values:
            if name not in form.required:
                values.setdefault(name, []).append(value)
        where = form.action or path
        sender = {"Referer": f"{SITE}{path}"}
        told = desk.client.post(where, data=values, base_url=SITE, headers=sender, buffered=True)
        assert told.status_code == 422, (path, where, told.status_code, form)
        assert 'class="summary" role="alert"' in told.text, (path, where)
        assert re.search(r'role="alert"[^>]*><b>[^<]+</b>\s*<ul><li>(<a href="#f-[^"]+">)?[^<]+', told.text), (
            path,
            where,
        )
    return len(forms)


def test_whoever_signs_in_with_nothing_is_told_what_is_missing(desk_of):
    desk = desk_of(None)
    assert answered(desk, "/console/login") == 1


def test_forms_of_people_and_reaches(administrator, cast):
    wang = f"/console/people/{cast.wang}"
    paths = ("/console/people/new", wang, f"{wang}/posts/new", "/console/segments/new", "/console/people/import")
    for path in (*paths, "/console/rules/seasons/new"):
        assert answered(administrator, path) >= 1, path


def test_forms_of_an_office(proven, cast):
    sun = proven(cast.sun)
    for path in ("/console/campaigns/new", f"{BASE}/drills", "/console/prove"):
        assert answered(sun, path) >= 1, path


def test_forms_of_a_hazard(desk_of, cast, phone_of):
    case = Case(phone_of, cast.wang)
    assert answered(desk_of(cast.sun), f"/console/hazards/{case.id}") >= 3
    case.act(cast.feng, "accept")
    case.act(cast.feng, "assign", unit="HOUSING")
    assert answered(desk_of(cast.sun), f"/console/hazards/{case.id}") >= 3
    assert answered(desk_of(cast.feng), "/console/hazards") >= 1


def test_forms_of_a_night(desk_of, night: Night):
    deng = desk_of(night.cast.deng)
    for path in (f"{BASE}/new", f"{BASE}/silences", "/console/flood/responses/new"):
        assert answered(deng, path) >= 1, path
    draft = drafted(deng)
    assert answered(deng, f"{draft}/drop") == 1
    red = night.red()
    night.at(1)
    for act in ("all-clear", "update", "correct"):
        assert answered(deng, f"{BASE}/{red}/{act}") >= 1, act
    which = night.roll(red)["wang"]["id"]
    assert answered(deng, f"{BASE}/callouts/{which}") >= 2
