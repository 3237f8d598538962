"""Nothing of ours connects to where only the house can see, however the address is written or what it resolves to."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from ipaddress import ip_address

import pytest

from backend.channels import outside
from backend.channels.guard import guarded, is_public
from backend.channels.outside import Outside
from backend.channels.sending import DeliveryFailed
from backend.clock import utcnow
from backend.config import Door, ImpossibleSettings, Settings

HOSTS = [
    *("127.0.0.1", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "017700000001"),
    *("127.255.255.254", "localhost", "LOCALHOST", "localhost.", "0", "0.0.0.0", "0x0", "00000000"),
    *("10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.255.255", "192.168.0.1", "192.168.1.1", "3232235777"),
    *("169.254.169.254", "0xa9fea9fe", "2852039166", "169.254.1.1", "100.100.100.200", "100.64.0.1", "100.127.255.255"),
    *("192.0.0.1", "192.0.2.1", "198.18.0.1", "198.51.100.7", "203.0.113.9", "240.0.0.1", "255.255.255.255"),
    *("224.0.0.1", "239.255.255.250", "233.252.0.1"),
    *("[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::ffff:10.0.0.1]", "[::ffff:169.254.169.254]"),
    *("[fe80::1]", "[fc00::1]", "[fd00:ec2::254]", "[ff02::1]", "[2001:db8::1]", "[fec0::1]"),
    *("[2002:7f00:1::]", "[2002:a00:1::]", "[2002:a9fe:a9fe::]", "[64:ff9b::7f00:1]", "[64:ff9b::a9fe:a9fe]"),
    *("[2001:0:4136:e378:8000:63bf:80ff:fffe]", "user:word@127.0.0.1", "8.8.8.8@127.0.0.1", "127.0.0.1#8.8.8.8"),
]


@pytest.fixture
def ours() -> Iterator[tuple[int, list[object]]]:
    """A port of this machine, and everybody who has come to it."""
    came: list[object] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.05)
        ended = threading.Event()

        def listen() -> None:
            while not ended.is_set():
                try:
                    connection, who = server.accept()
                except TimeoutError:
                    continue
                came.append(who)
                connection.recv(1)
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}")
                hang_up(connection)

        thread = threading.Thread(target=listen)
        thread.start()
        yield server.getsockname()[1], came
        ended.set()
        thread.join()


def hang_up(connection: socket.socket) -> None:
    """Listen to the end first: who hangs up on somebody that still speaks takes back what they said themselves."""
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_WR)
        while connection.recv(65536):
            pass
    connection.close()


def test_there_are_sixty_forms():
    assert len(set(HOSTS)) >= 60


@pytest.mark.parametrize("host", HOSTS)
def test_an_inner_address_is_not_connected_to(host, ours):
    port, came = ours
    with pytest.raises(DeliveryFailed) as refused:
        Outside(utcnow, timeout_s=1).post(f"http://{host.replace('#', f':{port}#')}:{port}/x", b"{}", {})
    assert refused.value.permanent or refused.value.reason == "unreachable"
    assert came == []


def test_a_name_that_resolves_inwards_only_when_it_is_connected_to_is_refused(ours, monkeypatch):
    port, came = ours
    answers = iter(["93.184.215.14", "127.0.0.1"])  # for whoever looks first, and for the connection

    def resolve(host, port, *_, **__):
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(answers, "127.0.0.1"), port))]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    socket.getaddrinfo("rebinding.example", port)
    with pytest.raises(DeliveryFailed, match="blocked"):
        Outside(utcnow, timeout_s=1).post(f"http://rebinding.example:{port}/", b"{}", {})
    assert came == []


def test_a_door_of_the_settings_is_gone_through_and_its_neighbour_is_not(ours):
    port, came = ours
    assert (
        Outside(utcnow, [Door.read(f"127.0.0.1:{port}")], timeout_s=2).post(f"http://127.0.0.1:{port}/", b"{}", {}).body
        == b"{}"
    )
    assert len(came) == 1
    with pytest.raises(DeliveryFailed, match="blocked"):
        Outside(utcnow, [Door.read(f"127.0.0.1:{port + 1}")]).post(f"http://127.0.0.1:{port}/", b"{}", {})
    assert len(came) == 1


def test_elsewhere_in_the_process_connections_are_free(ours):
    port, came = ours
    with guarded([], 5), pytest.raises(OSError, match="no connection"):
        socket.create_connection(("127.0.0.1", port))
    with guarded([], 5), socket.socket(socket.AF_UNIX) as unix, pytest.raises(OSError, match="no connection"):
        unix.connect("/nowhere")
    with socket.create_connection(("127.0.0.1", port)) as free:
        free.sendall(b"x")
        assert free.recv(4) == b"HTTP"
    assert len(came) == 1


@pytest.mark.parametrize("address", ["8.8.8.8", "2400:3200::1", "64:ff9b::808:808", "2002:808:808::1"])
def test_the_world_is_public(address):
    assert is_public(ip_address(address))


@pytest.mark.parametrize(
    "address",
    [
        *("192.0.0.192", "192.88.99.1", "168.63.129.16", "100.100.100.200", "169.254.169.254", "0.0.0.0"),
        *("fec0::1", "fd00:ec2::254", "fe80::1%eth0", "::", "::1", "::7f00:1", "::ffff:8.8.8.8", "::ffff:0:7f00:1"),
        *("64:ff9b:1::7f00:1", "64:ff9b::a64:1", "100::1", "2001:db8::1", "3fff::1", "4000::1", "5f00::1"),
        *("2002:a9fe:a9fe::1", "2002:c058:6301::1", "ff0e::1"),
    ],
)
def test_what_is_not_of_the_world_is_not_public(address):
    assert not is_public(ip_address(address))


def test_addresses_written_as_such_are_refused_for_what_they_are_and_not_for_want_of_a_way():
    for host in HOSTS:
        if host.startswith("["):
            with pytest.raises(DeliveryFailed, match="blocked"):
                Outside(utcnow, timeout_s=1).post(f"http://{host}:9/", b"{}", {})


@pytest.mark.parametrize(
    ("written", "where", "port", "leads"),
    [
        ("10.1.0.0/16", "10.1.2.3", 80, True),
        ("10.1.0.0/16", "10.2.2.3", 80, False),
        ("127.0.0.1:9900", "127.0.0.1", 9901, False),
        ("[::1]:9900", "::1", 9900, True),
        ("[fd00::/8]", "fd12::1", 1, True),
    ],
)
def test_doors_are_networks_with_or_without_a_port(written, where, port, leads):
    assert Door.read(written).leads_to(ip_address(where), port) is leads


@pytest.mark.parametrize("written", ["gateway.example:80", "10.1.0.0/99", "1.2.3.4:x", "10.1.0.0/16;10.2.0.0/16"])
def test_a_door_that_cannot_be_read_is_refused_at_the_start(written):
    with pytest.raises(ImpossibleSettings):
        Settings.from_env({"HEZHANG_DOORS": written})


def serve(answer: bytes, hold_s: float = 0.0) -> tuple[socket.socket, threading.Thread]:
    server = socket.create_server(("127.0.0.1", 0))

    def once() -> None:
        connection, _ = server.accept()
        connection.recv(65536)
        connection.sendall(answer)
        threading.Event().wait(hold_s)
        hang_up(connection)

    thread = threading.Thread(target=once)
    thread.start()
    return server, thread


@pytest.mark.parametrize(
    ("answer", "reason", "is_ambiguous"),
    [
        (b"", "no_answer", True),
        (b"rubbish", "no_answer", True),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\n{}", "no_answer", True),
    ],
)
def test_what_breaks_off_may_have_got_through(answer, reason, is_ambiguous):
    server, thread = serve(answer)
    port = server.getsockname()[1]
    with pytest.raises(DeliveryFailed) as failed:
        Outside(utcnow, [Door.read(f"127.0.0.1:{port}")], timeout_s=1).post(f"http://127.0.0.1:{port}/", b"{}", {})
    assert (failed.value.reason, failed.value.is_ambiguous) == (reason, is_ambiguous)
    thread.join()
    server.close()


def test_silence_ends_after_its_time_and_a_redirect_is_not_followed():
    server, thread = serve(b"", hold_s=1.0)
    port = server.getsockname()[1]
    with pytest.raises(DeliveryFailed, match="no_answer"):
        Outside(utcnow, [Door.read(f"127.0.0.1:{port}")], timeout_s=0.3).post(f"http://127.0.0.1:{port}/", b"{}", {})
    thread.join()
    server.close()
    server, thread = serve(b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n")
    port = server.getsockname()[1]
    moved = Outside(utcnow, [Door.read(f"127.0.0.1:{port}")], timeout_s=1).post(f"http://127.0.0.1:{port}/", b"{}", {})
    assert moved.status == 302
    with pytest.raises(DeliveryFailed) as refused:
        outside.refuse(moved)
    assert refused.value.permanent
    thread.join()
    server.close()


def test_no_more_than_64_kib_of_an_answer_are_read():
    server, thread = serve(b"HTTP/1.1 200 OK\r\nContent-Length: 500000\r\n\r\n" + b"x" * 400_000)
    port = server.getsockname()[1]
    answer = Outside(utcnow, [Door.read(f"127.0.0.1:{port}")], timeout_s=2).post(f"http://127.0.0.1:{port}/", b"{}", {})
    assert 64 * 1024 < len(answer.body) < 80 * 1024
    thread.join()
    server.close()
