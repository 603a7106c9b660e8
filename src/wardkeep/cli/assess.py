"""`wardkeep assess` says what links us to a hospital or supplier that is struck now."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wardkeep.foresight.assessment import Assessment, Link
    from wardkeep.hospital.map.falls import ServiceFall
    from wardkeep.hospital.map.whole import HospitalMap

NAME = "assess"
SUMMARY = "Another hospital is struck: what links us to it, and what each cut costs in care."
EXAMPLE = 'wardkeep assess /srv/wardkeep --struck "Hôpital du Sud"'


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the folder and who is struck."""
    parser.add_argument("folder", metavar="DIR", type=Path, help="the hospital folder")
    parser.add_argument(
        "--struck",
        metavar="NAME",
        required=True,
        help="a neighbour or supplier on the map: its name, id or kind:id",
    )
    parser.add_argument("--json", action="store_true", help="the assessment as JSON on stdout")


def run(options: argparse.Namespace) -> int:
    """Print one page; 6 where the name is not on the map."""
    import json

    import msgspec

    from wardkeep.adapters.map_store import MapStore
    from wardkeep.app.folder import open_folder
    from wardkeep.app.site_keys import open_keys
    from wardkeep.cli.map_words import age, ages
    from wardkeep.foresight.assessment import assess

    folder = open_folder(options.folder)
    whole = MapStore(folder.map, open_keys(folder)).whole()
    found = assess(whole, options.struck)
    if options.json:
        told = {**ages(folder, whole), **msgspec.to_builtins(found)}
        print(json.dumps(told, indent=2))
        return 0
    print(f"{found.name} ({found.struck}) is struck. {age(folder, whole)}")
    _print(whole, found)
    return 0


def _print(whole: HospitalMap, found: Assessment) -> None:
    cut = [each for each in found.links if each.may_carry_the_attack]
    if not found.links:
        print("\nNothing on the map links us to them. What is not on the map is not known.")
    _print_links(
        whole, "MAY CARRY THE ATTACK: cut first, what costs least care at the top", cut
    )
    _print_links(
        whole,
        "SAID TO CARRY NONE OF IT: keep while it is watched, expect it to stop",
        [each for each in found.links if not each.may_carry_the_attack],
    )
    _print_list("WITHOUT ALL OF IT", [_service(whole, each) for each in found.without_them])
    _print_list(
        "NOT RECORDED: ask now",
        found.not_recorded or ["nothing of what this page tells of a link"],
    )


def _print_links(whole: HospitalMap, heading: str, links: Sequence[Link]) -> None:
    if links:
        print(f"\n{heading}")
    for number, link in enumerate(links, start=1):
        _print_link(whole, link, f"{number}. ")


def _print_list(heading: str, lines: Sequence[str]) -> None:
    if lines:
        print(f"\n{heading}")
    for line in lines:
        print(f"   {line}")


def _print_link(whole: HospitalMap, link: Link, before: str) -> None:
    from wardkeep.paper.visible import on_a_terminal

    item = whole.items[link.item]
    carries = getattr(item, "carries", "")
    name = ", ".join(each for each in (link.name, carries) if each)
    channels = ", ".join(link.channels) or "NOT RECORDED"
    print(f"{before}{link.item}{f' ({on_a_terminal(name)})' if name else ''}: {channels}")
    if link.ends_at and link.may_carry_the_attack:
        reach = f"{link.machines} machines within reach, {link.first_tier} of them tier 0"
        print(f"   comes in at {', '.join(link.ends_at)}; {reach}")
    if link.can_be_cut is not True:
        said = "cannot be cut by us" if link.can_be_cut is False else "NOT RECORDED"
        print(f"   cutting: {said}")
    for fall in link.services:
        print(f"   without it: {_service(whole, fall)}")
    for home in link.home:
        print(f"   without it: patients at home, {whole.items[home].name or home}")
    if not (link.services or link.home):
        print(f"   without it: {_no_loss(link)}")
    if link.when_cut:
        print(f"   care then: {on_a_terminal(link.when_cut)}")


def _no_loss(link: Link) -> str:
    if link.is_way_in_alone:
        return "what care loses is NOT RECORDED"
    return "no service is said to need it"


def _service(whole: HospitalMap, fall: ServiceFall) -> str:
    from wardkeep.cli.map_words import patients

    name = whole.items[fall.service].name or fall.service
    by = f" by {fall.fallback}" if fall.fallback else ""
    return f"{name} {fall.mode.upper()}{by}{patients(whole, fall)}"
