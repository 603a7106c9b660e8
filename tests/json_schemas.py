"""The schemas of docs/ made of the types themselves. To make them anew:

.venv/bin/python -m tests.json_schemas
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec

from wardkeep.app.foreseeing import Foreseen
from wardkeep.foresight.assessment import Assessment
from wardkeep.foresight.board.paper import BoardPaper
from wardkeep.foresight.restoring.plan import RestorePlan

FOLDER = Path(__file__).parents[1] / "docs"
_COPY = {
    "anyOf": [
        {
            "type": "object",
            "properties": {
                "offer": {"enum": ["given", "withheld", ""]},
                "as_of": {"anyOf": [{"type": "string"}, {"type": "null"}]},
                "parts": {"type": "integer"},
                "trouble": {"type": "string"},
            },
            "required": ["offer", "as_of", "parts", "trouble"],
            "additionalProperties": False,
        },
        {"type": "null"},
    ],
    "description": "On a box that follows: how the first's map is held there. `as_of`: what the"
    " first had then is here, UTC, ISO 8601. `trouble`: what is not taken, and why.",
}
TYPES: dict[str, type] = {
    "assess": Assessment,
    "board-paper": BoardPaper,
    "foresee": Foreseen,
    "restore-plan": RestorePlan,
}
_WITH_AS_OF = {"board-paper", "foresee"}
"""Their types hold it themselves."""
_AS_OF = {
    "anyOf": [{"type": "string"}, {"type": "null"}],
    "description": "When the oldest part of the map was read, UTC, ISO 8601.",
}


def schema(verb: str) -> str:
    """Return the schema of a verb's `--json`."""
    made: dict[str, Any] = msgspec.json.schema(TYPES[verb])
    for each in made["$defs"].values():
        if "description" in each:
            each["description"] = " ".join(each["description"].split())
        if each.get("type") == "object":
            each["additionalProperties"] = False
    top = made["$defs"][TYPES[verb].__name__]
    if verb not in _WITH_AS_OF:
        top["properties"] = {"map_as_of": _AS_OF, "map_copy": _COPY, **top["properties"]}
    head = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"wardkeep {verb} --json",
    }
    return json.dumps(head | made, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    for name in TYPES:
        (FOLDER / f"{name}.schema.json").write_text(schema(name), "utf-8")
