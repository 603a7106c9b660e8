"""The page of an opened pack on a kit machine: the sheets, with what must be known on each.

It has no script. What was forged and opened by break-glass is cleaned of everything but the
elements that sheets are made of, so that it cannot hide the marks.
"""

from __future__ import annotations

import base64
import hashlib
import html
from collections.abc import Mapping, Sequence
from html.parser import HTMLParser

from typing_extensions import override

from wardkeep.pack.manifest import Doubt, Listed, Verdict

_TAGS = frozenset(
    {"table", "thead", "tbody", "tfoot", "tr", "th", "td"}
    | {"p", "b", "s", "span", "div", "h2", "h3", "h4"}
)
_ATTRIBUTES = frozenset({"class", "colspan", "rowspan", "scope", "role"})
# Head and foot of a sheet as the layout writes them (paper/viewer/sheets.jinja): a browser
# that prints repeats a head only while it is not too high.
_EDGES = (
    '<table class="sheet" role="presentation"><thead><tr><td>',
    "</thead><tfoot><tr><td>",
)
Glass = tuple[str, str]
"""Who broke the glass, and why."""


def marks_of(
    verdict: Verdict, pack: Listed | None, words: Mapping[str, str], glass: Glass | None = None
) -> list[str]:
    """Return what stands on every page: NOT VERIFIED and why, OLD, HELD; or nothing."""
    marks = []
    if not verdict.is_verified:
        by = words["glass_by"].format(name=glass[0], reason=glass[1]) if glass else ""
        marks.append(" · ".join(part for part in (words["not_verified"], by) if part))
        marks += [words[each.value.replace("-", "_")] for each in verdict.doubts]
    if verdict.clock_wrong:
        marks.append(words["clock"])
    elif verdict.old_hours is not None:
        marks.append(words["old"].format(hours=verdict.old_hours))
    if verdict.replayed:
        marks.append(words["old_all"])
    if verdict.is_verified and pack is not None and pack.held:
        marks.append(words["held"])
    if verdict.is_verified and glass:
        marks.append(words["glass_by"].format(name=glass[0], reason=glass[1]))
    return marks


def opened_page(
    sheets: Sequence[str | None],
    marks: Sequence[str],
    words: Mapping[str, str],
    style: str,
    language: str,
) -> tuple[str, str]:
    """Return the page and the policy it is served with; a sheet that is None was unreadable."""
    banners = "".join(f'<p class="banner">{html.escape(mark)}</p>' for mark in marks)
    told = f'<div class="marks">{banners}</div>'
    one = f'<p class="banner">{html.escape("  ·  ".join(marks))}</p>' if marks else ""
    body = "".join(
        _marked(cleaned(sheet), one)
        if sheet is not None
        else f'<p class="banner">{html.escape(_unread(words, number, len(sheets)))}</p>'
        for number, sheet in enumerate(sheets, 1)
    )
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    )
    page = (
        f'<!doctype html>\n<html lang="{html.escape(language)}"><head><meta charset="utf-8">'
        f"<title>Wardkeep</title><style>{style}</style></head>"
        f'<body><header class="bar">{told}</header><main>{body}</main></body></html>\n'
    )
    return page, policy


def _marked(sheet: str, told: str) -> str:
    for edge in _EDGES:
        sheet = sheet.replace(edge, edge + told)
    return sheet


def _unread(words: Mapping[str, str], number: int, count: int) -> str:
    return words["unread"].format(number=number, count=count)


def cleaned(sheet: str) -> str:
    """Return a sheet with the elements and attributes of sheets alone, all closed again."""
    reader = _Cleaner()
    reader.feed(sheet)
    reader.close()
    return reader.whole()


class _Cleaner(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._parts: list[str] = []
        self._open: list[str] = []

    def whole(self) -> str:
        return "".join([*self._parts, *(f"</{tag}>" for tag in reversed(self._open))])

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _TAGS:
            return
        kept = "".join(
            f' {name}="{html.escape(value or "")}"'
            for name, value in attrs
            if name in _ATTRIBUTES
        )
        self._parts.append(f"<{tag}{kept}>")
        self._open.append(tag)

    @override
    def handle_endtag(self, tag: str) -> None:
        # Nothing that was not opened within the sheet is closed by it.
        if tag in self._open:
            while (last := self._open.pop()) != tag:
                self._parts.append(f"</{last}>")
            self._parts.append(f"</{tag}>")

    @override
    def handle_data(self, data: str) -> None:
        self._parts.append(html.escape(data, quote=False))


def named(doubts: Sequence[Doubt]) -> tuple[str, ...]:
    """Return doubts by the names that a log keeps."""
    return tuple(each.value for each in doubts)
