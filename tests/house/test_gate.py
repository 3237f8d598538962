"""Slow bodies wait outside; few work at a time."""

from __future__ import annotations

import threading
from io import BytesIO
from typing import Any

from backend.gate import Gate


def ask(gate: Gate, body: bytes = b"{}", **environ: Any) -> bytes:
    asked = {"CONTENT_TYPE": "application/json", "CONTENT_LENGTH": str(len(body)), "wsgi.input": BytesIO(body)}
    return b"".join(gate(asked | environ, lambda *_: None))


def echo(environ: dict[str, Any], _start: Any) -> list[bytes]:
    return [environ["wsgi.input"].read(3)]


def test_a_body_is_whole_before_the_work_begins():
    gate = Gate(echo, width=1, limit=100)
    assert ask(gate, b"abc") == b"abc"
    assert ask(gate, b"abc", CONTENT_LENGTH="", **{"wsgi.input_terminated": True}) == b"abc"
    assert ask(gate, b"x" * 200) == b"xxx"
    assert ask(gate, b"abc", CONTENT_TYPE="image/jpeg") == b"abc"


def test_no_more_than_its_width_work_at_once_and_everybody_is_answered():
    inside, most, guard = [0], [0], threading.Lock()
    both = threading.Barrier(2)

    def work(environ: dict[str, Any], _start: Any) -> list[bytes]:
        with guard:
            inside[0] += 1
            most[0] = max(most[0], inside[0])
        both.wait(10)  # two are always inside together, never three
        with guard:
            inside[0] -= 1
        return [b"done"]

    gate, answers = Gate(work, width=2, limit=100), []
    threads = [threading.Thread(target=lambda: answers.append(ask(gate))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (most[0], answers) == (2, [b"done"] * 8)


def test_the_turn_is_given_back_when_the_work_breaks():
    class Answer:
        closed = False

        def __iter__(self) -> Any:
            raise RuntimeError

        def close(self) -> None:
            self.closed = True

    answer = Answer()
    gate = Gate(lambda environ, start: answer, width=1, limit=100)
    for _ in range(3):
        try:
            ask(gate)
        except RuntimeError:
            continue
    assert answer.closed
