import asyncio
import ssl
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path

import pytest
import uvloop
from tests.adapters.mllp_bench import (
    AT,
    FEED,
    BrokenDisk,
    Recorder,
    Watched,
    admission,
    certificate,
    code_of,
    listening,
    sender,
    until,
)

from wardkeep.adapters import group_commit
from wardkeep.adapters.errors import CannotListenError
from wardkeep.adapters.mllp_connection import FRAME_SECONDS, STALL_SECONDS, UNREAD_SECONDS
from wardkeep.adapters.mllp_server import MllpServer
from wardkeep.adapters.mllp_tls import client_context
from wardkeep.adapters.rations import Rations, Taken
from wardkeep.hospital.site import Feed
from wardkeep.kernel.times import DAY
from wardkeep.ledger.arrival import Arrival, Kind
from wardkeep.ledger.errors import StoreFailedError
from wardkeep.wire.mllp import frame

Run = Callable[[Coroutine[object, object, None]], None]


@pytest.fixture(
    params=[asyncio.new_event_loop, uvloop.new_event_loop], ids=["asyncio", "uvloop"]
)
def run(request: pytest.FixtureRequest) -> Run:
    """Run a day in a loop of Python's own, and in the faster one that a site uses."""

    def whole(day: Coroutine[object, object, None]) -> None:
        with asyncio.Runner(loop_factory=request.param) as runner:
            runner.run(day)

    return whole


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Recorder]:
    recorder = Recorder(tmp_path)
    yield recorder
    recorder.close()


def test_a_message_is_answered_once_the_ledger_holds_it(ledger: Recorder, run: Run) -> None:
    async def day() -> None:
        async with listening(ledger) as server, sender(server) as adt:
            assert code_of(await adt.told(admission("A7"))) == b"AA|A7"
            assert ledger.arrivals == [
                Arrival("adt", AT, Kind.HL7, b"ADT", b"GHQV", b"A7", admission("A7"))
            ]

    run(day())


def test_no_answer_leaves_before_the_commit(ledger: Recorder, run: Run) -> None:
    async def day() -> None:
        watched, seen = Watched(ledger), list[tuple[bool, int]]()
        async with listening(watched) as server, sender(server) as adt:
            watched.before = lambda: seen.append((adt.has_answer(), len(ledger.groups)))
            assert code_of(await adt.told(admission())) == b"AA|1"
            assert seen == [(False, 0)]

    run(day())


def test_what_arrives_during_a_commit_shares_the_next_one(ledger: Recorder, run: Run) -> None:
    async def day() -> None:
        watched = Watched(ledger)
        async with listening(watched) as server, sender(server) as adt, sender(server) as lab:

            def meanwhile() -> None:
                for number in range(1, 20):
                    adt.write_at_once(frame(admission(str(number))))
                    lab.write_at_once(frame(admission(f"L{number}")))

            watched.before = meanwhile
            await adt.write(frame(admission("0")))
            told = [code_of(await adt.answer()) for _ in range(20)]
            assert told == [b"AA|%d" % number for number in range(20)]
            assert [len(group) for group in ledger.groups] == [1, 38]

    run(day())


def test_several_frames_in_one_packet_are_each_answered_in_order(
    ledger: Recorder, run: Run
) -> None:
    async def day() -> None:
        async with listening(ledger) as server, sender(server) as adt:
            await adt.write(b"".join(frame(admission(str(n))) for n in range(300)))
            told = [code_of(await adt.answer()) for _ in range(300)]
            assert told == [b"AA|%d" % n for n in range(300)]

    run(day())


def test_a_frame_over_many_packets_is_one_message(ledger: Recorder, run: Run) -> None:
    async def day() -> None:
        async with listening(ledger) as server, sender(server) as adt:
            stream = frame(admission())
            for at in range(len(stream)):
                await adt.write(stream[at : at + 1])
                await asyncio.sleep(0)
            assert code_of(await adt.answer()) == b"AA|1"
            assert ledger.bodies == [admission()]

    run(day())


def test_a_frame_without_its_last_carriage_return_is_answered(
    ledger: Recorder, run: Run
) -> None:
    async def day() -> None:
        async with listening(ledger) as server, sender(server) as adt:
            for number in (b"1", b"2"):
                await adt.write(b"\x0b" + admission(number.decode()) + b"\x1c")
                assert code_of(await adt.answer()) == b"AA|" + number

    run(day())


