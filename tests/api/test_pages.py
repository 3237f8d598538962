"""The pages and documents that anybody may open."""

from __future__ import annotations

from openapi_spec_validator import validate


def test_the_document_of_the_api_is_valid_and_complete(phone_of):
    phone = phone_of(None)
    document = phone.get("/api/openapi.json").json
    validate(document)
    assert document["openapi"] == "3.1.0"
    for path in ("/api/v1/patrols/{patrol_id}", "/api/v1/sync", "/api/v1/photos/{sha256}", "/api/v1/auth/login"):
        assert path in document["paths"]


def test_pages_work_with_no_internet_and_no_inline_script(phone_of):
    phone = phone_of(None)
    for path in ("/", "/api/docs"):
        page = phone.get(path)
        assert page.status_code == 200
        assert "http" not in page.text.replace("http-equiv", "")
        assert "script-src" not in page.headers["Content-Security-Policy"]
        assert "default-src 'self'" in page.headers["Content-Security-Policy"]
    script = phone.get("/api/docs/swagger-ui-bundle.js")
    assert script.status_code == 200
    script.close()
    assert phone.get("/api/docs/../keys.json").status_code == 404


def test_the_front_page_says_what_is_there_and_promises_nothing_else(phone_of):
    phone = phone_of(None)
    english, chinese = (phone.get("/", headers={"Accept-Language": each}).text for each in ("en", "zh-CN"))
    for word in ("Patrols", "Duty", "People and segments", "API reference"):
        assert word in english
    for word in ("巡河", "任务", "人和河段", "接口文档"):
        assert word in chinese
    assert 'href="/m/"' in chinese
    assert "flood" not in english
    assert "防汛" not in chinese


def test_health_readiness_and_figures(phone_of):
    phone = phone_of(None)
    assert phone.get("/healthz").json == {"status": "alive"}
    assert phone.get("/readyz").json == {"status": "ready"}
    figures = phone.get("/metrics").text
    assert "hezhang_request_seconds" in figures
    assert phone.get("/").headers["X-Content-Type-Options"] == "nosniff"
    assert phone.get("/", headers={"X-Request-Id": "abc123"}).headers["X-Request-Id"] == "abc123"
