from __future__ import annotations

import html
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from wardkeep.web.visible_text import visible_html


@given(st.text())
def test_no_text_from_outside_can_hide_or_act(text: str) -> None:
    shown = str(visible_html(text))
    assert shown.startswith("<bdi>")
    assert shown.endswith("</bdi>")
    inner = shown.removeprefix("<bdi>").removesuffix("</bdi>")
    inner = inner.replace('<span class="mark">', "").replace("</span>", "")
    assert "<" not in inner
    assert all(
        unicodedata.category(c) not in {"Cc", "Cf", "Co", "Cs", "Zl", "Zp"} for c in inner
    )


@given(st.text(st.characters(exclude_categories=["C", "Zl", "Zp"])))
def test_ordinary_text_reads_as_it_was_sent(text: str) -> None:
    shown = str(visible_html(text))
    assert html.unescape(shown[len("<bdi>") : -len("</bdi>")]) == text


def test_letters_of_the_regions_names_are_left_alone() -> None:
    for name in ("Łukasz", "Conceição", "Müller-Lefèvre", "O'Brien", "Ó Séaghdha", "Strauß"):
        assert "mark" not in str(visible_html(name))
