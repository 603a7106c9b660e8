from __future__ import annotations

from wardkeep.adapters.list_pages import rows_of
from wardkeep.pack.list_proof import ReadRow

HEAD = '<table class="sheet"><tbody><tr><td><p>head</p></td></tr></tbody></table>'


def part(title: str, rows: str) -> str:
    grid = (
        f'<table class="grid"><thead><tr><th>Bed</th></tr></thead><tbody>{rows}</tbody></table>'
    )
    frame = "<thead><tr><td>band</td></tr></thead><tfoot><tr><td>foot</td></tr></tfoot>"
    body = f"<tbody><tr><td><h3>{title}</h3>{grid}</td></tr></tbody>"
    return f'<table class="sheet">{frame}{body}</table>'


def test_the_rows_of_each_part_are_read_with_their_heading_and_lines_and_nothing_else() -> None:
    who = "<td><p>AERTS &lt;b&gt;</p><p>1934</p></td>"
    one = f'<tr class="high"><td><p><b>401-1</b></p></td>{who}</tr>'
    two = "<tr><td><p>402-1</p></td><td></td></tr>"
    assert rows_of([HEAD, part("4B", one + two), part("5A", two)]) == [
        ReadRow(0, "4B", ("401-1", "AERTS <b>\n1934")),
        ReadRow(0, "4B", ("402-1", "")),
        ReadRow(1, "5A", ("402-1", "")),
    ]


def test_a_part_without_rows_has_none() -> None:
    assert rows_of([HEAD, "<h3>5A</h3><p>no order</p>"]) == []
    assert rows_of([]) == []
