import pytest

from wardkeep.custody.decide import check_ceremony, replace_recovery
from wardkeep.custody.errors import CeremonyError


@pytest.mark.parametrize(
    ("sheets", "needed", "officers"),
    [
        (3, 2, ()),
        (2, 2, ("An Peeters", "Bo Maes")),
        (16, 16, ()),
    ],
)
def test_two_officers_or_more_keep_the_sheets(
    sheets: int, needed: int, officers: tuple[str, ...]
) -> None:
    check_ceremony(sheets, needed, officers)
    made = replace_recovery(sheets, needed, officers, confirmed=True, at=1, by="os:an")
    assert (made.sheets, made.needed, made.officers) == (sheets, needed, officers)


@pytest.mark.parametrize(
    ("sheets", "needed", "officers"),
    [
        (1, 1, ()),
        (3, 1, ()),
        (3, 4, ()),
        (17, 2, ()),
        (2, 2, ("An Peeters",)),
        (2, 2, ("An", "\x1b[2J")),
        (2, 2, ("An", "")),
    ],
)
def test_a_rule_that_one_person_could_break_or_nobody_keep_is_refused(
    sheets: int, needed: int, officers: tuple[str, ...]
) -> None:
    with pytest.raises(CeremonyError):
        check_ceremony(sheets, needed, officers)
