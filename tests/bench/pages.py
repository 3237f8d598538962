"""How long the console's pages take the server in a large city: 100,000 hazards and 2,000,000 walks on PostGIS.

Every kind of page that somebody of a post is led to by links, asked of the real application through Flask's test
client in this process: no socket is in the figure, the database is.
"""

from __future__ import annotations

import re
import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from html import unescape
from urllib.parse import urlsplit
from uuid import uuid5

from flask.testing import FlaskClient
from sqlalchemy import insert, update

from backend.clock import utcnow
from backend.db import Database
from backend.models.logins import WebSession
from backend.models.people import Appointment, Person
from backend.services import web_sessions
from backend.web.desk import COOKIE
from tests import counting
from tests.bench import city, hazards, lists, stage
from tests.bench.city import Size
from tests.bench.scene import CITY, LONG_AGO
from tests.browser.desks import kind_of

SIZE = Size(10, 10, 2_000_000)
HAZARDS = 100_000
WARM, TIMES = 2, 7
LIMIT_MS = 200
SITE = "https://localhost"
_LINK = re.compile(r'href="(/console/[^"#]*)"')
_NOT_A_PAGE = re.compile(r"\.\w+$|/export\b|/file|/static/")


@dataclass(frozen=True)
class Post:
    """Somebody at a desk of the large city."""

    name: str
    post: str
    region: str


POSTS = (
    Post("bench bureau clerk", "bureau_clerk", city.county(0)),
    Post("bench town chief", "town_chief", city.town(0, 0)),
    Post("bench duty officer", "duty_officer", CITY),
    Post("bench administrator", "administrator", CITY),
)


def main() -> None:
    """Print every kind of page for every post: its median, its slowest, its questions; the slowest page last."""
    with stage.postgis(durable=False) as (source, home), lists.opened(source.empty(), home, SIZE) as here:
        now = utcnow()
        hazards.fill(here.database, HAZARDS, now, now - timedelta(days=10), closed=80, days=20)
        _appoint(here.database)
        lists.tidy(here.database)
        found = [row for post in POSTS for row in _walked(here.client, here.database, post)]
    for _, line in sorted(found):
        print(line)
    over = sum(median > LIMIT_MS for median, _ in found)
    print(f"{len(found)} pages, {over} over {LIMIT_MS} ms")


def _appoint(database: Database) -> None:
    people, posts = [], []
    for each in POSTS:
        who = city.person(each.name)
        people.append({"id": who, "name": each.name, "is_demo": True, "created_at": utcnow()})
        post = {"id": uuid5(who, "post"), "person_id": who, "post": each.post, "region_code": each.region}
        posts.append(post | {"from_day": LONG_AGO})
    with database.transaction() as session:
        session.execute(insert(Person), people)
        session.execute(insert(Appointment), posts)


def _walked(client: FlaskClient, database: Database, post: Post) -> Iterator[tuple[float, str]]:
    """Follow links to one page of each kind."""
    _sit_down(client, database, post)
    paths = ["/console/"]
    kinds = {kind_of(paths[0])}
    for path in paths:  # grows while it is walked
        answer = client.get(path, base_url=SITE)
        assert answer.status_code < 500, (post.post, path, answer.text)
        if answer.status_code != 200 or answer.mimetype != "text/html":
            continue
        yield _timed(client, post, path)
        for link in map(unescape, _LINK.findall(answer.text)):
            if kind_of(link) not in kinds and not _NOT_A_PAGE.search(urlsplit(link).path):
                kinds.add(kind_of(link))
                paths.append(link)


def _sit_down(client: FlaskClient, database: Database, post: Post) -> None:
    now = utcnow()
    with database.transaction() as session:
        token = web_sessions.begin(session, city.person(post.name), now=now)
        session.execute(update(WebSession).values(code_at=now))
    client.set_cookie(COOKIE, token, domain="localhost", secure=True)


def _timed(client: FlaskClient, post: Post, path: str) -> tuple[float, str]:
    took = []
    for number in range(WARM + TIMES):
        with counting.questions() as asked:
            began = time.perf_counter()
            client.get(path, base_url=SITE)
            if number >= WARM:
                took.append((time.perf_counter() - began) * 1000)
    median = statistics.median(took)
    mark = "  <- over" if median > LIMIT_MS else ""
    return median, f"{median:8.1f} ms {max(took):8.1f} ms {len(asked):3} questions  {post.post} {path[:110]}{mark}"
