"""A verb that did its work says on standard error what somebody must still know."""

from __future__ import annotations

import pytest

from wardkeep.cli.warning import warn, warn_of_invitation, warn_of_slips
from wardkeep.hospital.site import Copies, Site


def test_slips_with_an_address_of_this_machine_alone_are_told(
    capsys: pytest.CaptureFixture[str],
) -> None:
    warn_of_slips(Site(name="x"))
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("wardkeep: warning: the slips say http://127.0.0.1:8443, but")
    assert "Set web_host" in said.err
    warn_of_slips(Site(name="x", web_host="10.1.2.3"))
    warn("", "nothing")
    assert capsys.readouterr().err == ""


def test_an_invitation_to_an_address_of_this_machine_alone_is_told(
    capsys: pytest.CaptureFixture[str],
) -> None:
    warn_of_invitation(Copies())
    assert "[copies] host is 127.0.0.1" in capsys.readouterr().err
