from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from wardkeep.hospital.map.drawing import (
    BOX_HEIGHT,
    BOX_WIDTH,
    LANES,
    MOST_LINES,
    WIDTH,
    Drawing,
    drawn,
)
from wardkeep.hospital.map.grouping import Box, Boxed


def columns(*sizes: int) -> Boxed:
    return Boxed(
        tuple(
            (
                f"c{place}",
                tuple(
                    Box(column=f"c{place}", members=(f"server:{place}-{n}",))
                    for n in range(size)
                ),
            )
            for place, size in enumerate(sizes)
        )
    )


def overlaps(made: Drawing) -> bool:
    for band in made.bands:
        for place, one in enumerate(band.boxes):
            for other in band.boxes[place + 1 :]:
                if abs(one.x - other.x) < BOX_WIDTH and abs(one.y - other.y) < BOX_HEIGHT:
                    return True
    return False


@given(st.lists(st.integers(1, 120), max_size=12))
def test_every_box_is_drawn_once_within_its_band_and_over_no_other(sizes: list[int]) -> None:
    made = drawn(columns(*sizes))
    assert sum(len(band.boxes) for band in made.bands) == sum(sizes)
    for band in made.bands:
        assert all(0 <= each.x <= WIDTH - BOX_WIDTH for each in band.boxes)
        assert all(0 < each.y <= band.height - BOX_HEIGHT for each in band.boxes)
        assert all(each.x + each.width <= WIDTH for each in band.headings)
    assert not overlaps(made)


def test_a_band_and_the_title_of_the_page_fit_a_landscape_page() -> None:
    # A4 across less 10 mm at both edges, at 96 pixels an inch; two lines of title and of words.
    title = 130
    highest = max(band.height for band in drawn(columns(200, 3, 14)).bands)
    assert highest + title <= 190 / 25.4 * 96


def test_a_column_that_goes_on_in_the_next_band_says_so() -> None:
    made = drawn(columns(50))
    assert [[each.again for each in band.headings] for band in made.bands] == [[False], [True]]


def test_lines_go_from_the_right_side_of_a_box_to_the_left_of_one_in_the_next_column() -> None:
    found = columns(1, 2)
    links = [("server:0-0", "server:1-1"), ("server:1-0", "server:1-1")]
    made = drawn(found, links)
    (line,) = made.bands[0].lines
    one, other = made.bands[0].boxes[0], made.bands[0].boxes[2]
    assert (line.x, line.to_x) == (one.x + BOX_WIDTH, other.x)
    assert (line.y, line.to_y) == (one.y + BOX_HEIGHT // 2, other.y + BOX_HEIGHT // 2)
    assert line.path.startswith(f"M{line.x} {line.y}C")
    assert made.not_drawn == 1


def test_a_line_over_a_column_passes_between_its_rows() -> None:
    made = drawn(columns(1, 3, 3), [("server:0-0", "server:2-1")])
    (line,) = made.bands[0].lines
    assert line.past is not None
    begin, end, height = line.past
    between = [each for each in made.bands[0].boxes if each.box.column == "c1"]
    assert begin == between[0].x
    assert end == between[0].x + BOX_WIDTH
    assert all(not each.y <= height <= each.y + BOX_HEIGHT for each in between)
    assert f"H{end}" in line.path


def test_more_lines_than_an_eye_can_follow_are_not_drawn_but_counted() -> None:
    found = columns(8, 8)
    links = [(f"server:0-{a}", f"server:1-{b}") for a in range(8) for b in range(8)]
    assert len(links) > MOST_LINES
    made = drawn(found, links)
    assert not any(band.lines for band in made.bands)
    assert made.not_drawn == len(links)


def test_lines_are_not_drawn_where_columns_do_not_stand_side_by_side() -> None:
    link = [("server:0-0", "server:1-0")]
    assert drawn(columns(*[1] * (LANES + 1)), link).not_drawn == 1
    assert drawn(columns(30, 1), link).not_drawn == 1
    assert drawn(columns(1, 1), link).not_drawn == 0


def test_links_of_what_is_put_together_are_one_line() -> None:
    both = Box(column="b", members=("server:x", "server:y"))
    found = Boxed((*columns(1).columns, ("b", (both,))))
    links = [("server:0-0", "server:x"), ("server:0-0", "server:y"), ("server:x", "server:y")]
    made = drawn(found, links)
    assert (len(made.bands[0].lines), made.not_drawn) == (1, 0)
