"""Phones with a bad signal: they sign in, send twice, lose answers, pack, and queue; desks have a good one."""

from __future__ import annotations

import gzip
import hashlib
import http.client
import json
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import numpy as np

_BASE = "/api/v1"
_TRIES = 8


class ServerGone(RuntimeError):
    """The server did not answer after several tries."""


def reached(url: str, trust: ssl.SSLContext | None = None, within_s: float = 5.0) -> None:
    """Ask whether a house answers there; OSError, HTTPException or ValueError says why none does."""
    connection = connected(url, trust, within_s)
    try:
        connection.request("GET", "/healthz")
        answer = connection.getresponse()
        body = answer.read(1000)
        if answer.status != 200 or b"alive" not in body:
            raise ValueError(f"GET /healthz: {answer.status}")
    finally:
        connection.close()


def connected(url: str, trust: ssl.SSLContext | None, within_s: float) -> http.client.HTTPConnection:
    """A connection to a server, not yet open; ValueError where it is no address of one."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("http://… / https://…")
    if parts.scheme == "https":
        return http.client.HTTPSConnection(parts.netloc, timeout=within_s, context=trust)
    return http.client.HTTPConnection(parts.netloc, timeout=within_s)


@dataclass
class Phone:
    """One person's phone, on one kept connection."""

    url: str
    number: str
    password: str
    dice: np.random.Generator
    trust: ssl.SSLContext | None = None
    language: str = "en"
    token: str | None = None
    etag: str = ""
    """Of what was answered last."""
    acknowledged: set[str] = field(default_factory=set)
    _connection: http.client.HTTPConnection | None = None

    def sign_in(self) -> dict[str, Any]:
        """A new token, and who the server says it is."""
        said = {"phone": self.number, "password": self.password}
        status, body = self._send("POST", "/auth/login", said, signed=False)
        if status != 200:
            raise ServerGone(f"sign-in: {status} {body.get('detail')}")
        self.token = str(body["access_token"])
        return dict(body["person"])

    def get(self, path: str) -> dict[str, Any]:
        """A thing that must be there."""
        status, body = self._signed("GET", path, None)
        if status != 200:
            raise ServerGone(f"{path}: {status} {body.get('detail')}")
        return body

    def do(
        self, method: str, path: str, body: dict[str, Any], headers: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        """Something that must succeed."""
        status, answer = self._signed(method, path, body, headers)
        if status not in (200, 201):
            raise ServerGone(f"{method} {path}: {status} {answer.get('detail')}")
        return answer

    def is_there(self, path: str) -> bool:
        """Whether one sees such a thing."""
        status, _ = self._signed("GET", path, None)
        return status == 200

    def act(self, path: str, act: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """Act on a thing as it is now: `act` is the last part of the address."""
        self.get(path)
        return self.do("POST", f"{path}/{act}", body or {}, {"If-Match": self.etag})

    def upload(self, picture: bytes) -> str:
        """Send a JPEG; the digest by which it is named."""
        digest = hashlib.sha256(picture).hexdigest()
        kind = {"Content-Type": "image/jpeg"}
        status, text = self.sent("PUT", f"{_BASE}/photos/{digest}", picture, self._headers(signed=True) | kind)
        if status not in (200, 201):
            raise ServerGone(f"photo: {status} {text[:200]!r}")
        return digest

    def hand_in(self, patrol_id: str, body: dict[str, Any]) -> None:
        """Hand a walk in as patchy signal lets it: queued, twice, or with the answer lost on the way."""
        if self.dice.random() < 0.05:
            self._lose_the_answer(patrol_id, body)
        times = 2 if self.dice.random() < 0.08 else 1
        for _ in range(times):
            if self.dice.random() < 0.15:
                self._by_sync(patrol_id, body)
            else:
                status, answer = self._signed("PUT", f"/patrols/{patrol_id}", body)
                if status not in (200, 201):
                    raise ServerGone(f"patrol: {status} {answer}")
        self.acknowledged.add(patrol_id)

    def patrols(self) -> list[dict[str, Any]]:
        """Every patrol that the server has of this person, page by page."""
        found: list[dict[str, Any]] = []
        path = "/patrols?limit=500"
        while True:
            page = self.get(path)
            found += page["items"]
            if page["next"] is None:
                return found
            path = str(page["next"]).removeprefix(_BASE)

    def close(self) -> None:
        """Hang up."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _by_sync(self, patrol_id: str, body: dict[str, Any]) -> None:
        """Through the queue; what it is told to send again, it sends again."""
        item = {"type": "patrol", "id": patrol_id, "body": body}
        for _ in range(_TRIES):
            status, answer = self._signed("POST", "/sync", {"items": [item]})
            told = answer["results"][0]["status"] if status == 200 else ""
            if told in ("created", "unchanged"):
                return
            if told != "retry":
                break
            time.sleep(1)
        raise ServerGone(f"sync: {status} {answer}")

    def _lose_the_answer(self, patrol_id: str, body: dict[str, Any]) -> None:
        """Send, and hang up before the answer comes."""
        if self.token is None:
            self.sign_in()
        connection = self._open()
        packed = json.dumps(body).encode()
        connection.request("PUT", f"{_BASE}/patrols/{patrol_id}", packed, self._headers(signed=True))
        self.close()

    def _signed(
        self, method: str, path: str, body: dict[str, Any] | None, headers: Mapping[str, str] | None = None
    ) -> tuple[int, dict[str, Any]]:
        if self.token is None:
            self.sign_in()
        status, answer = self._send(method, path, body, headers)
        if status == 401:
            self.sign_in()
            status, answer = self._send(method, path, body, headers)
        return status, answer

    def _send(
        self,
        method: str,
        path: str,
        body: dict[str, Any] | None,
        more: Mapping[str, str] | None = None,
        *,
        signed: bool = True,
    ) -> tuple[int, dict[str, Any]]:
        packed = None if body is None else json.dumps(body).encode()
        headers = self._headers(signed=signed) | dict(more or {})
        if packed is not None and self.dice.random() < 0.3:
            packed, headers["Content-Encoding"] = gzip.compress(packed), "gzip"
        status, text = self.sent(method, _BASE + path, packed, headers)
        return status, json.loads(text) if text else {}

    def sent(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> tuple[int, bytes]:
        """Send bytes to a whole path, again while nobody answers or too much is asked: status, and what came."""
        for attempt in range(_TRIES):
            try:
                connection = self._open()
                connection.request(method, path, body, dict(headers))
                answer = connection.getresponse()
                text = answer.read()
            except (OSError, http.client.HTTPException):
                self.close()
                time.sleep(0.05 * 2**attempt)
                continue
            if answer.status in (429, 503):
                time.sleep(min(float(answer.headers.get("Retry-After", "1")), 5.0))
                continue
            self.etag = answer.headers.get("ETag", "")
            return answer.status, text
        raise ServerGone(f"{method} {path}: no answer")

    def _headers(self, *, signed: bool) -> dict[str, str]:
        headers = {"Content-Type": "application/json", "Accept-Language": self.language}
        return headers | {"Authorization": f"Bearer {self.token}"} if signed else headers

    def _open(self) -> http.client.HTTPConnection:
        if self._connection is None:
            self._connection = connected(self.url, self.trust, 60)
        return self._connection
