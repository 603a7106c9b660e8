"""The base of every error Wardkeep raises, so that a tired person is told what to do next."""

from __future__ import annotations

from typing import ClassVar


class WardkeepError(Exception):
    """Something could not be done; says what, where and what to do.

    `code` is stable and documented in docs/operating.md ("Errors"); `exit_status` is what a
    verb ends with. Subclasses override all three class attributes. `advice` stands in the
    place of `remedy` where one case needs words of its own.
    """

    code: ClassVar[str] = "error"
    exit_status: ClassVar[int] = 1
    remedy: ClassVar[str] = "See docs/operating.md."

    def __init__(self, *words: object, advice: str = "") -> None:
        super().__init__(*words)
        self.advice = advice or self.remedy

    def diagnostics(self) -> str:
        """Return the message and its remedy, one sentence a line, fit for a terminal."""
        return f"{self}\n  What to do: {self.advice}"
