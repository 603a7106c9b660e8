"""Who copies, told on the command line."""

from pathlib import Path

from tests.stories.site_server import wardkeep


def test_a_box_that_was_only_invited_holds_nothing_yet_and_the_line_ends_there(
    tmp_path: Path,
) -> None:
    hospital = tmp_path / "hospital"
    wardkeep("init", hospital)
    with (hospital / "wardkeep.toml").open("a") as settings:
        settings.write("\n[copies]\n")
    wardkeep("followers", "invite", hospital, "box-2")
    assert wardkeep("followers", "list", hospital).rstrip("\n").endswith("held nothing yet")
