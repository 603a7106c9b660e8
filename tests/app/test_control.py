import asyncio
import stat
from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread

import pytest

from wardkeep.app.control import Body, ControlServer, call, is_running
from wardkeep.app.errors import NotRunningError, RefusedByServerError
from wardkeep.sender.errors import SenderUnknownError


async def _double(body: Body) -> Body:
    return {"twice": int(body["number"]) * 2}


async def _refuse(_: Body) -> Body:
    raise RefusedByServerError("not tonight")


async def _unseen(_: Body) -> Body:
    raise SenderUnknownError("feed 'lab' has shown no address '10.0.0.1'")


async def _ping(_: Body) -> Body:
    return {}


@pytest.fixture
def path(tmp_path: Path) -> Iterator[Path]:
    """The socket of a server that runs in a thread of its own."""
    place = tmp_path / "run" / "control.sock"
    place.parent.mkdir()
    open_, close = Event(), Event()

    async def serve() -> None:
        server = ControlServer(
            place, {"double": _double, "refuse": _refuse, "ping": _ping, "unseen": _unseen}
        )
        await server.start()
        open_.set()
        await asyncio.to_thread(close.wait)
        await server.close()

    thread = Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    open_.wait()
    yield place
    close.set()
    thread.join()


def test_a_request_is_answered(path: Path) -> None:
    assert call(path, "double", {"number": 21}) == {"twice": 42}
    assert is_running(path)


def test_what_was_never_seen_keeps_its_own_status(path: Path) -> None:
    with pytest.raises(SenderUnknownError) as refused:
        call(path, "unseen", {})
    assert refused.value.exit_status == 6


def test_only_the_owner_may_open_the_socket(path: Path) -> None:
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("verb", "body", "said"),
    [
        ("refuse", {}, "not tonight"),
        ("unknown", {}, "there is no request 'unknown'"),
        ("double", {}, "cannot be read"),
    ],
)
def test_what_is_not_done_is_said(path: Path, verb: str, body: Body, said: str) -> None:
    with pytest.raises(RefusedByServerError, match=said):
        call(path, verb, body)


def test_where_nobody_listens_that_is_said(tmp_path: Path) -> None:
    with pytest.raises(NotRunningError):
        call(tmp_path / "run" / "control.sock", "ping", {})
    assert not is_running(tmp_path / "run" / "control.sock")


def test_a_folder_with_a_very_long_path_is_reached(tmp_path: Path) -> None:
    place = tmp_path / ("deep" * 30) / "control.sock"
    place.parent.mkdir()

    async def serve_and_ask() -> Body:
        server = ControlServer(place, {"ping": _ping})
        await server.start()
        answer = await asyncio.to_thread(call, place, "ping", {})
        await server.close()
        return answer

    assert asyncio.run(serve_and_ask()) == {}


def test_calls_through_a_long_path_leave_no_file_open(tmp_path: Path) -> None:
    long = tmp_path / ("x" * 110) / "run" / "control.sock"
    long.parent.mkdir(parents=True)
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(20):
        assert not is_running(long)
    assert len(list(Path("/proc/self/fd").iterdir())) < before + 20
