"""A sender that speaks FHIR, at the door as it is served."""

from __future__ import annotations

import asyncio

import pytest
from tests.web.door.test_door import TOKEN, Ledger
from tests.web.door.test_lane import BUNDLE, served

from wardkeep.adapters.errors import CannotConnectError
from wardkeep.adapters.fhir_sender import DoorAddress, FhirSender


def test_what_is_sent_is_stored_and_what_is_refused_is_counted() -> None:
    async def run() -> None:
        ledger = Ledger()
        async with served(ledger) as port:
            sender = FhirSender(DoorAddress("127.0.0.1", port.number, TOKEN))
            await sender.connect()
            assert b"transaction-response" in await sender.send(BUNDLE)
            bodies = [BUNDLE.replace(b"Patient", b"Patient%d" % n) for n in range(40)]
            answers = await sender.send_many(bodies, in_flight=64)
            assert [b"Patient%d/" % n in answer for n, answer in enumerate(answers)] == [
                True
            ] * 40
            assert sorted(ledger.bodies[2:]) == sorted(bodies)
            assert sender.refused == 0
            assert b"OperationOutcome" in await sender.send(b'{"broken')
            assert sender.refused == 1
            assert {token for _, token, _ in ledger.shown} == {"1"}
            await sender.close()

    asyncio.run(run())


def test_what_was_not_stored_must_be_sent_again() -> None:
    async def run() -> None:
        ledger = Ledger()
        async with served(ledger) as port:
            sender = FhirSender(DoorAddress("127.0.0.1", port.number, TOKEN))
            ledger.is_full = True
            with pytest.raises(CannotConnectError, match="503"):
                await sender.send(BUNDLE)
            ledger.is_full = False
            await sender.send(BUNDLE)
            await sender.close()
            stranger = FhirSender(DoorAddress("127.0.0.1", port.number, "wk_other"))
            with pytest.raises(CannotConnectError, match="401"):
                await stranger.send_many([BUNDLE, BUNDLE], in_flight=2)
            await stranger.close()
        late = FhirSender(DoorAddress("127.0.0.1", port.number, TOKEN))
        with pytest.raises(CannotConnectError):
            await late.connect()
        with pytest.raises(CannotConnectError):
            await late.send(BUNDLE)
        await late.close()

    asyncio.run(run())
