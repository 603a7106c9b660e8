"""A follower's connection to the first: one request, one answer, over mutual TLS."""

from __future__ import annotations

import contextlib
import hmac
import socket
import ssl

from wardkeep.adapters.box_identity import fingerprint
from wardkeep.adapters.errors import FirstRefusedError, FirstSilentError
from wardkeep.wire.copying import (
    LENGTH_BYTES,
    LONGEST_ANSWER,
    Answer,
    FrameError,
    Refused,
    Request,
    frame,
    length,
    read_answer,
)

_CONNECTING_SECONDS = 3.0
ANSWERING_SECONDS = 5.0
"""A first that says nothing for so long, though it may wait 1 s, counts as gone."""


def address_of(text: str, default_port: int) -> tuple[str, int]:
    """Return host and port of "HOST", "HOST:PORT" or "[IPV6]:PORT"; raises ValueError."""
    bare = text.strip()
    if bare.startswith("["):
        host, _, rest = bare[1:].partition("]")
        port = rest.removeprefix(":")
    elif bare.count(":") == 1:
        host, _, port = bare.partition(":")
    else:
        host, port = bare, ""
    if not host or (port and not (port.isdecimal() and 0 < int(port) < 65536)):  # noqa: PLR2004
        raise ValueError(f"{text!r} is no address")  # RFC 6335, 6: ports are 16 bits
    return host, int(port) if port else default_port


class CopyingLine:
    """An open connection; raises FirstSilentError where it is cut, and is of no use then.

    `pin` is the beginning of the SHA-256 of the certificate that must be shown there.
    """

    def __init__(self, address: tuple[str, int], context: ssl.SSLContext, pin: bytes) -> None:
        self.certificate = b""
        """The certificate that the other side showed, DER."""
        try:
            plain = socket.create_connection(address, _CONNECTING_SECONDS)
            try:
                plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self._line = context.wrap_socket(plain)
            except BaseException:
                plain.close()
                raise
        except (OSError, ssl.SSLError) as fault:
            raise FirstSilentError(f"{address[0]}:{address[1]}: {fault}") from fault
        self._see(pin, address)
        self._line.settimeout(ANSWERING_SECONDS)

    def ask(self, request: Request) -> Answer:
        """Return the answer; raises FirstSilentError, FirstRefusedError."""
        try:
            self._line.sendall(frame(request))
            size = length(self._exactly(LENGTH_BYTES), LONGEST_ANSWER)
            answer = read_answer(self._exactly(size))
        except (OSError, FrameError) as fault:
            self.close()
            raise FirstSilentError(f"the first was cut off: {fault}") from fault
        if isinstance(answer, Refused):
            raise FirstRefusedError(f"{answer.code}: {answer.what}")
        return answer

    def cut(self) -> None:
        """End a request that another thread waits for."""
        with contextlib.suppress(OSError):
            # Not SSLSocket.shutdown, which takes the TLS away under the reading thread.
            socket.socket.shutdown(self._line, socket.SHUT_RDWR)

    def close(self) -> None:
        """Close the connection."""
        self._line.close()

    def _see(self, pin: bytes, address: tuple[str, int]) -> None:
        shown = self._line.getpeercert(binary_form=True) or b""
        if not pin or not hmac.compare_digest(fingerprint(shown)[: len(pin)], pin):
            self._line.close()
            raise FirstSilentError(
                f"{address[0]}:{address[1]} shows another certificate than the first's"
            )
        self.certificate = shown

    def _exactly(self, size: int) -> bytes:
        found = bytearray()
        while len(found) < size:
            some = self._line.recv(min(size - len(found), 1 << 20))
            if not some:
                raise ConnectionResetError("it closed the connection")
            found += some
        return bytes(found)
