"""Posts to choose from: those whom somebody of one's own level can ask."""

from __future__ import annotations

from collections.abc import Iterable

from backend.domain.access import scope_of
from backend.domain.actions import Action
from backend.domain.regions import level_of
from backend.domain.terms import CHIEFS, Level, Post
from backend.web import desk, exports


def offered(posts: Iterable[Post], action: Action) -> list[tuple[str, str]]:
    """Of these posts those up to the level where one may do this, each with its name; no chief above oneself."""
    own = max((level_of(region) for region in scope_of(desk.actor(), action).regions), default=Level.VILLAGE)
    below = [post for post in posts if CHIEFS.get(post, Level.VILLAGE) <= own]
    return [(post.value, exports.word(f"post.{post}")) for post in below]
