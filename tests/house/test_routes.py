"""Every route says what it lets people do."""

from __future__ import annotations

from pathlib import Path

from backend.app import create_app
from backend.config import Settings
from backend.domain.actions import Action
from backend.schema import head


def routes(tmp_path: Path) -> dict[str, Action | None]:
    app = create_app(Settings.from_env({"HEZHANG_DATA": str(tmp_path), "HEZHANG_ENV": "test"}))
    views = {rule.endpoint: app.view_functions[rule.endpoint] for rule in app.url_map.iter_rules()}
    return {endpoint: getattr(view, "action", None) for endpoint, view in views.items()}


def test_every_route_declares_its_action(tmp_path):
    framework = {"static", "api-docs.openapi_json"}  # files and the document, which are public by their nature
    undeclared = [name for name, action in routes(tmp_path).items() if action is None and name not in framework]
    assert not undeclared


def test_what_is_public_is_a_short_list(tmp_path):
    public = {name for name, action in routes(tmp_path).items() if action is Action.PUBLIC}
    assert public == {
        "operations.healthz",
        "operations.readyz",
        "operations.enginez",
        "operations.metrics",
        "public.front",
        "public.docs",
        "public.docs_file",
        "auth.login",
        "auth.refresh",
        "auth.activate",
        "auth.reset",
        "hooks.receive",
        "cap.feed",
        "cap.message",
        # Of the console what leads to a session, and out of one.
        "console.login_form",
        "console.login",
        "console.code_form",
        "console.code",
        "console.logout",
        "console.language",
        "console.nothing",
        # The app of the phone: whatever is somebody's in it comes over the API.
        "phone.shell",
        "phone.worker",
        "phone.words",
        "phone.manifest",
        "phone.icon",
        "calls.look",
        "calls.tell",
        "public_signs.sign",
        "public_map.page",
        "public_map.cases",
        "public_map.reaches",
        "public_reports.start",
        "public_reports.look",
        "public_reports.tell",
        "public_reports.join",
        "public_reports.puzzle",
        "public_reports.find",
        "public_reports.follow",
        "public_reports.answer",
        "open311.services",
        "open311.service",
        "open311.requests",
        "open311.tell",
        "open311.one",
        "open311.token",
        "readings.receive",
    }


def test_there_is_a_schema_to_migrate_to():
    assert head() is not None
