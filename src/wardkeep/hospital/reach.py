"""Whether anybody but this machine can reach what it listens on. Pure.

A new folder listens on loopback alone, so that nothing is open before somebody decided it; what
is then printed for other machines leads nowhere.
"""

from __future__ import annotations

from wardkeep.hospital.loopback import is_loopback
from wardkeep.hospital.site import Copies, Site
from wardkeep.kernel.wording import N_, Wording


def why_wards_cannot_reach(site: Site) -> str:
    """Return why no ward PC can open the screens, empty if nothing stands in the way."""
    return str(ward_reach(site) or "")


def ward_reach(site: Site) -> Wording | None:
    """Return the same as a sentence that a page can say in its language, or None."""
    if not is_loopback(site.web_host):
        return None
    return Wording(
        N_("web_host is %(host)s: this machine alone can open the screens, no ward PC"),
        {"host": site.web_host},
    )


WARDS_REMEDY = N_(
    "Set web_host to this machine's address in wardkeep.toml, above all tables, with"
    " web_certificate and web_key (`wardkeep ca make`), and start the server again."
)


def why_no_box_can_reach(copies: Copies) -> str:
    """Return why no other box can copy from this one, empty if nothing stands in the way."""
    return str(box_reach(copies) or "")


def box_reach(copies: Copies) -> Wording | None:
    """Return the same as a sentence that a page can say in its language, or None."""
    host = {"host": copies.host}
    if is_loopback(copies.host):
        alone = N_("[copies] host is %(host)s: no other machine can copy from this one")
        return Wording(alone, host)
    if not copies.address and is_any(copies.host):
        every = N_("[copies] host is %(host)s, every address: the other box needs one of them")
        return Wording(every, host)
    return None


BOXES_REMEDY = N_(
    "Set host (and address, where others reach it by another one) to this machine's own in the"
    " table [copies] of wardkeep.toml, and start the server again."
)


def is_any(host: str) -> bool:
    """Tell whether an address to listen on means every one of the machine."""
    return host in {"", "0.0.0.0", "::"}  # noqa: S104  compared, not opened
