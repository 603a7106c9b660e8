from __future__ import annotations

from tests.chart.sending import adt, fold, pid, pv1, ras

from wardkeep.chart.charting import Charting, charting_lag, dose_recorded
from wardkeep.hospital.site import Rules
from wardkeep.kernel.times import HOUR, MINUTE

NOON = 1_779_000_000_000_000


def test_the_newest_dose_counts_and_a_future_one_is_not_believed() -> None:
    charting = Charting()
    for at, charted in ((NOON, NOON + MINUTE), (NOON - HOUR, NOON + 2 * MINUTE)):
        charting = dose_recorded(charting, at, charted)
    assert charting.newest == NOON
    assert dose_recorded(charting, NOON + 9 * HOUR, NOON + HOUR).newest == NOON + HOUR


def test_the_lag_of_the_site_holds_until_the_ward_has_its_own() -> None:
    charting = Charting()
    assert charting_lag(charting, Rules()) == (90, False)
    for number in range(50):
        lag = 18 * MINUTE if number % 10 else 5 * HOUR
        charting = dose_recorded(charting, NOON, NOON + lag)
    assert charting_lag(charting, Rules()) == (20, True)


def test_old_habits_are_forgotten() -> None:
    charting = Charting()
    for _ in range(5000):
        charting = dose_recorded(charting, NOON, NOON + 5 * HOUR)
    for _ in range(30_000):
        charting = dose_recorded(charting, NOON, NOON + MINUTE)
    assert charting_lag(charting, Rules()) == (5, True)
    assert sum(charting.lags) < 5000


def test_doses_that_waited_in_a_queue_were_charted_when_their_messages_were_written() -> None:
    sent = [
        ("adt", adt("A01", "20260516000000", pid(), pv1())),
        *(("meds", ras(f"202605160{n // 60}{n % 60:02}00", sub=str(n))) for n in range(60)),
    ]
    (ward,) = fold(sent).wards()
    assert (ward.charting_lag_minutes, ward.lag_learned) == (5, True)


def test_doses_of_an_export_were_charted_when_they_were_entered() -> None:
    sent = [("adt", adt("A01", "20260516000000", pid(), pv1()))]
    for number in range(60):
        at = f"202605160{number // 60}{number % 60:02}00"
        body = ras(at, sub=str(number), sent="20260516230000").rstrip(b"\r")
        sent.append(("meds", body + b"|" + at.encode() + b"\r"))
    (ward,) = fold(sent).wards()
    assert (ward.charting_lag_minutes, ward.lag_learned) == (5, True)
