"""The access ledger has one wording; whoever reads it reads the own language."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from wardkeep.access.look import Look
from wardkeep.web.audit_words import reason, said
from wardkeep.web.language import catalogue


@pytest.mark.parametrize(
    ("kept", "german"),
    [
        ("patient sheet", "Patientenblatt"),
        ("message 4711", "Nachricht 4711"),
        ("password and security key", "Passwort und Sicherheitsschlüssel"),
        ("password and new app code", "Passwort und neu: Code der App"),
        ("sealed code 7K2M-02, nurse", "versiegelter Code 7K2M-02, Pflege"),
        ("officers ann, ben, physician", "zwei Verantwortliche: ann, ben, für"),
        ("break-glass ward 4B", "Glas gebrochen, Station 4B"),
        ("break-glass ward 4B (site VAL)", "Glas gebrochen, Station 4B (site VAL)"),
        ("ward 4B (second)", "Station 4B (second)"),
        ("break-glass", "hat das Glas gebrochen"),
        ("first code and security key and new app code", "erster Code auf Papier und "),
        (
            "sealed code 7K2M-02, nurse and app code",
            "versiegelter Code 7K2M-02, Pflege und Code",
        ),
        ("nurse: Jan Peeters", "Pflege: Jan Peeters"),
    ],
)
def test_what_wardkeep_wrote_is_said_in_the_readers_language(kept: str, german: str) -> None:
    assert said(kept, catalogue("de").gettext).startswith(german)


@pytest.mark.parametrize(
    "typed",
    [
        "Ines: a patient fell and bleeds",
        "he and she",
        "x, nurse",
        "ward asked me to look",
        "login: she asked me",
        "break-glass it was",
    ],
)
def test_what_a_person_typed_stays_as_it_was(typed: str) -> None:
    assert said(typed, catalogue("de").gettext) == typed


_OWN = [
    "password",
    "PIN",
    "x",
    "ward 4B",
    "nurse",
    "break-glass ",
    " and new ",
    " and ",
    " (",
    ")",
]
_TYPED = st.lists(st.sampled_from(_OWN), max_size=75).map("".join)


@given(_TYPED)
@example("x" + " and new PIN" * 9)
@example("x" + " and new PIN" * 24)
@example("password" + " and new PIN" * 24)
@example("PIN and new PIN" * 20)
def test_whatever_is_typed_each_of_its_words_is_looked_up_once(typed: str) -> None:
    text, asked = typed[:300], 0

    def count(words: str) -> str:
        nonlocal asked
        asked += 1
        # Told at once: what grows with a power would not come to an end.
        assert asked <= 4 + 2 * len(text.split(" "))
        return words

    said(text, count)


@pytest.mark.parametrize(
    "typed",
    [
        "Jan Peeters: ward asked me to look",
        "nurse: message 7",
        "ward 4B",
        "break-glass ward 4B",
    ],
)
def test_what_was_typed_to_break_the_glass_is_never_reworded(typed: str) -> None:
    entry = Look(at=1, who="ines", record="", page="break-glass", why=typed)
    assert reason(entry, catalogue("de").gettext) == typed


def test_how_and_why_that_wardkeep_wrote_are_told_in_the_readers_language() -> None:
    look = Look(at=1, who="ines", record="7", page="ward board", why="break-glass ward 4B")
    assert reason(look, catalogue("de").gettext) == "Glas gebrochen, Station 4B"
