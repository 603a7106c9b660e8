import io
import re
import subprocess
from collections import Counter
from importlib.resources import files
from pathlib import Path

import msgspec
import pytest
from pypdf import PdfReader
from tests.pack.handmade import (
    NOW,
    OCTOBER_NIGHT,
    TAPERING,
    hostile,
    house_data,
    many_drugs,
    order,
    pack_of,
    patient,
    said,
    trapped,
    ward_data,
)

from wardkeep.adapters.errors import TypesettingError
from wardkeep.adapters.typst_press import typeset, typeset_list
from wardkeep.adapters.typst_words import translator
from wardkeep.chart.values import Location
from wardkeep.hospital.streams import StreamState
from wardkeep.pack.contents import ward_pack
from wardkeep.pack.kinds import house_pack
from wardkeep.pack.paper_codes import cut
from wardkeep.pack.whole_house import PackKind
from wardkeep.paper.forms import WardPack
from wardkeep.paper.words import LANGUAGES


def pages(pack: WardPack) -> list[str]:
    made = typeset(pack)
    read = [plain(page.extract_text()) for page in PdfReader(io.BytesIO(made.pdf)).pages]
    assert len(read) == made.pages
    return read


def plain(text: str) -> str:
    return re.sub(r"\s+", " ", text.replace("\u200b", ""))


def of_patient(read: list[str], number: str) -> list[str]:
    return [text for text in read if number in text and "Page " in text]


@pytest.fixture(scope="module")
def english() -> list[str]:
    return pages(pack_of(trapped(), hostile(), many_drugs()))


def test_every_page_of_a_patient_says_who_where_which_allergies_and_as_of_when(
    english: list[str],
) -> None:
    read = [text for text in english if "Record 700045" in text and "Built" in text][1:]
    assert len(read) >= 5
    for text in read:
        for told in ("VANDERSTEEN-LEFÈVRE", "Born 08 Mar 1934", "ALLERGIES: NONE KNOWN",
                     "4B · 401-1", "AS OF: Admissions and beds 04:10",
                     "Built 07 Mar 2026 04:12", "clinical ledger 9"):  # fmt: skip
            assert told in text


def test_pages_are_counted_by_patient_and_each_has_its_code(
    english: list[str],
) -> None:
    read = [text for text in english if "Record 700045" in text and "WARD SHEET" not in text]
    counts = [re.search(r"Page (\d+) of (\d+)", text) for text in read]
    told = [(int(found[1]), int(found[2])) for found in counts if found]
    assert told == [(page, len(read)) for page in range(1, len(read) + 1)]
    codes = [found for text in english for found in re.findall(r"WK1-[0-9A-Z]{8}-\d+", text)]
    assert len(codes) == len(set(codes)) == len(english)


def test_a_patient_of_two_hundred_medicines_has_a_code_on_every_page() -> None:
    orders = tuple(order(f"o{n}", f"medicine {n}", timing=TAPERING) for n in range(200))
    read = pages(pack_of(patient("1", orders=orders)))
    codes = [found for text in read for found in re.findall(r"WK1-[0-9A-Z]{8}-\d+", text)]
    assert len(set(codes)) == len(codes) == len(read)


def test_a_patient_starts_on_a_new_page(english: list[str]) -> None:
    for text in english:
        assert sum(name in text for name in ("Record 700001", "Record 700045")) < 2 or (
            "WARD SHEET" in text
        )


def test_all_forty_five_medicines_are_printed_whole(english: list[str]) -> None:
    found = " ".join(english)
    for number in range(45):
        assert f"1 g medicine {number:02}" in found.replace("  ", " ")


def test_every_trap_is_on_paper(english: list[str]) -> None:
    read = " ".join(text for text in english if "Record 700001" in text)
    for told in (
        "NOT EVERY DAY: ONLY ON MONDAY",
        "NOT EVERY DAY: every 3 days (72 h)",
        "TIMING AS SENT: selon INR à 18 h",
        "75 �g",
        "AS SENT: PHARMACIST TO CONFIRM",
        "CHECK: ONE ORDER OR TWO?",
        "ON HOLD: NO DOSE UNTIL RELEASED",
        "READ THE PUMP",
        "LAST GIVEN: 06 Mar 22:12",
        "STOPPED: DO NOT GIVE",
        "GIVEN, BUT NO ORDER IS KNOWN HERE",
        "FROM THE MERGED RECORD 9",
        "CHARTED UP TO 07 Mar 2026 03:52",
        "NAME ALERT",
        "COMPUTED",
    ):
        assert told in read


