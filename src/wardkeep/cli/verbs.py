"""The verbs: a literal table, and what a module must have to be one."""

from __future__ import annotations

import argparse
import importlib
import importlib.util
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
    "brake": "wardkeep.cli.brake",
    "senders": "wardkeep.cli.senders",
    "alarms": "wardkeep.cli.alarms",
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
    return parser
