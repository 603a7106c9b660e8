"""Whoever is woken by an error reads what happened and what to do."""

from __future__ import annotations

from typing import ClassVar

from wardkeep.kernel.errors import WardkeepError


class EnvelopeMissingError(WardkeepError):
    """The sealed envelope is not where it should be."""

    remedy: ClassVar[str] = "Ask the fire brigade."


def test_the_remedy_stands_below_the_fault() -> None:
    said = EnvelopeMissingError("No envelope in safe 2.").diagnostics()
    assert said == "No envelope in safe 2.\n  What to do: Ask the fire brigade."
