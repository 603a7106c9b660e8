from __future__ import annotations

from tests.web.handmade import NOW

from wardkeep.kernel.times import HOUR
from wardkeep.web.login_delay import LoginDelays


def test_failures_are_forgotten_after_a_quiet_hour_and_never_fill_the_memory() -> None:
    delays = LoginDelays()
    waits = [delays.attempt("anna", NOW) for _ in range(4)]
    assert waits[-1] > 0
    assert delays.attempt("anna", NOW + 2 * HOUR) == 0
    for number in range(20_000):
        delays.attempt(f"name-{number}", NOW)
    assert len(delays._failures) <= 10_000


def test_guesses_sent_all_at_once_wait_like_guesses_sent_one_by_one() -> None:
    delays = LoginDelays()
    waits = [delays.attempt("anna", NOW) for _ in range(50)]
    assert waits == sorted(waits)
    assert waits[:3] == [0, 0, 1]
    assert waits[-1] == 15


def test_success_forgets_the_failures_of_this_account_alone() -> None:
    delays = LoginDelays()
    for name in ("anna", "lea"):
        for _ in range(5):
            delays.attempt(name, NOW)
    delays.succeeded("anna")
    assert delays.attempt("anna", NOW) == 0
    assert delays.attempt("lea", NOW) > 0


def test_what_failed_of_late_is_told_by_account_and_by_badge() -> None:
    delays = LoginDelays()
    for browser in ("", "b1", "b1"):
        for _try in range(2):
            delays.attempt(f"anna\0{browser}", HOUR)
    delays.attempt("pin\0N77\0b1", HOUR)
    delays.attempt("pin\0known", HOUR)
    told = delays.delayed(HOUR)
    assert (told["anna"].failures, told["anna"].seconds) == (4, 4.0)
    assert told["pin\0N77"].failures == 1
    assert told["pin"].failures == 1
    assert delays.delayed(2 * HOUR + 1) == {}
