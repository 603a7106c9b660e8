"""Writes the columns of every kind of the map into docs/map.md, from the code.

.venv/bin/python -m tests.map_columns
"""

from __future__ import annotations

import inspect
import types
from pathlib import Path
from typing import Any, Union, get_args, get_origin

import msgspec

from wardkeep.hospital.map.item import Item
from wardkeep.hospital.map.whole import KINDS

DOCUMENT = Path(__file__).parent.parent / "docs" / "map.md"
_MARK = "<!-- kinds -->\n"
_OF_ALL = {"id", "name", "owner", "note"}
_WORDS: dict[Any, str] = {str: "text", bool: "yes or no", int: "whole number", float: "number"}


def written(told: str) -> str:
    """Return the document with what stands below its mark made anew."""
    return told.partition(_MARK)[0] + _MARK + "\n" + "\n".join(map(_section, KINDS))


def _section(kind: str) -> str:
    its_type = KINDS[kind]
    fields = [each for each in msgspec.structs.fields(its_type) if each.name not in _OF_ALL]
    lines = [f"### {kind}", "", inspect.cleandoc(its_type.__doc__ or ""), ""]
    lines += ["| column | what stands in it |", "| --- | --- |"]
    lines += [f"| `{each.name}` | {_column(its_type, each)} |" for each in fields]
    return "\n".join([*lines, ""])


def _column(its_type: type[Item], field: msgspec.structs.FieldInfo) -> str:
    needed = "**needed**; " if field.required else ""
    wanted = field.type
    if get_origin(wanted) in {Union, types.UnionType}:
        wanted = next(each for each in get_args(wanted) if each is not types.NoneType)
    several = get_origin(wanted) is tuple
    one = get_args(wanted)[0] if several else wanted
    kinds = its_type.REFERS.get(field.name)
    if kinds:
        words = " or ".join(f"`{each}`" for each in kinds)
    else:
        words = _WORDS.get(one) or ", ".join(f"`{each}`" for each in get_args(one) or one)
    return f"{needed}{'several: ' if several else ''}{words}"


if __name__ == "__main__":
    DOCUMENT.write_text(written(DOCUMENT.read_text("utf-8")), "utf-8")
