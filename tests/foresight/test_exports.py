from __future__ import annotations

import csv
import io
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.foresight.board.papers import stopped_in_time
from tests.foresight.test_portfolio import NOTHING
from tests.sample.test_estate import whole

from wardkeep.adapters.typst_words import translator
from wardkeep.app.forecast_export import export
from wardkeep.app.foreseeing import Foreseen
from wardkeep.foresight.board.spelling import Spelling
from wardkeep.foresight.csv_rows import as_csv
from wardkeep.foresight.errors import ExportError
from wardkeep.foresight.exports import (
    Drawn,
    ebios_scenarios,
    likelihood,
    monarc_information_risks,
    monarc_operational_risks,
    monarc_recommendations,
    services_table,
    severity,
)
from wardkeep.foresight.figures import Range
from wardkeep.foresight.parameters import ASSUMED
from wardkeep.foresight.replicas import run, study
from wardkeep.foresight.summary import Forecast, ServiceForecast, forecast

ZONE = ZoneInfo("Europe/Brussels")
DRAWN = Drawn("2026-11-29T13:39:05Z", "f00d", 3)


def spelling(language: str) -> Spelling:
    return Spelling(language, translator(language), ZONE)


WAYS = ("mail to pc-HR", "access:acces-biologie")
MONARC_NEEDS = {"asset code", "asset label", "threat code", "threat label", "threat theme"}
MONARC_NEEDS |= {"vulnerability code", "vulnerability label"}


@pytest.fixture(scope="module")
def forecasts() -> tuple[Forecast, ...]:
    made = []
    for way in WAYS:
        given_ = study(whole(), ASSUMED, way)
        drawn = run(given_, 3, range(120))
        made.append(forecast(whole(), given_, drawn, (way, 3)))
    return tuple(made)