def test_markup_controls_and_foreign_letters_are_text_on_paper(english: list[str]) -> None:
    read = " ".join(english)
    for told in ('VAN "<SCRIPT>[U+202E][U+0007]#LET X = 1', "[U+4E00]", "[U+2066]", "*b* $x$",
                 "1[U+200B]0 mg", "=cmd|' /C calc'!A0", "AS SENT"):  # fmt: skip
        assert told in read
    assert not {"\u202e", "\x07", "\u2066"} & set(read)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_prints_every_sheet(language: str) -> None:
    say = translator(language)
    read = pages(pack_of(trapped(), language=language, imaging=StreamState.NOT_FED))
    whole = " ".join(read)
    for word in ("WARD SHEET", "MEDICATION ADMINISTRATION RECORD", "SUMMARY", "NOT FED",
                 "REGULAR MEDICINES", "What this pack cannot know"):  # fmt: skip
        assert say(word) in whole
    assert "[U+" not in whole


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_ward_sheet_of_one_page_leads_to_no_other_page(language: str) -> None:
    say = translator(language)
    [first, *_] = pages(pack_of(patient("1"), language=language))
    assert f"→ {say('below, on this page')}" in first
    assert f"→ {say('Page')} 1" not in first


@pytest.mark.parametrize(
    ("language", "bed"), [*((each, "") for each in LANGUAGES), ("en", "W" * 40)]
)
def test_the_bed_stays_within_its_column_of_the_ward_sheet(
    tmp_path: Path, language: str, bed: str
) -> None:
    lying = patient("1")
    stay = msgspec.structs.replace(lying.encounters[0], location=said(Location("4B", "", bed)))
    lying = msgspec.structs.replace(lying, encounters=(stay,))
    (tmp_path / "pack.pdf").write_bytes(typeset(pack_of(lying, language=language)).pdf)
    read = ["pdftotext", "-l", "1", "-bbox", "pack.pdf", "-"]
    told = subprocess.run(read, cwd=tmp_path, check=True, capture_output=True, text=True)
    found = re.findall(r'xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)".*?>(.*)<', told.stdout)
    below, _by_name = [float(y) for _, y, _, word in found if word == "JANSSENS,"]
    ends = 28 * 72 / 25.4  # margin and column, in mm
    beds = [
        float(right)
        for left, y, right, _ in found
        if float(left) < ends and below - 3 < float(y) < below + 24
    ]
    assert beds
    assert max(beds) < ends


def test_equal_packs_are_equal_bytes() -> None:
    pack = pack_of(trapped(), hostile())
    assert typeset(pack).pdf == typeset(pack_of(trapped(), hostile())).pdf


def test_the_october_night_prints_two_columns_for_two_o_clock() -> None:
    read = " ".join(pages(pack_of(trapped(), now=OCTOBER_NIGHT)))
    assert "02 CEST" in read
    assert "02 CET" in read


def test_a_page_of_old_data_carries_a_band() -> None:
    old = msgspec.structs.replace(pack_of(patient("1")).patients[0], old="OLD DATA: x 5 h")
    pack = msgspec.structs.replace(pack_of(patient("1")), patients=(old,))
    assert all("OLD DATA: x 5 h" in text for text in pages(pack)[1:])


def test_a_missing_typeface_stops_the_press(monkeypatch: pytest.MonkeyPatch) -> None:
    import typst

    from wardkeep.adapters import typst_press

    nothing = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False)
    monkeypatch.setattr(typst_press, "load_fonts", lambda: nothing)
    with pytest.raises(TypesettingError, match="font"):
        typeset(pack_of(patient("1")))


def test_the_typefaces_are_shipped_with_their_licences() -> None:
    shipped = {each.name for each in (files("wardkeep.paper") / "fonts").iterdir()}
    assert {"OFL-AtkinsonHyperlegibleNext.txt", "LICENCE-DejaVu.txt", "SOURCES.md"} <= shipped
    assert NOW > 0


@pytest.mark.parametrize("dots_an_inch", [100, 300])
def test_both_codes_of_every_page_are_read_from_its_picture_and_name_its_sheet_and_page(
    tmp_path: Path, dots_an_inch: int
) -> None:
    pack = pack_of(trapped(), patient("1"))
    made = typeset(pack)
    (tmp_path / "pack.pdf").write_bytes(made.pdf)
    draw = ["pdftoppm", "-r", str(dots_an_inch), "-gray", "-png", "pack.pdf", "page"]
    subprocess.run(draw, cwd=tmp_path, check=True)
    pictures = sorted(path.name for path in tmp_path.glob("page-*.png"))
    assert len(pictures) == made.pages
    scan = ["zbarimg", "--nodbus", "--quiet", "--raw", *pictures]
    told = subprocess.run(scan, cwd=tmp_path, check=True, capture_output=True, text=True)
    codes = [pack.ward_sheet.codes, *(each.codes for each in pack.patients)]
    printed = {letters for sheet in codes for letters, _ in sheet}
    found = Counter(told.stdout.split())
    assert set(found) <= printed
    assert set(found.values()) == {2}
    assert len(found) == made.pages


