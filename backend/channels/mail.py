"""E-mail by a server of the house: plain text to one person, which says whether the address or the moment was wrong.

{"kind": "mail", "host": "smtp.example.cn", "port": 465, "tls": "tls", "user": "…", "password": "…",
 "from": "河长办 <hzb@example.cn>"}

Apprise speaks SMTP as well; it cannot say which of its failures are for good, nor send under the letter's own id.
"""

from __future__ import annotations

import smtplib
import socket
import ssl
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from typing import Any
from uuid import UUID

from backend.channels import guard
from backend.channels.outside import BLOCKED, Outside
from backend.channels.sending import Accepted, DeliveryFailed, Forged, Letter, Receipt

_PORTS = {"tls": 465, "starttls": 587, "none": 25}


class Mail:
    """A mail server that takes what the house writes."""

    def __init__(self, wanted: Mapping[str, Any], outside: Outside) -> None:
        self._outside, self._host = outside, str(wanted["host"])
        self.timeout_s = 2 * outside.timeout_s  # a conversation of ten sentences, and a server that thinks about each
        self._tls = str(wanted.get("tls", "tls"))
        if self._tls not in _PORTS:
            raise ValueError("tls")
        self._port = int(wanted.get("port", _PORTS[self._tls]))
        self._user, self._password = str(wanted.get("user") or ""), str(wanted.get("password") or "")
        name, address = parseaddr(str(wanted["from"]))
        self._from = Address(name, addr_spec=address)
        if not self._from.domain:
            raise ValueError("from")

    def send(self, letter: Letter) -> Accepted:
        """Hand it over; the server's number says whether trying again is of use."""
        message = self._written(letter)
        with guard.guarded(self._outside.doors, self.timeout_s) as errand:
            try:
                self._handed_over(message)
            except smtplib.SMTPRecipientsRefused as refused:
                ((number, _),) = refused.recipients.values()
                raise DeliveryFailed(f"smtp_{number}", permanent=number >= 500) from None
            except smtplib.SMTPDataError as refused:
                raise DeliveryFailed(f"smtp_{refused.smtp_code}", permanent=refused.smtp_code >= 500) from None
            except smtplib.SMTPResponseException as refused:
                raise DeliveryFailed(f"smtp_{refused.smtp_code}") from None
            except ssl.SSLError:
                raise DeliveryFailed("tls", is_ambiguous=errand.is_begun) from None
            except (OSError, smtplib.SMTPException):
                reason = BLOCKED if errand.is_blocked else "no_answer" if errand.is_begun else "unreachable"
                raise DeliveryFailed(reason, is_ambiguous=errand.is_begun) from None
        return Accepted(message["Message-ID"])

    def ask(self, letter_id: UUID) -> Accepted | None:
        """A mail server cannot be asked."""
        return None

    def receipts(self, headers: Mapping[str, str], body: bytes, *, now: datetime) -> Sequence[Receipt]:
        """It reports on nothing."""
        raise Forged

    def _written(self, letter: Letter) -> EmailMessage:
        message = EmailMessage(policy=SMTP)
        try:
            message["To"] = Address(addr_spec=letter.address)
            letter.address.encode("ascii")
        except (ValueError, IndexError, MessageError):
            raise DeliveryFailed("bad_address", permanent=True) from None
        message["From"] = self._from
        message["Subject"] = " ".join(letter.title.split())
        message["Date"] = format_datetime(self._outside.clock())
        message["Message-ID"] = f"<{letter.id}@{self._from.domain}>"  # the same for the same letter sent again
        message.set_content(letter.text_and_link, cte="base64")
        return message

    def _handed_over(self, message: EmailMessage) -> None:
        context = ssl.create_default_context()
        conversation = _Sealed(context) if self._tls == "tls" else _Conversation()
        try:
            conversation.connect(self._host, self._port)
            if self._tls == "starttls":
                conversation.starttls(context=context)
            if self._user:
                conversation.login(self._user, self._password)
            conversation.send_message(message)
            with suppress(OSError, smtplib.SMTPException):  # it is taken; how the server says goodbye changes nothing
                conversation.putcmd("quit")
        finally:
            conversation.close()


class _Conversation(smtplib.SMTP):
    """Reads and writes by the errand's clock; the letter is under way from the moment its text is."""

    def connect(self, host: str = "localhost", port: int = 0, source_address: Any = None) -> tuple[int, bytes]:
        self._host = host  # what a certificate is checked against, which smtplib keeps only when it connects at once
        number, said = super().connect(host, port, source_address)
        if number != 220:
            raise smtplib.SMTPConnectError(number, said)
        return number, said

    def send(self, s: Any) -> None:
        if self.sock is not None:
            self.sock.settimeout(guard.current().left_s())
        super().send(s)

    def getreply(self) -> tuple[int, bytes]:
        if self.file is None and self.sock is not None:
            self.file = guard.reader(self.sock)
        return super().getreply()

    def data(self, msg: Any) -> tuple[int, bytes]:
        guard.current().is_begun = True
        return super().data(msg)

    def _get_socket(self, host: str, port: int, timeout: Any) -> socket.socket:
        return socket.create_connection((host, port), guard.current().left_s())


class _Sealed(_Conversation):
    def __init__(self, context: ssl.SSLContext) -> None:
        super().__init__()
        self._context = context

    def _get_socket(self, host: str, port: int, timeout: Any) -> socket.socket:
        return self._context.wrap_socket(super()._get_socket(host, port, timeout), server_hostname=host)
