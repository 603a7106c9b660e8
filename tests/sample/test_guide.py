from wardkeep.sample.guide import lines
from wardkeep.sample.hospital import Hospital
from wardkeep.sample.house import TINY


def test_ten_lines_say_what_to_look_at() -> None:
    hospital = Hospital(1, 1_653_364_800_000_000, TINY)
    list(hospital.first_fill())
    found = lines(hospital)
    assert len(found) == 10
    assert all(len(line) <= 90 and "{" not in line for line in found)
    assert hospital.traps["twins"].records[0] not in found[0]
    assert hospital.traps["same_name"].records[0] in found[0]
