"""Mail goes to one person as plain text, and its server's word says whether trying again is of use."""

from __future__ import annotations

import email
import email.policy
import time

import pytest

from backend.channels.known import KINDS
from backend.channels.outside import Outside
from backend.clock import utcnow
from backend.commands import tls
from backend.config import Door
from tests.channels.test_slowness import sealed, somebody

LI = "li@example.cn"


@pytest.fixture
def apprise(farm, opened):
    return opened(
        "apprise",
        url=f"mailto://user:word@127.0.0.1:{farm.mail_port}/?to={{address}}&from=office@example.cn"
        "&mode=insecure&smtp=127.0.0.1",
    )


def test_a_letter_is_taken_under_its_own_id(farm, opened, letter):
    sent = letter(LI, title="险情\r\nBcc: evil@example.cn", text="看 <b>这里</b>\n.\n第二行")
    accepted = opened("mail").send(sent)
    assert accepted.reference == f"<{sent.id}@example.cn>"
    assert not accepted.is_delivered
    (came,) = farm.farm.messages("mail")
    assert (came["to"], came["key"]) == (LI, f"<{sent.id}@example.cn>")
    assert came["text"] == "险情 Bcc: evil@example.cn\n看 <b>这里</b>\n.\n第二行"


def test_a_link_stands_below_the_text(farm, opened, apprise, letter):
    for channel in (opened("mail"), apprise):
        channel.send(letter(LI, text="请回复", link="https://hz.example.cn/a/x"))
    for came in farm.farm.messages("mail"):
        assert came["text"].strip().endswith("请回复\n\nhttps://hz.example.cn/a/x")


def test_it_is_handed_over_with_a_password_where_there_is_one(farm, opened, letter):
    assert opened("mail", user="office", password="word").send(letter(LI))
    assert len(farm.farm.messages("mail")) == 1


@pytest.mark.parametrize(
    ("manner", "expected"),
    [
        ({"bad_numbers": ["@example.cn"]}, ("smtp_550", True, False)),
        ({"is_down": True}, ("smtp_421", False, False)),
        ({"per_minute": 0}, ("smtp_451", False, False)),
        ({"error_share": 1.0}, ("smtp_550", True, False)),
        ({"silent_share": 1.0}, ("no_answer", False, True)),
    ],
)
def test_each_way_to_fail_says_what_to_do_next(farm, opened, letter, failure, manner, expected):
    farm.farm.change({"mail": manner})
    began = time.monotonic()
    failed = failure(opened("mail"), letter(LI))
    assert (failed.reason, failed.permanent, failed.is_ambiguous) == expected
    assert time.monotonic() - began < 6


@pytest.mark.parametrize(
    "address", ["", "li", "a@b.cn,c@d.cn", "a@b.cn\r\nRCPT TO:<c@d.cn>", "李@example.cn", "a b@example.cn", "<a@b.cn>"]
)
def test_what_is_no_address_of_one_person_gets_nothing(farm, opened, apprise, letter, failure, address):
    for channel in (opened("mail"), apprise):
        if channel is apprise and address in ("li", "李@example.cn", "<a@b.cn>"):
            continue  # for Apprise's services these may be names
        failed = failure(channel, letter(address))
        assert (failed.reason, failed.permanent) == ("bad_address", True)
    assert farm.farm.messages("mail") == []


def test_a_server_inside_needs_a_door(farm, letter, failure):
    wanted = {"host": "127.0.0.1", "port": farm.mail_port, "tls": "none", "from": "a@example.cn"}
    failed = failure(KINDS["mail"][1]("mail", wanted, Outside(utcnow)), letter(LI))
    assert (failed.reason, failed.permanent) == ("blocked", False)


def test_where_nobody_listens_or_speaks_the_letter_waits(opened, letter, failure):
    assert failure(opened("mail", port=1), letter(LI)).reason == "unreachable"
    with somebody(lambda connection: connection.sendall(b"554 no service\r\n")) as port:
        assert failure(opened("mail", port=port), letter(LI)).reason == "smtp_554"
    with somebody(lambda connection: connection.sendall(b"220 in a moment\r\n")) as port:
        failed = failure(opened("mail", port=port), letter(LI))
    assert (failed.reason, failed.is_ambiguous) == ("unreachable", False)


def test_without_the_encryption_that_was_asked_for_nothing_is_handed_over(farm, opened, letter, failure, tmp_path):
    assert failure(opened("mail", tls="starttls"), letter(LI)).reason == "unreachable"
    key, chain = tls.certificate(tmp_path)
    with somebody(sealed(key, chain, lambda _: None)) as port:
        assert failure(opened("mail", port=port, tls="tls"), letter(LI)).reason == "tls"
    assert farm.farm.messages() == []


def test_under_a_good_certificate_it_goes_encrypted(opened, letter, tmp_path, monkeypatch):
    key, chain = tls.certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(chain))
    came: list[bytes] = []

    def talk(connection) -> None:
        file = connection.makefile("rb")
        connection.sendall(b"220 gateway\r\n")
        for line in file:
            if line.upper().startswith(b"DATA"):
                connection.sendall(b"354 go on\r\n")
                came.append(b"".join(iter(file.readline, b".\r\n")))
            connection.sendall(b"250 good\r\n")

    with somebody(sealed(key, chain, talk)) as port:
        opened("mail", port=port, tls="tls", host="127.0.0.1").send(letter(LI))
    (message,) = (email.message_from_bytes(each, policy=email.policy.default) for each in came)
    assert message.get_content_type() == "text/plain"
    assert message["From"].addresses[0].display_name == "河长办"


def test_a_taken_letter_is_taken_however_the_server_says_goodbye(opened, letter):
    def talk(connection) -> None:
        file = connection.makefile("rb")
        connection.sendall(b"220 gateway\r\n")
        for line in file:
            if line.upper().startswith(b"DATA"):
                connection.sendall(b"354 go on\r\n")
                b"".join(iter(file.readline, b".\r\n"))
            connection.sendall(b"250 good\r\n")
            if line.upper().startswith(b"DATA"):
                return

    with somebody(talk) as port:
        assert opened("mail", port=port).send(letter(LI)).reference


def test_apprise_writes_plain_text_and_its_failures_are_not_for_good(farm, apprise, letter, failure):
    assert apprise.send(letter(LI, text="a <b>b</b>\nc")).is_delivered
    (came,) = farm.farm.messages("mail")
    assert came["to"] == LI
    assert came["text"].endswith("a <b>b</b>\nc")
    farm.farm.change({"mail": {"is_down": True}})
    failed = failure(apprise, letter(LI))
    assert (failed.reason, failed.permanent) == ("refused", False)


def test_apprise_goes_through_no_door_that_is_not_open(farm, letter, failure):
    port = farm.address.rsplit(":", 1)[1]
    closed = KINDS["apprise"][1]("x", {"url": f"json://127.0.0.1:{port}/sms"}, Outside(utcnow, [Door.read("10.0.0.1")]))
    failed = failure(closed, letter())
    assert (failed.reason, failed.permanent) == ("blocked", False)
    assert farm.farm.messages() == []


def test_generic_xml_goes_by_apprise(opened, letter):
    came: list[bytes] = []

    def talk(connection) -> None:
        said = b""
        while b"</soapenv:Envelope>" not in said:
            said += connection.recv(65536)
        came.append(said)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")

    with somebody(talk) as port:
        opened("apprise", url=f"xml://127.0.0.1:{port}/notices").send(letter(text="a <b> & c"))
    assert b"a &lt;b&gt; &amp; c" in came[0]
