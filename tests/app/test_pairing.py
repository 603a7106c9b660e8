from __future__ import annotations

from pathlib import Path

import pytest
from tests.stories.site_server import free_port

from wardkeep.adapters.errors import FirstSilentError
from wardkeep.app.pairing import found_follower
from wardkeep.copies.invitation import Invitation


def test_where_nobody_answers_at_pairing_it_is_said_that_nothing_goes_on(
    tmp_path: Path,
) -> None:
    box = tmp_path / "box"
    invitation = Invitation(bytes(16), bytes(12))
    with pytest.raises(FirstSilentError) as refused:
        found_follower(box, ("127.0.0.1", free_port()), invitation, 8443, 1)
    assert not box.exists()
    said = refused.value.diagnostics()
    assert "nothing goes on by itself" in said
    assert "give the same command again" in said
