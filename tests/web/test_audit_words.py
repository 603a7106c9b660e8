"""The access ledger has one wording; whoever reads it reads the own language."""

from __future__ import annotations

import pytest

from wardkeep.web.audit_words import said
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
        ("break-glass ward 4B", "Scheibe eingeschlagen, Station 4B"),
        ("nurse: Jan Peeters", "Pflege: Jan Peeters"),
    ],
)
def test_what_wardkeep_wrote_is_said_in_the_readers_language(kept: str, german: str) -> None:
    assert said(kept, catalogue("de").gettext).startswith(german)


@pytest.mark.parametrize("typed", ["Ines: a patient fell and bleeds", "he and she", "x, nurse"])
def test_what_a_person_typed_stays_as_it_was(typed: str) -> None:
    assert said(typed, catalogue("de").gettext) == typed
