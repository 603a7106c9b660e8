import io

import pytest
import zxingcpp
from msgspec.structs import replace
from PIL import Image, ImageOps
from tests.pack.handmade import pack_of, patient, trapped, ward_data

from wardkeep.adapters.typst_words import translator
from wardkeep.chart.model import PatientChart
from wardkeep.pack.contents import ward_pack
from wardkeep.pack.paper_codes import cut, join, part_of
from wardkeep.paper.forms import ChartCodes, WardPack


def with_codes(
    language: str, copies: tuple[tuple[bytes, ...], ...], *charts: PatientChart
) -> WardPack:
    data = replace(ward_data(*charts), copies=copies)
    return ward_pack(data, language, translator(language))


def codes_of(copy: ChartCodes | None) -> list[bytes]:
    assert copy is not None
    pictures = [Image.open(io.BytesIO(bytes(code))).convert("L") for code in copy.codes]
    large = [ImageOps.scale(each, 4, Image.Resampling.NEAREST) for each in pictures]
    return [bytes(found.bytes) for each in large for found in zxingcpp.read_barcodes(each)]


def test_the_codes_of_each_patient_hold_that_patients_chart() -> None:
    sealed = [bytes([number]) * 1_000 for number in (1, 2)]
    pack = with_codes("en", tuple(cut(each) for each in sealed), trapped(), patient("2"))
    for sheet, own in zip(pack.patients, sealed, strict=True):
        parts = [part_of(code) for code in codes_of(sheet.copy)]
        assert join(part for part in parts if part) == ([own], [])
        assert sheet.copy is not None
        assert "photograph" in sheet.copy.text


@pytest.mark.parametrize(
    ("language", "said"),
    [("fr", "PAS DE COPIE"), ("nl", "GEEN VERZEGELDE"), ("de", "KEINE"), ("en", "NO SEALED")],
)
def test_a_chart_that_is_too_large_says_so_in_words(language: str, said: str) -> None:
    (sheet,) = with_codes(language, ((),), patient("1")).patients
    assert sheet.copy is not None
    assert sheet.copy.codes == ()
    assert sheet.copy.text.startswith(said)


def test_a_site_that_prints_no_codes_has_nothing_in_their_place() -> None:
    (sheet,) = pack_of(patient("1")).patients
    assert sheet.copy is None
