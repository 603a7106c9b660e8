import asyncio
import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.adapters.mllp_bench import Recorder, admission, listening

from wardkeep.cli.main import main


@pytest.fixture
def port(tmp_path: Path) -> Iterator[int]:
    """A site that listens in a thread of its own."""
    opened, ended = threading.Event(), threading.Event()
    ports: list[int] = []

    async def serve() -> None:
        async with listening(ledger) as server:
            ports.append(server.figures()[0].port)
            opened.set()
            await asyncio.to_thread(ended.wait)

    ledger = Recorder(tmp_path)
    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    opened.wait()
    yield ports[0]
    ended.set()
    thread.join()
    ledger.close()


def test_files_are_sent_and_the_outcome_told(
    port: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = tmp_path / "adt.hl7", tmp_path / "lab.hl7"
    first.write_bytes((admission("1") + admission("2")).replace(b"\r", b"\n"))
    second.write_bytes(admission("3"))
    to = f"127.0.0.1:{port}"
    assert main(["send", str(first), str(second), "--to", to, "--connections", "2"]) == 0
    assert "3 messages, 3 acknowledged" in capsys.readouterr().out
    assert main(["send", str(first), "--to", to, "--json", "--rate", "500"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["ok"], told["messages"], told["acknowledged"]) == (True, 2, 2)


def test_a_file_without_messages_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("no HL7 here\n")
    assert main(["send", str(file), "--to", "127.0.0.1:1"]) == 1
    assert "notes.txt" in capsys.readouterr().err


def test_a_folder_is_no_file_to_send_and_its_files_are_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["send", str(tmp_path), "--to", "127.0.0.1:1"]) == 1
    assert f"Name the files in it: {tmp_path}/*.hl7" in capsys.readouterr().err


def test_a_port_out_of_range_is_named_as_such(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["send", "file.hl7", "--to", "host:99999"])
    assert "'99999' is not a port (1 to 65535)" in capsys.readouterr().err


def test_nobody_listening_ends_with_the_status_for_it(tmp_path: Path) -> None:
    file = tmp_path / "adt.hl7"
    file.write_bytes(admission())
    assert main(["send", str(file), "--to", "127.0.0.1:1"]) == 5


@pytest.mark.parametrize(
    "more",
    [
        ["--to", "nowhere"],
        ["--to", "host:0"],
        ["--to", ":99"],
        ["--to", "host:70000"],
        ["--to", "host:1", "--connections", "0"],
        ["--to", "host:1", "--rate", "-1"],
        ["--to", "host:1", "--rate", "fast"],
        [],
    ],
)
def test_a_wrong_call_is_a_matter_of_usage(more: list[str]) -> None:
    try:
        status: object = main(["send", "file.hl7", *more])
    except SystemExit as end:
        status = end.code
    assert status == 2
