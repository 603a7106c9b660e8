import msgspec

from wardkeep.ledger.arrival import Appended, Verdict


def test_what_became_of_an_arrival_travels_between_processes() -> None:
    appended = Appended(7, 1_000, Verdict.REPEATED)
    assert msgspec.convert(msgspec.to_builtins(appended), Appended) == appended
