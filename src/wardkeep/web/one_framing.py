"""Refuses requests whose length is told twice: two readers may see two requests in them.

RFC 9112 6.1: Content-Length beside Transfer-Encoding ought to be handled as an attempt at
request smuggling (CWE-444). A server may refuse it, and must close the connection.
"""

from __future__ import annotations

from litestar.types import ASGIApp, Receive, Scope, Send

_REFUSED = 400


def one_framing(app: ASGIApp) -> ASGIApp:
    """Return the application behind the check."""

    async def checked(scope: Scope, receive: Receive, send: Send) -> None:
        if str(scope["type"]) == "http":
            names = [name for name, _value in scope["headers"]]
            if b"transfer-encoding" in names and b"content-length" in names:
                await _refuse(send)
                return
        await app(scope, receive, send)

    return checked


async def _refuse(send: Send) -> None:
    headers = [(b"connection", b"close"), (b"content-length", b"0")]
    await send({"type": "http.response.start", "status": _REFUSED, "headers": headers})
    await send({"type": "http.response.body", "body": b"", "more_body": False})
