"""Forecasts that are kept, to be held against the next."""

from __future__ import annotations

import msgspec
import pytest
from tests.foresight.board.papers import BEFORE, forecast, stopped_in_time

from wardkeep.foresight.errors import KeptForecastError
from wardkeep.foresight.kept import (
    MOST_KEPT,
    About,
    decode,
    encode,
    over_another_map,
    to_keep,
    with_kept,
    worst,
)
from wardkeep.foresight.last_forecast import last_forecast

ABOUT = About(made="2026-11-29T13:00:00Z", map_as_of=None, fingerprint="0" * 64, version="1")


def test_what_delays_most_patients_is_kept() -> None:
    found = to_keep([forecast("mail to a", late=1.0), forecast("mail to b", late=9.0)], ABOUT)
    assert found is not None
    assert (found.entry, found.late.p50, found.fingerprint) == ("mail to b", 9.0, "0" * 64)


def test_a_way_by_which_nothing_encrypts_is_not_the_worst_and_is_not_kept() -> None:
    none = stopped_in_time(forecast("mail to a", late=50.0))
    assert worst([none, forecast("mail to b", late=1.0)]).entry == "mail to b"
    assert to_keep([none], ABOUT) is None


def test_one_forecast_a_map_is_kept_the_newest_first() -> None:
    kept = with_kept((), BEFORE)
    again = msgspec.structs.replace(BEFORE, made="2026-10-02T08:00:00Z")
    assert with_kept(kept, again) == (again,)
    other = msgspec.structs.replace(BEFORE, fingerprint="0" * 64)
    both = with_kept(kept, other)
    assert both == (other, BEFORE)
    assert over_another_map(both, "0" * 64) == BEFORE
    assert over_another_map(both[:1], "0" * 64) is None
    for number in range(2 * MOST_KEPT):
        both = with_kept(both, msgspec.structs.replace(BEFORE, fingerprint=str(number)))
    assert len(both) == MOST_KEPT


def test_what_is_kept_reads_back_also_without_the_engines() -> None:
    content = encode((BEFORE,))
    assert decode(content) == (BEFORE,)
    last = last_forecast(content)
    assert last is not None
    assert (last.made, last.fingerprint) == (BEFORE.made, BEFORE.fingerprint)
    assert decode(b"") == ()
    assert last_forecast(b"") is None


@pytest.mark.parametrize(
    "content", [b"{", b"[{}]", b"\xff", b'[{"made":"\xff"}]', b"[" * 200_000]
)
def test_what_cannot_be_read_is_said(content: bytes) -> None:
    with pytest.raises(KeptForecastError, match="cannot be read"):
        decode(content)
    with pytest.raises(KeptForecastError, match="cannot be read"):
        last_forecast(content)
