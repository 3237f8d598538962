"""What the pages for everybody share: their language, their frame, and a policy without any script but ours."""

from __future__ import annotations

from typing import Any

from flask import Response, render_template, request

from backend.context import language
from backend.errors import Problem
from backend.web.assets import asset
from backend.words import LANGUAGES, Language, Text, say

_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data: blob:; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def language_of_page() -> Language:
    """The language that the reader has switched to, or that of the telephone."""
    chosen = request.args.get("language")
    return chosen if chosen in LANGUAGES else language()


def rendered(template: str, problem: Problem | None = None, **values: Any) -> str:
    """A page for everybody, in the language that its reader has switched to."""
    spoken = language_of_page()

    def speak(key: str, **said: Any) -> str:
        return say(Text(key, said), spoken)

    flaws = [(flaw.pointer.strip("/"), say(flaw.text, spoken)) for flaw in problem.flaws] if problem else []
    return render_template(
        f"report/{template}",
        say=speak,
        language=spoken,
        other=next(each for each in LANGUAGES if each != spoken),
        # A form that was sent is not to be sent anew by the switch: it leads to the page where one begins.
        switch=request.path if request.method == "GET" else "/report",
        asset=asset,
        flaws=flaws,
        told=say(problem.text, spoken) if problem and not flaws else "",
        **values,
    )


def as_page(response: Response) -> Response:
    """With no script or style but ours; nobody finds it by a search engine."""
    response.headers["Content-Security-Policy"] = _POLICY
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Permissions-Policy"] = "geolocation=(self), camera=(self)"
    response.vary.add("Accept-Language")
    return response
