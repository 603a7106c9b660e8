from __future__ import annotations

import html
import re
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from wardkeep.paper.coverage import PRINTABLE
from wardkeep.paper.visible import visible
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


@given(st.text(st.sampled_from(sorted(PRINTABLE))))
def test_ordinary_text_reads_as_it_was_sent(text: str) -> None:
    shown = str(visible_html(text))
    assert html.unescape(shown[len("<bdi>") : -len("</bdi>")]) == text


@given(st.text())
def test_the_screen_shows_as_codes_what_the_sheet_prints_as_codes(text: str) -> None:
    codes = re.compile(r"\[U\+[0-9A-F]{4,6}\]")
    said = " ".join(text.split())
    assert codes.findall(str(visible_html(said))) == codes.findall(
        visible(text).text.replace("\u200b", "")
    )


def test_letters_of_the_regions_names_are_left_alone() -> None:
    for name in ("Łukasz", "Conceição", "Müller-Lefèvre", "O'Brien", "Ó Séaghdha", "Strauß"):
        assert "mark" not in str(visible_html(name))


def test_a_letter_sent_in_two_parts_is_the_same_letter() -> None:
    assert visible_html(unicodedata.normalize("NFD", "Lefèvre")) == "<bdi>Lefèvre</bdi>"
