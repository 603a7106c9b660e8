import asyncio
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import pytest
from tests.adapters.mllp_bench import BrokenDisk, Recorder, admission, listening

from wardkeep.adapters import mllp_client, mllp_delivery
from wardkeep.adapters.errors import CannotConnectError
from wardkeep.adapters.mllp_delivery import Delivery, Outcome
from wardkeep.adapters.mllp_tls import client_context
from wardkeep.wire.mllp import frame

Listener = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Recorder]:
    recorder = Recorder(tmp_path)
    yield recorder
    recorder.close()


def asking(control: str, accept: str, apply: str) -> bytes:
    return admission(control).replace(b"|P|2.5.1", f"|P|2.5.1|||{accept}|{apply}".encode(), 1)


async def deliver(
    files: list[tuple[str, list[bytes]]], port: int, connections: int = 1, rate: float = 0.0
) -> Outcome:
    return await Delivery(files, ("127.0.0.1", port), rate=rate).run(connections)


def test_files_keep_their_order_over_several_connections(ledger: Recorder) -> None:
    files = [
        (f"{name}.hl7", [admission(f"{name}{number}") for number in range(30)])
        for name in "abcde"
    ]

    async def day() -> None:
        async with listening(ledger) as server:
            outcome = await deliver(files, server.figures()[0].port, connections=3)
        assert outcome.complete
        assert (outcome.messages, outcome.acknowledged, outcome.unsent) == (150, 150, 0)
        assert 0 < outcome.ack_p50_ms <= outcome.ack_p99_ms
        for _, messages in files:
            assert [body for body in ledger.bodies if body in messages] == messages

    asyncio.run(day())


def test_senders_that_want_no_answer_or_two_are_served(ledger: Recorder) -> None:
    bodies = [
        asking("1", "NE", "NE"),
        asking("2", "AL", "AL"),
        asking("2", "AL", "AL"),
        b"BHS|^~\\&|L\r" + admission("3") + admission("4") + b"BTS|2\r",
        admission("5"),
    ]

    async def day() -> None:
        async with listening(ledger) as server:
            outcome = await deliver([("mixed", bodies)], server.figures()[0].port)
        assert outcome.complete
        assert (outcome.acknowledged, outcome.unasked) == (4, 1)

    asyncio.run(day())


def test_a_message_without_answer_is_sent_again_after_the_connection_was_cut(
    ledger: Recorder,
) -> None:
    async def day() -> None:
        cut = 0

        async def cutting(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            nonlocal cut
            try:
                while message := await reader.readuntil(b"\x1c\r"):
                    cut += 1
                    if cut % 3 == 0:
                        break
                    control = message.split(b"|")[9]
                    writer.write(frame(b"MSH|^~\\&|\rMSA|AA|" + control))
            except asyncio.IncompleteReadError:
                pass
            writer.close()

        receiver = await asyncio.start_server(cutting, "127.0.0.1", 0)
        port = receiver.sockets[0].getsockname()[1]
        files = [("day", [admission(str(number)) for number in range(5)])]
        outcome = await deliver(files, port)
        assert (outcome.acknowledged, outcome.complete, cut) == (5, True, 7)
        receiver.close()

    asyncio.run(day())


def test_a_refusal_is_counted_and_named() -> None:
    async def refusing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\x1c\r")
        writer.write(frame(b"MSH|^~\\&|\rMSA|AE|7"))
        writer.close()

    async def day() -> None:
        receiver = await asyncio.start_server(refusing, "127.0.0.1", 0)
        outcome = await deliver(
            [("day", [admission("7")])], receiver.sockets[0].getsockname()[1]
        )
        assert (outcome.refused, outcome.acknowledged, outcome.complete) == (1, 0, False)
        assert outcome.problems == ("day, message 1: refused with AE",)
        receiver.close()

    asyncio.run(day())


def test_a_receiver_that_stays_silent_is_given_up_in_the_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(mllp_delivery, "FIRST_PAUSE_SECONDS", 0.0)

    async def day() -> None:
        async with listening(BrokenDisk(good=1)) as server:
            files = [("day", [admission(str(number)) for number in range(4)])]
            outcome = await deliver(files, server.figures()[0].port)
        assert (outcome.acknowledged, outcome.unsent, outcome.complete) == (1, 3, False)
        assert outcome.problems[0].startswith("day, message 2: 127.0.0.1 port")

    asyncio.run(day())


def test_a_rate_spreads_the_messages(ledger: Recorder) -> None:
    async def day() -> None:
        async with listening(ledger) as server:
            files = [("day", [admission(str(number)) for number in range(11)])]
            outcome = await deliver(files, server.figures()[0].port, rate=1_000)
        assert outcome.complete
        assert outcome.seconds >= 0.01

    asyncio.run(day())


def test_no_receiver_is_told_at_once() -> None:
    with pytest.raises(CannotConnectError):
        asyncio.run(deliver([("day", [admission()])], 1))


async def http(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r")
    writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
    writer.close()


async def tls(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r")
    writer.write(b"\x15\x03\x03\x00\x02\x02\x46")  # RFC 8446, 6: alert protocol_version
    writer.close()


async def mute(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read()
    writer.close()


@pytest.mark.parametrize(
    ("listener", "said"),
    [(http, "answered, but not in MLLP"), (tls, "speaks TLS"), (mute, "no answer in")],
)
def test_what_listens_and_is_no_receiver_is_told_apart_and_given_up(
    monkeypatch: pytest.MonkeyPatch, listener: Listener, said: str
) -> None:
    monkeypatch.setattr(mllp_delivery, "FIRST_PAUSE_SECONDS", 0.0)
    monkeypatch.setattr(mllp_client, "ANSWER_SECONDS", 0.1)

    async def day() -> None:
        receiver = await asyncio.start_server(listener, "127.0.0.1", 0)
        port = receiver.sockets[0].getsockname()[1]
        with pytest.raises(CannotConnectError, match=said) as told:
            await deliver([("day", [admission(), admission("2")])], port)
        assert "port of an MLLP receiver" in told.value.diagnostics()
        assert "--tls" in told.value.diagnostics()
        receiver.close()

    asyncio.run(day())


def test_tls_to_a_receiver_without_it_says_so() -> None:
    async def day() -> None:
        receiver = await asyncio.start_server(http, "127.0.0.1", 0)
        address = ("127.0.0.1", receiver.sockets[0].getsockname()[1])
        with pytest.raises(CannotConnectError, match="no TLS connection") as told:
            await Delivery([("day", [admission()])], address, tls=client_context()).run(1)
        assert "without --tls messages go in clear" in told.value.diagnostics()
        receiver.close()

    asyncio.run(day())
