"""A data folder that several verbs read."""

from pathlib import Path

import pytest
from tests.stories.site_server import message, wardkeep


@pytest.fixture(scope="module")
def hospital(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two patients in one ward, as their messages told them."""
    folder = tmp_path_factory.mktemp("site") / "hospital"
    wardkeep("init", folder, "--json")
    feed = folder.parent / "feed.hl7"
    feed.write_bytes(message(1) + message(2, "4712"))
    wardkeep("load", folder, feed)
    return folder
