"""JSON of other programs as typed values; what is not asked for is skipped unread."""

from __future__ import annotations

import codecs
from typing import TypeVar

import msgspec

from wardkeep.hospital.map.reading import UnreadableSourceError

Asked = TypeVar("Asked")


class _Top(msgspec.Struct, frozen=True):
    """What tells one format from another at the top of a file."""

    meta: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET
    data: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET


def json_format(content: bytes, name: str) -> str:
    """Return which format a JSON file has; raises UnreadableSourceError for none."""
    top = decoded(content, _Top, name)
    if top.meta is not msgspec.UNSET and top.data is not msgspec.UNSET:
        return "bloodhound"
    raise UnreadableSourceError(
        f"{name}: this JSON is of no format that is read", "Read is: BloodHound."
    )


def decoded(content: bytes, asked: type[Asked], name: str) -> Asked:
    """Return what JSON says as the type that was asked for.

    `name` stands in the error. Raises UnreadableSourceError, also for JSON that nests deeper
    than the decoder goes.
    """
    try:
        return msgspec.json.decode(content.removeprefix(codecs.BOM_UTF8), type=asked)
    except (msgspec.MsgspecError, ValueError, RecursionError) as fault:
        raise UnreadableSourceError(
            f"{name}: not the JSON that was expected: {fault}"
        ) from fault
