from __future__ import annotations

from wardkeep.foresight.parameters import GUESS, SOURCES, STEPS, Assumptions, guesses


def test_every_number_of_a_forecast_says_where_it_is_from() -> None:
    assert set(SOURCES) == set(Assumptions.__struct_fields__)
    assert all(SOURCES.values())
    assert all(law.source for law in STEPS.values())


def test_what_nobody_measured_is_named_and_what_somebody_did_is_not() -> None:
    named = guesses()
    assert {"exploit-unknown", "alarm_watched", "staging_spread"} <= set(named)
    assert not {"steal-credential", "staging_median"} & set(named)
    for name in named:
        source = STEPS[name].source if name in STEPS else SOURCES[name]
        assert source.startswith(GUESS)
