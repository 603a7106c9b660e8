"""`wardkeep follow` runs a second box: it copies another site server and serves what it has."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from wardkeep.app.first import MapCopied
    from wardkeep.app.folder import HospitalFolder
    from wardkeep.app.listening import Intake
    from wardkeep.app.signing_now import SigningNow
    from wardkeep.copies.invitation import Invitation

NAME = "follow"
SUMMARY = "Run a second box: copy another site server, serve its screens and paper alone."
EXAMPLE = "wardkeep follow /srv/wardkeep --from box1.hospital:8444"
_PORT = 8444
_WEB_PORT = 8443
_PORTS = 65_535
_ENOUGH = 1_024


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the folder, whom to follow, and how to become the first."""
    parser.add_argument("folder", metavar="DIR", type=Path, help="the folder of this box")
    parser.add_argument(
        "--from",
        dest="first",
        metavar="ADDRESS",
        help=f"HOST:PORT of the first's [copies] (port {_PORT} if left out); asks for the code"
        " of an invitation where DIR does not know it yet",
    )
    parser.add_argument(
        "--code-file", type=Path, metavar="F", help="the code, else asked for, or on stdin"
    )
    parser.add_argument(
        "--web-port",
        type=_port,
        default=_WEB_PORT,
        metavar="W",
        help=f"where a new box has its screens, on loopback (default {_WEB_PORT})",
    )
    parser.add_argument(
        "--pair-only", action="store_true", help="make and pair the folder, and end"
    )
    parser.add_argument("--promote", metavar="WHY", help="make this box the first, and say why")
    parser.add_argument(
        "--force", action="store_true", help="promote though the first still answers"
    )
    parser.add_argument("--status", action="store_true", help="say how far the copy is")
    parser.add_argument("--json", action="store_true", help="status or promotion as JSON")


def run(options: argparse.Namespace) -> int:
    """Pair where asked to, then run until SIGTERM; or promote, or tell how it stands."""
    from wardkeep.app.folder import open_folder
    from wardkeep.cli.serve import serve_folder

    if options.promote is not None:
        return _promote(open_folder(options.folder), options)
    if options.status:
        return _status(open_folder(options.folder), as_json=options.json)
    folder = _paired(options)
    if options.pair_only:
        return 0
    serving = argparse.Namespace(read_only=False, accept_loss=None, state=None)
    return serve_folder(folder, serving)


def _paired(options: argparse.Namespace) -> HospitalFolder:
    """Return the folder to run, made or paired where `--from` asks for it."""
    from wardkeep.adapters.clock import now
    from wardkeep.app.errors import NotFollowingError
    from wardkeep.app.first import read_first, write_first
    from wardkeep.app.folder import HospitalFolder, open_folder
    from wardkeep.app.pairing import found_follower, pair_again
    from wardkeep.app.site_keys import open_keys

    folder = HospitalFolder(options.folder.absolute())
    if options.first is None:
        folder = open_folder(options.folder)
        if read_first(folder) is None and not (folder.following / "before.json").is_file():
            raise NotFollowingError(f"{folder.path} follows no other box; name it with --from")
        return folder
    address = _address(options.first)
    if not folder.settings.is_file():
        first = found_follower(
            options.folder, address, _invitation(options), options.web_port, now()
        )
        said = f"{folder.path} follows {first.name} ({first.code}) as {first.follower}."
        print(said, file=sys.stderr)
        return folder
    known = read_first(folder)
    if known is None:
        raise NotFollowingError(f"{folder.path} is a first: it cannot begin to follow")
    if options.code_file is not None:
        pair_again(folder, open_keys(folder), address, _invitation(options), now())
    elif (known.host, known.port) != address:
        import msgspec

        write_first(folder, msgspec.structs.replace(known, host=address[0], port=address[1]))
    return folder


def _promote(folder: HospitalFolder, options: argparse.Namespace) -> int:
    import getpass
    import json

    from wardkeep.app.control import call, is_running
    from wardkeep.app.first import is_copy
    from wardkeep.app.listening import intake_of
    from wardkeep.app.promoting import not_a_copy, promote_stopped
    from wardkeep.app.settings import load_site
    from wardkeep.app.signing_now import told_of_packs

    if not is_copy(folder):
        raise not_a_copy(folder)
    load_site(folder)  # before anything is decided: faults in it are told now
    by = f"os:{getpass.getuser()}"
    running = is_running(folder.control_socket)
    if running:
        body = {"why": options.promote, "by": by, "force": options.force}
        taken = dict(call(folder.control_socket, "following.promote", body))
    else:
        taken = promote_stopped(folder, options.promote, by, force=options.force)
    # It is done from here on, so it is said before anything else can fail.
    if options.json:
        print(json.dumps(_told_of_taking(folder, taken, running=running), indent=2))
        return 0
    _say_of_taking(folder, taken)
    _say_of_intake(folder, intake_of(folder, running=running))
    _say_of_packs(told_of_packs(folder))
    _say_of_map(_copied(folder))
    return 0


def _told_of_taking(
    folder: HospitalFolder, taken: Mapping[str, Any], *, running: bool
) -> dict[str, Any]:
    """Return the same for a program."""
    import msgspec

    from wardkeep.app.listening import intake_of
    from wardkeep.app.signing_now import told_of_packs
    from wardkeep.kernel.errors import WardkeepError

    told = {**taken, "map": msgspec.to_builtins(_copied(folder))}
    try:
        told |= msgspec.to_builtins(told_of_packs(folder))
        told |= msgspec.to_builtins(intake_of(folder, running=running))
    except WardkeepError as fault:
        told["untold"] = str(fault)
    return told


