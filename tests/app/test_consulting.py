"""A verb shows charts that hold all that was acknowledged, or says that they do not."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.stories.site_server import SiteServer, message, wardkeep

from wardkeep.adapters.writer_lock import WriterLock
from wardkeep.app.consulting import consult, consult_as_they_stand
from wardkeep.app.errors import ChartsBehindError
from wardkeep.app.folder import open_folder
from wardkeep.app.settings import load_site
from wardkeep.cli.main import main


@pytest.fixture
def server(tmp_path: Path) -> Iterator[SiteServer]:
    site = SiteServer(tmp_path / "hospital")
    site.start()
    yield site
    site.kill()


def test_charts_that_stand_still_are_told_and_those_that_catch_up_are_shown(
    server: SiteServer,
) -> None:
    folder = open_folder(server.folder)
    site = load_site(folder)
    reader = server.child("wardkeep.app.chart_process")
    os.kill(reader, signal.SIGSTOP)
    try:
        server.send(message(1))
        with pytest.raises(ChartsBehindError, match="of 1 and do not move") as told:
            consult(folder, site, patience=0.1)
        assert told.value.exit_status == 5
    finally:
        os.kill(reader, signal.SIGCONT)
    charts = consult(folder, site)
    assert charts.cursor() == 1
    charts.close()


def test_without_a_server_the_charts_are_folded_by_the_verb(server: SiteServer) -> None:
    server.send(message(1), message(2, record="4712"))
    server.stop()
    folder = open_folder(server.folder)
    charts = consult(folder, load_site(folder))
    assert [chart.record for chart in charts.ward("A2")] == ["4711", "4712"]
    charts.close()


def test_the_shelf_is_told_while_another_command_writes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wardkeep("init", tmp_path / "hospital")
    fill = tmp_path / "fill.hl7"
    fill.write_bytes(message(1))
    wardkeep("load", tmp_path / "hospital", fill)
    folder = open_folder(tmp_path / "hospital")
    site = load_site(folder)
    consult(folder, site).close()
    with WriterLock(folder.writer_lock):
        charts = consult_as_they_stand(folder, site)
        charts.close()
        assert "streams are told as the charts stood before" in capsys.readouterr().err
        assert main(["shelf", str(folder.path)]) == 0