def test_junk_before_a_message_is_kept_as_stray_and_the_message_answered(
    ledger: Recorder, run: Run
) -> None:
    async def day() -> None:
        async with listening(ledger) as server, sender(server) as adt:
            await adt.write(b"hello\r\n" + frame(admission()) + b"\r\n")
            assert code_of(await adt.answer()) == b"AA|1"
            assert [(each.kind, each.body) for each in ledger.arrivals] == [
                (Kind.STRAY, b"hello\r\n"),
                (Kind.HL7, admission()),
            ]
            assert server.figures()[0].stray == 1

    run(day())


def test_a_message_cut_off_is_kept_as_stray_and_comes_again(ledger: Recorder, run: Run) -> None:
    async def day() -> None:
        async with listening(ledger) as server:
            async with sender(server) as adt:
                await adt.write(b"\x0bMSH|half a mess")
                await until(lambda: server.unfinished_bytes)
            async with sender(server) as adt:
                assert code_of(await adt.told(admission())) == b"AA|1"
            assert ledger.bodies == [b"\x0bMSH|half a mess", admission()]

    run(day())


@pytest.mark.parametrize("codec", ["latin-1", "cp1252", "utf-8", "utf-16", "utf-16-be"])
def test_bytes_of_any_charset_are_kept_as_they_came(
    ledger: Recorder, codec: str, run: Run
) -> None:
    special = "Gwénaëlle" if codec == "latin-1" else "“Gwénaëlle” 5 € µg"
    body = admission().decode("latin-1").replace("Gwénaëlle", special).encode(codec)

    async def day() -> None:
        async with listening(ledger) as server, sender(server) as adt:
            answer = await adt.told(body)
            wide = codec.startswith("utf-16")
            assert "MSA|AA|1\r" in answer.decode(codec if wide else "latin-1")
            assert ledger.bodies == [body]

    run(day())


def test_documents_of_600_kb_and_more_are_taken(ledger: Recorder, run: Run) -> None:
    async def day() -> None:
        async with listening(ledger) as server, sender(server) as lab:
            for size in (600_000, 5_000_000):
                body = admission(str(size), "x" * size)
                assert code_of(await lab.told(body)) == b"AA|%d" % size
                assert ledger.bodies[-1] == body

    run(day())


def test_a_message_over_the_feeds_limit_ends_the_connection_unanswered(
    ledger: Recorder, run: Run
) -> None:
    async def day() -> None:
        feed = Feed(name="adt", port=0, max_message_bytes=1_000)
        async with listening(ledger, feed) as server:
            async with sender(server) as adt:
                assert code_of(await adt.told(admission("1"))) == b"AA|1"
                await adt.write(frame(admission("2", "x" * 2_000)))
                assert await adt.is_closed()
            async with sender(server) as adt:
                assert code_of(await adt.told(admission("3"))) == b"AA|3"
            figures = server.figures()[0]
            assert (figures.messages, figures.stray, figures.refused) == (2, 1, 1)

    run(day())


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_other_line_ends_are_answered_and_kept(ledger: Recorder, end: bytes, run: Run) -> None:
    async def day() -> None:
        async with listening(ledger) as server, sender(server) as adt:
            body = admission("9").replace(b"\r", end)
            assert code_of(await adt.told(body)) == b"AA|9"
            assert ledger.bodies == [body]

    run(day())


def test_a_batch_is_one_entry_and_is_answered_by_a_batch(ledger: Recorder, run: Run) -> None:
    batch = b"BHS|^~\\&|LAB|X|WK|Y|2026||||B1\r" + admission("1") + admission("2") + b"BTS|2\r"

    async def day() -> None:
        async with listening(ledger) as server, sender(server) as lab:
            answer = await lab.told(batch)
            assert answer.startswith(b"BHS|")
            assert [line for line in answer.split(b"\r") if line[:3] == b"MSA"] == [
                b"MSA|AA|1",
                b"MSA|AA|2",
            ]
            assert [each.control for each in ledger.arrivals] == [b"B1"]

    run(day())


def test_enhanced_mode_answers_what_was_asked_for(ledger: Recorder, run: Run) -> None:
    def asking(control: str, accept: str, apply: str) -> bytes:
        return admission(control).replace(
            b"|P|2.5.1", f"|P|2.5.1|||{accept}|{apply}".encode(), 1
        )

    async def day() -> None:
        async with listening(ledger) as server, sender(server) as adt:
            assert code_of(await adt.told(asking("1", "AL", "NE"))) == b"CA|1"
            await adt.write(frame(asking("2", "NE", "NE")))
            assert code_of(await adt.told(asking("3", "AL", "AL"))) == b"CA|3"
            assert code_of(await adt.answer()) == b"AA|3"
            assert len(ledger.arrivals) == 3

    run(day())


