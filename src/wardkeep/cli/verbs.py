"""The verbs: a literal table, and what a module must have to be one."""

from __future__ import annotations

import argparse
import importlib
import importlib.util
from collections.abc import Mapping, Sequence
from typing import Protocol, cast

VERBS: dict[str, str] = {
    "init": "wardkeep.cli.init",
    "check": "wardkeep.cli.check",
    "serve": "wardkeep.cli.serve",
    "follow": "wardkeep.cli.follow",
    "followers": "wardkeep.cli.followers",
    "send": "wardkeep.cli.send",
    "load": "wardkeep.cli.load",
    "wards": "wardkeep.cli.wards",
    "chart": "wardkeep.cli.chart",
    "streams": "wardkeep.cli.streams",
    "pack": "wardkeep.cli.pack",
    "print": "wardkeep.cli.print",
    "card": "wardkeep.cli.card",
    "shelf": "wardkeep.cli.shelf",
    "deliver": "wardkeep.cli.deliver",
    "accept": "wardkeep.cli.accept",
    "open": "wardkeep.cli.open",
    "rebuild": "wardkeep.cli.rebuild",
    "proof": "wardkeep.cli.proof",
    "brake": "wardkeep.cli.brake",
    "senders": "wardkeep.cli.senders",
    "alarms": "wardkeep.cli.alarms",
    "map": "wardkeep.cli.map",
    "assess": "wardkeep.cli.assess",
    "restore-plan": "wardkeep.cli.restore_plan",
    "foresee": "wardkeep.cli.foresee",
    "board-paper": "wardkeep.cli.board_paper",
    "risk": "wardkeep.cli.risk",
    "roadmap": "wardkeep.cli.roadmap",
    "funding": "wardkeep.cli.funding",
    "verify": "wardkeep.cli.verify",
    "quarantine": "wardkeep.cli.quarantine",
    "recover-key": "wardkeep.cli.recover_key",
    "user": "wardkeep.cli.user",
    "codes": "wardkeep.cli.codes",
    "token": "wardkeep.cli.token",
    "ca": "wardkeep.cli.ca",
    "name": "wardkeep.cli.name",
    "backup": "wardkeep.cli.backup",
    "restore": "wardkeep.cli.restore",
    "bundle": "wardkeep.cli.bundle",
    "keys": "wardkeep.cli.keys",
    "retention": "wardkeep.cli.retention",
    "erase-patient": "wardkeep.cli.erase_patient",
    "prove": "wardkeep.cli.prove",
    "demo": "wardkeep.cli.demo",
    "test": "wardkeep.cli.test",
    "completion": "wardkeep.cli.completion",
}


_USUAL_ACTIONS = {"quarantine": ("list", {"list", "show", "replay"})}
"""What a verb does where no action is named, and all its actions."""


class Verb(Protocol):
    """A module of cli/ that can be called by its name. It loads its engine in `run` only."""

    NAME: str
    SUMMARY: str
    EXAMPLE: str

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare the verb's arguments on `parser`."""
        ...

    def run(self, options: argparse.Namespace) -> int:
        """Do it; return the exit status (docs/operating.md, "Exit statuses")."""
        ...


def present() -> list[str]:
    """Return the verbs whose modules are in this checkout, in the order of the table."""
    return [name for name, module in VERBS.items() if importlib.util.find_spec(module)]


def verb(name: str) -> Verb:
    """Return the verb called `name`, a key of VERBS."""
    # A literal table of this floor's own modules: no import escapes the linter's floors.
    return cast("Verb", importlib.import_module(VERBS[name]))  # noqa: TID251


def parser_of(each: Verb) -> argparse.ArgumentParser:
    """Return the argument parser of a verb, with its example below the help."""
    parser = argparse.ArgumentParser(
        prog=f"wardkeep {each.NAME}",
        description=each.SUMMARY,
        epilog=f"example:\n  {each.EXAMPLE}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    each.arguments(parser)
    examples: Mapping[str, str] = getattr(each, "EXAMPLES", {})
    for action, its_parser in actions_of(parser).items():
        its_parser.epilog = f"example:\n  {examples.get(action, each.EXAMPLE)}"
        its_parser.formatter_class = argparse.RawDescriptionHelpFormatter
    return parser


def actions_of(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    """Return the parsers of a verb's actions by name; none where it has none."""
    return {
        name: its_parser
        for each in parser._actions  # noqa: SLF001  argparse tells them in no other way
        if isinstance(each, argparse._SubParsersAction)  # noqa: SLF001
        for name, its_parser in each.choices.items()
    }


def with_usual_action(name: str, rest: Sequence[str]) -> list[str]:
    """Put the usual action of a verb before words that name none of its actions."""
    usual, actions = _USUAL_ACTIONS.get(name, ("", set(rest)))
    asks_help = not rest or not {"-h", "--help"}.isdisjoint(rest)
    return list(rest) if asks_help or not actions.isdisjoint(rest) else [usual, *rest]
