import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardkeep.adapters.census_csv import CensusFileError, read_census_file

AS_OF = "202205140330"


def rows(text: str, charset: str = "utf-8", **columns: str) -> list[dict[str, object]]:
    census = read_census_file(text.encode(charset), AS_OF, columns, day_first=True)
    return [
        {name: value for name in row.__struct_fields__ if (value := getattr(row, name))}
        for row in census.rows
    ]


def test_usual_headings_of_four_languages_are_known() -> None:
    french = "IPP;Nom;Prénom;Date naissance;Unité;Chambre;Lit\n1;Noël;Zoé;07/03/1934;A2;12;1\n"
    known = {
        "record": "1",
        "family": "Noël",
        "given": "Zoé",
        "birth_date": "19340307",
        "ward": "A2",
        "room": "12",
        "bed": "1",
    }
    assert rows(french) == [known]
    assert rows(french, "cp1252") == [known]
    other = (
        "N° dossier;Nom de famille;Prénoms;Date de naissance;Unité de soins;N° chambre;N° lit"
    )
    assert rows(f"{other}\n1;Noël;Zoé;07/03/1934;A2;12;1\n") == [known]
    dutch = "Dossiernummer;Familienaam;Voornaam;Geboortedatum;Afdeling;Kamer;Bed"
    assert rows(f"{dutch}\n1;Noël;Zoé;07/03/1934;A2;12;1\n") == [known]
    german = "Patient,Nachname,Vorname,Geburtsdatum,Station,Zimmer,Bett\n"
    assert rows(german + "1,Noël,Zoé,07.03.1934,A2,12,1\n") == [known]


def test_other_headings_are_named_by_the_hospital() -> None:
    found = rows("Nr\tWho\n7\tMaes\n", record="Nr", family="Who")
    assert found == [{"record": "7", "family": "Maes"}]


@pytest.mark.parametrize(
    ("written", "hl7"),
    [
        ("1934-03-07", "19340307"),
        ("7.3.1934", "19340307"),
        ("07/03/1934 14:30", "193403071430"),
        ("19340307", "19340307"),
        ("2022-05-14T03:30:00", "20220514033000"),
        ("2022-05-14T03:30:00+02:00", "20220514033000+0200"),
    ],
)
def test_dates_are_read_day_first_as_in_the_region(written: str, hl7: str) -> None:
    assert rows(f"record,admitted\n1,{written}\n", admitted="admitted")[0]["admitted"] == hl7


def test_a_day_that_may_be_a_month_is_refused_until_somebody_says_which_it_is() -> None:
    unsure = b"record,born\n1,07/03/1934\n2,11-12-1950\n"
    with pytest.raises(CensusFileError, match="line 2: a date may have") as refused:
        read_census_file(unsure, AS_OF, {})
    assert "1934-03-07" in refused.value.advice
    assert "--day-first" in refused.value.advice
    told = read_census_file(unsure, AS_OF, {}, day_first=True)
    assert [row.birth_date for row in told.rows] == ["19340307", "19501211"]


def test_one_date_that_can_be_read_in_one_way_tells_how_the_others_are_meant() -> None:
    sure = b"record,born,admitted\n1,07/03/1934,02/11/2026\n2,31/12/1950,01/11/2026\n"
    assert [row.admitted for row in read_census_file(sure, AS_OF, {}).rows] == [
        "20261102",
        "20261101",
    ]
    with pytest.raises(CensusFileError, match="line 3: a date has the month first"):
        read_census_file(sure.replace(b"31/12", b"12/31"), AS_OF, {}, day_first=True)


@pytest.mark.parametrize("clock", ["2:30 PM", "25:00", "14", "1430+1"])
def test_a_time_that_can_be_taken_for_another_is_refused(clock: str) -> None:
    with pytest.raises(CensusFileError, match="line 2: admitted has a time"):
        rows(f"record,admitted\n1,2022-05-14 {clock}\n")


def test_every_bad_line_is_named_up_to_twenty_and_all_are_counted() -> None:
    with pytest.raises(CensusFileError, match="30 lines cannot be read") as refused:
        rows("record,born\n" + "".join(f"{n},yesterday\n" for n in range(30)))
    said = str(refused.value)
    assert "line 2:" in said
    assert "line 21:" in said
    assert "line 22:" not in said
    assert "and 10 lines more" in said


def test_an_empty_allergy_cell_says_nothing_and_a_list_is_split() -> None:
    found = rows("record;allergies\n1;\n2;Penicillin, Latex\n")
    assert found[0] == {"record": "1"}
    assert found[1]["allergies"] == ("Penicillin", "Latex")


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("record,born\n1,yesterday\n", "line 2"),
        ("record,family\n,Maes\n", "line 2 has no record number"),
        ("family\nMaes\n", "line 1 names no column with the record number"),
        ("", "empty"),
        ("record,family,given\n1,Peeters, An,Zoe\n", "line 2 has more cells"),
        ("record,born\n1,12/31/1934\n", "line 2: a date has the month first"),
        ("record,born\n1,31.02.1934\n", "line 2: birth_date is no day"),
        ("record,born\n1,07/03/34\n", "line 2: birth_date needs a year"),
        ("record,family\n1,Maes\n1,Peeters\n", "lines 2 and 3 are of one record"),
        ('record,family\n1,"Van\nDamme"\n,Maes\n', "line 4 has no record number"),
    ],
)
def test_what_cannot_be_read_is_named_by_its_line(text: str, what: str) -> None:
    with pytest.raises(CensusFileError, match=what):
        rows(text)


def test_a_mapped_column_that_is_not_there_is_named() -> None:
    with pytest.raises(CensusFileError, match="PatNr"):
        rows("record\n1\n", record="PatNr")
    with pytest.raises(CensusFileError, match="'shoe'"):
        rows("record\n1\n", shoe="record")


@given(st.binary(max_size=300))
def test_any_other_bytes_are_read_or_refused_by_name(content: bytes) -> None:
    try:
        census = read_census_file(content, AS_OF, {})
    except CensusFileError:
        return
    assert all(row.record for row in census.rows)


def test_a_semicolon_file_with_short_rows_is_read() -> None:
    assert rows("record;family;ward\n7;Maes, An\n") == [{"record": "7", "family": "Maes, An"}]
