"""How a ward PC comes to trust this server: public, plain, to be printed before the attack."""

from __future__ import annotations

from litestar import Response, get
from litestar.exceptions import NotFoundException

from wardkeep.web.doors import PUBLIC
from wardkeep.web.ports import RootCertificate
from wardkeep.web.screen import Asked


@get("/certificate", opt=PUBLIC, sync_to_thread=False)
def certificate(screen: Asked) -> Response[bytes]:
    """Show the root's fingerprint and, for each kind of machine, how it gets the root."""
    return screen.page("certificate.html", {"root": screen.deps.root_certificate})


@get("/certificate/wardkeep-root.pem", opt=PUBLIC, sync_to_thread=False)
def root_pem(screen: Asked) -> Response[bytes]:
    """Hand out the root as PEM (RFC 7468)."""
    return _file(_root(screen).pem, "application/x-pem-file", "wardkeep-root.pem")


@get("/certificate/wardkeep-root.crt", opt=PUBLIC, sync_to_thread=False)
def root_der(screen: Asked) -> Response[bytes]:
    """Hand out the root as DER, as Windows, macOS and Android take it."""
    return _file(_root(screen).der, "application/pkix-cert", "wardkeep-root.crt")


def _root(screen: Asked) -> RootCertificate:
    root = screen.deps.root_certificate
    if root is None:
        raise NotFoundException("no root")
    return root


def _file(content: bytes, kind: str, name: str) -> Response[bytes]:
    saved = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=kind, headers=saved)
