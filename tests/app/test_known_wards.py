"""A ward that does not exist is said not to, with those that may be meant."""

import pytest

from wardkeep.app.errors import UnknownNumberError
from wardkeep.app.known_wards import refuse_unknown


def test_a_ward_that_is_there_is_taken() -> None:
    refuse_unknown("A2", ["A1", "A2"])


@pytest.mark.parametrize(("code", "near"), [("A9", "A1, A2"), ("Z", "A1, A2, ICU")])
def test_a_ward_that_does_not_exist_is_refused_with_the_nearest(code: str, near: str) -> None:
    with pytest.raises(UnknownNumberError) as refused:
        refuse_unknown(code, ["ICU", "A1", "A2"])
    named = str(refused.value).partition("; the nearest: ")[2]
    assert sorted(named.split(", ")) == near.split(", ")


def test_where_no_ward_is_known_none_is_named() -> None:
    with pytest.raises(UnknownNumberError, match=r"^no ward has the code 'A2'$"):
        refuse_unknown("A2", [])
