"""The last forecast reads back as it was, and says so where it cannot."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.web.estates import known_sample, small
from tests.web.forecasts import of, sampled

from wardkeep.foresight.board.certainty import mean_with
from wardkeep.foresight.errors import KeptForecastError
from wardkeep.foresight.page.whole import decode, encode


def test_what_is_kept_reads_back() -> None:
    whole = sampled(known_sample())
    assert decode(encode(whole)) == whole
    assert decode(b"") is None


def test_a_mean_of_which_nobody_knows_how_far_it_lies_reads_back_too() -> None:
    from msgspec.structs import replace

    whole = sampled(known_sample())
    unsure = replace(whole.bought[0], late=mean_with(3.0, float("inf")))
    whole = replace(whole, bought=(unsure,))
    assert decode(encode(whole)) == whole


def test_a_forecast_of_a_house_weighs_little() -> None:
    assert len(encode(sampled(known_sample()))) < 150_000


@given(st.binary(min_size=1, max_size=200))
def test_what_cannot_be_read_is_said(content: bytes) -> None:
    with pytest.raises(KeptForecastError, match="the last forecast cannot be read"):
        decode(content)


def test_half_of_it_is_not_taken_for_all() -> None:
    from tests.foresight.board.papers import forecast

    content = encode(of(small(), forecast()))
    for end in range(1, len(content), 97):
        with pytest.raises(KeptForecastError):
            decode(content[:end])
