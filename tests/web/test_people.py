from __future__ import annotations

from types import MappingProxyType

from wardkeep.access.events import Role
from wardkeep.access.sealed import SealedCode
from wardkeep.access.state import Account
from wardkeep.web.people import FEW_CODES, Codes, Entry, codes_by_role, entry_of, keepers


def account(name: str, *roles: Role, password: str = "hash", disabled: bool = False) -> Account:
    return Account(name=name, roles=roles, password_hash=password, changed=1, disabled=disabled)


def code(number: int, *, used: int = 0, revoked: int = 0, sheet: str = "A") -> SealedCode:
    return SealedCode(
        digest=f"{sheet}{number}",
        sheet=sheet,
        number=number,
        role=Role.NURSE,
        hours=12,
        printed=number,
        used=used,
        revoked=revoked,
    )


def counted(codes: list[SealedCode]) -> list[Codes]:
    return codes_by_role(MappingProxyType({each.digest: each for each in codes}))


def test_an_account_opens_only_with_a_password_and_never_once_it_is_disabled() -> None:
    assert entry_of(account("an")) is Entry.OPEN
    assert entry_of(account("bo", password="")) is Entry.NOT_ACTIVATED
    assert entry_of(account("cy", password="", disabled=True)) is Entry.DISABLED


def test_only_crisis_leads_who_can_log_in_count_as_the_last_who_can_give_rights() -> None:
    people = [
        account("lead", Role.LEAD),
        account("gone", Role.LEAD, disabled=True),
        account("new", Role.LEAD, password=""),
        account("nurse", Role.NURSE),
    ]
    assert keepers(MappingProxyType({each.name: each for each in people})) == ["lead"]


def test_sealed_codes_are_counted_by_role_and_too_few_for_a_night_are_said() -> None:
    codes = [code(1), code(2, used=5), code(3, revoked=5), code(4, used=5, revoked=6)]
    codes += [code(5, sheet="B")]
    told = {each.role: each for each in counted(codes)}
    nurse = told[Role.NURSE]
    assert (nurse.left, nurse.used, nurse.revoked, nurse.sheets) == (2, 2, 1, 2)
    assert (nurse.printed, nurse.few) == (5, True)
    more = [code(number) for number in range(FEW_CODES + 1)]
    [enough] = [each for each in counted(more) if each.role is Role.NURSE]
    assert not enough.few
    # No sheet was ever printed for them: nothing is running out.
    assert (told[Role.LEAD].sheets, told[Role.LEAD].few) == (0, False)
