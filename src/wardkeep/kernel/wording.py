"""A sentence with values in it, kept apart so that a page says it in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import msgspec
from typing_extensions import override


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for "translate later"
    """Mark a string for the catalogue of the screens and return it unchanged."""
    return message


class Wording(msgspec.Struct, frozen=True):
    """An English sentence as a template (`%(name)s`) and what goes into it."""

    template: str
    values: Mapping[str, str | int] = {}

    def said(self, translate: Callable[[str], str]) -> str:
        """Return the sentence in the language of `translate`."""
        return translate(self.template) % self.values

    @override
    def __str__(self) -> str:
        return self.template % self.values
