"""Every ward of the sample hospital has its paper, with the codes of each patient's chart."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.stories.truth_on_paper import SampleHouse, pages_of, squashed

from wardkeep.adapters.chart_sealing import ChartSealing
from wardkeep.adapters.key_ring import make_key_ring
from wardkeep.adapters.pack_keys import PackKeys
from wardkeep.adapters.typst_press import typeset
from wardkeep.adapters.typst_words import translator
from wardkeep.pack.contents import ward_pack
from wardkeep.sample.house import DEMO, Size

_SIX = Size(
    wards=6,
    patients=150,
    appointments=100,
    messages_a_day=40_000,
    history_hours=8,
    look_back_days=1,
    charted_hours=24,
)
"""Full wards with long stays, where codes once kept pages from being laid out at all."""


@pytest.mark.parametrize("size", [_SIX, pytest.param(DEMO, marks=pytest.mark.long)])
def test_no_ward_is_without_paper_and_no_patient_without_the_codes_of_the_chart(
    tmp_path: Path, size: Size
) -> None:
    house = SampleHouse(size, 1)
    (tmp_path / "keys").mkdir()
    ring, _ = make_key_ring(tmp_path / "keys")
    sealing = ChartSealing(PackKeys(tmp_path / "pack-keys", ring), ring)
    say = translator("fr")
    wards = [each for each in house.charts.wards() if each.patients]
    assert len(wards) == size.wards
    for ward in wards:
        sealed = sealing.seal(house.ward(ward.ward), "fr")
        assert sealed.copies is not None
        assert all(sealed.copies), ward.ward
        pages = pages_of(typeset(ward_pack(sealed, "fr", say)).pdf)
        with_codes = [page for page in pages if squashed("wardkeep rebuild") in page]
        assert len(with_codes) >= len(sealed.charts), ward.ward