def test_what_is_no_hl7_is_kept_and_answered_all_the_same(ledger: Recorder, run: Run) -> None:
    async def day() -> None:
        async with listening(ledger) as server, sender(server) as adt:
            for body in (b"", b"PID|1", b"\x00\xff", b"MSH", b"MSH||A|||"):
                assert b"\rMSA|" in (await adt.told(body)).replace(b"\0", b"")
            assert len(ledger.arrivals) == 5

    run(day())


def test_a_duplicate_gets_the_first_answer_again(ledger: Recorder, run: Run) -> None:
    async def day() -> None:
        async with listening(ledger) as server:
            async with sender(server) as adt:
                first = await adt.told(admission("1"))
                await adt.told(admission("2"))
            async with sender(server) as adt:
                assert await adt.told(admission("1")) == first
                other = await adt.told(admission("1", " van den Berg"))
            assert code_of(other) == code_of(first)
            assert other != first
            assert server.figures()[0].repeated == 1

    run(day())


def test_every_feed_counts_its_own(ledger: Recorder, run: Run) -> None:
    async def day() -> None:
        feeds = (FEED, Feed(name="lab", port=0))
        async with listening(ledger, *feeds) as server:
            async with sender(server, 0) as adt, sender(server, 1) as lab:
                await adt.told(admission("1"))
                await adt.told(admission("2"))
                await lab.told(admission("1"))
                adt_figures, lab_figures = server.figures()
            assert [each.feed for each in ledger.arrivals] == ["adt", "adt", "lab"]
            assert (adt_figures.connections, adt_figures.messages) == (1, 2)
            assert adt_figures.bytes == 2 * len(admission())
            assert (lab_figures.name, lab_figures.messages) == ("lab", 1)
            assert lab_figures.last_peer == "127.0.0.1"
            assert (lab_figures.last_arrival, lab_figures.since) == (AT, AT)

    run(day())


def test_a_sender_outside_the_allow_list_is_turned_away(ledger: Recorder, run: Run) -> None:
    async def day() -> None:
        feed = Feed(name="adt", port=0, allow=("10.1.0.0/16",))
        async with listening(ledger, feed) as server, sender(server) as stranger:
            assert await stranger.is_closed()
            assert server.figures()[0].refused == 1
            assert ledger.groups == []

    run(day())


def test_a_broken_store_answers_nobody_and_closes(tmp_path: Path, run: Run) -> None:
    async def day() -> None:
        disk = BrokenDisk(good=1)
        async with listening(disk) as server:
            async with sender(server) as adt:
                assert code_of(await adt.told(admission("1"))) == b"AA|1"
                await adt.write(frame(admission("2")) + frame(admission("3")))
                assert await adt.is_closed()
            assert server.figures()[0].failed == 2
            disk.good = 1
            async with sender(server) as adt:
                assert code_of(await adt.told(admission("2"))) == b"AA|2"

    run(day())


