"""Setting the product's chart beside the true one, and naming every difference."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeGuard

import msgspec

from wardkeep.kernel.times import Precision

_SOURCES = frozenset({"source", "none_known"})
"""Who said a value: compared by its own test, since a repeated value has several tellers."""


_SPELLING = frozenset({"dose", "outcome_text"})
_MOMENT = len(("at", "precision", "text"))


class Difference(msgspec.Struct, frozen=True):
    """Where two charts differ; `truth` or `product` is None where that side has nothing."""

    path: str
    truth: object
    product: object


def differences(truth: object, product: object, path: str = "") -> list[Difference]:
    """Return every place where the product's plain chart is not the truth, in its order.

    Both are charts as `chart.plain.plain` gives them: dicts, lists, texts and numbers. Sources
    are left out of the comparison.
    """
    return list(_differences(truth, product, path))


def spelled_alike(chart: object) -> object:
    """Return a plain chart without what each standard spells in its own way.

    That is the text of a time (its instant and precision stay), how a dose is numbered, and the
    word for its outcome as sent; doses of one time stand in the order of what they are.
    """
    if isinstance(chart, Mapping):
        kept = {key: spelled_alike(value) for key, value in chart.items()}
        doses = kept.get("doses")
        if isinstance(doses, list):
            kept["doses"] = sorted(map(_without_spelling, doses), key=str)
        return kept
    if _is_moment(chart):
        return list(chart[:2])
    if _is_list(chart):
        return [spelled_alike(each) for each in chart]
    return chart


def _without_spelling(dose: object) -> object:
    if not isinstance(dose, Mapping):
        return dose
    return {key: value for key, value in dose.items() if key not in _SPELLING}


def _is_moment(value: object) -> TypeGuard[Sequence[object]]:
    return (
        _is_list(value)
        and len(value) == _MOMENT
        and isinstance(value[0], int)
        and value[1] in set(Precision)
    )


def _differences(truth: object, product: object, path: str) -> Iterator[Difference]:
    if isinstance(truth, Mapping) and isinstance(product, Mapping):
        for key in [*truth, *(key for key in product if key not in truth)]:
            if key not in _SOURCES:
                yield from _differences(truth.get(key), product.get(key), f"{path}/{key}")
    elif _is_list(truth) and _is_list(product):
        yield from _lists(truth, product, path)
    elif truth != product:
        yield Difference(path, truth, product)


def _is_list(value: object) -> TypeGuard[Sequence[object]]:
    return isinstance(value, Sequence) and not isinstance(value, str | bytes)


def _lists(
    truth: Sequence[object], product: Sequence[object], path: str
) -> Iterator[Difference]:
    for index in range(max(len(truth), len(product))):
        ours = truth[index] if index < len(truth) else None
        theirs = product[index] if index < len(product) else None
        yield from _differences(ours, theirs, f"{path}[{index}]")
