"""Text from outside that hides, reorders or commands stands visibly on paper of every kind."""

from __future__ import annotations

import unicodedata

import msgspec
import pytest
from tests.pack.handmade import (
    NOW,
    SITE,
    house_data,
    moment,
    order,
    pack_of,
    patient,
    said,
    source,
)
from tests.stories.truth_on_paper import pages_of, squashed

from wardkeep.adapters.house_packs import build_list
from wardkeep.adapters.known_cards import build_card
from wardkeep.adapters.typst_press import typeset
from wardkeep.chart.model import (
    Allergies,
    Allergy,
    AllergyState,
    Appointment,
    Coded,
    CodeStatus,
    OrderKind,
    PatientChart,
    PendingOrder,
    PendingSpecimen,
    PersonName,
    Problem,
    Report,
    Result,
    ResultSeries,
    ResultState,
)
from wardkeep.hospital.site import Paper, RecordSystem, Site
from wardkeep.kernel.times import HOUR
from wardkeep.pack.kinds import HOUSE_KINDS
from wardkeep.pack.whole_house import PackKind

SHOWN = {
    "a\u202eb": "a[U+202E]b",
    "a\u2066b\u2069c": "a[U+2066]b[U+2069]c",
    "a\x07b\x1bc": "a[U+0007]b[U+001B]c",
    "a\u200bb\ufeffc": "a[U+200B]b[U+FEFF]c",
    "\u836f\u7269": "[U+836F][U+7269]",
    "\U0001f48a\U0001f3e5": "[U+1F48A][U+1F3E5]",
    "\u05d0\u05d1": "[U+05D0][U+05D1]",
    "q\u0301\u0301": "q[U+0301][U+0301]",
    "\ue000": "[U+E000]",
    "\ufffdg": "\ufffdg",
    r"x\X0D\y\H\z": r"x\X0D\y\H\z",
    "#let x = 1": "#let x = 1",
    "$x^2$ *b* _i_ `c`": "$x^2$ *b* _i_ `c`",
    "<script>&amp;": "<script>&amp;",
    "=cmd|' /C calc'!A0": "=cmd|' /C calc'!A0",
    "@SUM(1)": "@SUM(1)",
    '"]; #read("/etc/passwd")': '"]; #read("/etc/passwd")',
    "{detail} {0}": "{detail} {0}",
    "%(n)s %d": "%(n)s %d",
}
"""What a feed might send, and how it must stand on paper."""

_HIDDEN = {"Cc", "Cf", "Co", "Cn", "Cs"}


def hostile_site(text: str) -> Site:
    ward = msgspec.structs.replace(SITE.wards[0], telephones=(f"T{text}",))
    return msgspec.structs.replace(
        SITE,
        wards=(ward,),
        systems=(RecordSystem(name=f"S{text}", holds=f"H{text}", ask=f"K{text}"),),
        paper=Paper(theatre_services=("OP",), default_code_status=f"R{text}"),
    )


def hostile_patient(text: str) -> PatientChart:
    """A patient in whose every field the text stands, each behind a letter of its own."""
    value = Result(
        value=f"v{text}", state=ResultState.FINAL, at=moment(NOW - HOUR), source=source()
    )
    return patient(
        f"N{text}",
        name=said(PersonName(f"1{text}", f"2{text}")),
        allergies=Allergies(
            state=AllergyState.LISTED,
            items=(
                Allergy(
                    substance=Coded("", f"3{text}"), reactions=(f"4{text}",), source=source()
                ),
            ),
        ),
        diet=said(f"5{text}"),
        isolation=said(f"6{text}"),
        problems=(Problem(coding=Coded("Z95.0", f"7{text}"), source=source()),),
        code_status=(CodeStatus(text=f"8{text}", signer=f"9{text}", source=source()),),
        orders=(
            order("1", f"heparin d{text}", f"e{text}", instructions=(f"f{text}",)),
            order("2", f"g{text}", "1 g", OrderKind.AS_NEEDED, as_needed_reason=f"h{text}"),
        ),
        results=(
            ResultSeries(coding=Coded("K", f"i{text}"), results=(value,)),
            ResultSeries(coding=Coded("882-1", f"j{text}"), results=(value,)),
        ),
        reports=(
            Report(
                report="1",
                coding=Coded("", f"l{text}"),
                text=f"m{text}",
                state=ResultState.FINAL,
                source=source(),
            ),
        ),
        pending_orders=(
            PendingOrder(
                order="2", coding=Coded("", f"n{text}"), state="active", source=source()
            ),
        ),
        pending_specimens=(
            PendingSpecimen(specimen=f"o{text}", coding=Coded("", f"p{text}"), source=source()),
        ),
        appointments=(
            Appointment(
                appointment="a",
                start=moment(NOW + HOUR),
                service="OP",
                reason=f"q{text}",
                place=f"r{text}",
                who=f"s{text}",
                state="booked",
                source=source(),
            ),
        ),
    )


FIELDS = {
    PackKind.WARD: "2345678efghijlmnopqrsTSHK",
    PackKind.PHARMACY: "2N34defghSHK",
    PackKind.LABORATORY: "2NTijnopvSHK",
    PackKind.THEATRE: "2N346jqrsSHK",
    PackKind.EMERGENCY: "2N34789dejRSHK",
    PackKind.KITCHEN: "2345SHK",
    PackKind.FRONT_DESK: "2SHK",
    PackKind.CARDS: "2N34789dejRSHK",
    PackKind.CARD: "2N34789dejSHK",
}
"""The fields of `hostile_patient` and `hostile_site` that a kind prints."""


def press(kind: PackKind, chart: PatientChart, site: Site) -> str:
    """The text of a pack of the kind, page after page, without spaces."""
    if kind is PackKind.WARD:
        return "".join(pages_of(typeset(pack_of(chart, site=site)).pdf))
    data = house_data(kind, chart, site=site)
    made = build_card(chart, data, "en") if kind is PackKind.CARD else build_list(data, "en")
    return "".join(pages_of(made.pdf))


@pytest.mark.parametrize("kind", FIELDS)
def test_hostile_text_stands_visibly_on_every_kind(kind: PackKind) -> None:
    for sent, shown in SHOWN.items():
        text = press(kind, hostile_patient(sent), hostile_site(sent))
        lacking = [letter for letter in FIELDS[kind] if letter + squashed(shown) not in text]
        assert lacking == [], sent
        hidden = {c for c in text if unicodedata.category(c) in _HIDDEN}
        assert hidden == set(), sent
        if shown != sent and not sent.endswith("g"):
            assert squashed(f"{shown} [AS SENT]") in text, sent


def test_every_kind_is_tried() -> None:
    assert set(FIELDS) == {*HOUSE_KINDS, PackKind.WARD, PackKind.CARD}
