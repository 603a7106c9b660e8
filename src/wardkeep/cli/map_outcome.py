"""What came of an import or a `forget`, in words and as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from wardkeep.adapters.key_ring import KeyRing
    from wardkeep.app.folder import HospitalFolder
    from wardkeep.app.map_import import Imported
    from wardkeep.foresight.last_forecast import LastForecast
    from wardkeep.hospital.map.whole import Layer

SHOWN = 10


class Outcome(NamedTuple):
    """An import: its files, what their sources said before of other parts, what is behind."""

    files: Sequence[Imported]
    still: Sequence[Layer]
    behind: LastForecast | None


def tell(folder: HospitalFolder, came: Outcome, *, as_json: bool, dry_run: bool) -> None:
    """Print what came of an import."""
    if as_json:
        told = {
            "ok": True,
            "dry_run": dry_run,
            "files": [_told(each) for each in came.files],
            "still_said": [source_json(each) for each in came.still],
            "refused": sum(each.read.refused for each in came.files),
            "forecast_behind": came.behind and came.behind.made,
        }
        print(json.dumps(told, indent=2))
        return
    for each in came.files:
        _say(each, dry_run=dry_run)
    for layer in came.still:
        _say_still(folder, layer)
    _say_refused(came.files)
    say_behind(came.behind)


def say_behind(behind: LastForecast | None) -> None:
    """Print that the last forecast is older than the map, where it is."""
    if behind is not None:
        print(f"The last forecast, of {behind.made}, is older than this map:")
        print("  `wardkeep foresee DIR` or `board-paper` draws it anew and says what changed.")


def source_json(layer: Layer) -> dict[str, Any]:
    """Return a source of the map for a program."""
    from wardkeep.hospital.map.whole import counts
    from wardkeep.kernel.wall_clock import utc

    return {
        "source": layer.source,
        "kind": layer.part,
        "rank": layer.rank,
        "items": len(layer.items),
        "counts": counts(layer.items),
        "refused": layer.refused,
        "read_at": utc(layer.at),
    }


def say_sources(folder: HospitalFolder, layers: Sequence[Layer]) -> None:
    """Print each source with what it said, when it was read, and what was not taken of it."""
    from wardkeep.cli.map_words import moment

    together: dict[tuple[str, int], list[Layer]] = {}
    for each in layers:
        together.setdefault((each.source, each.at), []).append(each)
    for (source, at), of_it in together.items():
        said = ", ".join(f"{len(each.items)} {each.part}" for each in of_it)
        refused = sum(each.refused for each in of_it)
        lines = f", {refused} {'line' if refused == 1 else 'lines'} not taken" * bool(refused)
        print(f"source {source}, read {moment(folder, at)}{lines}: {said}")


def say_uncopied(folder: HospitalFolder, ring: KeyRing) -> None:
    """Tell where boxes copy this one and none gets the map: that is easily forgotten."""
    from wardkeep.app.follower_book import FollowerBook

    followers = FollowerBook(folder, ring).copies().followers.values()
    paired = [each for each in followers if each.certificate]
    if paired and not any(each.with_map for each in paired):
        names = ", ".join(each.name for each in paired)
        print(
            f"NO BOX COPIES THE MAP: {names} get none of it. If one is the second box of this"
            " site: wardkeep followers give-map DIR NAME"
        )


def _say_still(folder: HospitalFolder, layer: Layer) -> None:
    from wardkeep.cli.map_words import moment

    print(
        f"of source {layer.source} stand also: {layer.part} ({len(layer.items)}), from"
        f" {moment(folder, layer.at)}; `wardkeep map forget DIR --source {layer.source}"
        f" --kind {layer.part}` takes it out"
    )


def _say_refused(files: Sequence[Imported]) -> None:
    from wardkeep.paper.visible import on_a_terminal

    total = sum(each.read.refused for each in files)
    if not total:
        return
    with_refused = [each for each in files if each.read.refused]
    lines = [
        f"{Path(each.file).name} line {row.line}"
        for each in with_refused
        for row in each.read.told
    ]
    more = f" and {total - SHOWN} more" if total > SHOWN else ""
    of = f"{len(with_refused)} file" + "s" * (len(with_refused) > 1)
    what = f"1 line of {of} was" if total == 1 else f"{total} lines of {of} were"
    named = on_a_terminal(", ".join(lines[:SHOWN]))
    print(f"{what} not taken: {named}{more}; mend them and import again")


def _told(each: Imported) -> dict[str, Any]:
    import msgspec

    from wardkeep.hospital.map.whole import counts

    return {
        "file": each.file,
        "kind": each.kind,
        "source": each.layer.source,
        "rows": each.read.rows,
        "items": len(each.layer.items),
        "counts": counts(each.layer.items),
        **msgspec.to_builtins(each.difference),
        "columns_not_used": list(each.read.not_used),
        "refused": each.read.refused,
        "refused_rows": msgspec.to_builtins(each.read.told),
        "not_taken": msgspec.to_builtins(each.read.left),
    }


def _say(each: Imported, *, dry_run: bool) -> None:
    from wardkeep.paper.visible import on_a_terminal

    changes = each.difference
    would = "would be " if dry_run else ""
    print(f"{each.file}: {each.read.rows} rows, {_amount(each)}, source {each.layer.source}")
    for word, told in (("added", changes.added), ("changed", changes.changed)):
        if told:
            print(f"  {len(told)} {would}{word}: {names(told)}")
    if changes.gone:
        print(f"  {len(changes.gone)} no longer said by it: {names(changes.gone)}")
    print(f"  {changes.unchanged} as before")
    if each.read.not_used:
        print(f"  columns that were not understood: {', '.join(each.read.not_used)}")
    for left in each.read.left:
        named = f": {on_a_terminal(names(left.named))}" if left.named else ""
        print(f"  not taken: {left.count} {left.what}{named}")
    for row in each.read.told[:SHOWN]:
        print(f"  line {row.line} was not taken: {on_a_terminal(row.why)}")
    if each.read.refused > SHOWN:
        print(f"  and {each.read.refused - SHOWN} lines more were not taken; --json tells them")


def _amount(each: Imported) -> str:
    from wardkeep.hospital.map.whole import KINDS, counts

    if each.kind in KINDS:
        return f"{len(each.layer.items)} of kind {each.kind}"
    found = ", ".join(f"{number} {kind}" for kind, number in counts(each.layer.items).items())
    return f"{found or 'nothing'} by {each.kind}"


def names(told: Sequence[str]) -> str:
    """Return the first few of several names, and how many more there are."""
    more = f" and {len(told) - SHOWN} more" if len(told) > SHOWN else ""
    return ", ".join(told[:SHOWN]) + more