def test_no_line_ends_between_a_number_and_its_unit() -> None:
    drugs = tuple(order(str(n), "Xx " * (n % 20), f"{n} mg") for n in range(1, 60))
    made = typeset(pack_of(patient("1", orders=drugs)))
    done = subprocess.run(
        ["pdftotext", "-raw", "-", "-"], input=made.pdf, capture_output=True, check=True
    )
    lines = [line.strip() for line in done.stdout.decode().splitlines()]
    assert any(line.endswith("mg") for line in lines)
    assert not any(line.startswith("mg") for line in lines)


def test_a_pack_asks_to_be_printed_on_one_side_and_every_pile_tells_its_sheets() -> None:
    made = typeset(pack_of(trapped(), patient("1")))
    read = PdfReader(io.BytesIO(made.pdf), strict=True)
    assert read.trailer["/Root"]["/ViewerPreferences"]["/Duplex"] == "/Simplex"
    firsts = [
        (number, plain(page.extract_text()))
        for number, page in enumerate(read.pages, start=1)
        if "Page 1 of" in plain(page.extract_text())
    ]
    assert len(firsts) == 3
    for number, text in firsts:
        assert f"Sheet {number} of {made.pages} of this pack" in text


def test_the_box_of_the_hand_over_stands_above_the_first_medicine() -> None:
    first = pages(pack_of(trapped()))[1]
    assert first.index("HAND-OVER") < first.index("HIGH-RISK MEDICINES")


def test_no_line_ends_within_a_number_in_groups_of_three() -> None:
    drugs = tuple(order(str(n), "Xx " * (n % 20) + "20 000 UI/48 mL") for n in range(1, 60))
    made = typeset(pack_of(patient("1", orders=drugs)))
    done = subprocess.run(
        ["pdftotext", "-raw", "-", "-"], input=made.pdf, capture_output=True, check=True
    )
    lines = [line.strip() for line in done.stdout.decode().splitlines()]
    assert any("20 000" in plain(line) for line in lines)
    assert not any(line.startswith("000") for line in lines)


def test_a_ward_sheet_whose_beds_go_on_says_so_above_them() -> None:
    more = "MORE BEDS ON THE NEXT PAGE"
    assert more not in pages(pack_of(patient("1")))[0]
    full = pages(pack_of(*(patient(str(number)) for number in range(1, 25))))
    assert more in full[0]


def test_a_ward_whose_paper_carries_codes_is_typeset_however_full_its_pages_are() -> None:
    charts = [
        patient(str(n), orders=tuple(order(f"o{i}", f"drug {i}") for i in range(n)))
        for n in range(1, 13)
    ]
    data = msgspec.structs.replace(
        ward_data(*charts), copies=tuple(cut(bytes([n]) * 2_400) for n in range(1, 13))
    )
    read = pages(ward_pack(data, "en", translator("en")))
    assert sum("wardkeep rebuild" in text for text in read) == len(charts)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_long_list_says_on_its_first_page_on_which_pages_each_ward_stands(
    language: str,
) -> None:
    data = house_data(PackKind.PHARMACY, many_drugs())
    [ward] = data.wards
    wards = tuple(
        msgspec.structs.replace(ward, summary=msgspec.structs.replace(ward.summary, ward=code))
        for code in ("W1X", "W2X", "W3X")
    )
    data = msgspec.structs.replace(data, wards=wards)
    made = typeset_list(house_pack(data, language, translator(language)))
    first, *others = [
        plain(page.extract_text()) for page in PdfReader(io.BytesIO(made.pdf)).pages
    ]
    told = {
        code: [int(number) for number in re.findall(r"[0-9]+", span)]
        for code, span in re.findall(
            r"(W[123]X) · Cardiology \D*?([0-9]+(?: \D+ [0-9]+)?)", first
        )
    }
    for code, span in told.items():
        found = [at for at, text in enumerate(others, start=2) if f"{code} · Card" in text]
        assert set(range(span[0], span[-1] + 1)) - {1} == set(found), (code, span)
    assert told.keys() == {"W1X", "W2X", "W3X"}
