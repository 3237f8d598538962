"""The simulator's providers, and channels that lead to them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from uuid import uuid4

import pytest

from backend.channels.known import KINDS
from backend.channels.outside import Outside
from backend.channels.sending import Channel, DeliveryFailed, Letter
from backend.clock import utcnow
from backend.commands.gateway import channels
from backend.config import Door
from backend.simulator.gateway.script import Script
from backend.simulator.gateway.server import Gateway

Opening = Callable[..., Channel]


@pytest.fixture
def farm() -> Iterator[Gateway]:
    with Gateway(Script.plain()) as gateway:
        yield gateway


@pytest.fixture
def opened(farm: Gateway) -> Opening:
    """A channel of a kind that leads to the farm."""

    def opening(kind: str, **more: object) -> Channel:
        wanted = channels(farm).get(kind, {"url": f"{farm.address}/{kind}?token=x"}) | more
        return KINDS[kind][1](kind, wanted, Outside(utcnow, [Door.read("127.0.0.1")], timeout_s=2))

    return opening


@pytest.fixture
def letter() -> Callable[..., Letter]:
    def write(to: str = "+8613800000001", **more: str) -> Letter:
        said = {"title": "河长制提醒", "text": "徒骇河兴华村段：问题逾期未处理。"} | more
        return Letter(uuid4(), to, **said)  # type: ignore[arg-type]

    return write


@pytest.fixture
def failure() -> Callable[[Channel, Letter], DeliveryFailed]:
    def fail(channel: Channel, sent: Letter) -> DeliveryFailed:
        with pytest.raises(DeliveryFailed) as failed:
            channel.send(sent)
        return failed.value

    return fail
