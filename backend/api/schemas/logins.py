"""The shape of logins."""

from __future__ import annotations

from marshmallow import Schema, fields

from backend.api.schemas.fields import about, text


def _password(description: str = "") -> fields.String:
    return text(128, description, required=True, least=1)


def _new_password() -> fields.String:
    return _password("At least 8 characters, and none that is easily guessed.")


def _phone() -> fields.String:
    return text(40, "A mobile number, however it is written.", required=True, least=1)


class LoginSchema(Schema):
    """Number and password; `device_id` names the device in lists of logins."""

    EXAMPLE = {"phone": "12300000006", "password": "shan-he-wu-yang-7", "device_id": "desk"}

    phone = _phone()
    password = _password()
    device_id = text(80, "A name for this device.")


class RefreshSchema(Schema):
    """The latest refresh token."""

    EXAMPLE = {"refresh_token": "q3Zb0mJcM0nQm2tq7y1n0d5VtVw6sCk9uXoJ4aRzE8g"}

    refresh_token = text(200, "As the last login or refresh gave it.", required=True, least=1)


class LogoutSchema(Schema):
    """The device that asks is signed out; so is the one whose token is named, or every one."""

    EXAMPLE = {"everywhere": False}

    refresh_token = text(200, "That of another device, which is signed out, too.")
    everywhere = fields.Boolean(metadata=about("Sign every device out."))


class PasswordSchema(Schema):
    """Old and new password."""

    EXAMPLE = {"old": "shan-he-wu-yang-7", "new": "liu-shui-bu-fu-88"}

    old = _password()
    new = _new_password()


class CodeSchema(Schema):
    """A one-time code and the password to set by it."""

    EXAMPLE = {"phone": "12300000006", "code": "H7KM2PXR4T", "new": "liu-shui-bu-fu-88"}

    phone = _phone()
    code = text(40, "Ten letters and digits, however they are typed.", required=True, least=1)
    new = _new_password()


class PhoneSchema(Schema):
    """A new number, with the password as proof."""

    EXAMPLE = {"password": "shan-he-wu-yang-7", "phone": "12300000016"}

    password = _password()
    phone = _phone()


class NewPhoneSchema(Schema):
    """A new number, entered by the office."""

    EXAMPLE = {"phone": "12300000016"}

    phone = _phone()


class PersonAnswer(Schema):
    """Who signed in."""

    id = fields.UUID()
    name = fields.String()
    phone = fields.String(allow_none=True)
    posts = fields.List(fields.Dict())


class TokensAnswer(Schema):
    """An access token for 15 minutes and the refresh token for the next."""

    access_token = fields.String()
    refresh_token = fields.String()
    token_type = fields.String()
    expires_in = fields.Integer()
    person = fields.Nested(PersonAnswer)


class OneTimeCodeAnswer(Schema):
    """A code that is said once."""

    code = fields.String()
