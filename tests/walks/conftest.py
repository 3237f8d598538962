"""The scene of stories that go on for days: everybody and the house, as at the doors."""

from tests.api.conftest import (
    app,
    cast,
    clock,
    house,
    keyring,
    lasting,
    phone_of,
    settings,
)
from tests.api.warning_cases import night
from tests.carriers import office, push, sms, tell, voice

__all__ = [
    "app",
    "cast",
    "clock",
    "house",
    "keyring",
    "lasting",
    "night",
    "office",
    "phone_of",
    "push",
    "settings",
    "sms",
    "tell",
    "voice",
]
