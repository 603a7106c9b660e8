from __future__ import annotations

from io import BytesIO

import pytest
from pypdf import PdfReader

from wardkeep.access.one_time_code import one_time_code
from wardkeep.adapters.slip_press import press_slips
from wardkeep.adapters.typst_words import translator
from wardkeep.paper.slip import Place, Sealed, activation_slip, sealed_slip

PLACE = Place("Hôpital du Val", "https://wardkeep.val.example", "2026-03-07 04:12")


@pytest.mark.parametrize("language", ["fr", "nl", "de", "en"])
def test_every_slip_holds_its_code_what_it_opens_and_for_whom(language: str) -> None:
    say = translator(language)
    codes = [one_time_code(number) for number in range(4)]
    sealed = Sealed(role="lead", hours=12, sheet="7K2M", number=3, count=20)
    slips = [sealed_slip(PLACE, sealed, code, say) for code in codes[:3]]
    slips.append(activation_slip(PLACE, ("anna", "Anna \u202eJanssens"), codes[3], say))
    pages = PdfReader(BytesIO(press_slips(slips))).pages
    assert len(pages) == 2
    first, second = (page.extract_text() for page in pages)
    for code in codes[:3]:
        assert code in first
    for part in ("7K2M-03", "12 h" if language != "nl" else "12 u", "20", PLACE.address):
        assert part in first
    assert codes[3] in second
    assert "[U+202E]" in second
