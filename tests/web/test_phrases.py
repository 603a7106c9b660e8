from __future__ import annotations

import pytest
from jinja2 import Environment, StrictUndefined

from wardkeep.web.language import LANGUAGES, catalogue
from wardkeep.web.phrases import install


def page(language: str, source: str, **values: object) -> str:
    """Return a template of its own in one language."""
    made = Environment(autoescape=True, undefined=StrictUndefined)
    install(made, catalogue(language))
    return made.from_string(source).render(**values)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("source", ['{{ _("Bed") }}', "{% set bed = _('Bed') %}{{ bed }}"])
def test_a_word_stands_in_the_language_of_the_page(language: str, source: str) -> None:
    assert page(language, source) == catalogue(language).gettext("Bed")


def test_a_name_sent_as_markup_is_shown_as_text_in_every_phrase() -> None:
    told = page("en", '{{ _("Ward %(ward)s: who lies here?", ward=sent) }}', sent="<b>4B</b>")
    assert told == "Ward &lt;b&gt;4B&lt;/b&gt;: who lies here?"
    many = '{{ ngettext("%(num)s of %(who)s", "%(num)s of %(who)s", 2, who=sent) }}'
    assert page("en", many, sent="<i>") == "2 of &lt;i&gt;"


@pytest.mark.parametrize(
    ("count", "told"), [(0, "0 patients"), (1, "1 patient"), (2, "2 patients")]
)
def test_a_count_takes_its_own_form(count: int, told: str) -> None:
    assert (
        page("en", '{{ ngettext("%(num)s patient", "%(num)s patients", n) }}', n=count) == told
    )


def test_a_percent_sign_stands_once_with_and_without_values() -> None:
    assert page("en", '{{ _("right for 99 %%") }}') == "right for 99 %"
    assert page("en", '{{ _("right for %(share)s %%", share=99) }}') == "right for 99 %"


def test_a_word_that_is_chosen_by_a_value_is_translated_too() -> None:
    source = "{{ _(words[key]) }}"
    told = page("fr", source, words={"bed": "Bed"}, key="bed")
    assert told == catalogue("fr").gettext("Bed")
