"""What a request stands on: settings, database, keys, photo store, clock; who reads the answer; what it may do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeVar, cast

from flask import Flask, current_app, g, request

from backend.channels.sending import Channel
from backend.clock import Clock, day_of
from backend.config import Settings
from backend.db import Database
from backend.domain.actions import Action
from backend.domain.ways import Ways
from backend.files.store import PhotoStore
from backend.keyring import KeyRing
from backend.services import tiles, warning_areas
from backend.services.gates import Gates
from backend.services.outlook import Lookout
from backend.services.rolls import ShownBoards
from backend.services.signs import ShownSigns
from backend.services.tiles import DrawnTiles
from backend.services.warning_areas import Areas
from backend.words import Language, best_language

_NAME = "hezhang"
View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True)
class House:
    """The parts that were opened once at start."""

    settings: Settings
    database: Database
    keyring: KeyRing
    photos: PhotoStore
    clock: Clock
    channels: Mapping[str, Channel] = field(default_factory=dict)
    ways: Ways = field(default_factory=dict)
    tiles: DrawnTiles = field(default_factory=tiles.nothing_drawn)
    """Tiles of the map that were drawn lately."""
    warning_areas: Areas = field(default_factory=warning_areas.none_known)
    """Where warnings hold, drawn lately."""
    lookout: Lookout = field(default_factory=Lookout)
    """What was told last of signals and of the window."""
    shown_boards: ShownBoards = field(default_factory=ShownBoards)
    """Boards of many people, shown lately."""
    signs: ShownSigns = field(default_factory=ShownSigns)
    """Pages of notice boards that anybody looked at lately."""
    public_map: ShownSigns = field(default_factory=ShownSigns)
    """The public map and its lists, shown lately."""
    gates: Gates = field(default_factory=Gates)
    """How much anybody without an account has sent lately."""


def furnish(app: Flask, house: House) -> None:
    """Give the app its house."""
    app.extensions[_NAME] = house


def house() -> House:
    """The house of the running app."""
    return cast(House, current_app.extensions[_NAME])


def declares(action: Action) -> Callable[[View], View]:
    """Write on a view what it lets people do; a test reads it off every route."""

    def declare(view: View) -> View:
        view.action = action  # type: ignore[attr-defined]
        return view

    return declare


def now() -> datetime:
    """The moment of this request: read once, so that everything in it happens at the same time."""
    if "now" not in g:
        g.now = house().clock()
    return cast(datetime, g.now)


def today() -> date:
    """The day of this request, in the zone of the house."""
    return day_of(now(), house().settings.zone)


def language() -> Language:
    """The language of the answer, by Accept-Language; zh-CN when it says nothing we speak."""
    return best_language([str(tag) for tag, _ in request.accept_languages])
