from __future__ import annotations

import pytest

from wardkeep.web.language import LANGUAGES, catalogue
from wardkeep.web.long_words import parted, soft
from wardkeep.web.visible_text import visible_html


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("heading", ["Code status", "Record"])
def test_a_long_heading_of_the_board_may_be_parted_and_reads_the_same(
    language: str, heading: str
) -> None:
    told = catalogue(language).gettext(heading)
    shown = soft(told)
    assert shown.replace("\N{SOFT HYPHEN}", "") == told
    parts = [part for word in shown.split() for part in word.split("\N{SOFT HYPHEN}")]
    assert max(map(len, parts)) <= len("Reanimations")


def test_drugs_joined_by_a_slash_part_behind_it_and_no_tag_does() -> None:
    shown = parted(visible_html("sulfamethoxazol/trimethoprim <b>/x"))
    assert "sulfamethoxazol/<wbr>trimethoprim" in shown
    assert shown.replace("<wbr>", "") == visible_html("sulfamethoxazol/trimethoprim <b>/x")
