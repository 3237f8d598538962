"""The shape of logins."""

from __future__ import annotations

from marshmallow import Schema, fields

from backend.api.schemas.fields import text


def _password() -> fields.String:
    return text(128, required=True, least=1)


class LoginSchema(Schema):
    """Number and password; `device_id` names the device in lists of logins."""

    phone = text(40, required=True, least=1)
    password = _password()
    device_id = text(80)


class RefreshSchema(Schema):
    """The latest refresh token."""

    refresh_token = text(200, required=True, least=1)


class LogoutSchema(Schema):
    """The device that asks is signed out; so is the one whose token is named, or every one."""

    refresh_token = text(200)
    everywhere = fields.Boolean()


class PasswordSchema(Schema):
    """Old and new password."""

    old = _password()
    new = _password()


class CodeSchema(Schema):
    """A one-time code and the password to set by it."""

    phone = text(40, required=True, least=1)
    code = text(40, required=True, least=1)
    new = _password()


class PhoneSchema(Schema):
    """A new number, with the password as proof."""

    password = _password()
    phone = text(40, required=True, least=1)


class NewPhoneSchema(Schema):
    """A new number, entered by the office."""

    phone = text(40, required=True, least=1)


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
