"""`wardkeep deliver` brings the newest ward packs, encrypted, to their targets now."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wardkeep.app.delivering import Desk
    from wardkeep.app.shelf_listing import Accepted, Fetched
    from wardkeep.hospital.deliveries import Delivery
    from wardkeep.pack.delivery import Standing

    Receipts = dict[str, tuple[tuple[Fetched, ...], Accepted]]

NAME = "deliver"
SUMMARY = "Bring the newest ward packs, encrypted and signed, to their targets now."
EXAMPLE = "wardkeep deliver /srv/wardkeep --ward 4B"
EXAMPLES = {"to": "wardkeep deliver /srv/wardkeep --to /media/stick"}
_STICK = "--to"
_MOUNT = "Mount the stick or the share, or make the folder, then deliver again."


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the folder, the wards and where to."""
    parser.add_argument("folder", metavar="DIR", type=Path, help="the hospital folder")
    parser.add_argument(
        "--ward", metavar="W", action="append", default=[], help="this ward (its code)"
    )
    parser.add_argument("--all", action="store_true", help="also what the targets have already")
    parser.add_argument(
        "--to", metavar="FOLDER", type=Path, help="to this folder or stick, not the settings'"
    )
    parser.add_argument("--json", action="store_true", help="the outcome as JSON on stdout")


def run(options: argparse.Namespace) -> int:
    """Deliver beside a running server or without one; 1 where a target failed."""
    from wardkeep.app.delivering import desk_of, seal_new
    from wardkeep.app.errors import NoTargetError
    from wardkeep.app.first import refuse_copy
    from wardkeep.app.folder import open_folder
    from wardkeep.app.known_wards import refuse_unknown
    from wardkeep.app.settings import load_site
    from wardkeep.app.site_keys import open_keys

    folder = open_folder(options.folder)
    refuse_copy(folder, "packs are delivered by the first")
    site = load_site(folder)
    targets = _targets(site.deliveries, options.to)
    if not targets:
        raise NoTargetError("the settings name no [[deliveries]], and no --to is given")
    desk = desk_of(folder, site, open_keys(folder))
    standing = desk.shelf.standing().newest
    for ward in options.ward:
        refuse_unknown(ward, standing, "no pack stands on the shelf of ward")
    _, unsealed = seal_new(desk, options.ward)
    told = {each.name: _one(desk, each, options) for each in targets}
    wards = [ward for ward in standing if not options.ward or ward in options.ward]
    receipts = _receipts(desk, wards)
    _say_receipts(receipts, site.rules.timezone, as_json=options.json)
    return _say(told, unsealed, receipts, as_json=options.json)


def _targets(deliveries: Sequence[Delivery], to: Path | None) -> list[Delivery]:
    from wardkeep.app.errors import NoTargetError
    from wardkeep.hospital.deliveries import Delivery

    if to is None:
        return [*deliveries]
    if not to.is_dir():
        raise NoTargetError(f"--to {to}: there is no such folder", advice=_MOUNT)
    return [Delivery(name=_STICK, path=str(to.absolute()))]


def _one(desk: Desk, delivery: Delivery, options: argparse.Namespace) -> Standing:
    import getpass

    from wardkeep.adapters.delivery_targets import target_of
    from wardkeep.app.delivering import (
        Order,
        deliver,
        keep_standing,
        read_standing,
        site_folder,
    )
    from wardkeep.app.recording import record
    from wardkeep.pack.delivery import Standing
    from wardkeep.pack.events import PART, DeliveryEvent, encode

    def recorded(event: DeliveryEvent) -> None:
        record(desk.folder, desk.ring, PART, [encode(event)[1]])

    once = delivery.name == _STICK
    before = Standing() if once else read_standing(desk.folder).get(delivery.name, Standing())
    wards = tuple(options.ward) or delivery.wards
    order = Order(delivery.name, wards, every=options.all, by=f"os:{getpass.getuser()}")
    place = delivery.path if once else f"{delivery.name} ({delivery.path})"
    print(f"wardkeep: to {place}", file=sys.stderr)
    target = target_of(delivery, site_folder(desk.site))
    after = deliver(desk, order, target, before, recorded)
    if not once and after is not before:
        keep_standing(desk.folder, delivery.name, after)
    return after


def _receipts(desk: Desk, wards: Sequence[str]) -> Receipts:
    from wardkeep.app.pack_ledger import delivery_ledger
    from wardkeep.app.shelf_listing import accepted, fetched
    from wardkeep.pack.receipts import NOTHING

    ledger, newest = delivery_ledger(desk.folder, desk.ring), desk.shelf.standing().newest
    try:
        known = ledger.receipts().wards
    finally:
        ledger.close()
    found = {ward: (known.get(ward, NOTHING), newest.get(ward)) for ward in sorted(wards)}
    return {ward: (fetched(*each), accepted(*each)) for ward, each in found.items()}


def _say_receipts(receipts: Receipts, timezone: str, *, as_json: bool) -> None:
    from zoneinfo import ZoneInfo

    from wardkeep.adapters.clock import now
    from wardkeep.cli.shelf import receipt_lines

    if as_json:
        return
    for ward, (fetched, accepted) in receipts.items():
        for line in receipt_lines(fetched, accepted, ZoneInfo(timezone), now()):
            print(f"{ward:<20} {line}")


def _say(
    told: dict[str, Standing],
    unsealed: dict[str, str],
    receipts: Receipts,
    *,
    as_json: bool,
) -> int:
    import msgspec

    from wardkeep.adapters.errors import DeliveryFailedError

    failed = {name: s.why for name, s in told.items() if s.failing_since is not None}
    if as_json:
        targets = {
            name: {"ok": name not in failed, "wards": len(s.wards), "why": s.why}
            for name, s in told.items()
        }
        ok = not failed and not unsealed
        wards = {
            ward: {"fetched": fetched, "accepted": accepted}
            for ward, (fetched, accepted) in receipts.items()
        }
        whole = {"ok": ok, "targets": targets, "unsealed": unsealed, "wards": wards}
        print(json.dumps(msgspec.to_builtins(whole), indent=2))
    else:
        for name, standing in told.items():
            state = f"FAILED: {standing.why}" if name in failed else "has them"
            noun = "ward" if len(standing.wards) == 1 else "wards"
            print(f"{name:<20} {len(standing.wards)} {noun}, {state}")
        if failed:
            print(f"What to do: {DeliveryFailedError.remedy}", file=sys.stderr)
        for ward, why in unsealed.items():
            print(f"ward {ward}: not encrypted: {why}", file=sys.stderr)
    return 1 if failed or unsealed else 0
