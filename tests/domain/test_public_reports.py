"""Reports of the public: codes that find a slip, when somebody is asked, how much is taken, and puzzles."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from itertools import count
from uuid import uuid4

import pytest

from backend.domain import public_reports as rules
from backend.domain import puzzles
from backend.domain.hazards import State
from backend.domain.public_reports import Load, Stage
from backend.domain.puzzles import Puzzle, Standing
from tests.cast import NOON

LATER = NOON + rules.ASKED_AFTER


def sign(text: str) -> bytes:
    return hashlib.sha256(b"secret" + text.encode()).digest()


def test_a_code_is_found_however_it_is_typed_and_one_slip_is_never_another_code():
    code = rules.new_code()
    assert rules.code_in(f" {rules.spaced(code).upper()} ") == code
    assert rules.code_in("") is rules.code_in("1" * 10) is rules.code_in(code + "2") is None
    for place in range(len(code)):
        slips = {code[:place] + letter + code[place + 1 :] for letter in "23456789abcdefghjkmnpqrstuvwxyz"} - {code}
        assert {rules.code_in(slip) for slip in slips} == {None}
    for place in range(len(code) - 2):
        turned = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
        assert turned == code or rules.code_in(turned) is None


def test_every_state_has_a_word_for_the_public():
    assert {rules.stage_of(state) for state in State} == set(Stage)


@pytest.mark.parametrize(
    ("state", "closed", "answered", "asks"),
    [
        (State.CLOSED, NOON, None, True),
        (State.CLOSED, NOON + timedelta(seconds=1), None, False),
        (State.CLOSED, None, None, False),
        (State.ASSIGNED, NOON, None, False),
        (State.CLOSED, NOON, NOON + timedelta(days=28), False),
        (State.CLOSED, NOON, NOON - timedelta(days=40), True),
    ],
)
def test_somebody_is_asked_once_for_each_closing(state, closed, answered, asks):
    assert rules.asks_now(state, closed, answered, LATER) is asks


@pytest.mark.parametrize(
    ("load", "size", "is_new", "is_taken"),
    [
        (Load(0, 0, 0, 0), 9, True, True),
        (Load(rules.MOST_OF_REACH, 0, 0, 0), 0, True, False),
        (Load(rules.MOST_OF_REACH, rules.MOST_OF_COUNTY, 0, 0), 0, False, True),
        (Load(0, rules.MOST_OF_COUNTY, 0, 0), 0, True, False),
        (Load(0, 0, rules.MOST_OF_ALL, 0), 0, False, False),
        (Load(0, 0, 0, rules.MOST_DAY_BYTES), 1, True, False),
        (Load(0, 0, 0, rules.MOST_DAY_BYTES), 0, True, True),
    ],
)
def test_a_place_that_is_full_leaves_the_others_open(load, size, is_new, is_taken):
    assert (rules.wait_s(load, size, is_new=is_new) is None) is is_taken


def test_an_address_is_that_of_a_household():
    assert rules.sender_of("10.0.0.1") == "10.0.0.1"
    assert rules.sender_of("2001:db8:1:2:3::9") == rules.sender_of("2001:db8:1:2:aaaa::1") == "2001:0db8:0001:0002"
    assert rules.sender_of(None) == rules.sender_of("unix:") == "-"


def test_no_number_of_anybody_stays_in_a_text_for_the_public():
    told = rules.without_numbers("请找李某 138 0000 1234，身份证37150219800101123X，3 天后再看")
    assert told == "请找李某 ****，身份证****，3 天后再看"


@pytest.mark.parametrize("number", ["138.0013.8000", "138/0013/8000", "138\u00a00013\u00a08000", "138——0013——8000"])
def test_a_number_is_hidden_whatever_stands_between_its_digits(number):
    assert rules.without_numbers(f"请打 {number} 问，或 3 天后看") == "请打 **** 问，或 3 天后看"


def test_a_place_for_everybody_is_at_nobodys_door():
    assert rules.rounded((115.97013, 36.43049)) == (115.97, 36.43)


def test_a_puzzle_is_solved_by_counting_and_by_nothing_else():
    puzzle = Puzzle(uuid4(), 8, NOON + puzzles.LIFE)
    text = puzzle.written(sign)
    right = next(n for n in count() if puzzles.zeros(f"{text}:{n}") >= 8)
    wrong = next(n for n in count() if puzzles.zeros(f"{text}:{n}") < 8)
    assert puzzles.judged(text, str(right), sign, NOON) == (Standing.SOLVED, puzzle.id)
    for answer in (str(wrong), "", "x", "²", "1" * 16):
        assert puzzles.judged(text, answer, sign, NOON) == (Standing.UNSOLVED, puzzle.id)
    late = NOON + puzzles.LIFE + timedelta(seconds=1)
    assert puzzles.judged(text, str(right), sign, late) == (Standing.EXPIRED, puzzle.id)
    easier = text.replace(".8.", ".0.")
    for foreign in (easier, "", text + "0", text.upper()):
        assert puzzles.judged(foreign, str(right), sign, NOON) == (Standing.FOREIGN, None)


def test_a_puzzle_is_the_harder_the_fuller_the_house():
    bits = [puzzles.bits_for(fullness) for fullness in (-1.0, 0.0, 0.5, 1.0, 9.0)]
    assert bits == [puzzles.LEAST_BITS, puzzles.LEAST_BITS, 16, puzzles.MOST_BITS, puzzles.MOST_BITS]
