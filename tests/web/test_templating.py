from __future__ import annotations

from wardkeep.web.language import LANGUAGES
from wardkeep.web.templating import compile_all, environment


def test_every_template_is_ready_in_every_language_and_keeps_its_own_words() -> None:
    compile_all()
    heads = {
        language: environment(language).from_string("{{ _('Allergies') }}").render()
        for language in LANGUAGES
    }
    assert heads["en"] == "Allergies"
    assert len({environment(language).get_template("ward.html") for language in LANGUAGES}) == 4
    assert heads["fr"] != heads["nl"]
