"""Whoever answers slowly, or not, or in too many words holds up nobody for longer than the house allows."""

from __future__ import annotations

import gzip
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.channels import guard
from backend.channels.outside import Answer, Outside, refuse
from backend.channels.sending import DeliveryFailed
from backend.clock import utcnow
from backend.commands import tls
from backend.config import Door

Talk = Callable[[socket.socket], object]
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"


@contextmanager
def somebody(talk: Talk) -> Iterator[int]:
    """A port of this machine at which each caller is talked to."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        ended = threading.Event()

        def listen() -> None:
            while not ended.is_set():
                try:
                    connection, _ = server.accept()
                except TimeoutError:
                    continue
                with connection:
                    try:
                        talk(connection)
                    except OSError:
                        continue

        server.settimeout(0.05)
        thread = threading.Thread(target=listen)
        thread.start()
        try:
            yield server.getsockname()[1]
        finally:
            ended.set()
            thread.join()


def heard(connection: socket.socket) -> None:
    """Listen to the end: whoever hangs up on somebody who still speaks takes back what they said themselves."""
    said = b""
    while not said.endswith(b"\r\n\r\n{}"):
        piece = connection.recv(65536)
        if not piece:
            raise ConnectionAbortedError
        said += piece


def dripping(content: bytes) -> Talk:
    def talk(connection: socket.socket) -> None:
        heard(connection)
        for each in content:
            connection.sendall(bytes([each]))
            time.sleep(0.05)

    return talk


def saying(content: bytes) -> Talk:
    def talk(connection: socket.socket) -> None:
        heard(connection)
        connection.sendall(content)

    return talk


def post(port: int, timeout_s: float = 0.5, scheme: str = "http", host: str = "127.0.0.1") -> Answer:
    here = Outside(utcnow, [Door.read("127.0.0.1")], timeout_s)
    return here.post(f"{scheme}://{host}:{port}/", b"{}", {})


@pytest.mark.parametrize(
    "content",
    [
        b"HTTP/1.1 200 OK\r\nX-Slow: " + b"y" * 100,
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n" + b"y" * 100,
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"1\r\ny\r\n" * 30,
    ],
    ids=["head", "body", "chunks"],
)
def test_an_answer_that_drips_is_given_up_in_time(content):
    with somebody(dripping(content)) as port:
        began = time.monotonic()
        with pytest.raises(DeliveryFailed) as failed:
            post(port)
        assert time.monotonic() - began < 1.5
    assert (failed.value.reason, failed.value.is_ambiguous) == ("no_answer", True)


def test_a_connection_that_is_kept_serves_the_next_letter_with_its_whole_time():
    def talk(connection: socket.socket) -> None:
        for wait_s in (0.3, 0.3, 0.3):
            heard(connection)
            time.sleep(wait_s)
            connection.sendall(OK)

    with somebody(talk) as port:
        here = Outside(utcnow, [Door.read("127.0.0.1")], 0.5)
        assert [here.post(f"http://127.0.0.1:{port}/", b"{}", {}).status for _ in range(3)] == [200] * 3


def test_a_name_that_resolves_too_late_is_connected_to_no_more(monkeypatch):
    came: list[bytes] = []
    real = socket.getaddrinfo

    def slowly(*args, **more):
        time.sleep(0.4)
        return real("127.0.0.1", *args[1:], **more)

    with somebody(lambda connection: came.append(connection.recv(1))) as port:
        monkeypatch.setattr(socket, "getaddrinfo", slowly)
        with pytest.raises(DeliveryFailed) as failed:
            post(port, timeout_s=0.2, host="slow.example")
    assert (failed.value.reason, failed.value.is_ambiguous, failed.value.permanent) == ("unreachable", False, False)
    assert came == []


def test_where_nobody_listens_nothing_was_handed_over():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with pytest.raises(DeliveryFailed) as failed:
        post(port)
    assert (failed.value.reason, failed.value.is_ambiguous, failed.value.permanent) == ("unreachable", False, False)


def test_without_a_good_certificate_nothing_is_handed_over(tmp_path, monkeypatch):
    key, chain = tls.certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(chain))
    with somebody(sealed(key, chain, saying(OK))) as port:
        assert post(port, 2, "https").body == b"{}"
        assert post(port, 2, "https", "localhost").status == 200
        monkeypatch.delenv("SSL_CERT_FILE")
        with pytest.raises(DeliveryFailed) as failed:
            post(port, 2, "https")
    assert (failed.value.reason, failed.value.is_ambiguous) == ("tls", False)
    with somebody(sealed(key, chain, dripping(OK + b"y" * 100))) as port:
        monkeypatch.setenv("SSL_CERT_FILE", str(chain))
        began = time.monotonic()
        with pytest.raises(DeliveryFailed, match="no_answer"):
            post(port, 0.5, "https")
        assert time.monotonic() - began < 1.5


def sealed(key: Path, chain: Path, talk: Talk) -> Talk:
    """The same over TLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain, key)

    def within(connection: socket.socket) -> None:
        with context.wrap_socket(connection, server_side=True) as inner:
            talk(inner)

    return within


def test_one_who_hangs_up_before_anything_was_said_got_nothing():
    with somebody(lambda connection: connection.recv(1)) as port, pytest.raises(DeliveryFailed) as failed:
        post(port, scheme="https")
    assert not failed.value.is_ambiguous


def test_a_packed_answer_that_unfolds_without_end_is_cut():
    bomb = gzip.compress(b"\0" * 50_000_000)
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {len(bomb)}\r\n\r\n".encode()
    with somebody(saying(head + bomb)) as port:
        assert len(post(port, 2).body) <= 72 * 1024


def test_proxies_of_the_environment_are_not_asked(monkeypatch):
    asked: list[bytes] = []
    with somebody(lambda connection: asked.append(connection.recv(9))) as proxy, somebody(saying(OK)) as port:
        for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy}")
        assert post(port).status == 200
    assert asked == []


@pytest.mark.parametrize(
    ("said", "rest_s"),
    [("30", 30.0), ("0", 1.0), ("99999", 3600.0), ("9" * 400, 3600.0), ("nan", 60.0), ("soon", 60.0), ("-5", 60.0)],
)
def test_the_rest_that_a_provider_asks_for_is_between_a_second_and_an_hour(said, rest_s):
    with pytest.raises(DeliveryFailed) as failed:
        refuse(Answer(429, {"retry-after": said}, b""))
    assert failed.value.retry_after_s == rest_s


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=40), st.sampled_from(["https://", "http://[", "https://127.0.0.1:", "", "https://x@"]))
def test_whatever_is_called_an_address_the_letter_fails_and_nothing_else_does(text, begin):
    with pytest.raises(DeliveryFailed):
        Outside(utcnow, timeout_s=0.2).post(begin + text + ".invalid", b"{}", {})


def test_nothing_is_read_or_written_by_whoever_is_not_out():
    with pytest.raises(RuntimeError):
        guard.current()
