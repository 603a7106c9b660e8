"""The command line: finds the verb, runs it, and says every error so that a person can act.

Exit statuses are published in docs/operating.md. JSON goes to stdout and words to stderr; with
`--json`, an error is also one JSON object on stdout.
"""

from __future__ import annotations

import difflib
import json
import os
import sys
import traceback
from collections.abc import Sequence

import wardkeep
from wardkeep.cli.verbs import VERBS, parser_of, present, verb, with_usual_action
from wardkeep.kernel.errors import WardkeepError

USAGE = 2
INTERRUPTED = 130  # 128 + SIGINT, as shells count
BROKEN_PIPE = 141  # 128 + SIGPIPE


def main(arguments: Sequence[str]) -> int:
    """Run one verb with `arguments` (without the program's name); return the exit status."""
    try:
        try:
            return _dispatched(arguments)
        finally:
            sys.stdout.flush()
    except BrokenPipeError:
        # The reader of our output left; keep the interpreter from flushing into it again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BROKEN_PIPE


def _dispatched(arguments: Sequence[str]) -> int:
    if not arguments or arguments[0] in {"-h", "--help", "help"}:
        return _help(arguments[1:])
    if arguments[0] in {"-V", "--version"}:
        print(f"wardkeep {wardkeep.__version__}")
        return 0
    if arguments[0] not in VERBS:
        return _unknown(arguments[0])
    return _run(arguments[0], with_usual_action(arguments[0], arguments[1:]))


def _run(name: str, rest: Sequence[str]) -> int:
    """Run the verb; this is the process's top, so whatever arrives here becomes words."""
    as_json = "--json" in rest
    try:
        each = verb(name)
        return each.run(parser_of(each).parse_args(rest))
    except WardkeepError as error:
        return _say(error.diagnostics(), error.code, error.exit_status, as_json=as_json)
    except KeyboardInterrupt:
        return _say(
            "interrupted; nothing is half-written.", "interrupted", INTERRUPTED, as_json=as_json
        )
    except BrokenPipeError:
        raise
    except OSError as error:
        return _say(_words_of(error), "system", 1, as_json=as_json)
    except Exception as error:  # noqa: BLE001  the process's top
        return _say(_unexpected(error), "unexpected", 1, as_json=as_json)


def _say(words: str, code: str, status: int, *, as_json: bool) -> int:
    print(f"wardkeep: {words}", file=sys.stderr)
    if as_json:
        print(json.dumps({"ok": False, "error": {"code": code, "message": words}}))
    return status


def _words_of(error: OSError) -> str:
    where = f"{error.filename}: " if error.filename else ""
    return (
        f"{where}{error.strerror or error}.\n  What to do: see that it exists and may be used."
    )


def _unexpected(error: Exception) -> str:
    """Say where an error nobody foresaw came from.

    Its own words are left out: they may quote a message, and patients never stand in logs.
    """
    places = "".join(traceback.format_tb(error.__traceback__))
    return (
        f"this was not foreseen: {type(error).__name__}.\n{places}"
        "  What to do: report the lines above; they hold no patient's data."
    )


def _unknown(name: str) -> int:
    near = difflib.get_close_matches(name, VERBS, n=1)
    hint = f" Did you mean {near[0]!r}?" if near else ""
    print(
        f"wardkeep: there is no verb {name!r}.{hint}\n"
        "  What to do: `wardkeep --help` lists them.",
        file=sys.stderr,
    )
    return USAGE


def _help(names: Sequence[str]) -> int:
    """Print every verb with its summary and example, or one verb's own help."""
    if names and names[0] in VERBS:
        parser_of(verb(names[0])).print_help()
        return 0
    if names:
        return _unknown(names[0])
    print("usage: wardkeep VERB ...\n\n" + wardkeep.__doc__.strip() + "\n\nverbs:")
    for name in present():
        each = verb(name)
        print(f"  {name:<12} {each.SUMMARY}\n{'':15}{each.EXAMPLE}")
    print("\n`wardkeep VERB --help` tells the rest; docs/operating.md tells everything.")
    return 0
