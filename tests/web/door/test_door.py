"""The door as its own description promises it: walked by schemathesis."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from itertools import count
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from litestar.types import HTTPScope, Receive, Scope, Send
from schemathesis.specs.openapi.checks import ignored_auth, positive_data_acceptance

from wardkeep.adapters.door_figures import DoorFigures
from wardkeep.adapters.errors import HandoverFailedError
from wardkeep.adapters.handover_client import Sending, Told
from wardkeep.adapters.mllp_room import Room
from wardkeep.hospital.site import Feed
from wardkeep.tokens.state import Token, digest_of
from wardkeep.web.door.door import MOST_AT_ONCE, Door, DoorDependencies
from wardkeep.web.door.figures import Tally
from wardkeep.web.door.senders import Senders
from wardkeep.wire.handover import Receipt, Taken, who

TOKEN = "wk_test"
NOW = 1_780_000_000_000_000


class Ledger:
    """A ledger behind the door: it takes everything until it takes nothing."""

    def __init__(self) -> None:
        self.is_full = False
        self.bodies: list[bytes] = []
        self.shown: list[tuple[str, str, str]] = []
        self.open = asyncio.Event()
        self.open.set()
        self._numbers = count(1)

    def offer(self, sending: Sending, told: Told) -> None:
        self.shown.append(who(sending.shown))
        asyncio.get_running_loop().create_task(self._tell(sending.body, told))

    async def _tell(self, body: bytes, told: Told) -> None:
        await self.open.wait()
        if self.is_full:
            told(HandoverFailedError("the ledger took nothing"))
            return
        self.bodies.append(body)
        told(Receipt(0, next(self._numbers), NOW, Taken.NEW))


def door(ledger: Ledger, **changes: Any) -> Door:
    token = Token(
        number=1, feed="emr", digest=digest_of(TOKEN), note="", expires=None, made=NOW
    )
    feed = Feed(name="emr", kind="fhir", max_message_bytes=20_000)
    kept: dict[str, Any] = {
        "senders": Senders([feed], lambda: (token,), lambda: NOW),
        "handover": ledger,
        "tally": Tally(DoorFigures(), lambda: NOW),
        "room": Room(1_000_000),
        "keep": lambda _tally: None,
    }
    return Door(DoorDependencies(**{**kept, **changes}))


class Asgi:
    """The door as whoever serves it calls it: with what uvicorn puts into a scope."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if str(scope["type"]) == "lifespan":
            await receive()
            await send({"type": "lifespan.startup.complete"})
            await receive()
            await send({"type": "lifespan.shutdown.complete"})
            return
        served = door(self.ledger)
        http: HTTPScope = {**scope, "state": {}, "client": ("127.0.0.1", 1)}  # type: ignore[typeddict-item]
        await served(http, receive, send)
        await served.close()


schema = schemathesis.openapi.from_asgi("/fhir/openapi.json", Asgi(Ledger()))
few = settings(
    max_examples=3,
    deadline=None,
    suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
)


def walk(case: Any) -> None:
    # The first leaves the token out, which we give: the stories try the door without one. The
    # second cannot know that an update's body must have the id of its address.
    case.call_and_validate(
        headers={"authorization": f"Bearer {TOKEN}"},
        excluded_checks=[ignored_auth, positive_data_acceptance],
    )


@schema.include(path_regex="^/(metadata|Patient.*)?$").parametrize()
@few
def test_the_door_does_what_its_description_says(case: Any) -> None:
    walk(case)


@pytest.mark.long
@schema.parametrize()
@settings(parent=few, max_examples=100)
def test_the_door_does_it_for_every_type(case: Any) -> None:
    walk(case)


@pytest.fixture
def ledger() -> Ledger:
    return Ledger()


async def _client(served: Door) -> AsyncIterator[httpx.AsyncClient]:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await served({"state": {}, **scope}, receive, send)  # type: ignore[typeddict-item]

    transport = httpx.ASGITransport(app=app)
    headers = {"authorization": f"Bearer {TOKEN}"}
    async with httpx.AsyncClient(
        transport=transport, base_url="http://box.example", headers=headers
    ) as client:
        yield client
    await served.close()


def test_while_the_ledger_takes_nothing_senders_are_told_to_keep_it(ledger: Ledger) -> None:
    async def run() -> None:
        ledger.is_full = True
        async for client in _client(door(ledger)):
            answer = await client.post("/fhir/Patient", json={"resourceType": "Patient"})
            assert answer.status_code == 503
            assert answer.headers["retry-after"] == "5"
            assert answer.json()["issue"][0]["code"] == "transient"

    asyncio.run(run())
    assert ledger.bodies == []


def test_nothing_is_answered_before_it_is_durable_and_no_feed_opens_too_many(
    ledger: Ledger,
) -> None:
    async def run() -> None:
        ledger.open.clear()
        async for client in _client(door(ledger)):
            patient = {"resourceType": "Patient"}
            waiting = [
                asyncio.create_task(client.post("/fhir", json=patient))
                for _ in range(MOST_AT_ONCE + 1)
            ]
            done, _ = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            assert [each.result().status_code for each in done] == [429]
            ledger.open.set()
            rest = await asyncio.gather(*waiting)
            assert sorted(each.status_code for each in rest) == [201] * MOST_AT_ONCE + [429]

    asyncio.run(run())


def test_refusals_are_counted_by_sender_without_a_word_of_their_bodies(
    ledger: Ledger,
) -> None:
    tally = Tally(DoorFigures(), lambda: NOW)

    async def run() -> None:
        async for client in _client(door(ledger, tally=tally)):
            await client.post("/fhir", content=b'{"Peeters": }')
            await client.post("/fhir", headers={"authorization": "Bearer nobody"})
            await client.post("/fhir", json={"resourceType": "Patient"})

    asyncio.run(run())
    senders = tally.figures().senders
    assert senders["emr"].requests == 1
    assert senders["emr"].refused == {"400": 1}
    assert "Peeters" not in senders["emr"].last_refusal
    assert senders[""].refused == {"401": 1}
    assert tally.figures().tokens == {1: NOW}
