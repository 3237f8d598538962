"""The scene of stories that go on for days: everybody and the house, as at the doors."""

from tests.api.conftest import (  # noqa: F401 - fixtures
    app,
    cast,
    clock,
    house,
    keyring,
    lasting,
    phone_of,
    settings,
)
from tests.api.warning_cases import night  # noqa: F401 - a fixture
from tests.carriers import office, push, sms, tell, voice  # noqa: F401 - fixtures
