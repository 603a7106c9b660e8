from hypothesis import given
from hypothesis import strategies as st

from wardkeep.pack.opening_log import BEGIN, Opening, Seen, hash_of, line_of, read, seen


def opening(number: int, site: str = "H1", doubts: tuple[str, ...] = ()) -> Opening:
    return Opening(
        at=number, by="An Maes", why="downtime", ward="4B", generation=number, site=site,
        counter=number, signer="ab12", file="0" * 64, doubts=doubts,
    )  # fmt: skip


def log(*openings: Opening) -> list[bytes]:
    lines: list[bytes] = []
    for each in openings:
        lines.append(line_of(each, hash_of(lines[-1]) if lines else BEGIN))
    return lines


def test_a_log_reads_back_whole() -> None:
    found, broken = read(log(opening(1), opening(2)))
    assert [each.generation for each in found] == [1, 2]
    assert broken is None
    assert read([]) == ([], None)


@given(st.integers(0, 4), st.integers(0, 10_000), st.sampled_from(["bit", "gone", "swap"]))
def test_a_line_that_was_changed_or_taken_out_shows_at_the_next(
    line: int, place: int, how: str
) -> None:
    lines = log(*(opening(number) for number in range(6)))
    if how == "bit":
        changed = bytearray(lines[line])
        changed[place % (len(changed) - 1)] ^= 1
        lines[line] = bytes(changed)
    elif how == "gone":
        del lines[line]
    else:
        lines[line], lines[line + 1] = lines[line + 1], lines[line]
    _, broken = read(lines)
    assert broken is not None
    assert broken <= line + 2


def test_a_kit_knows_the_highest_counter_and_the_last_key_of_verified_packs_alone() -> None:
    known = [opening(5), opening(3), opening(99, doubts=("altered",)), opening(7, site="H2")]
    assert seen(known, "H1") == Seen(5, "ab12")
    assert seen(known, "H9") is None
