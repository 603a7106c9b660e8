"""Shows something once: one answer on a loopback port, to whoever knows the token."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer

import msgspec
from typing_extensions import override

from wardkeep.adapters.errors import NotFetchedError

_LOOPBACK = "127.0.0.1"
_REQUEST_SECONDS = 5.0


class Showing(msgspec.Struct, frozen=True):
    """What is shown: its media type, its bytes and the policy that a browser keeps."""

    media: str
    content: bytes
    policy: str = "default-src 'none'"


def show_once(showing: Showing, tell: Callable[[str], None], seconds: float) -> None:
    """Tell the address, answer the first request that has its token, and return.

    Raises NotFetchedError where nobody came within `seconds`.
    """
    token, until = secrets.token_urlsafe(32), time.monotonic() + seconds
    with HTTPServer((_LOOPBACK, 0), _handler(showing, f"/{token}")) as server:
        tell(f"http://{_LOOPBACK}:{server.server_port}/{token}")
        while not server.__dict__.get("shown"):
            server.timeout = until - time.monotonic()
            if server.timeout <= 0:
                raise NotFetchedError(f"nobody opened the address within {seconds:g} s")
            server.handle_request()


def _handler(showing: Showing, path: str) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        # A connection that says nothing does not keep the next one out.
        timeout = _REQUEST_SECONDS

        def do_GET(self) -> None:
            if not secrets.compare_digest(self.path.encode(), path.encode()):
                self.send_error(404)
                return
            self.send_response(200)
            for name, value in (
                ("Content-Type", showing.media),
                ("Content-Length", str(len(showing.content))),
                ("Content-Security-Policy", showing.policy),
                ("Cache-Control", "no-store"),
                ("Referrer-Policy", "no-referrer"),
                ("X-Content-Type-Options", "nosniff"),
                ("Cross-Origin-Resource-Policy", "same-origin"),
            ):
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(showing.content)
            self.server.__dict__["shown"] = True

        @override
        def log_message(self, format: str, *args: object) -> None:
            """Say nothing: the address is a secret."""

    return Handler
