from pathlib import Path

from wardkeep.app import failing_packs
from wardkeep.app.folder import lay_out


def test_screens_read_which_wards_have_no_new_paper_until_they_have(tmp_path: Path) -> None:
    folder = lay_out(tmp_path / "hospital", "name = 'H'\n")
    assert failing_packs.read(folder) == {}
    failing_packs.write(folder, {"4B": 7})
    assert failing_packs.read(folder) == {"4B": 7}
    failing_packs.write(folder, {})
    failing_packs.write(folder, {})
    assert failing_packs.read(folder) == {}


def test_a_file_that_cannot_be_read_names_no_ward(tmp_path: Path) -> None:
    folder = lay_out(tmp_path / "hospital", "name = 'H'\n")
    (folder.run / "failing-packs.json").write_text("{")
    assert failing_packs.read(folder) == {}
