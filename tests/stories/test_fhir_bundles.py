from __future__ import annotations

from collections import Counter
from pathlib import Path

from tests.chart.fhir_bundles import charts_of, facts_of_bundle, facts_of_charts, pairs

EXPLAINED = {
    "patient number",
    "admitted",
    "visit class",
    "birth date",
    "family name",
    "given name",
    "sex",
    "analysis",
    "value",
    "problem",
    "request",
    "specimen",
    "report",
    "dose",
    "drug",
    "rate",
    "route",
}
"""Facts that differ somewhere; docs/fhir-comparison.md says who is right."""

NEVER_DIFFERENT = {
    "allergy",
    "medication order",
    "appointment",
    "appointment start",
    "appointment state",
    "appointment minutes",
}


def test_the_expected_fhir_bundles_say_what_the_chart_says(shared: Path, project: Path) -> None:
    equal, different, read = 0, Counter[str](), 0
    for _, body, bundle in pairs(shared):
        mine, theirs = facts_of_charts(charts_of(body)), facts_of_bundle(bundle)
        read += 1
        for name in mine.keys() | theirs.keys():
            if mine.get(name) == theirs.get(name):
                equal += 1
            else:
                different[name] += 1
    print(
        f"{read} bundles: {equal} facts equal, {sum(different.values())} different {different}"
    )
    assert read == 44
    assert set(different) <= EXPLAINED
    assert equal >= 288
    document = (project / "docs" / "fhir-comparison.md").read_text()
    for name, count in different.items():
        assert f"| {name} | {count} |" in document, name


def test_what_was_found_equal_stays_equal(shared: Path) -> None:
    for name, body, bundle in pairs(shared):
        mine, theirs = facts_of_charts(charts_of(body)), facts_of_bundle(bundle)
        for fact in NEVER_DIFFERENT:
            assert mine.get(fact) == theirs.get(fact), (name, fact)
