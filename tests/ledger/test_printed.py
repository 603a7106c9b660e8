from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardkeep.ledger.checkpoint import Head
from wardkeep.ledger.errors import WitnessTextError
from wardkeep.ledger.printed import heads_in

FOOTER = (
    "chart 99 · access 12 0a1b2c3d4e5f6071 · clinical 4711 ffeeddccbbaa9988 · operations 3 00"
)


def test_a_footer_tells_every_head_that_is_printed_long_enough() -> None:
    assert heads_in(FOOTER) == [
        Head("access", 12, bytes.fromhex("0a1b2c3d4e5f6071")),
        Head("clinical", 4711, bytes.fromhex("ffeeddccbbaa9988")),
    ]
    assert heads_in("CLINICAL:4711:FFEEDDCC") == [
        Head("clinical", 4711, bytes.fromhex("ffeeddcc"))
    ]


@pytest.mark.parametrize("text", ["", "chart 99", "clinical 4711", "clinical 4711 ffeedd"])
def test_what_names_no_head_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(WitnessTextError) as refused:
        heads_in(text)
    assert "--witness" in refused.value.diagnostics()


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        assert heads_in(text)
    except WitnessTextError:
        assert True
