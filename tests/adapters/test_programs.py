import pytest

from wardkeep.adapters.errors import ProgramFailedError, ProgramMissingError
from wardkeep.adapters.programs import run


def test_a_program_that_is_not_there_is_named() -> None:
    with pytest.raises(ProgramMissingError, match="no-such-program"):
        run(["no-such-program", "x"])


def test_a_program_that_fails_is_told_with_its_words() -> None:
    with pytest.raises(ProgramFailedError, match=r"ls ended with 2: .*nowhere-at-all"):
        run(["ls", "/nowhere-at-all"])


def test_what_a_program_prints_comes_back() -> None:
    assert run(["printenv", "WORD"], more={"WORD": "said"}) == b"said\n"
