"""What the stories share: a running site server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.stories.site_server import SiteServer


@pytest.fixture
def server(tmp_path: Path) -> Iterator[SiteServer]:
    server = SiteServer(tmp_path / "hospital")
    server.start()
    yield server
    server.kill()
