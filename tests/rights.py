"""The tables of docs/rights.md as the code has them; `python -m tests.rights` writes them."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

from litestar import Litestar
from litestar.handlers import HTTPRouteHandler
from tests.web.handmade import Bench

from wardkeep.access.events import Role
from wardkeep.access.permission import GRANTED, Permission
from wardkeep.cli.verbs import VERBS, parser_of, verb

DOCUMENT = Path(__file__).parents[1] / "docs" / "rights.md"


def doors(app: Litestar) -> dict[tuple[str, str], object]:
    """What each registered page asks for, by method and path; None where it says nothing."""
    return {
        (method, route.path): handler.opt.get("door")
        for route in app.routes
        for handler in route.route_handlers
        if isinstance(handler, HTTPRouteHandler)
        for method in handler.http_methods - {"OPTIONS", "HEAD"}
    }


def verb_lines() -> list[str]:
    """Every verb and every action of a verb, as one types it."""
    lines = []
    for name in VERBS:
        choices: list[str] = []
        for action in parser_of(verb(name))._actions:
            if isinstance(action, argparse._SubParsersAction):
                choices = list(action.choices)
        lines += [f"wardkeep {name} {choice}" for choice in choices] or [f"wardkeep {name}"]
    return lines


def role_table() -> str:
    head = "| permission | " + " | ".join(Role) + " |\n| --- |" + " --- |" * len(Role)
    rows = [
        f"| `{permission}` | "
        + " | ".join("yes" if permission in GRANTED[role] else "-" for role in Role)
        + " |"
        for permission in Permission
    ]
    return "\n".join([head, *rows])


def page_table(app: Litestar) -> str:
    rows = [
        f"| `{method} {path}` | {f'`{door}`' if isinstance(door, Permission) else door} |"
        for (method, path), door in sorted(doors(app).items(), key=lambda each: each[0][::-1])
    ]
    return "\n".join(["| page | asks for |\n| --- | --- |", *rows])


def written(text: str) -> str:
    """The document with both tables as they stand now."""
    for name, table in (("roles", role_table()), ("pages", page_table(Bench().app()))):
        pattern = rf"(?s)(<!-- {name} -->\n).*?(\n<!-- end of {name} -->)"
        text = re.sub(pattern, lambda found, t=table: found[1] + t + found[2], text)
    return text


if __name__ == "__main__":
    DOCUMENT.write_text(written(DOCUMENT.read_text()))
