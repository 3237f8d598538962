"""Phone numbers in one written form."""

from __future__ import annotations

import pytest

from backend.formats import phones


@pytest.mark.parametrize(
    "typed", ["12300001101", "+8612300001101", "86 123-0000-1101", "123 0000 1101", "0086 12300001101"]
)
def test_one_number_has_one_form_however_it_is_typed(typed):
    assert phones.normal(typed) == "+8612300001101"


def test_office_telephones_and_foreign_numbers_are_numbers_too():
    assert phones.normal("0635-8241234") == "+866358241234"
    assert phones.normal("+49 30 901820") == "+4930901820"
    assert phones.ends("+4930901820") == ("493", "1820")


@pytest.mark.parametrize("typed", ["1380000", "1380000000", "138000000000", "+86 1380000", "8241234", "0635-824123"])
def test_a_mobile_number_has_eleven_digits_and_an_office_telephone_its_area_code(typed):
    with pytest.raises(phones.BadPhone):
        phones.normal(typed)


@pytest.mark.parametrize("typed", ["", "12x", "1234", "no phone", "1" * 30, "+49 1", "95533"])
def test_what_nobody_can_have_is_refused(typed):
    with pytest.raises(phones.BadPhone):
        phones.normal(typed)


def test_people_see_the_ends_only():
    assert phones.masked("138", "1234") == "138****1234"
    assert phones.masked(None, None) is None
