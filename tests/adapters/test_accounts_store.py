from __future__ import annotations

import pytest

from wardkeep.access.errors import WeakPasswordError
from wardkeep.access.permission import Permission, granted
from wardkeep.access.state import fold
from wardkeep.adapters.accounts_store import first_account
from wardkeep.adapters.passwords import password_fits


def test_the_first_account_of_a_site_may_do_everything_with_its_password() -> None:
    account = fold(first_account("lead", "correct horse battery", 5))["lead"]
    assert granted(account.roles) == frozenset(Permission)
    assert password_fits(account.password_hash, "correct horse battery")


def test_the_first_password_is_as_strong_as_any() -> None:
    with pytest.raises(WeakPasswordError):
        first_account("lead", "short", 5)
