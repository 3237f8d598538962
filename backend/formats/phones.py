"""Phone numbers: one written form to find them by, and the masked form that people see."""

from __future__ import annotations

import re

import phonenumbers

_CHINA = 86


class BadPhone(ValueError):
    """Not a phone number."""


def normal(typed: str) -> str:
    """The number as E.164 (+8613…); BadPhone when nobody could have it.

    Eleven digits from 1 on are a mobile number as they stand: the library takes the 12300 of a demo number,
    which no carrier gives out, for a dialling prefix and cuts it off. Office telephones come with their area code.
    """
    bare = re.sub(r"[\s\-().]", "", typed)
    if mobile := re.fullmatch(r"(?:(?:\+|00)?86)?(1\d{10})", bare, re.ASCII):
        return "+86" + mobile[1]
    try:
        number = phonenumbers.parse(typed, "CN")
    except phonenumbers.NumberParseException as wrong:
        raise BadPhone(typed) from wrong
    # Of what is too short for a mobile number the library says that it is possible, as a local one.
    is_known = phonenumbers.is_valid_number if number.country_code == _CHINA else phonenumbers.is_possible_number
    if not is_known(number):
        raise BadPhone(typed)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def is_made_up(number: str) -> bool:
    """Whether no carrier gives the normal number out, so that it is a demo person's."""
    return number.startswith("+86123")


def ends(number: str) -> tuple[str, str]:
    """The first three and last four digits of a normal number, without its country code 86."""
    digits = number.removeprefix("+86").removeprefix("+")
    return digits[:3], digits[-4:]


def masked(head: str | None, tail: str | None) -> str | None:
    """138****1234; None where there is no number."""
    return f"{head}****{tail}" if head and tail else None
