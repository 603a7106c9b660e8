"""Which facts of a ward are compared: drawn by chance, of different patients and kinds.

One of the allergies, one of medication, one of the rest, so that no check passes by what harms
most; where a ward has none of a group, another group gives one more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256

from wardkeep.bedside.events import FactKind
from wardkeep.bedside.facts import Fact

Chance = Callable[[int], int]
"""Returns a number from 0 to below the one given, each as likely as the other."""

FACTS = 3
"""How many facts a check has: what a nurse can look at in half a minute."""
GROUPS = (
    frozenset({FactKind.ALLERGIES}),
    frozenset({FactKind.DOSE_DUE, FactKind.DOSE_GIVEN}),
    frozenset(FactKind) - {FactKind.ALLERGIES, FactKind.DOSE_DUE, FactKind.DOSE_GIVEN},
)


def draw(facts: Sequence[Fact], chance: Chance) -> tuple[Fact, ...]:
    """Return up to FACTS of a ward's facts, of different patients, in the order of their beds.

    A small ward gives fewer: two facts of one patient are never asked in one check.
    """
    drawn: list[Fact] = []
    for group in (*GROUPS, *[frozenset(FactKind)] * FACTS):
        if len(drawn) == FACTS:
            break
        patients = {fact.record for fact in drawn}
        kinds = {fact.kind for fact in drawn}
        left = [f for f in facts if f.record not in patients and f.kind in group]
        # Of another kind than those drawn, where there is one.
        left = [fact for fact in left if fact.kind not in kinds] or left
        if left:
            drawn.append(left[chance(len(left))])
    order = {fact.record: place for place, fact in reversed(list(enumerate(facts)))}
    return tuple(sorted(drawn, key=lambda fact: order[fact.record]))


def chance_of(seed: bytes) -> Chance:
    """Return chance that always draws the same from the same secret seed."""
    numbers = _numbers(seed)

    def below(count: int) -> int:
        # 128 bits: what is left over in favour of small numbers is below any use.
        return next(numbers) % count

    return below


def _numbers(seed: bytes) -> Iterator[int]:
    count = 0
    while True:
        digest = sha256(seed + count.to_bytes(8, "big")).digest()
        yield int.from_bytes(digest[:16], "big")
        count += 1
