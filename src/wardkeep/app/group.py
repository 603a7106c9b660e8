"""The group's other sites: folders under `others`, each following the site server there.

Their keys lie in their own folders: this site's server key opens none of them.
"""

from __future__ import annotations

from collections.abc import Iterator

from wardkeep.app.first import is_copy
from wardkeep.app.folder import HospitalFolder


def other_folders(folder: HospitalFolder) -> Iterator[HospitalFolder]:
    """Yield the folders of other sites, by name."""
    for path in sorted(folder.others.glob("*")):
        other = HospitalFolder(path)
        if other.settings.is_file() and is_copy(other):
            yield other


def is_of_another_site(folder: HospitalFolder) -> bool:
    """Tell whether a folder follows another site of the group, not a box of its own site."""
    home = HospitalFolder(folder.path.parent.parent)
    return folder.path.parent == home.others and home.settings.is_file()


def others_programs(folder: HospitalFolder) -> list[tuple[str, str, int, str]]:
    """Return name, module, stage and folder of the processes that other sites need here."""
    kept: list[tuple[str, str, int, str]] = []
    for other in other_folders(folder):
        name, place = other.path.name, str(other.path)
        kept += [
            (f"copy of {name}", "wardkeep.app.following_process", 1, place),
            (f"charts of {name}", "wardkeep.app.chart_process", 1, place),
        ]
    return kept
