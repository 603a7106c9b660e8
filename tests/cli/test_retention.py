import json
from pathlib import Path

from tests.stories.site_server import wardkeep


def test_in_an_attack_everything_is_held_with_a_reason(tmp_path: Path) -> None:
    site = tmp_path / "site"
    wardkeep("init", site, "--json")
    assert "Hold: no" in wardkeep("retention", "status", site)
    wardkeep("retention", "hold", site, "--why", "ransom note on ward A2")
    assert "HELD since" in wardkeep("retention", "status", site)
    told = json.loads(wardkeep("retention", "status", site, "--json"))
    assert told["held_why"] == "ransom note on ward A2"
    assert [each["ledger"] for each in told["ledgers"]] == ["clinical", "access"]
    wardkeep("retention", "hold", site, "--why", "again", status=1)
    wardkeep("retention", "release", site, "--why", "over")
    wardkeep("retention", "release", site, "--why", "over", status=1)