def read(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("language", ["fr", "nl", "de", "en"])
def test_monarc_finds_every_column_of_its_import_filled_and_no_risk_twice(
    forecasts: tuple[Forecast, ...], language: str
) -> None:
    rows = monarc_information_risks(forecasts, spelling(language), DRAWN)
    assert all(each.keys() >= MONARC_NEEDS for each in rows)
    assert all(value for each in rows for value in each.values())
    keys = [(r["asset code"], r["threat code"], r["vulnerability code"]) for r in rows]
    assert len(set(keys)) == len(keys) > len(WAYS)
    losses = monarc_operational_risks(forecasts, spelling(language))
    codes = [each["code"] for each in losses]
    assert "WK-service:laboratoire" in codes
    assert len(set(codes)) == len(codes)


def test_an_operational_risk_is_told_by_the_way_in_that_delays_most(
    forecasts: tuple[Forecast, ...],
) -> None:
    slow, fast = (_back_after(each, days) for each, days in zip(forecasts, (9, 2), strict=True))
    slow = msgspec.structs.replace(slow, detonates=0.1)
    fast = msgspec.structs.replace(fast, detonates=0.9)
    for given_order in ((slow, fast), (fast, slow)):
        rows = monarc_operational_risks(given_order, spelling("en"))
        assert all("in full again on day 9 / 9 / 9" in each["description"] for each in rows)


def _back_after(found: Forecast, days: int) -> Forecast:
    back = Range(24.0 * days, 24.0 * days, 24.0 * days)
    services = (msgspec.structs.replace(each, full_again=back) for each in found.services)
    return msgspec.structs.replace(found, services=tuple(services))


def test_the_workshop_sheet_has_each_way_in_and_what_it_stops(
    forecasts: tuple[Forecast, ...],
) -> None:
    rows = ebios_scenarios(forecasts, spelling("fr"), DRAWN)
    assert {each["Scénario stratégique"] for each in rows} == {f"Entrée : {e}" for e in WAYS}
    [laboratory] = [
        each
        for each in rows
        if each["Valeur métier"] == "Laboratoire" and WAYS[0] in each["Scénario stratégique"]
    ]
    assert laboratory["Gravité"].startswith("G4")
    assert "une supposition" in laboratory["Base"]


def test_levels_rise_with_the_numbers(forecasts: tuple[Forecast, ...]) -> None:
    shares = [0.0, 0.09, 0.1, 0.4, 0.66, 1.0]
    told = [
        likelihood(msgspec.structs.replace(forecasts[0], detonates=each)) for each in shares
    ]
    assert told == ["V1", "V1", "V2", "V3", "V4", "V4"]
    service = forecasts[0].services[0]
    late = [severity(_late(service, each)) for each in (None, 0.0, 50.0, 500.0, 5_000.0)]
    assert late == [None, "G1", "G2", "G3", "G4"]
    closed = msgspec.structs.replace(_late(service, 0.0), role="theatres", lost=0.6)
    assert severity(closed) == "G4"


def _late(service: ServiceForecast, late: float | None) -> ServiceForecast:
    told = None if late is None else Range(late, late, late)
    return msgspec.structs.replace(service, late=told, role="", lost=0.0)


def test_a_service_without_a_volume_says_so_in_every_table(
    forecasts: tuple[Forecast, ...],
) -> None:
    service = msgspec.structs.replace(
        forecasts[0].services[0], late=None, patients=None, not_full=Range(1, 2, 3)
    )
    one = (msgspec.structs.replace(forecasts[0], services=(service,)),)
    assert ebios_scenarios(one, spelling("de"), DRAWN)[0]["Schwere"] == "NICHT ERFASST"
    assert services_table(one, DRAWN)[0]["patients late p50"] == "NOT RECORDED"
    told = monarc_operational_risks(one, spelling("nl"))[0]["description"]
    assert "patiënten NIET VASTGELEGD" in told


def test_a_way_in_by_which_no_attack_encrypts_tells_no_noughts(
    forecasts: tuple[Forecast, ...],
) -> None:
    none = (stopped_in_time(forecasts[0]),)
    row = services_table(none, DRAWN)[0]
    assert row["encrypts"] == "0.0000"
    told = set(row) - {"way in", "encrypts", "service", "name", "role"}
    told -= {"map as of", "map", "seed"}
    assert {row[each] for each in told} == {"NO ATTACK ENCRYPTS"}
    assert severity(none[0].services[0]) is None
    assert ebios_scenarios(none, spelling("en"), DRAWN) == []
    assert monarc_information_risks(none, spelling("en"), DRAWN) == []
    assert monarc_operational_risks(none, spelling("en")) == []


def test_what_is_in_the_best_set_is_what_monarc_is_told_first() -> None:
    sure = msgspec.structs.replace(NOTHING, measure="a", euros_a_patient_hour=2.0)
    effects = [sure, msgspec.structs.replace(NOTHING, measure="b")]
    rows = monarc_recommendations(effects, None, spelling("en"))
    assert [each["importance"] for each in rows] == ["2", "1"]


def test_the_folder_gets_all_files_and_one_that_cannot_be_written_is_named(
    forecasts: tuple[Forecast, ...], tmp_path: Path
) -> None:
    found = Foreseen(
        map_as_of="2026-11-29T13:39:05Z",
        without=None,
        fingerprint="",
        complete=True,
        forecasts=forecasts,
        effects=(NOTHING,),
        portfolio=None,
        guesses=(),
    )
    made = export(found, tmp_path / "out", "de", ZONE)
    assert {each.name for each in (tmp_path / "out").iterdir()} == {each.name for each in made}
    assert len(read((tmp_path / "out" / "services.csv").read_bytes())) == 2 * len(
        forecasts[0].services
    )
    assert read((tmp_path / "out" / "measures.csv").read_bytes())[0]["in the best set"] == ""
    assert (
        not (tmp_path / "out" / "monarc-recommendations.csv").read_bytes().startswith(b"\xef")
    )
    (tmp_path / "file").write_text("")
    with pytest.raises(ExportError, match="file"):
        export(found, tmp_path / "file", "de", ZONE)


@given(st.lists(st.dictionaries(st.sampled_from(["a", "b"]), st.text()), min_size=1))
def test_no_cell_begins_a_formula_and_every_text_comes_back(rows: list[dict[str, str]]) -> None:
    told = read(as_csv(rows, mark=True))
    names = dict.fromkeys(name for row in rows for name in row)
    if not names:
        assert told == []
        return
    for row, back in zip(rows, told, strict=False):
        for name in names:
            cell = back[name]
            assert cell.removeprefix("'") == row.get(name, "").removeprefix("'")
            assert not cell.startswith(("=", "@", "\t"))


def test_numbers_are_written_as_the_language_writes_them_and_the_map_has_its_time(
    forecasts: tuple[Forecast, ...],
) -> None:
    costly = [msgspec.structs.replace(NOTHING, cost=90_000.0, hours=1_200.0)]
    for language, cost in (
        ("de", "90.000 Euro"),
        ("en", "90,000 euros"),
        ("nl", "90.000 euro"),
    ):
        told = monarc_recommendations(costly, None, spelling(language))[0]["description"]
        assert cost in told
    row = ebios_scenarios(forecasts, spelling("fr"), DRAWN)[0]
    assert row["Carte du"].startswith("29 nov")
    assert services_table(forecasts, DRAWN)[0]["map as of"] == DRAWN.map_as_of


def test_a_hostile_name_is_harmless_in_a_spreadsheet_and_a_number_stays_one() -> None:
    rows = [{"name": '=cmd|"/C calc"!A0', "change": "-4.5"}]
    assert read(as_csv(rows, mark=False)) == [{"name": '\'=cmd|"/C calc"!A0', "change": "-4.5"}]
    assert as_csv([], mark=True) == b""
