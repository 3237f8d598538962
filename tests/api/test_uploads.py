"""Photos over a real connection: many at once, cut in the middle, and sizes that are not true."""

from __future__ import annotations

import os
import signal
import socket
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import func, select

from backend.domain.photos import MOST_BYTES
from backend.models.photos import Photo
from tests.pictures import GOOD, drawn, noisy, sha

PIECE = 64 * 1024


@pytest.fixture
def files(served):
    """What lies in the folder of the photos."""

    def listed(under: str = "") -> list[Path]:
        return [path for path in (served.home / "photos" / under).rglob("*") if path.is_file()]

    return listed


def put(served, data: bytes, **headers):
    return served.put(f"/api/v1/photos/{sha(data)}", data, **{"Content_Type": "image/jpeg"} | headers)


def sent(served, data: bytes, *, length: int | str, digest: str | None = None) -> bytes:
    """Send bytes under a header of one's own making, then nothing more; the first line of the answer."""
    head = (
        f"PUT /api/v1/photos/{digest or sha(data)} HTTP/1.1\r\nHost: x\r\n"
        f"Authorization: Bearer {served.token}\r\nContent-Type: image/jpeg\r\nContent-Length: {length}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", served.port), timeout=30) as phone:
        phone.sendall(head.encode() + data)
        phone.shutdown(socket.SHUT_WR)
        return phone.recv(4096).partition(b"\r\n")[0]


def settled(listed) -> list[Path]:
    """What is left of the uploads when the server has noticed that they ended."""
    deadline = time.monotonic() + 60
    while listed("incoming") and time.monotonic() < deadline:
        time.sleep(0.05)
    return listed()


def test_the_same_photo_from_twenty_phones_at_once_is_kept_once_and_everybody_is_told(served, files):
    data = noisy((1600, 1200))
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda _: put(served, data), range(20)))
    assert Counter(status for status, _ in answers) == {201: 1, 200: 19}
    assert [path.read_bytes() for path in files("originals")] == [data]
    assert len(files()) == 3
    with served.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Photo)) == 1


def test_an_upload_cut_anywhere_leaves_nothing_and_the_next_one_is_whole(served, files):
    data = noisy((2400, 1800), quality=90)
    assert len(data) > 20 * PIECE
    head = (
        f"PUT /api/v1/photos/{sha(data)} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {served.token}\r\n"
        f"Content-Type: image/jpeg\r\nContent-Length: {len(data)}\r\n\r\n"
    ).encode()
    for cut in range(0, len(data), PIECE):
        with socket.create_connection(("127.0.0.1", served.port), timeout=10) as phone:
            phone.sendall(head + data[:cut])
    assert settled(files) == []
    assert put(served, data)[0] == 201
    assert [path.read_bytes() for path in files("originals")] == [data]


def test_a_size_that_is_not_true_is_no_way_in(served, files):
    shorter = sent(served, GOOD, length=len(GOOD) - 100)
    assert b"422" in shorter
    assert sent(served, GOOD, length=len(GOOD) + 100)[:12] in (b"HTTP/1.1 400", b"")
    assert b"413" in sent(served, GOOD, length=MOST_BYTES + 1)
    for nonsense in (10**30, -5, "many", "5, 6"):
        assert sent(served, b"", length=nonsense)[:10] in (b"HTTP/1.1 4", b"")
    assert settled(files) == []
    assert put(served, GOOD)[0] == 201


def test_a_body_without_a_size_is_taken_up_to_the_limit(served, files):
    pieces = [GOOD[start : start + 1000] for start in range(0, len(GOOD), 1000)]
    path, chunked = f"/api/v1/photos/{sha(GOOD)}", {"Content_Type": "image/jpeg", "Transfer_Encoding": "chunked"}
    assert served.put(path, pieces, **chunked)[0] == 201
    kept = files()
    assert served.put(path, [bytes(PIECE)] * (MOST_BYTES // PIECE + 2), **chunked)[0] == 413
    assert settled(files) == kept


def test_a_broken_piece_of_a_photo_is_a_mistake_of_the_phone(served, files):
    head = (
        f"PUT /api/v1/photos/{sha(GOOD)} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {served.token}\r\n"
        "Content-Type: image/jpeg\r\nTransfer-Encoding: chunked\r\n\r\nZZZ\r\n"
    )
    with socket.create_connection(("127.0.0.1", served.port), timeout=30) as phone:
        phone.sendall(head.encode())
        answer = phone.recv(4096)
    assert answer.startswith(b"HTTP/1.1 400 "), answer
    assert b"application/problem+json" in answer
    assert settled(files) == []


def test_phones_that_keep_the_line_open_after_the_answer_hold_up_nobody(served):
    phones = [socket.create_connection(("127.0.0.1", served.port), timeout=10) for _ in range(40)]
    for phone in phones:
        phone.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        assert phone.recv(12) == b"HTTP/1.1 200"
    for phone in phones:
        phone.close()


def test_a_decoder_that_is_killed_costs_one_try_and_not_the_server(served, files):
    large = drawn("PNG", (8000, 5000), "RGBA", compress_level=1)
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(put, served, large, Content_Type="image/png")
        killed = False
        while not killed and not answer.done():
            for child in _decoders(served):
                os.kill(child, signal.SIGKILL)
                killed = True
    status, body = answer.result()
    assert (killed, status, body["type"]) == (True, 503, "/problems/unavailable")
    assert settled(files) == []
    assert put(served, large, Content_Type="image/png")[0] == 201


def _decoders(served) -> list[int]:
    """Children that are opening an image for this server, and for no other that may run beside it."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            command = (entry / "cmdline").read_bytes()
            parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            environ = Path(f"/proc/{parent}/environ").read_bytes()
        except (OSError, ValueError, IndexError):
            continue
        if b"decoding.py" in command and f"PORT={served.port}".encode() in environ.split(b"\0"):
            found.append(int(entry.name))
    return found
