"""Who may import whom: the contracts of setup.cfg, and where each library lives."""

from __future__ import annotations

import pytest
from importlinter import configuration
from importlinter.application import use_cases

from tests.house.tree import HOUSES, ROOT, product

AT_HOME = {
    "alembic": ["backend/migrations", "backend/schema"],
    "apispec": ["backend/api"],
    "apscheduler": ["jobs"],
    "click": ["backend/cli", "backend/commands"],
    "defusedxml": ["geo", "backend/formats"],
    "flask": ["backend/app", "backend/api", "backend/web", "backend/context"],
    "flask_limiter": ["backend/app", "backend/api", "backend/web"],
    "flask_smorest": ["backend/api"],
    "flask_swagger_ui": ["backend/api", "backend/web"],
    "gunicorn": ["backend/gate", "backend/worker"],
    "geoalchemy2": ["backend/store", "backend/models", "backend/db", "backend/migrations"],
    "marshmallow": ["backend/api"],
    "obstore": ["backend/files"],
    "openpyxl": ["backend/formats"],
    "PIL": ["backend/files", "backend/simulator"],
    "pillow_heif": ["backend/files"],
    "psycopg": ["backend/db", "backend/store"],
    "pyogrio": ["backend/formats"],
    "pyproj": ["geo", "backend/formats"],
    "rich": ["backend/cli", "backend/commands", "backend/simulator"],
    "sqlalchemy": [
        "backend/store",
        "backend/models",
        "backend/append_only",
        "backend/durability",
        "backend/trouble",
        "backend/db",
        "backend/schema",
        "backend/migrations",
    ],
    "webargs": ["backend/api"],
    "werkzeug": ["backend/app", "backend/api", "backend/web"],
}
"""A library with a home is imported nowhere else; most have none and may be used where they are of use."""


def test_the_import_contracts_hold(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(ROOT)
    configuration.configure()

    assert use_cases.lint_imports("setup.cfg", cache_dir=None, no_logo=True), capsys.readouterr().out


def test_a_library_is_imported_only_where_it_lives() -> None:
    strays = [
        f"{source.path}:{line} imports {name}"
        for source in product()
        for line, name in source.imports()
        if (homes := AT_HOME.get(name.split(".")[0])) and not source.is_under(*homes)
    ]

    assert not strays, "\n".join(strays)


def test_the_product_imports_nothing_from_the_tests() -> None:
    strays = [source.path for source in product() for _, name in source.imports() if name.split(".")[0] == "tests"]

    assert not strays
    assert {source.path.split("/")[0] for source in product()} == set(HOUSES)
