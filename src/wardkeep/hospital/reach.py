"""Whether anybody but this machine can reach what it listens on. Pure.

A new folder listens on loopback alone, so that nothing is open before somebody decided it; what
is then printed for other machines leads nowhere.
"""

from __future__ import annotations

from wardkeep.hospital.loopback import is_loopback
from wardkeep.hospital.site import Copies, Site


def why_wards_cannot_reach(site: Site) -> str:
    """Return why no ward PC can open the screens, empty if nothing stands in the way."""
    if not is_loopback(site.web_host):
        return ""
    return f"web_host is {site.web_host}: this machine alone can open the screens, no ward PC"


WARDS_REMEDY = (
    "Set web_host to this machine's address in wardkeep.toml, above all tables, with"
    " web_certificate and web_key (`wardkeep ca make`), and start the server again."
)


def why_no_box_can_reach(copies: Copies) -> str:
    """Return why no other box can copy from this one, empty if nothing stands in the way."""
    if is_loopback(copies.host):
        return f"[copies] host is {copies.host}: no other machine can copy from this one"
    if not copies.address and is_any(copies.host):
        return f"[copies] host is {copies.host}, every address: the other box needs one of them"
    return ""


BOXES_REMEDY = (
    "Set host (and address, where others reach it by another one) to this machine's own in the"
    " table [copies] of wardkeep.toml, and start the server again."
)


def is_any(host: str) -> bool:
    """Tell whether an address to listen on means every one of the machine."""
    return host in {"", "0.0.0.0", "::"}  # noqa: S104  compared, not opened
