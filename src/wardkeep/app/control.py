"""How verbs and the web reach the running writer: JSON lines over a Unix socket (0600).

A request is {"verb", "body"}, an answer {"ok": true, "body"} or {"ok": false, "error"}. One
request a line, one answer a line, any number a connection.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

import msgspec

from wardkeep.adapters.host import reachable
from wardkeep.app.errors import FirstAnswersError, NotRunningError, RefusedByServerError
from wardkeep.kernel.errors import WardkeepError
from wardkeep.pack.errors import NoReasonError, NotHeldError, NotOpenError
from wardkeep.sender.errors import SenderUnknownError

Body = Mapping[str, Any]
Answer = Callable[[Body], Awaitable[Body]]
# The largest message of a feed is 64 MB by default; base64 and its neighbours fit.
_LONGEST_LINE = 128 * 1024 * 1024
_PATIENCE_SECONDS = 30.0


_REFUSALS: dict[str, type[WardkeepError]] = {
    kind.code: kind
    for kind in (
        FirstAnswersError,
        NoReasonError,
        NotHeldError,
        NotOpenError,
        SenderUnknownError,
    )
}
"""What the server refuses for a reason with a status or a remedy of its own, by its code."""


class _Request(msgspec.Struct, frozen=True):
    verb: str
    body: dict[str, Any] = {}


_decoder = msgspec.json.Decoder(_Request)


class ControlServer:
    """Answers requests by a table of verbs."""

    def __init__(self, path: Path, verbs: Mapping[str, Answer]) -> None:
        self._path, self._verbs = path, verbs
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        """Open the socket; one that a dead server left is taken over."""
        self._path.unlink(missing_ok=True)
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        with reachable(self._path) as name:
            listener.bind(name)
        self._path.chmod(0o600)
        self._server = await asyncio.start_unix_server(
            self._serve, sock=listener, limit=_LONGEST_LINE
        )

    async def close(self) -> None:
        """Close and remove the socket."""
        if self._server is not None:
            self._server.close()
        self._path.unlink(missing_ok=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while line := await reader.readline():
                writer.write(msgspec.json.encode(await self._answer(line)) + b"\n")
                await writer.drain()
        except (ConnectionError, ValueError, asyncio.CancelledError):
            pass  # gone, or a line over the limit: the caller sees the end of the connection
        finally:
            writer.close()

    async def _answer(self, line: bytes) -> dict[str, Any]:
        try:
            request = _decoder.decode(line)
            answer = self._verbs.get(request.verb)
            if answer is None:
                return {"ok": False, "error": f"there is no request {request.verb!r}"}
            return {"ok": True, "body": await answer(request.body)}
        except (msgspec.DecodeError, msgspec.ValidationError, KeyError) as fault:
            return {"ok": False, "error": f"the request cannot be read: {fault}"}
        except WardkeepError as fault:
            return {"ok": False, "error": str(fault), "code": fault.code}


def call(path: Path, verb: str, body: Body, patience: float = _PATIENCE_SECONDS) -> Body:
    """Ask the running server; raises NotRunningError or RefusedByServerError.

    What the server refused by a code of _REFUSALS is raised as that error.
    """
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(patience)
        try:
            with reachable(path) as name:
                connection.connect(name)
            connection.sendall(msgspec.json.encode({"verb": verb, "body": body}) + b"\n")
            with connection.makefile("rb") as stream:
                line = stream.readline(_LONGEST_LINE)
        except OSError as fault:
            raise NotRunningError(f"no server answers at {path.parent.parent}") from fault
    if not line:
        raise NotRunningError(f"the server at {path.parent.parent} closed the connection")
    answer = msgspec.json.decode(line)
    if not answer.get("ok"):
        kind = _REFUSALS.get(str(answer.get("code")), RefusedByServerError)
        raise kind(str(answer.get("error")))
    return dict(answer["body"])


def is_running(path: Path) -> bool:
    """Tell whether a server answers at the control socket."""
    try:
        call(path, "ping", {}, patience=5.0)
    except (NotRunningError, RefusedByServerError):
        return False
    return True
