from __future__ import annotations

from wardkeep.access.events import Role
from wardkeep.access.permission import Permission, granted


def test_without_a_role_nothing_is_granted() -> None:
    assert granted([]) == frozenset()


def test_a_lead_may_do_all_and_an_auditor_sees_no_patient() -> None:
    assert granted([Role.LEAD]) == frozenset(Permission)
    assert Permission.SEE_PATIENTS not in granted([Role.AUDITOR])
    assert Permission.SEE_RAW_MESSAGES not in granted([Role.AUDITOR])


def test_two_roles_add_up() -> None:
    both = granted([Role.NURSE, Role.IT])
    assert both == granted([Role.NURSE]) | granted([Role.IT])
