"""The scene of services: everybody, the house, and carriers at its border."""

from tests.api.conftest import app, cast, clock, house, keyring, phone_of, settings  # noqa: F401 - fixtures
from tests.carriers import office, push, sms, tell, voice  # noqa: F401 - fixtures
