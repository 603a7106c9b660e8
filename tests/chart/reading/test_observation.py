from __future__ import annotations

import pytest

from wardkeep.chart.reading.observation import observed_text, observed_unit
from wardkeep.wire.hl7v2.segment import Segment


def obx(kind: str, value: str, unit: str = "") -> Segment:
    return Segment("OBX", ["OBX", "1", kind, "X", "", value, unit])


@pytest.mark.parametrize(
    ("kind", "sent", "shown"),
    [
        ("NM", "5.10", "5.10"),
        ("ST", "a~b\\T\\c", "a\nb&c"),
        ("TX", "line\\.br\\two", "line\ntwo"),
        ("CWE", "P^Positive^L", "Positive"),
        ("CWE", "P^Positive^L^^^^^^present ++", "present ++"),
        ("CE", "P~N^Negative", "P; Negative"),
        ("SN", ">^100", ">100"),
        ("SN", "1^:^128", "1:128"),
        ("ED", "^application^pdf^Base64^AAAA", "[application/pdf, 4 characters]"),
        ("RP", "image.dcm", "[image.dcm, 0 characters]"),
        ("XX", "a^b", "a b"),
        ("NM", '""', ""),
        ("NM", "", ""),
    ],
)
def test_a_value_is_shown_by_its_type(kind: str, sent: str, shown: str) -> None:
    assert observed_text(obx(kind, sent)) == shown


def test_a_unit_is_its_code_else_its_text() -> None:
    assert observed_unit(obx("NM", "5", "mmol/L^millimole")) == "mmol/L"
    assert observed_unit(obx("NM", "5", "^millimole")) == "millimole"
