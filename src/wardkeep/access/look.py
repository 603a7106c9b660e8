"""One look at a patient, as the access ledger keeps it."""

from __future__ import annotations

import msgspec


class Look(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody saw something of a patient.

    `at` in UTC microseconds; `who` an account's name; `record` the patient's record number, or
    "" where a message names none that could be read; `page` which page; `why` the purpose as
    far as known (the ward, the sequence of a message, words given by the person).
    """

    at: int
    who: str
    record: str
    page: str
    why: str = ""