def _say_of_map(copied: MapCopied) -> None:
    if copied.parts:
        print(f"The map of the hospital is here: {_of_map(copied)}.")
    else:
        print("NO MAP of the hospital came from the box before: import its files anew")
        print("(`wardkeep map import`).")


def _copied(folder: HospitalFolder) -> MapCopied:
    """Return how the map of the box before was held here at last."""
    from wardkeep.app.first import MapCopied, read_following

    standing = read_following(folder)
    return standing.map if standing else MapCopied()


def _of_map(copied: MapCopied) -> str:
    """Return how much of the first's map is here, and as of when."""
    from wardkeep.app.first import GIVEN
    from wardkeep.app.promotion import since

    lack = ""
    if copied.offer != GIVEN:
        lack = "; NOT GIVEN to this box (wardkeep followers give-map DIR NAME, at the first)"
    if copied.trouble:
        lack += f"; NOT TAKEN: {copied.trouble}"
    return f"{copied.parts:,} parts, as of {since(copied.as_of)}{lack}"


def _say_of_taking(folder: HospitalFolder, taken: Mapping[str, Any]) -> None:
    from wardkeep.app.promotion import since

    print(f"{folder.path} is the first now. It held everything up to {since(taken['as_of'])}.")
    for ledger, seen in taken["seen"].items():
        if lost := seen - taken["held"][ledger]:
            lack = "entry, which" if lost == 1 else "entries, which"
            print(f"{ledger} lacks {lost:,} {lack} the box before had.")
    print(
        "Never start the box before again on its old folder: let it follow this one.",
        flush=True,
    )


def _say_of_intake(folder: HospitalFolder, intake: Intake) -> None:
    """Tell where the senders must go now, and what is not taken here."""
    if not intake.running:
        print(f"Start it: wardkeep serve {folder.path}. It takes messages then:")
    elif intake.open:
        print("It takes messages now:")
    else:
        print(
            "IT TAKES NO MESSAGES YET: ask `wardkeep check`, `wardkeep alarms`. It should, at:"
        )
    for door in intake.doors:
        print(f"  feed {door.feed}: {door.host} port {door.port}")
    if not intake.doors:
        print("  no feed has a port of its own in these settings")
    if intake.left_out:
        print(f"NOT TAKEN HERE, of the first's feeds: {', '.join(intake.left_out)}. Its own")
        print(f"[[feeds]] in {folder.settings} leave them out: add them and start it again.")
    if intake.waiting:
        print(f"Start it again for what is polled: {', '.join(intake.waiting)}.")
    if intake.settings_newer:
        print(f"{folder.settings} was changed since this box was started. The feeds above are")
        print("as it says now; screens, charts and paper follow once the box is started again.")


def _say_of_packs(signing: SigningNow) -> None:
    """Tell what the wards must hear: whose fingerprint packs show, and which envelopes fit."""
    print("Ward packs are signed by this box now. KEY FINGERPRINT:")
    print(f"  {signing.fingerprint}")
    print("A kit that knew the box before says NOT VERIFIED until it is told this fingerprint")
    print("(`wardkeep open --fingerprint`). Tell the wards, or hang new wall cards.")
    if signing.envelopes:
        print(f"It seals to {len(signing.envelopes)} keys: envelopes with these open it.")
    else:
        print("NO KEY of the wards came from the box before: their envelopes open nothing that")
        print("this box seals. Bring pack-keys/ from a backup and run `wardkeep recover-key`.")
    if signing.otherwise:
        print(f"The box before named OTHER KEYS at last of: {', '.join(signing.otherwise)}.")
        print("They are not used: an attacker may have named them. If somebody made them anew")
        print("there and printed envelopes, say so: `wardkeep keys adopt DIR HOLDER...`.")


def _status(folder: HospitalFolder, *, as_json: bool) -> int:
    import msgspec

    from wardkeep.app.errors import NotFollowingError
    from wardkeep.app.first import is_copy, read_following
    from wardkeep.app.promoting import not_a_copy
    from wardkeep.app.promotion import since

    if not is_copy(folder):
        raise not_a_copy(folder)
    standing = read_following(folder)
    if standing is None:
        said = f"{folder.path} never ran: nothing was copied yet"
        raise NotFollowingError(said, advice=f"Start it: `wardkeep follow {folder.path}`.")
    if as_json:
        print(msgspec.json.format(msgspec.json.encode(standing), indent=2).decode())
        return 0
    first = standing.first
    print(f"follows {first.name} ({first.code}) at {first.host}:{first.port}")
    silent = standing.silent_since
    print(f"first   {f'SILENT since {since(silent)}' if silent else 'answers'}")
    print(f"as of   {since(standing.as_of)}")
    for ledger, copied in standing.ledgers.items():
        behind = f"{max(0, copied.seen - copied.held):,} behind"
        print(f"{ledger:<11} {copied.held:>12,} entries, {behind} {copied.trouble}".rstrip())
    print(f"map         {_of_map(standing.map)}")
    return 0


def _invitation(options: argparse.Namespace) -> Invitation:
    from wardkeep.copies.invitation import read

    if options.code_file is not None:
        with options.code_file.open(encoding="utf-8") as stream:
            return read(stream.read(_ENOUGH))
    if sys.stdin.isatty():
        print("Type the code of the invitation, then Enter:", file=sys.stderr)
        return read(sys.stdin.readline(_ENOUGH))
    return read(sys.stdin.read(_ENOUGH))


def _address(text: str) -> tuple[str, int]:
    from wardkeep.adapters.copying_line import address_of
    from wardkeep.app.errors import UnreadableAddressError

    try:
        return address_of(text, _PORT)
    except ValueError as fault:
        raise UnreadableAddressError(f"--from: {fault}") from fault


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= _PORTS:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port (1 to {_PORTS})")
    return int(text)
