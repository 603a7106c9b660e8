"""The shipped lists of names that are mistaken for one another, one a country."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from wardkeep.pack.tall_man_names import LookAlikes, read_groups


@cache
def tall_man_list(country: str) -> LookAlikes:
    """Return the groups of a country of `[paper] tall_man`; none for ""."""
    if not country:
        return ()
    text = (files("wardkeep.pack") / "tall_man" / f"{country}.csv").read_text("utf-8")
    return read_groups(text.splitlines())
