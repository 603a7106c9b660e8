"""Style, script and fonts: read once, served under an address that changes with their bytes."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files
from typing import Any

import msgspec
from litestar import MediaType, Request, Response, get
from litestar.exceptions import NotFoundException

from wardkeep.web.doors import PUBLIC

_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".woff2": "font/woff2",
    ".svg": "image/svg+xml",
}


# RFC 8246: immutable saves the question at every reload.
_FOR_GOOD = "public, max-age=31536000, immutable"
_FOR_AN_HOUR = "public, max-age=3600"


class Asset(msgspec.Struct, frozen=True):
    """One static file."""

    body: bytes
    media_type: str
    version: str


@cache
def _assets() -> dict[str, Asset]:
    root = files("wardkeep.web") / "static"
    found = [(e.name, e) for e in root.iterdir() if e.is_file()]
    found += [(f"fonts/{e.name}", e) for e in (root / "fonts").iterdir() if e.is_file()]
    made = {}
    for name, entry in found:
        suffix = "." + name.rpartition(".")[2]
        if suffix in _TYPES:
            body = entry.read_bytes()
            made[name] = Asset(body, _TYPES[suffix], hashlib.sha256(body).hexdigest()[:12])
    return made


def asset_address(name: str) -> str:
    """Return the address of a static file; KeyError for one that is not shipped."""
    return f"/static/{name}?v={_assets()[name].version}"


@get("/static/{name:path}", opt=PUBLIC, sync_to_thread=False)
def static_file(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Serve one of the shipped files; the browser keeps for good what it asks by version."""
    asset = _assets().get(str(request.path_params["name"]).removeprefix("/"))
    if asset is None:
        raise NotFoundException
    asked = request.query_params.get("v")
    return Response(
        asset.body,
        media_type=asset.media_type or MediaType.TEXT,
        headers={"cache-control": _FOR_GOOD if asked == asset.version else _FOR_AN_HOUR},
    )
