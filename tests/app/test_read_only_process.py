import pytest

from wardkeep.app.read_only_process import look
from wardkeep.kernel.errors import WardkeepError
from wardkeep.ledger.errors import LedgerFaultError, StoreFailedError


class Failing:
    """A watch that the system refuses something."""

    def __init__(self, fault: Exception) -> None:
        self._fault = fault

    def look(self, at: int) -> None:
        assert at
        raise self._fault


@pytest.mark.parametrize(
    "fault", [OSError(24, "too many open files"), StoreFailedError("x"), LedgerFaultError("y")]
)
def test_what_the_watch_is_refused_is_said_and_the_screens_go_on(
    fault: OSError | WardkeepError, capfd: pytest.CaptureFixture[str]
) -> None:
    look(Failing(fault), 1)
    assert str(fault) in capfd.readouterr().err
