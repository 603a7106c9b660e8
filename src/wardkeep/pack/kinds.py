"""Which function cuts which kind of pack from the charts of a house."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from wardkeep.pack.emergency_pack import card_book, emergency_pack
from wardkeep.pack.front_desk_list import front_desk_list
from wardkeep.pack.kitchen_list import kitchen_list
from wardkeep.pack.laboratory_pack import laboratory_pack
from wardkeep.pack.pharmacy_pack import pharmacy_pack
from wardkeep.pack.theatre_pack import theatre_pack
from wardkeep.pack.whole_house import Contents, HouseData, PackKind, Writing, framed, writing
from wardkeep.paper.list_forms import ListPack
from wardkeep.paper.words import Translate

_CUTS: Mapping[PackKind, Callable[[HouseData, Writing], Contents]] = {
    PackKind.PHARMACY: pharmacy_pack,
    PackKind.LABORATORY: laboratory_pack,
    PackKind.THEATRE: theatre_pack,
    PackKind.EMERGENCY: emergency_pack,
    PackKind.KITCHEN: kitchen_list,
    PackKind.FRONT_DESK: front_desk_list,
    PackKind.CARDS: card_book,
}
HOUSE_KINDS: tuple[PackKind, ...] = tuple(_CUTS)
"""Kinds that are cut from the whole house, or from one ward of it."""

TELLS_OF_OTHERS = frozenset({PackKind.THEATRE, PackKind.EMERGENCY, PackKind.CARDS})
"""Kinds that tell also of those who lie in no bed."""


def house_pack(data: HouseData, language: str, translate: Translate) -> ListPack:
    """Return the sheets of one of HOUSE_KINDS in `language`, whose catalogue `translate` is."""
    write = writing(data, language, translate)
    return framed(data, _CUTS[data.kind](data, write), language, write)
