"""Words of the page Deliveries: how a target stands, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from wardkeep.web.words import N_

TARGET_STATES: Final[Mapping[str, str]] = {
    "hangs": N_("HANGS"),
    "wrong": N_("WRONG FILES"),
    "failing": N_("STUCK"),
    "never": N_("NOTHING DELIVERED YET"),
    "late": N_("LATE"),
    "good": N_("has every pack"),
}
TO_DO: Final[Mapping[str, str]] = {
    "hangs": N_(
        "The other side answers nothing. Look whether its server runs and its network is there;"
        " until then bring packs by stick, or print."
    ),
    "wrong": N_(
        "Open none of these files: print these wards. Find out who may write there, then"
        " deliver again; the server looks again every five minutes."
    ),
    "folder": N_(
        "Look whether the share or stick is mounted on this server, may be written and has"
        " room. Until then bring packs by stick, or print."
    ),
    "sftp": N_(
        "Look whether that server runs, knows this server's key and has room. Until then bring"
        " packs by stick, or print."
    ),
    "never": N_(
        "Wait a minute after the first packs are made. If nothing comes, look whether the"
        " process delivery runs (page Hospital)."
    ),
    "late": N_(
        "Look whether new paper is made for these wards, and whether the process delivery runs"
        " (page Hospital)."
    ),
}
"""By state; where a target is stuck, by its kind."""


def to_do(state: str, kind: str) -> str:
    """Return what to do about a target, "" where nothing is."""
    return TO_DO.get(kind if state == "failing" else state, "")
