"""Headers on every answer, cookies, and forms that only our own pages can send."""

from __future__ import annotations

import hashlib
import hmac
from typing import Any

from litestar.connection import ASGIConnection
from litestar.datastructures import Cookie, MutableScopeHeaders
from litestar.types import Message, Scope

# Nothing may be fetched but our own style, script, font, picture and event stream.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; "
    "img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": _POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
# RFC 6797: a year. Only sent where the browser reached us by HTTPS.
TRANSPORT = "max-age=31536000"
_YEAR_SECONDS = 365 * 24 * 3600


def add_headers(message: Message, scope: Scope) -> None:
    """Put the security headers on every answer, errors included (a `before_send` hook).

    What does not say how long it may be kept is not kept: patients stay out of caches.
    """
    if message["type"] != "http.response.start":
        return
    message.setdefault("headers", [])
    headers = MutableScopeHeaders.from_message(message)
    for name, value in HEADERS.items():
        headers[name] = value
    if scope.get("scheme") == "https":
        headers["strict-transport-security"] = TRANSPORT
    if "cache-control" not in headers:
        headers["cache-control"] = "no-store"


def session_cookie_name(*, secure: bool) -> str:
    """Return the session cookie's name; __Host- makes browsers refuse it from elsewhere."""
    return host_cookie_name("wardkeep", secure=secure)


def host_cookie_name(name: str, *, secure: bool) -> str:
    """Return a cookie's name, made one that no other host and no plain HTTP can set."""
    return f"__Host-{name}" if secure else name


def private_cookie(
    name: str, value: str, *, secure: bool, max_age: int | None = None
) -> Cookie:
    """Return a cookie that scripts cannot read and other sites cannot send."""
    return Cookie(
        key=name,
        value=value,
        path="/",
        httponly=True,
        samesite="strict",
        secure=secure,
        max_age=max_age,
    )


def language_cookie(language: str, *, secure: bool) -> Cookie:
    """Return the cookie that keeps the language of this browser for a year."""
    return private_cookie("wardkeep-language", language, secure=secure, max_age=_YEAR_SECONDS)


def login_form_token(secret: str, nonce: str) -> str:
    """Return the hidden field of a login form for the browser that holds `nonce` (a cookie)."""
    return hmac.new(secret.encode(), _bytes_of(nonce), hashlib.sha256).hexdigest()


def same(expected: str, given: str) -> bool:
    """Compare two secrets in a time that does not tell where they differ."""
    return hmac.compare_digest(_bytes_of(expected), _bytes_of(given))


def _bytes_of(text: str) -> bytes:
    # Cookies and forms from outside may hold lone surrogates, which plain UTF-8 refuses.
    return text.encode("utf-8", "surrogatepass")


def from_another_site(connection: ASGIConnection[Any, Any, Any, Any]) -> bool:
    """Say whether the browser admits that another site sent this (Fetch Metadata)."""
    site = connection.headers.get("sec-fetch-site", "same-origin")
    return site not in {"same-origin", "none"}
