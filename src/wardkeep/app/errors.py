"""What can go wrong before and while a site server stands: settings, folder, connection."""

from __future__ import annotations

from typing import ClassVar

from wardkeep.kernel.errors import WardkeepError


class SettingsError(WardkeepError):
    """The settings of the hospital folder cannot be used; names file, line and nearest key."""

    code: ClassVar[str] = "settings"
    exit_status: ClassVar[int] = 3
    remedy: ClassVar[str] = "Mend the line in wardkeep.toml, then run `wardkeep check DIR`."


class NotAHospitalFolderError(WardkeepError):
    """The folder that was named holds no settings."""

    code: ClassVar[str] = "not-a-hospital-folder"
    exit_status: ClassVar[int] = 6
    remedy: ClassVar[str] = (
        "Name the folder that `wardkeep init DIR` made, or make one with it."
    )


class FolderTakenError(WardkeepError):
    """A hospital folder cannot be made where something already lies."""

    code: ClassVar[str] = "folder-taken"
    exit_status: ClassVar[int] = 1
    remedy: ClassVar[str] = "Name a folder that does not exist yet or is empty."
