"""docs/operating.md cannot go stale: what exists and has no entry there fails here."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from tests import forecast_numbers, json_schemas, map_columns, rights

import wardkeep
from wardkeep.cli.verbs import VERBS, parser_of, verb
from wardkeep.hospital.backup import Backup
from wardkeep.hospital.deliveries import Delivery
from wardkeep.hospital.lists import Lists
from wardkeep.hospital.login import Login, SingleSignOn
from wardkeep.hospital.own_name import OwnName
from wardkeep.hospital.polls import Poll
from wardkeep.hospital.printing import Printer, Printing, Proof
from wardkeep.hospital.site import (
    Brake,
    Copies,
    Feed,
    Keys,
    Paper,
    RecordSystem,
    Retention,
    Rules,
    Site,
    Ward,
)
from wardkeep.kernel.errors import WardkeepError

_SECTIONS = {
    Site: "### The site",
    Rules: "### `[rules]`",
    Paper: "### `[paper]`",
    Login: "### `[login]`",
    SingleSignOn: "### `[oidc]`",
    Keys: "### `[keys]`",
    Retention: "### `[retention]`",
    Copies: "### `[copies]`",
    Brake: "### `[brake]`",
    Backup: "### `[backup]`",
    OwnName: "### `[own_name]`",
    Feed: "### `[[feeds]]`",
    Ward: "### `[[wards]]`",
    Poll: "### `[[polls]]`",
    RecordSystem: "### `[[systems]]`",
    Printer: "### `[[printers]]`",
    Printing: "### `[printing]`",
    Proof: "### `[proof]`",
    Lists: "### `[lists]`",
    Delivery: "### `[[deliveries]]`",
}


@pytest.fixture(scope="session")
def operating(project: Path) -> str:
    return (project / "docs" / "operating.md").read_text()


def section(text: str, heading: str) -> str:
    """The text from a heading to the next of the same or a higher level."""
    level = heading.split(" ", maxsplit=1)[0]
    after = text.split(f"\n{heading}", maxsplit=1)[1]
    return re.split(rf"\n#{{2,{len(level)}}} ", after, maxsplit=1)[0]


def error_classes() -> list[type[WardkeepError]]:
    """Every error that Wardkeep can raise: all modules named errors are read for it."""
    for module in pkgutil.walk_packages(wardkeep.__path__, "wardkeep."):
        if module.name.endswith(".errors"):
            importlib.import_module(module.name)

    def below(kind: type[WardkeepError]) -> Iterator[type[WardkeepError]]:
        for each in kind.__subclasses__():
            yield each
            yield from below(each)

    return [each for each in below(WardkeepError) if each.__module__.startswith("wardkeep.")]


def rows(text: str) -> dict[str, list[str]]:
    """Tables by their first column, which stands in backticks."""
    found = re.findall(r"^\| `([^`]+)` \|(.*)\|$", text, re.MULTILINE)
    return {key: [cell.strip() for cell in rest.split("|")] for key, rest in found}


@pytest.mark.parametrize("kind", _SECTIONS)
def test_every_setting_is_told_and_no_other(kind: type[msgspec.Struct], operating: str) -> None:
    told = rows(section(operating, _SECTIONS[kind]))
    tables = (
        {
            "rules",
            "paper",
            "login",
            "oidc",
            "keys",
            "retention",
            "copies",
            "brake",
            "backup",
            "own_name",
            "feeds",
            "polls",
            "deliveries",
            "wards",
            "systems",
            "printers",
            "printing",
            "proof",
            "lists",
        }
        if kind is Site
        else set()
    )
    known = {field.name for field in msgspec.structs.fields(kind)} - tables
    assert set(told) == known


@pytest.mark.parametrize("kind", _SECTIONS)
def test_the_defaults_told_are_the_defaults_kept(
    kind: type[msgspec.Struct], operating: str
) -> None:
    told = rows(section(operating, _SECTIONS[kind]))
    for field in msgspec.structs.fields(kind):
        if isinstance(field.default, bool | int) or (
            isinstance(field.default, str) and field.default
        ):
            written = msgspec.json.encode(field.default).decode()
            assert told[field.name][0] == f"`{written}`", field.name


@pytest.mark.parametrize("name", VERBS)
def test_every_verb_and_each_of_its_options_is_told(name: str, operating: str) -> None:
    told = section(operating, f"### wardkeep {name}\n")
    for action in parser_of(verb(name))._actions:
        for option in action.option_strings:
            if option.startswith("--") and option not in {"--help", "--json"}:
                assert f"`{option}" in told or f"{option} " in told or f"{option}]" in told


def test_every_error_is_told_with_its_status(operating: str) -> None:
    told = rows(section(operating, "## Errors"))
    wanted = {each.code: str(each.exit_status) for each in error_classes()}
    assert {code: told.get(code, ["missing"])[0] for code in wanted} == wanted
    assert set(told) - set(wanted) == {"system", "unexpected"}


def test_every_error_is_named_as_one_and_says_what_to_do() -> None:
    for each in error_classes():
        assert each.__name__.endswith("Error"), each
        assert each.__doc__, each
        assert each.remedy.endswith("."), each


def test_no_two_errors_share_a_code() -> None:
    codes = [each.code for each in error_classes()]
    assert len(codes) == len(set(codes)), sorted(codes)


def test_every_link_between_documents_leads_somewhere(project: Path) -> None:
    broken = []
    for path in [*project.glob("*.md"), *(project / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", path.read_text()):
            if not (path.parent / target).exists():
                broken.append(f"{path.name}: {target}")
    assert broken == []


def test_the_tables_of_rights_are_those_of_the_code() -> None:
    told = rights.DOCUMENT.read_text()
    assert told == rights.written(told), "run: .venv/bin/python -m tests.rights"


def test_the_columns_of_the_map_are_those_of_the_code() -> None:
    told = map_columns.DOCUMENT.read_text("utf-8")
    assert told == map_columns.written(told), "run: .venv/bin/python -m tests.map_columns"


@pytest.mark.parametrize("verb", list(json_schemas.TYPES))
def test_the_schemas_of_json_are_those_of_the_code(verb: str) -> None:
    told = (json_schemas.FOLDER / f"{verb}.schema.json").read_text("utf-8")
    assert told == json_schemas.schema(verb), "run: .venv/bin/python -m tests.json_schemas"


def test_the_numbers_of_the_forecast_are_told_as_they_are() -> None:
    told = forecast_numbers.DOCUMENT.read_text("utf-8")
    assert told == forecast_numbers.written(), "run: .venv/bin/python -m tests.forecast_numbers"


def test_every_verb_has_a_row_among_the_rights_and_no_other() -> None:
    told = [key for key in rows(rights.DOCUMENT.read_text()) if key.startswith("wardkeep ")]
    assert sorted(told) == sorted(rights.verb_lines())


# How many requirements of levels 1 and 2 each section of ASVS 5.0 has, and which they are where
# a number is left out because it is of level 3.
ASVS = {
    "1.1": 2, "1.2": 9, "1.3": 11, "1.4": 3, "1.5": 2, "2.1": 3, "2.2": 3, "2.3": 4, "2.4": 1,
    "3.2": 2, "3.3": 4, "3.4": 6, "3.5": 5, "3.7": 2, "4.1": 3, "4.2": 1, "4.3": 2, "4.4": 4,
    "5.1": 1, "5.2": 3, "5.3": 2, "5.4": 3, "6.1": 3, "6.2": 12, "6.3": 4, "6.4": 4, "6.5": 5,
    "6.6": 3, "6.8": 4, "7.1": 3, "7.2": 4, "7.3": 2, "7.4": 5, "7.5": 2, "7.6": 2, "8.1": 2,
    "8.2": 3, "8.3": 1, "8.4": 1, "9.1": 3, "9.2": 4, "10.1": 2, "10.2": 2, "10.3": 4,
    "10.4": 11, "10.5": 5, "10.6": 2, "10.7": 3, "11.1": 2, "11.2": 3, "11.3": 3, "11.4": 4,
    "11.5": 1, "11.6": 1, "12.1": 3, "12.2": 2, "12.3": 4, "13.1": 1, "13.2": 5, "13.3": 2,
    "13.4": 5, "14.1": 2, "14.2": 4, "14.3": 3, "15.1": 3, "15.2": 3, "15.3": 7, "16.1": 1,
    "16.2": 5, "16.3": 4, "16.4": 3, "16.5": 3, "17.1": 1, "17.2": 4, "17.3": 2,
}  # fmt: skip
_ASVS_ROW = re.compile(
    r"^\| (\d+\.\d+\.\d+) \| (\w+) \| (.+?) \| (?:`([^`]+)` )?\|$", re.MULTILINE
)


def test_every_requirement_of_asvs_levels_1_and_2_is_answered(project: Path) -> None:
    rows = _ASVS_ROW.findall((project / "docs" / "asvs.md").read_text())
    wanted = [f"{part}.{n}" for part, many in ASVS.items() for n in range(1, many + 1)]
    assert [number for number, *_ in rows] == wanted
    assert {state for _, state, *_ in rows} <= {"held", "reason", "absent", "open"}
    assert [number for number, state, _, test in rows if (state == "held") != bool(test)] == []


def test_the_tests_that_asvs_names_are_there(project: Path) -> None:
    rows = _ASVS_ROW.findall((project / "docs" / "asvs.md").read_text())
    for number, _, _, named in rows:
        if named:
            file, _, function = named.partition("::")
            path = project / "tests" / file
            assert path.is_file(), f"{number}: {file}"
            assert f"def {function}(" in path.read_text() or not function, f"{number}: {named}"
