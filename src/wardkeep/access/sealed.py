"""Sealed one-time codes of a role: which were printed, used, revoked. A fold over events."""

from __future__ import annotations

from collections.abc import Iterable
from types import MappingProxyType

import msgspec

from wardkeep.access.errors import CodeRefusedError, CodesUnknownError
from wardkeep.access.events import AccessEvent, CodesPrinted, CodesRevoked, CodeUsed, Role
from wardkeep.access.one_time_code import digest_of

# A cell of the crisis organisation relieves after twelve hours; a night is shorter.
LONGEST_HOURS = 24
MOST_CODES = 500
LONGEST_PERSON = 80
SHORTEST_PERSON = 3


class SealedCode(msgspec.Struct, frozen=True, kw_only=True):
    """One code. Times in UTC microseconds; `used` and `revoked` are 0 until they are."""

    digest: str
    sheet: str
    number: int
    role: Role
    hours: int
    printed: int
    used: int = 0
    used_by: str = ""
    revoked: int = 0

    @property
    def name(self) -> str:
        """Return sheet and number, as the slip has them."""
        return f"{self.sheet}-{self.number:02}"


SealedCodes = MappingProxyType[str, SealedCode]
"""Codes by digest; never changed in place."""

NO_CODES: SealedCodes = MappingProxyType({})


def fold_codes(events: Iterable[AccessEvent], codes: SealedCodes = NO_CODES) -> SealedCodes:
    """Return the codes after all events, in order; events of other things change nothing."""
    for event in events:
        match event:
            case CodesPrinted():
                codes = MappingProxyType({**codes, **_printed(event)})
            case CodeUsed():
                codes = _with(codes, event.sheet, {event.number}, used=event)
            case CodesRevoked():
                codes = _with(codes, event.sheet, set(event.numbers), revoked=event)
            case _:
                pass
    return codes


def _printed(event: CodesPrinted) -> dict[str, SealedCode]:
    return {
        digest: SealedCode(
            digest=digest,
            sheet=event.sheet,
            number=number,
            role=event.role,
            hours=event.hours,
            printed=event.at,
        )
        for number, digest in enumerate(event.digests, start=1)
    }


def _with(
    codes: SealedCodes,
    sheet: str,
    numbers: set[int],
    used: CodeUsed | None = None,
    revoked: CodesRevoked | None = None,
) -> SealedCodes:
    marks: dict[str, object] = {}
    if used is not None:
        marks |= {"used": used.at, "used_by": used.by}
    if revoked is not None:
        marks |= {"revoked": revoked.at}
    changed = {
        digest: msgspec.structs.replace(code, **marks)
        for digest, code in codes.items()
        if code.sheet == sheet and code.number in numbers
    }
    return MappingProxyType({**codes, **changed})


def use_code(
    codes: SealedCodes, typed: str, person: str, now: int
) -> tuple[SealedCode, CodeUsed]:
    """Return the code that was typed and the event of its use by `person`.

    Raises CodeMistypedError, and CodeRefusedError where it opens nothing or nobody is named.
    """
    code = codes.get(digest_of(typed))
    named = " ".join(person.split())
    if not SHORTEST_PERSON <= len(named) <= LONGEST_PERSON or not named.isprintable():
        raise CodeRefusedError("the name of the person who uses the code is needed")
    if code is None:
        raise CodeRefusedError("no such code was printed")
    if code.revoked:
        raise CodeRefusedError("this code was revoked")
    if code.used:
        raise CodeRefusedError("this code was used already")
    return code, CodeUsed(sheet=code.sheet, number=code.number, at=now, by=named)


def revoke(
    codes: SealedCodes, sheet: str, numbers: Iterable[int], now: int, by: str
) -> list[CodesRevoked]:
    """Revoke codes of a sheet, all of it where no number is given; nothing if all are.

    Raises CodesUnknownError for a sheet or a number that was never printed.
    """
    standing = {c.number: c for c in codes.values() if c.sheet == sheet.upper()}
    wanted = set(numbers) or set(standing)
    if not standing or wanted - set(standing):
        raise CodesUnknownError(f"no such code: sheet {sheet}, {sorted(wanted) or 'all'}")
    left = tuple(sorted(n for n in wanted if not standing[n].revoked))
    return [CodesRevoked(sheet=sheet.upper(), numbers=left, at=now, by=by)] if left else []
