"""What must be said to break the glass: who it is and why, in words to be judged later."""

from __future__ import annotations

from wardkeep.access.errors import NoGlassReasonError

SHORTEST_REASON = 10
"""Two words at least: "asdf" is no reason that anybody can judge later."""
LONGEST_REASON = 300
SHORTEST_NAME = 3
LONGEST_NAME = 80


def is_said(person: str, reason: str) -> bool:
    """Say whether a full name and a reason in words were given; spaces already joined."""
    return (
        SHORTEST_NAME <= len(person) <= LONGEST_NAME
        and SHORTEST_REASON <= len(reason) <= LONGEST_REASON
        and (person + reason).isprintable()
    )


def check_said(person: str, reason: str) -> tuple[str, str]:
    """Return name and reason with single spaces; raises NoGlassReasonError."""
    person, reason = (" ".join(text.split()) for text in (person, reason))
    if not is_said(person, reason):
        raise NoGlassReasonError(
            f"a full name ({SHORTEST_NAME} to {LONGEST_NAME} letters) and a reason in words"
            f" ({SHORTEST_REASON} to {LONGEST_REASON}) are needed"
        )
    return person, reason