def test_messages_behind_one_that_the_store_refused_do_not_overtake_it(
    ledger: Recorder, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(group_commit, "GROUP_ENTRIES", 1)

    async def day() -> None:
        async with listening(Watched(ledger, failing=1)) as server:
            async with sender(server) as adt:
                await adt.write(frame(admission("1")) + frame(admission("2")))
                assert await adt.is_closed()
            assert ledger.arrivals == []
            async with sender(server) as adt:
                await adt.told(admission("1"))
            assert [each.control for each in ledger.arrivals] == [b"1"]

    run(day())


def test_a_fault_in_the_store_that_nobody_foresaw_ends_no_listener(
    ledger: Recorder, run: Run
) -> None:
    async def day() -> None:
        broken = Watched(ledger, failing=1, fault=ZeroDivisionError("a bug"))
        async with listening(broken) as server:
            async with sender(server) as adt:
                await adt.write(frame(admission("1")))
                assert await adt.is_closed()
            async with sender(server) as adt:
                assert code_of(await adt.told(admission("1"))) == b"AA|1"

    run(day())


def test_a_sender_that_never_reads_its_answers_is_held_back_then_closed(
    ledger: Recorder, run: Run
) -> None:
    async def day() -> None:
        async with listening(ledger) as server:
            port = server.figures()[0].port
            _, writer = await asyncio.open_connection("127.0.0.1", port, limit=1)
            # Answers echo the control id: long ones fill the way back soon.
            block = b"".join(frame(admission(f"{n:030000}")) for n in range(20))
            while not server.unread:
                if not writer.transport.get_write_buffer_size():
                    writer.write(block)
                await asyncio.sleep(0)
            now = asyncio.get_running_loop().time()
            server.patrol(now)
            assert server.figures()[0].connections == 1
            server.patrol(now + UNREAD_SECONDS + 1)
            async with sender(server) as adt:
                assert code_of(await adt.told(admission("after"))) == b"AA|after"
            assert server.figures()[0].refused == 1
            writer.transport.abort()

    run(day())


def test_a_frame_that_stops_growing_or_trickles_is_given_up(ledger: Recorder, run: Run) -> None:
    async def day() -> None:
        async with listening(ledger) as server, sender(server) as idle:
            now = asyncio.get_running_loop().time()
            for patience in (STALL_SECONDS, FRAME_SECONDS + 60):
                async with sender(server) as loris:
                    await loris.write(b"\x0bMSH|^~")
                    await until(lambda: server.unfinished_bytes)
                    server.patrol(now + 1)
                    assert server.figures()[0].connections == 2
                    server.patrol(now + patience + 5)
                    assert await loris.is_closed()
            assert code_of(await idle.told(admission())) == b"AA|1"
            assert server.figures()[0].refused == 2

    run(day())


def test_500_idle_connections_are_kept_and_disturb_nobody(ledger: Recorder, run: Run) -> None:
    async def day() -> None:
        async with listening(ledger) as server, sender(server) as adt:
            port = server.figures()[0].port
            idle = [await asyncio.open_connection("127.0.0.1", port) for _ in range(500)]
            server.patrol(asyncio.get_running_loop().time() + 1e6)
            assert code_of(await adt.told(admission())) == b"AA|1"
            assert server.figures()[0].connections == 501
            reader, writer = idle[77]
            writer.write(frame(admission("77")))
            assert b"AA|77" in await reader.readuntil(b"\x1c\r")
            for _, each in idle:
                each.close()
            await asyncio.gather(*(each.wait_closed() for _, each in idle))

    run(day())


def test_unfinished_frames_wait_for_each_other_when_memory_is_full(
    ledger: Recorder, run: Run
) -> None:
    async def day() -> None:
        async with listening(ledger, unfinished_bytes=100_000) as server:
            body = admission("big", "x" * 3_000_000)
            async with (
                sender(server) as one,
                sender(server) as two,
                sender(server) as three,
                sender(server) as small,
            ):
                told = asyncio.gather(one.told(body), two.told(body), three.told(body))
                assert code_of(await small.told(admission())) == b"AA|1"
                assert [code_of(each) for each in await told] == [b"AA|big"] * 3
            assert server.unfinished_bytes == 0

    run(day())


def test_tls_is_spoken_where_a_feed_has_a_certificate(
    ledger: Recorder, tmp_path: Path, run: Run
) -> None:
    proof, key = certificate(tmp_path, "server")
    feed = Feed(name="adt", port=0, tls_certificate=proof, tls_key=key)

    async def day() -> None:
        async with listening(ledger, feed) as server:
            async with sender(server, ssl=client_context(proof)) as adt:
                assert code_of(await adt.told(admission())) == b"AA|1"
                body = admission("long", "x" * 700_000)
                assert code_of(await adt.told(body)) == b"AA|long"
            old = client_context(proof)
            old.set_ciphers("ALL:@SECLEVEL=0")  # or OpenSSL itself refuses to speak 1.1
            with pytest.warns(DeprecationWarning, match="TLSv1_1"):
                old.maximum_version = old.minimum_version = ssl.TLSVersion.TLSv1_1
            with pytest.raises(OSError):  # noqa: PT011  (an alert or a reset, as it comes)
                async with sender(server, ssl=old):
                    pass

    run(day())


def test_a_feed_may_ask_senders_for_a_certificate(
    ledger: Recorder, tmp_path: Path, run: Run
) -> None:
    proof, key = certificate(tmp_path, "server")
    own, own_key = certificate(tmp_path, "laboratory")
    feed = Feed(name="lab", port=0, tls_certificate=proof, tls_key=key, tls_client_ca=own)

    async def day() -> None:
        async with listening(ledger, feed) as server:
            async with sender(server, ssl=client_context(proof, own, own_key)) as lab:
                assert code_of(await lab.told(admission())) == b"AA|1"
            with pytest.raises((OSError, asyncio.IncompleteReadError)):
                async with sender(server, ssl=client_context(proof)) as stranger:
                    await stranger.told(admission())
            assert len(ledger.arrivals) == 1

    run(day())


def test_of_one_authority_only_the_named_certificates_may_speak_and_others_are_shown(
    ledger: Recorder, tmp_path: Path, run: Run
) -> None:
    proof, key = certificate(tmp_path, "server")
    own, own_key = certificate(tmp_path, "laboratory")
    other, other_key = certificate(tmp_path, "imaging")
    both = tmp_path / "both.pem"
    both.write_bytes(Path(own).read_bytes() + Path(other).read_bytes())
    feed = Feed(
        name="lab",
        port=0,
        tls_certificate=proof,
        tls_key=key,
        tls_client_ca=str(both),
        tls_client_names=("DNS:nobody", "CN=laboratory"),
    )

    async def day() -> None:
        async with listening(ledger, feed) as server:
            async with sender(server, ssl=client_context(proof, own, own_key)) as lab:
                assert code_of(await lab.told(admission())) == b"AA|1"
            with pytest.raises((OSError, asyncio.IncompleteReadError)):
                async with sender(
                    server, ssl=client_context(proof, other, other_key)
                ) as stranger:
                    await stranger.told(admission("2"))
            (figures,) = server.figures()
            assert figures.strangers[0] == "CN=imaging"
            assert figures.strangers[-1].startswith("SHA256:")
            assert figures.stranger_at == AT
            assert len(ledger.arrivals) == 1

    run(day())


def test_a_feed_that_must_wait_for_room_answers_nobody_and_then_goes_on(
    ledger: Recorder, run: Run
) -> None:
    rations = Rations((FEED,), ledger, 1_000, Taken(AT // DAY))

    async def day() -> None:
        async with (
            listening(rations, FEED, rations=rations) as server,
            sender(server) as early,
            sender(server) as waiting,
        ):
            assert code_of(await early.told(admission("1"))) == b"AA|1"
            rations.look(10, AT)
            server.ration()
            told = asyncio.create_task(waiting.told(admission("2")))
            async with sender(server) as later:
                also = asyncio.create_task(later.told(admission("3")))
                await asyncio.sleep(0)
                assert len(ledger.arrivals) == 1
                rations.look(10_000, AT)
                server.ration()
                assert code_of(await told) == b"AA|2"
                assert code_of(await also) == b"AA|3"

    run(day())


def test_an_address_that_is_taken_is_named(ledger: Recorder, run: Run) -> None:
    async def day() -> None:
        async with listening(ledger) as server:
            taken = Feed(name="lab", port=server.figures()[0].port)
            with pytest.raises(CannotListenError, match=r"feed lab: 127\.0\.0\.1 port"):
                await MllpServer([taken], ledger, lambda: AT).start()
            unreadable = Feed(name="lab", port=0, tls_certificate="/nowhere.pem")
            with pytest.raises(CannotListenError, match="feed lab: its certificate"):
                await MllpServer([unreadable], ledger, lambda: AT).start()

    run(day())


def test_what_was_read_is_answered_when_the_server_closes(ledger: Recorder, run: Run) -> None:
    async def day() -> None:
        watched, closing = Watched(ledger), list[asyncio.Task[None]]()
        async with listening(watched) as server, sender(server) as adt:
            watched.before = lambda: closing.append(asyncio.create_task(server.close()))
            await adt.write(frame(admission()))
            assert code_of(await adt.answer()) == b"AA|1"
            assert await adt.is_closed()
            await closing[0]

    run(day())


def test_a_census_goes_in_line_with_the_feeds(ledger: Recorder, run: Run) -> None:
    async def day() -> None:
        row = Arrival("census", AT, Kind.CENSUS, b"", b"", b"", b"77;3B;12")
        async with listening(ledger) as server:
            assert [each.sequence for each in await server.append([row, row])] == [1, 2]
        async with listening(BrokenDisk()) as server:
            with pytest.raises(StoreFailedError):
                await server.append([row])

    run(day())
