from __future__ import annotations

import msgspec
import pytest
from tests.web.handmade import NOW, Bench

from wardkeep.access.events import Role
from wardkeep.web.sessions import Opening, Sessions


def sessions(bench: Bench) -> Sessions:
    return Sessions(bench, bench.token)


def test_the_file_of_sessions_opens_none_of_them() -> None:
    bench = Bench()
    token, session = sessions(bench).begin(Opening(account="anna"), NOW)
    assert token.encode() not in (bench.kept or b"")
    again = sessions(bench)
    accounts = bench.accounts_book.accounts()
    found = again.find(token, accounts, NOW)
    assert found is not None
    assert found[0] == session
    assert again.find(session.key, accounts, NOW) is None


@pytest.mark.parametrize("torn", [b"", b"[{", b"{}", b'[{"key":1}]', b"\xff\xfe"])
def test_a_torn_file_costs_a_login_and_nothing_else(torn: bytes) -> None:
    bench = Bench()
    bench.kept = torn
    token, _ = sessions(bench).begin(Opening(account="anna"), NOW)
    assert sessions(bench).find(token, bench.accounts_book.accounts(), NOW) is not None


def test_a_session_of_an_account_that_is_gone_ends() -> None:
    bench = Bench()
    open_ones = sessions(bench)
    token, _ = open_ones.begin(Opening(account="nobody"), NOW)
    assert open_ones.find(token, bench.accounts_book.accounts(), NOW) is None
    assert b'"sessions":[]' in (bench.kept or b"")


def test_ones_own_sessions_are_listed_and_named_by_what_opens_nothing() -> None:
    bench = Bench()
    open_ones, accounts = sessions(bench), bench.accounts_book.accounts()
    _, first = open_ones.begin(Opening(account="anna"), NOW)
    _, mine = open_ones.begin(Opening(account="anna"), NOW + 1)
    open_ones.begin(Opening(account="lea"), NOW)
    open_ones.begin(Opening(account="anna", roles=(Role.NURSE,), origin="7K2M-01"), NOW)
    assert open_ones.alike(mine, accounts["anna"], NOW + 2) == [mine, first]
    assert first.handle not in first.key
    assert open_ones.find(first.handle, accounts, NOW) is None
    changed = msgspec.structs.replace(accounts["anna"], changed=NOW + 1)
    assert open_ones.alike(mine, changed, NOW + 2) == [mine]


def test_old_sessions_leave_the_file_when_somebody_logs_in() -> None:
    bench = Bench()
    open_ones = sessions(bench)
    for day in range(5):
        open_ones.begin(Opening(account="anna"), NOW + day * 86_400_000_000)
    assert (bench.kept or b"").count(b'"key"') == 1
