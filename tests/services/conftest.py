"""The scene of services: everybody, the house, and carriers at its border."""

from tests.api.conftest import app, cast, clock, house, keyring, phone_of, settings
from tests.carriers import office, push, sms, tell, voice

__all__ = ["app", "cast", "clock", "house", "keyring", "office", "phone_of", "push", "settings", "sms", "tell", "voice"]
