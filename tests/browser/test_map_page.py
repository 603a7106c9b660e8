"""The map in a real browser: by keys alone, at two widths, on paper."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO

import pytest
from playwright.sync_api import Browser, BrowserContext
from pypdf import PdfReader
from tests.browser.test_screens import LANGUAGES, address, browser, entered

pytestmark = pytest.mark.browser
__all__ = ["address", "browser"]

PICTURES = (
    "/map",
    "/map?by=tier",
    "/map?by=service",
    "/map?by=site&in=GP",
    "/map/falls?item=server:hv01",
    "/map/needs?item=service:laboratoire",
)
# Letters of the picture outside their box, and boxes outside the picture.
_OUTSIDE = """[...document.querySelectorAll('.drawing svg')].filter(box => {
  const text = [...box.querySelectorAll('text')].map(t => t.getBBox());
  const edge = box.querySelector('rect') ? 216 : box.width.baseVal.value;
  return text.some(t => t.x + t.width > edge);
}).map(box => box.textContent.trim())"""


@pytest.fixture(scope="module")
def window(browser: Browser, address: str) -> Iterator[BrowserContext]:
    context = entered(browser, address, viewport={"width": 1024, "height": 768})
    yield context
    context.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_of_a_picture_stands_within_its_box(
    window: BrowserContext, language: str
) -> None:
    page = window.new_page()
    for path in PICTURES:
        page.goto(path + ("&" if "?" in path else "?") + f"lang={language}")
        page.evaluate("document.fonts.ready")
        assert page.locator(".drawing").count() > 0, path
        assert page.evaluate(_OUTSIDE) == [], path
    page.close()


@pytest.mark.parametrize(("width", "beside"), [(1024, False), (1920, True)])
def test_the_table_stands_beside_the_picture_where_there_is_room_and_else_below(
    window: BrowserContext, width: int, *, beside: bool
) -> None:
    page = window.new_page()
    page.set_viewport_size({"width": width, "height": 1080})
    page.goto("/map?lang=en")
    picture = page.locator(".drawing").first.bounding_box()
    table = page.locator("#table").bounding_box()
    assert picture
    assert table
    assert (table["x"] > picture["x"] + picture["width"]) == beside
    assert picture["width"] >= 980, "at less its letters are smaller than 16 pixels"
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()


def test_from_the_map_to_what_falls_by_keys_alone(window: BrowserContext) -> None:
    page = window.new_page()
    page.goto("/map?by=site&in=GP&lang=en")
    for _ in range(60):
        page.keyboard.press("Tab")
        where = page.evaluate(
            "document.activeElement.closest('.drawing') && document.activeElement.textContent"
        )
        if where and "Radiographie" in where:
            break
    style = "getComputedStyle(document.activeElement.querySelector('rect')).strokeWidth"
    assert page.evaluate(style) == "3px"
    page.keyboard.press("Enter")
    page.wait_for_url("**/map/item?*")
    page.get_by_role("link", name="What falls if it falls").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/map/falls?*")
    assert "Radiographie" in page.inner_text("h1")
    page.close()


def test_a_name_in_the_picture_is_told_whole_to_who_cannot_see_it(
    window: BrowserContext,
) -> None:
    page = window.new_page()
    page.goto("/map?by=site&in=GP&lang=en")
    name = "Bloc opératoire, Grand-Pré, 9 patients a day"
    assert page.locator(".drawing").get_by_role("link", name=name).count() == 1
    page.close()


def test_on_paper_no_box_is_cut_by_a_page_and_the_age_of_the_map_stands_there(
    window: BrowserContext,
) -> None:
    page = window.new_page()
    page.goto("/map/falls?item=server:hv01&lang=en")
    page.emulate_media(media="print")
    assert not page.is_visible("nav.ways-of-map")
    pdf = PdfReader(BytesIO(page.pdf(format="A4", prefer_css_page_size=True)))
    text = [sheet.extract_text() for sheet in pdf.pages]
    assert "MAP as of 04 Mar 2026" in text[0]
    drawn = [each for each in text if "services then" in each and "Hyperviseur 1" in each]
    assert drawn
    assert len(pdf.pages) <= 6
    page.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_is_struck_is_one_page_of_a4_however_many_links_there_are(
    window: BrowserContext, language: str
) -> None:
    page = window.new_page()
    for struck, rows in (
        ("neighbour:many", 11),
        ("supplier:imagerie", 11),
        ("supplier:dossier", 7),
        ("neighbour:plateforme", 1),
    ):
        page.goto(f"/map/struck?item={struck}&lang={language}")
        page.emulate_media(media="print")
        shown = page.locator("table.links tbody tr:visible").count()
        assert shown == rows, struck
        pdf = PdfReader(BytesIO(page.pdf(format="A4", prefer_css_page_size=True)))
        assert len(pdf.pages) == 1, struck
        assert "2026 04:12" in pdf.pages[0].extract_text()
        page.emulate_media(media="screen")
    page.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_an_attack_takes_is_two_sheets_of_a4_however_much_there_is(
    window: BrowserContext, language: str
) -> None:
    page = window.new_page()
    page.goto(f"/map/forecast?lang={language}")
    assert page.evaluate("document.documentElement.scrollWidth") <= 1024
    assert page.locator(".care tbody tr:visible").count() > 20
    page.emulate_media(media="print")
    assert page.locator(".care tbody tr:visible").count() == 3
    size = "parseFloat(getComputedStyle(document.querySelector('.care td')).fontSize)"
    assert page.evaluate(size) >= 12, "9 points"
    pdf = PdfReader(BytesIO(page.pdf(format="A4", prefer_css_page_size=True)))
    assert len(pdf.pages) == 2
    sheets = [" ".join(each.extract_text().split()) for each in pdf.pages]
    for number, sheet in enumerate(sheets, start=1):
        for told in ("Hôpital du Val", "pc-0", "2026 10:12", "2026 04:12", f"{number}/2"):
            assert told in sheet, told
    assert "ghqv.local" in sheets[0]
    page.close()


def test_the_map_works_with_scripts_off(browser: Browser, address: str) -> None:
    context = entered(browser, address, java_script_enabled=False)
    page = context.new_page()
    page.goto("/map?lang=en")
    page.locator(".drawing a", has_text="136 Servers").first.click()
    page.wait_for_url("**/map/list?*")
    assert page.locator("a.row").count() == 100
    page.locator("a.row").first.click()
    assert "What does the map say of this" in page.inner_text("h1")
    context.close()
