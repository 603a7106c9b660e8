from __future__ import annotations

from pathlib import Path

from wardkeep.alarm.codes import CODES, OTHER, kind_of
from wardkeep.web.alarm_words import SERVER_ALARMS


def test_every_alarm_has_its_words_on_the_screens_and_its_line_in_the_manual(
    project: Path,
) -> None:
    manual = (project / "docs" / "operating.md").read_text().split("\n## Alarms")[1]
    told = manual.split("\n## ")[0]
    for code, kind in CODES.items():
        assert code in SERVER_ALARMS, code
        assert f"| `{code}` | {kind.severity.name.lower()} |" in told, code
        assert kind.remedy.endswith("."), code
    assert set(SERVER_ALARMS) == set(CODES)


def test_an_alarm_of_a_later_version_weighs_heavily() -> None:
    assert kind_of("meteor") is OTHER
