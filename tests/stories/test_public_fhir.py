"""Public FHIR bundles read into charts: beside their HL7 messages, alone, and with faults."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from random import Random

import pytest
from tests.chart.fhir_bundles import SITE, charts_of, facts_of_charts, pairs

from wardkeep.chart.memory import MemoryCharts
from wardkeep.chart.model import PatientChart
from wardkeep.chart.plain import plain
from wardkeep.ledger.arrival import Entry, Kind

RECEIVED = 1_790_000_000_000_000
EQUAL = 303


def charted(body: bytes) -> MemoryCharts:
    charts = MemoryCharts(SITE)
    charts.add(Entry(1, "feed", RECEIVED, Kind.FHIR, b"", b"", b"", body, False))
    return charts


def charts_in(body: bytes) -> list[PatientChart]:
    return charted(body).survivors()


def mutated(tree: object, chance: Random) -> object:
    """Return JSON with a few values dropped, doubled, swapped or made of another shape."""
    if chance.random() < 0.004:
        return chance.choice(
            [None, "", "x", -1, 2.5, True, [], {}, [tree], {"value": tree}, "#1"]
        )
    if isinstance(tree, dict):
        return {
            key: mutated(value, chance)
            for key, value in tree.items()
            if chance.random() > 0.003
        }
    if isinstance(tree, list):
        kept = [mutated(each, chance) for each in tree if chance.random() > 0.003]
        return kept + kept[:1] if chance.random() < 0.01 else kept
    return tree


def files(shared: Path) -> list[Path]:
    folder = shared / "data" / "hl7"
    return sorted(
        [*(folder / "synthea-r4").glob("*.json"),
         *(folder / "msft-fhir-converter-r4-expected").glob("*.json")]
    )  # fmt: skip


def test_a_bundle_and_its_message_make_the_same_chart_but_for_what_is_explained(
    shared: Path, project: Path
) -> None:
    equal, different, read = 0, Counter[str](), 0
    for _, body, bundle in pairs(shared):
        mine = facts_of_charts(charts_of(body))
        theirs = facts_of_charts(charts_in(json.dumps(bundle).encode()))
        read += 1
        for name in mine.keys() | theirs.keys():
            if mine.get(name) == theirs.get(name):
                equal += 1
            else:
                different[name] += 1
    print(f"{read} bundles: {equal} facts equal, {different.total()} different {different}")
    assert read == 44
    assert equal >= EQUAL
    document = (project / "docs" / "fhir-comparison.md").read_text()
    told = document.partition("## The chart of a bundle")[2]
    for name, count in different.items():
        assert f"| {name} | {count} |" in told, name


def test_lives_of_synthea_are_charted_and_what_is_left_out_is_told(shared: Path) -> None:
    read = 0
    for path in files(shared):
        if path.parent.name != "synthea-r4":
            continue
        charts = charted(path.read_bytes())
        (chart,) = charts.survivors()
        assert chart.name is not None
        assert len(chart.encounters) > 20
        assert sum(len(series.results) for series in chart.results) > 20
        (held,) = charts.quarantine()
        assert "Immunization is not read into the chart" in held.reason
        assert chart.name.value.family not in held.reason
        read += 1
    print(f"{read} lives")
    assert read == 4


@pytest.mark.parametrize(
    "rounds", [2, pytest.param(400, marks=pytest.mark.long)], ids=["short", "long"]
)
def test_bundles_with_faults_never_break_the_charts(shared: Path, rounds: int) -> None:
    read = 0
    for path in files(shared):
        tree = json.loads(path.read_bytes())
        tree["entry"] = tree["entry"][:60]
        for number in range(rounds):
            chance = Random(f"{path.name} {number}")
            body = json.dumps(mutated(tree, chance)).encode()
            if number % 10 == 9:
                place = chance.randrange(len(body))
                body = body[:place] + bytes([chance.randrange(256)]) + body[place + 1 :]
            charts = charted(body)
            for chart in charts.survivors():
                assert plain(chart)["record"] == chart.record
            assert all(held.reason for held in charts.quarantine())
            read += 1
    print(f"{read} bundles with faults")
    assert read == rounds * len(files(shared))
