"""Where the house listens: in the network only when asked, and every refusal in one line that says what to do."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from cryptography import x509

from backend import listening
from backend.commands import serve
from backend.commands.tls import certificate, named
from backend.config import ImpossibleSettings, Settings
from backend.simulator.phones import reached

ENGLISH = {"LC_ALL": "C.UTF-8"}

pytestmark = pytest.mark.only_on("sqlite")


@pytest.fixture
def taken() -> Iterator[int]:
    """A port at which somebody takes calls and says nothing."""
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        yield silent.getsockname()[1]


def one_line(output: str) -> str:
    assert output.startswith("Error: "), output
    assert output.count("\n") == 1, output
    return output


def free() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_the_house_is_heard_by_this_machine_alone_unless_told_otherwise():
    assert Settings.from_env({}).host == "127.0.0.1"
    assert Settings.from_env({"HOST": "0.0.0.0"}).host == "0.0.0.0"
    for wrong in ("http://x", "a b", "1.2.3", "河长"):
        with pytest.raises(ImpossibleSettings, match="HOST"):
            Settings.from_env({"HOST": wrong})


@pytest.mark.parametrize("command", ["run", "serve"])
def test_a_taken_port_says_who_may_have_it_and_what_to_type(hezhang, taken, command):
    said = one_line(hezhang(command, PORT=str(taken), **ENGLISH).output)
    assert "another `make run`" in said
    assert f"PORT={taken + 1} make run" in said
    assert "已被占用" in hezhang(command, PORT=str(taken), LC_ALL="zh_CN.UTF-8").output


@pytest.mark.parametrize("host", ["203.0.113.9", "nowhere.invalid"])
def test_an_address_of_another_machine_is_refused_with_those_there_are(hezhang, host):
    said = one_line(hezhang("run", HOST=host, PORT=str(free()), **ENGLISH).output)
    assert host in said
    assert "0.0.0.0" in said


def test_the_server_opens_no_door_but_its_port(environ):
    command = serve.command_line(Settings.from_env(environ), "fd00::7")
    assert command[command.index("--bind") + 1] == "[fd00::7]:8000"
    assert "--no-control-socket" in command


def test_plain_http_beyond_this_machine_is_called_a_risk():
    assert listening.risk("0.0.0.0", is_sealed=False, has_proxy=False) is not None
    assert listening.risk("192.168.1.7", is_sealed=False, has_proxy=False) is not None
    for host, is_sealed, has_proxy in (("127.0.0.1", False, False), ("::1", False, False), ("localhost", False, False)):
        assert listening.risk(host, is_sealed=is_sealed, has_proxy=has_proxy) is None
    assert listening.risk("0.0.0.0", is_sealed=True, has_proxy=False) is None
    assert listening.risk("0.0.0.0", is_sealed=False, has_proxy=True) is None


def test_a_house_is_reached_by_every_address_it_has():
    assert listening.from_network("127.0.0.1") == []
    assert listening.from_network("0.0.0.0") == listening.addresses()
    assert listening.from_network("fd00::7") == ["[fd00::7]"]
    assert [listening.from_here(each) for each in ("0.0.0.0", "::", "rivers")] == ["127.0.0.1", "[::1]", "rivers"]
    assert "127.0.0.1" not in listening.addresses()


def test_a_certificate_names_every_address_and_the_one_that_was_chosen(tmp_path):
    key, chain = certificate(tmp_path, ["10.9.8.7", "0.0.0.0"])
    names = named(x509.load_pem_x509_certificate(chain.read_bytes()))
    assert {"localhost", "127.0.0.1", "10.9.8.7", *listening.addresses()} <= names
    assert "0.0.0.0" not in names
    assert key.stat().st_mode & 0o077 == 0


def test_a_certificate_that_lacks_a_name_is_made_anew_with_the_same_key_and_says_so(hezhang, tmp_path):
    key, chain = certificate(tmp_path, ["10.9.8.7"])
    before = key.read_bytes()
    again = hezhang("tls", tmp_path, "--name", "rivers.example", **ENGLISH)
    assert "rivers.example" in again.output
    assert key.read_bytes() == before
    assert {"10.9.8.7", "rivers.example"} <= named(x509.load_pem_x509_certificate(chain.read_bytes()))
    assert "anew" not in hezhang("tls", tmp_path, **ENGLISH).output
    assert hezhang("tls", tmp_path, "--name", "not a name").exit_code == 2


class Alive(BaseHTTPRequestHandler):
    """What a house says of itself."""

    def do_GET(self) -> None:
        """Alive."""
        body = b'{"status": "alive"}'
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing to log."""


def test_the_simulator_believes_the_certificate_that_the_house_made(tmp_path):
    key, chain = certificate(tmp_path)
    server = HTTPServer(("127.0.0.1", 0), Alive)
    sealed = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    sealed.load_cert_chain(chain, key)
    server.socket = sealed.wrap_socket(server.socket, server_side=True)
    serving = threading.Thread(target=server.serve_forever)
    serving.start()
    try:
        address = f"https://127.0.0.1:{server.server_port}"
        reached(address, ssl.create_default_context(cafile=chain))
        with pytest.raises(ssl.SSLError):
            reached(address, ssl.create_default_context())
    finally:
        server.shutdown()
        serving.join()
        server.server_close()


@pytest.mark.parametrize("words", [[], ["--url", "http://127.0.0.1:1"], ["--url", "127.0.0.1:8000"]])
def test_a_simulation_without_a_house_ends_in_seconds_and_names_the_address(hezhang, words):
    began = time.monotonic()
    said = one_line(hezhang("simulate", *words, PORT="1", **ENGLISH).output)
    assert (words or [None, "http://127.0.0.1:1"])[1] in said
    assert "make run" in said
    assert time.monotonic() - began < 5


def test_a_simulation_gives_up_on_somebody_who_takes_the_call_and_says_nothing(taken):
    with pytest.raises(TimeoutError):
        reached(f"http://127.0.0.1:{taken}", within_s=0.2)


def test_a_simulation_touches_nobody_before_a_house_answers(hezhang, environ):
    hezhang("simulate", PORT="1")
    assert not Path(environ["HEZHANG_DATA"]).exists()
