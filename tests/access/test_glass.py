import pytest

from wardkeep.access.errors import NoGlassReasonError
from wardkeep.access.glass import check_said


def test_a_name_and_a_reason_in_words_open_it_with_spaces_joined() -> None:
    assert check_said(" Ann  Maes ", "found unconscious\n") == ("Ann Maes", "found unconscious")


@pytest.mark.parametrize(
    ("person", "reason"),
    [("", "found unconscious"), ("Ann Maes", "asdf"), ("Ann\x07 Maes", "found unconscious")],
)
def test_anything_less_is_refused(person: str, reason: str) -> None:
    with pytest.raises(NoGlassReasonError):
        check_said(person, reason)
