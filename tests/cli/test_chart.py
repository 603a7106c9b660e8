"""One patient's chart on the command line, each value with the message that said it."""

import json
from pathlib import Path

from tests.stories.site_server import message, wardkeep


def test_each_value_names_its_message_and_what_nobody_said_is_not_recorded(
    tmp_path: Path,
) -> None:
    hospital, fill = tmp_path / "hospital", tmp_path / "fill.hl7"
    wardkeep("init", hospital)
    fill.write_bytes(message(1))
    wardkeep("load", hospital, fill)
    told = wardkeep("chart", hospital, "4711")
    assert "[load M0000001 " in told
    assert "NOT RECORDED" in told
    verdict = json.loads(wardkeep("verify", hospital, "--json"))
    assert verdict["entries"]["access"] == 1
    unknown = json.loads(wardkeep("chart", hospital, "999", "--json", status=6))
    assert unknown["error"]["code"] == "not-found"
    assert "the record number '999'" in unknown["error"]["message"]
