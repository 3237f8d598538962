"""Slow bodies wait outside; few work at a time."""

from __future__ import annotations

import errno
import threading
from io import BytesIO
from typing import Any

import pytest
from gunicorn.http.errors import InvalidChunkSize
from gunicorn.http.wsgi import FileWrapper

from backend.errors import NotReadable, StorageFull
from backend.gate import Gate


def at_work(application: Any, width: int = 1) -> Gate:
    return Gate(application, width=width, limit=100, uploads=("/photos/", "/recordings/"))


def ask(gate: Gate, body: Any = b"{}", **environ: Any) -> bytes:
    stream = BytesIO(body) if isinstance(body, bytes) else body
    asked = {"REQUEST_METHOD": "PUT", "PATH_INFO": "/patrols/1", "CONTENT_LENGTH": "3", "wsgi.input": stream}
    return b"".join(gate(asked | environ, lambda *_: None))


def echo(environ: dict[str, Any], _start: Any) -> list[bytes]:
    return [environ["wsgi.input"].read(3)]


def test_a_body_is_whole_before_the_work_begins():
    gate = at_work(echo)
    assert ask(gate, b"abc") == b"abc"
    assert ask(gate, b"abc", CONTENT_LENGTH="", **{"wsgi.input_terminated": True}) == b"abc"
    assert ask(gate, b"x" * 200, CONTENT_LENGTH="200") == b"xxx"
    assert ask(gate, b"abc", PATH_INFO="/photos/1") == b"abc"


@pytest.mark.parametrize("path", ["/patrols/1", "/photos/1"])
@pytest.mark.parametrize(
    ("broken", "problem"),
    [
        (InvalidChunkSize(b"ZZZ"), NotReadable),
        (ConnectionResetError(), NotReadable),
        (BlockingIOError(), NotReadable),
        (OSError(errno.ENOSPC, "no room"), StorageFull),
    ],
)
def test_what_goes_wrong_with_a_body_on_its_way_the_application_is_told_when_it_reads(path, broken, problem):
    class Body:
        def read(self, _size: int) -> bytes:
            raise broken

    with pytest.raises(problem):
        ask(at_work(echo), Body(), PATH_INFO=path)


def test_no_more_than_its_width_work_at_once_and_everybody_is_answered():
    inside, most, guard = [0], [0], threading.Lock()
    both = threading.Barrier(2)

    def work(environ: dict[str, Any], _start: Any) -> list[bytes]:
        with guard:
            inside[0] += 1
            most[0] = max(most[0], inside[0])
        both.wait(60)  # two are always inside together, never three
        with guard:
            inside[0] -= 1
        return [b"done"]

    gate, answers = at_work(work, width=2), []
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
    gate = at_work(lambda environ, start: answer)
    for _ in range(3):
        try:
            ask(gate)
        except RuntimeError:
            continue
    assert answer.closed


def test_a_file_on_the_disk_is_not_read_into_memory():
    kept = FileWrapper(BytesIO(b"rows"))
    answer = at_work(lambda *_: kept)(
        {"REQUEST_METHOD": "GET", "PATH_INFO": "/", "wsgi.input": BytesIO(), "wsgi.file_wrapper": FileWrapper}, None
    )
    assert answer is kept
    assert ask(at_work(lambda *_: [b"rows"]), **{"wsgi.file_wrapper": FileWrapper}) == b"rows"
