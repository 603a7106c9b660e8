import re
from pathlib import Path

from tests.stories.small_release import package

from wardkeep.adapters.debian_packages import index, take, told
from wardkeep.adapters.wheel_house import sha256_of


def test_a_package_says_its_name_version_and_licences(tmp_path: Path) -> None:
    package(tmp_path)
    (found,) = told(tmp_path)
    assert (found.name, found.version, found.architecture) == ("tiny-package", "1.0", "all")
    assert found.licences == ("MIT",)


def test_an_epoch_leaves_the_name_of_the_file_and_stays_in_the_version(tmp_path: Path) -> None:
    made = package(tmp_path)
    (tmp_path / "given").mkdir()
    made.rename(tmp_path / "given" / "tiny-package_1%3a1.0_all.deb")
    take(tmp_path / "given", tmp_path)
    assert [each.path.name for each in told(tmp_path)] == ["tiny-package_1.0_all.deb"]


def test_the_index_names_each_file_with_its_size_and_sum(tmp_path: Path) -> None:
    one, two = package(tmp_path, "one"), package(tmp_path, "two")
    text = index(told(tmp_path))
    assert re.findall(r"^Filename: (.*)$", text, re.MULTILINE) == [
        f"./{one.name}",
        f"./{two.name}",
    ]
    assert f"SHA256: {sha256_of(two)}" in text
    assert len(re.findall(r"^Package: ", text, re.MULTILINE)) == len(text.split("\n\n"))
