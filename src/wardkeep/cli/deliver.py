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
    from wardkeep.app.delivery_notes import Outcomes
    from wardkeep.app.pack_ledger import Read
    from wardkeep.app.shelf_listing import Accepted, Fetched
    from wardkeep.hospital.deliveries import Delivery
    from wardkeep.pack.delivery import Standing
    from wardkeep.pack.events import DeliveryEvent

    Receipts = dict[str, tuple[tuple[Fetched, ...], Accepted]]

NAME = "deliver"
SUMMARY = "Bring the newest ward packs, encrypted and signed, to their targets now."
EXAMPLE = "wardkeep deliver /srv/wardkeep --ward 4B"
EXAMPLES = {"to": "wardkeep deliver /srv/wardkeep --to /media/stick"}
_STICK = "--to"
_NOT_TRUSTED = 4
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
    """Deliver beside a running server or without one; 1 where a target failed.

    A fault of the operations ledger keeps no pack from a ward: it is told, and ends with 4.
    """
    from functools import partial

    from wardkeep.app.delivering import desk_of, seal_new
    from wardkeep.app.delivery_notes import Outcomes
    from wardkeep.app.errors import NoTargetError
    from wardkeep.app.first import refuse_copy
    from wardkeep.app.folder import open_folder
    from wardkeep.app.known_wards import refuse_unknown
    from wardkeep.app.pack_ledger import read_receipts
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
    outcomes = Outcomes(partial(_record, desk), partial(print, file=sys.stderr))
    told = {each.name: _one(desk, each, options, outcomes) for each in targets}
    wards = [ward for ward in standing if not options.ward or ward in options.ward]
    known = read_receipts(folder, desk.ring)
    receipts = _receipts(desk, wards, known)
    faults = _ledger_faults(known, outcomes)
    _say_receipts(receipts, site.rules.timezone, as_json=options.json)
    status = _say(told, unsealed, receipts, faults, as_json=options.json)
    return status or (_NOT_TRUSTED if faults else 0)


def _targets(deliveries: Sequence[Delivery], to: Path | None) -> list[Delivery]:
    from wardkeep.app.errors import NoTargetError
    from wardkeep.hospital.deliveries import Delivery

    if to is None:
        return [*deliveries]
    if not to.is_dir():
        raise NoTargetError(f"--to {to}: there is no such folder", advice=_MOUNT)
    return [Delivery(name=_STICK, path=str(to.absolute()))]


def _one(
    desk: Desk, delivery: Delivery, options: argparse.Namespace, outcomes: Outcomes
) -> Standing:
    import getpass

    from wardkeep.adapters.delivery_targets import target_of
    from wardkeep.app.delivering import (
        Order,
        deliver,
        keep_standing,
        read_standing,
        site_folder,
    )
    from wardkeep.pack.delivery import Standing

    once = delivery.name == _STICK
    before = Standing() if once else read_standing(desk.folder).get(delivery.name, Standing())
    wards = tuple(options.ward) or delivery.wards
    order = Order(delivery.name, wards, every=options.all, by=f"os:{getpass.getuser()}")
    place = delivery.path if once else f"{delivery.name} ({delivery.path})"
    print(f"wardkeep: to {place}", file=sys.stderr)
    target = target_of(delivery, site_folder(desk.site))
    after = deliver(desk, order, target, before, outcomes)
    if not once and after is not before:
        keep_standing(desk.folder, delivery.name, after)
    return after


def _record(desk: Desk, event: DeliveryEvent) -> None:
    from wardkeep.app.recording import record
    from wardkeep.pack.events import PART, encode

    record(desk.folder, desk.ring, PART, [encode(event)[1]])


def _receipts(desk: Desk, wards: Sequence[str], known: Read) -> Receipts:
    from wardkeep.app.shelf_listing import receipts_told

    newest = desk.shelf.standing().newest
    return {
        ward: receipts_told(known, newest[ward]) for ward in sorted(wards) if ward in newest
    }


def _ledger_faults(known: Read, outcomes: Outcomes) -> dict[str, str]:
    """Return what is wrong with the operations ledger, told on stderr; empty where nothing."""
    from wardkeep.cli.shelf import UNREAD

    faults = {}
    if outcomes.why:
        faults["unrecorded"] = outcomes.why
        print(f"wardkeep: this delivery is not recorded: {outcomes.why}", file=sys.stderr)
    if known.why:
        faults["unread"] = known.why
        print(UNREAD.format(why=known.why), file=sys.stderr)
    return faults


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
    faults: dict[str, str],
    *,
    as_json: bool,
) -> int:
    failed = {name for name, s in told.items() if s.failing_since is not None}
    if as_json:
        ok = not failed and not unsealed and not faults
        more = {"unsealed": unsealed, "operations_ledger": faults}
        _as_json({"ok": ok, "targets": _targets_json(told), **more}, receipts)
    else:
        _say_lines(told, unsealed)
    return 1 if failed or unsealed else 0


def _as_json(whole: dict[str, object], receipts: Receipts) -> None:
    import msgspec

    wards = {
        ward: {"fetched": fetched, "accepted": accepted}
        for ward, (fetched, accepted) in receipts.items()
    }
    print(json.dumps(msgspec.to_builtins({**whole, "wards": wards}), indent=2))


def _targets_json(told: dict[str, Standing]) -> dict[str, object]:
    return {
        name: {"ok": s.failing_since is None, "wards": len(s.wards), "why": s.why}
        for name, s in told.items()
    }


def _say_lines(told: dict[str, Standing], unsealed: dict[str, str]) -> None:
    from wardkeep.adapters.errors import DeliveryFailedError

    failed = {name: s.why for name, s in told.items() if s.failing_since is not None}
    for name, standing in told.items():
        state = f"FAILED: {standing.why}" if name in failed else "has them"
        noun = "ward" if len(standing.wards) == 1 else "wards"
        print(f"{name:<20} {len(standing.wards)} {noun}, {state}")
    if failed:
        print(f"What to do: {DeliveryFailedError.remedy}", file=sys.stderr)
    for ward, why in unsealed.items():
        print(f"ward {ward}: not encrypted: {why}", file=sys.stderr)
