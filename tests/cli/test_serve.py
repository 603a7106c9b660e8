"""A site server from READY to its end, as an administrator starts and stops it."""

import signal
from pathlib import Path

from tests.stories.site_server import SiteServer, wardkeep


def test_ctrl_c_ends_a_server_cleanly_and_a_second_one_is_refused(tmp_path: Path) -> None:
    server = SiteServer(tmp_path / "hospital")
    server.start()
    try:
        assert wardkeep("serve", server.folder, status=1) == ""
        assert server.process is not None
        server.process.send_signal(signal.SIGINT)
        _, said = server.process.communicate(timeout=20)
        assert server.process.returncode == 0
        assert "Traceback" not in said
    finally:
        server.kill()


def test_what_is_no_hospital_folder_is_not_served(tmp_path: Path) -> None:
    wardkeep("serve", tmp_path, status=6)
