from __future__ import annotations

from jinja2 import pass_context
from jinja2.runtime import Context

from wardkeep.web.language import LANGUAGES
from wardkeep.web.templating import PIECES, compile_all, environment


def test_every_template_is_ready_in_every_language_and_keeps_its_own_words() -> None:
    compile_all()
    heads = {
        language: environment(language).from_string("{{ _('Allergies') }}").render()
        for language in LANGUAGES
    }
    assert heads["en"] == "Allergies"
    assert len({environment(language).get_template("ward.html") for language in LANGUAGES}) == 4
    assert heads["fr"] != heads["nl"]


def test_a_macro_and_a_method_are_called_with_what_the_page_says_also_within_rows() -> None:
    class Clock:
        def at(self, hour: int, *, minute: int = 0) -> str:
            return f"{hour:02}:{minute:02}"

    source = (
        "{% macro due(hour) %}<b>{{ clock.at(hour, minute=30) }}</b>"
        "{{ caller() }}{% endmacro %}"
        "{% for hour in hours %}{% call due(hour) %}{{ loop.index }}<i>{{ sent }}</i>"
        "{% endcall %}"
        "{% endfor %}"
    )
    page = environment("en").from_string(source)
    told = page.render(clock=Clock(), hours=[2, 14], sent="<x>")
    assert told == "<b>02:30</b>1<i>&lt;x&gt;</i><b>14:30</b>2<i>&lt;x&gt;</i>"


def test_a_function_that_wants_the_context_is_still_given_it() -> None:
    @pass_context
    def language(context: Context) -> object:
        return context["language"]

    page = environment("en").from_string("{{ tell() }}", globals={"tell": language})
    assert page.render(language="nl") == "nl"


def test_the_parts_of_a_page_share_their_macros_and_two_pages_share_none() -> None:
    source = '{% import "receipt_pieces.html" as receipt with context %}{{ receipt.as_of(1) }}'

    class Clock:
        def __init__(self, told: str) -> None:
            self.told = told

        def short(self, moment: int) -> str:
            return f"{self.told}:{moment:02}"

        def ago(self, moment: int) -> tuple[int, str]:
            return moment, "min"

    page = environment("en").from_string(source)
    made: dict[str, object] = {}
    assert page.render({PIECES: made, "at": Clock("03")}) == "03:01 (1 min)"
    assert set(made) == {"pieces.html", "receipt_pieces.html"}
    assert page.render({PIECES: {}, "at": Clock("04")}) == "04:01 (1 min)"
    assert page.render(at=Clock("05")) == "05:01 (1 min)"
