from pathlib import Path

import pyrage
import pytest
from msgspec.structs import replace
from tests.pack.handmade import SITE, patient, trapped, ward_data

from wardkeep.adapters.chart_sealing import ChartSealing
from wardkeep.adapters.key_ring import KeyRing, make_key_ring
from wardkeep.adapters.pack_keys import CRISIS, PackKeys, of_ward
from wardkeep.adapters.sealed_copy import open_copy
from wardkeep.pack.paper_codes import join, part_of
from wardkeep.pack.paper_copy import settings_of, unpack_copy


@pytest.fixture
def ring(tmp_path: Path) -> KeyRing:
    (tmp_path / "keys").mkdir()
    return make_key_ring(tmp_path / "keys")[0]


@pytest.mark.parametrize("holder", [of_ward("4B"), CRISIS])
def test_the_envelope_of_a_ward_and_of_the_crisis_team_open_its_paper(
    tmp_path: Path, ring: KeyRing, holder: str
) -> None:
    keys = PackKeys(tmp_path / "pack-keys", ring)
    sealed = ChartSealing(keys, ring).seal(ward_data(trapped(), patient("2")), "nl")
    assert sealed.copies is not None
    identity = pyrage.x25519.Identity.from_str(keys.identity(holder))
    for chart, codes in zip(sealed.charts, sealed.copies, strict=True):
        (whole,), _ = join(part for code in codes if (part := part_of(code)))
        packed, signer = open_copy(whole, identity)
        assert signer == ring.verifying_key()
        copy = unpack_copy(packed)
        assert (copy.chart.record, copy.ward, copy.language) == (chart.record, "4B", "nl")


def test_a_site_that_wants_no_codes_seals_nothing(tmp_path: Path, ring: KeyRing) -> None:
    silent = replace(SITE, paper=replace(SITE.paper, codes=False))
    data = ward_data(patient("1"), site=silent)
    keys = PackKeys(tmp_path / "pack-keys", ring)
    assert ChartSealing(keys, ring).seal(data, "fr") is data
    assert not (tmp_path / "pack-keys").exists()


def test_a_ward_whose_key_cannot_be_opened_has_its_paper_without_codes(
    tmp_path: Path, ring: KeyRing, capsys: pytest.CaptureFixture[str]
) -> None:
    keys = PackKeys(tmp_path / "pack-keys", ring)
    assert keys.words(of_ward("4B"))
    (tmp_path / "pack-keys" / f"{of_ward('4B')}.key").write_bytes(b"damaged")
    data = ward_data(patient("1"))
    assert ChartSealing(keys, ring).seal(data, "fr") is data
    assert "without sealed charts" in capsys.readouterr().err


def test_the_first_three_patients_carry_the_ward_s_settings_and_no_other(
    tmp_path: Path, ring: KeyRing
) -> None:
    keys = PackKeys(tmp_path / "pack-keys", ring)
    data = ward_data(*(patient(str(number), bed=str(number)) for number in range(5)))
    sealed = ChartSealing(keys, ring).seal(data, "nl")
    identity = pyrage.x25519.Identity.from_str(keys.identity(CRISIS))
    wholes, _ = join(
        part for codes in sealed.copies or () for code in codes if (part := part_of(code))
    )
    carried = [unpack_copy(open_copy(whole, identity)[0]).settings for whole in wholes]
    assert carried == [settings_of(data)] * 3 + [None] * 2
    assert carried[0] is not None
    assert carried[0].ward == SITE.wards[0]
