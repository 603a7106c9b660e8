from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.adapters.ledgers import MIDNIGHT, Ledgers, message

from wardkeep.adapters.ledger_folder import by_day, by_month, files_of, never
from wardkeep.ledger.arrival import Arrival


def test_a_day_ends_at_midnight_utc() -> None:
    assert (by_day(MIDNIGHT - 1), by_day(MIDNIGHT)) == ("2022-05-14", "2022-05-15")
    assert by_month(MIDNIGHT) == "2022-05"
    assert never(MIDNIGHT) == "operations"


def test_a_file_that_was_being_made_at_a_crash_is_made_anew(tmp_path: Path) -> None:
    ledgers = Ledgers(tmp_path)
    (tmp_path / "clinical" / "2022-05-14.making.db").write_bytes(b"half")
    (tmp_path / "clinical" / "2022-05-14.key").write_bytes(b"half")
    assert ledgers.clinical.append([message(1)])[0].sequence == 1
    assert [path.name for path in files_of(tmp_path / "clinical")] == ["2022-05-14.db"]


def test_a_new_day_goes_on_from_the_head_of_the_one_before(tmp_path: Path) -> None:
    ledgers = Ledgers(tmp_path)
    ledgers.clinical.append([message(1, MIDNIGHT - 1)])
    before = ledgers.clinical.last
    ledgers.clinical.append([message(2, MIDNIGHT)])
    connection = ledgers.clinical._ledger._file.connection
    assert connection.execute("select first, head from beginning").get == (2, before.head)


@given(st.lists(st.integers(-3_000, 3_000), min_size=1, max_size=12))
def test_however_the_clock_jumps_days_only_go_forward(
    tmp_path_factory: pytest.TempPathFactory, minutes: list[int]
) -> None:
    ledgers = Ledgers(tmp_path_factory.mktemp("jumping"))
    newest = ""
    for number, minute in enumerate(minutes):
        at = MIDNIGHT + minute * 60_000_000
        arrival: Arrival = message(number, at)
        [answer] = ledgers.clinical.append([arrival])
        assert (answer.sequence, answer.received) == (number + 1, at)
        newest = max(newest, by_day(at))
        assert files_of(ledgers.folder / "clinical")[-1].stem == newest
    ledgers.close()
