"""TLS for feeds: 1.2 or later, with the sender's certificate checked where the site asks."""

from __future__ import annotations

import ssl

from wardkeep.adapters.errors import CannotListenError
from wardkeep.hospital.site import Feed


def server_context(feed: Feed) -> ssl.SSLContext | None:
    """Return the TLS settings of a feed, None for a plain one.

    Raises CannotListenError when a certificate, key or client CA cannot be read.
    """
    if feed.tls_certificate is None:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        context.load_cert_chain(feed.tls_certificate, feed.tls_key)
        if feed.tls_client_ca is not None:
            context.load_verify_locations(feed.tls_client_ca)
            context.verify_mode = ssl.CERT_REQUIRED
    except (OSError, ssl.SSLError) as fault:
        raise CannotListenError(f"feed {feed.name}: its certificate: {fault}") from fault
    return context


def client_context(
    authorities: str | None = None, certificate: str | None = None, key: str | None = None
) -> ssl.SSLContext:
    """Return the TLS settings of a sender: PEM paths of the receiver's CA and its own proof."""
    context = ssl.create_default_context(cafile=authorities)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if certificate is not None:
        context.load_cert_chain(certificate, key)
    return context
