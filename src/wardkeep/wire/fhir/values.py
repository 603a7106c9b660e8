"""Looking into JSON that came from outside: what is missing or of another shape is empty.

Numbers with a fraction are kept as the digits that were sent (`Digits`): 2.50 mg stays 2.50.
"""

from __future__ import annotations

from typing import TypeGuard

Resource = dict[str, object]
"""A JSON object: a resource or an element of one."""

ABSENT_REASON = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"


class Digits(str):
    """A JSON number with fraction or exponent, digit by digit as it was sent."""

    __slots__ = ()


def is_object(node: object) -> TypeGuard[Resource]:
    """Say whether a value is a JSON object."""
    return isinstance(node, dict)


def part(node: Resource, *names: str) -> Resource:
    """Return the element at the end of a path, empty where there is none."""
    for name in names:
        found = node.get(name)
        if isinstance(found, list) and found:
            found = found[0]
        if not is_object(found):
            return {}
        node = found
    return node


def parts(node: Resource, name: str) -> list[Resource]:
    """Return the elements of a list; one that stands alone counts as a list of one."""
    found = node.get(name)
    if found is None:
        return []
    if isinstance(found, list):
        return [each for each in found if isinstance(each, dict)]
    return [found] if is_object(found) else []


def text(node: Resource, name: str) -> str:
    """Return a primitive as the text that was sent, "" where there is none."""
    value = node.get(name)
    if value is None:
        return ""
    return value.strip() if isinstance(value, str) else primitive(value)


def texts(node: Resource, name: str) -> list[str]:
    """Return the primitives of a list, nulls left out."""
    found = node.get(name)
    listed = found if isinstance(found, list) else [found]
    return [shown for each in listed if (shown := primitive(each))]


def primitive(value: object) -> str:
    """Return a string, number or truth value as text, "" for anything else."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int | float) else ""


def truth(node: Resource, name: str) -> bool:
    """Say whether an element is `true`."""
    return node.get(name) is True


def extension(node: Resource, url: str) -> Resource:
    """Return the first extension of that address, empty where there is none."""
    return next((each for each in parts(node, "extension") if each.get("url") == url), {})


def absent_reason(node: Resource, name: str) -> str:
    """Return why a primitive has no value (`_name` with data-absent-reason), "" if not said."""
    return text(extension(part(node, f"_{name}"), ABSENT_REASON), "valueCode")


def contained(resource: Resource, anchor: str) -> Resource:
    """Return the contained resource that `#anchor` names, empty where there is none."""
    return next((each for each in parts(resource, "contained") if each.get("id") == anchor), {})
