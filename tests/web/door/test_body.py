"""Bodies at the door: too long, too slow, packed, bombs, and more than the memory may hold."""

from __future__ import annotations

import asyncio
import gzip
import zlib
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardkeep.adapters.mllp_room import Room
from wardkeep.web.door.body import ClientGoneError, Upload, unpack, unpacked
from wardkeep.wire.fhir_rest.refusal import RefusedError


def messages(*parts: bytes) -> list[dict[str, Any]]:
    last = len(parts) - 1
    return [
        {"type": "http.request", "body": part, "more_body": number < last}
        for number, part in enumerate(parts)
    ]


def read(sent: list[dict[str, Any]], longest: int = 100, room: Room | None = None) -> bytes:
    found: Iterator[dict[str, Any]] = iter(sent)

    async def receive() -> Any:
        return next(found)

    async def run() -> bytes:
        return await Upload(room or Room(1000), longest).read(receive, lambda: 0.0)

    return asyncio.run(run())


def status(fault: pytest.ExceptionInfo[RefusedError]) -> int:
    return fault.value.refusal.status


def test_a_body_is_put_together_from_its_pieces() -> None:
    assert read(messages(b"{", b"", b"}")) == b"{}"
    assert read(messages(b"")) == b""


def test_one_byte_over_the_limit_is_refused_before_the_rest_is_read() -> None:
    room = Room(1000)
    with pytest.raises(RefusedError) as fault:
        read(messages(b"x" * 60, b"x" * 41, b"x" * 60), room=room)
    assert status(fault) == 413
    assert room.unfinished_bytes == 0


def test_a_client_that_goes_away_is_answered_by_nobody() -> None:
    room = Room(1000)
    with pytest.raises(ClientGoneError):
        read([*messages(b"half", b"")[:1], {"type": "http.disconnect"}], room=room)
    assert room.unfinished_bytes == 0


def test_a_body_that_comes_slower_than_it_may_is_refused() -> None:
    clock = iter([0.0, 0.0, 0.0, 0.0, 10.5, 10.5, 10.5])

    async def run() -> bytes:
        async def receive() -> Any:
            await asyncio.sleep(0)
            return {"type": "http.request", "body": b"x", "more_body": True}

        return await Upload(Room(1000), 100).read(receive, lambda: next(clock))

    with pytest.raises(RefusedError) as fault:
        asyncio.run(run())
    assert status(fault) == 408


def test_beyond_the_sites_limit_only_the_oldest_body_grows() -> None:
    room = Room(10)

    async def run() -> list[str]:
        order: list[str] = []
        gates = {name: asyncio.Event() for name in ("old", "new")}

        async def upload(name: str, *parts: bytes) -> None:
            found = iter(messages(*parts))

            async def receive() -> Any:
                message = next(found)
                if not message["more_body"]:
                    await gates[name].wait()
                return message

            await Upload(room, 100).read(receive, lambda: 0.0)
            order.append(name)

        old = asyncio.create_task(upload("old", b"x" * 8, b"x" * 50))
        await asyncio.sleep(0)
        new = asyncio.create_task(upload("new", b"x" * 8, b"x"))
        await asyncio.sleep(0)
        gates["new"].set()
        for _ in range(10):
            await asyncio.sleep(0)
        assert order == []
        gates["old"].set()
        await asyncio.gather(old, new)
        return order

    assert asyncio.run(run()) == ["old", "new"]
    assert room.unfinished_bytes == 0


@given(st.lists(st.binary(max_size=200), max_size=3))
def test_what_was_packed_comes_out_as_it_went_in(parts: list[bytes]) -> None:
    whole = b"".join(parts)
    packed = b"".join(map(gzip.compress, parts))
    assert unpack(packed, len(whole)) == whole
    if whole:
        with pytest.raises(RefusedError) as fault:
            unpack(packed, len(whole) - 1)
        assert status(fault) == 413


@given(st.binary(max_size=100))
def test_bytes_that_are_no_gzip_are_refused(body: bytes) -> None:
    if body:
        with pytest.raises(RefusedError) as fault:
            unpack(body, 1000)
        assert status(fault) == 400


@pytest.mark.parametrize(
    "body",
    [gzip.compress(b"x" * 100)[:-1], zlib.compress(b"x"), gzip.compress(b"x") + b"rest"],
)
def test_a_packed_body_that_is_cut_or_followed_is_refused(body: bytes) -> None:
    with pytest.raises(RefusedError) as fault:
        unpack(body, 1000)
    assert status(fault) == 400


def test_a_body_of_a_thousand_empty_members_is_not_copied_a_thousand_times(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    given_out: list[int] = []
    engines = zlib.decompressobj

    class Counted:
        def __init__(self, wbits: int) -> None:
            self._engine = engines(wbits)

        def __getattr__(self, name: str) -> object:
            return getattr(self._engine, name)

        def decompress(self, data: bytes, most: int) -> bytes:
            given_out.append(len(data))
            return self._engine.decompress(data, most)

    monkeypatch.setattr(zlib, "decompressobj", Counted)
    packed = gzip.compress(b"") * 10_000 + gzip.compress(b"the end")
    assert unpack(packed, 1000) == b"the end"
    assert max(given_out) <= 16 * 1024


def test_a_bomb_is_left_as_soon_as_it_is_over_the_limit() -> None:
    bomb = gzip.compress(b"\0" * 50_000_000)
    assert len(bomb) > 16 * 1024
    with pytest.raises(RefusedError) as fault:
        asyncio.run(unpacked(bomb, 1_000_000))
    assert status(fault) == 413
