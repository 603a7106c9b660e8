"""The page of a ward's pack as a nurse at 04:00 has it: a file, a browser, an envelope."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page
from pypdf import PdfReader
from tests.adapters import alterations
from tests.adapters.delivered import LIST, PDF, Delivered, sheets_of
from tests.browser.chromium import chromium, context_of
from tests.pack.handmade import hostile, many_drugs, pack_of, trapped

from wardkeep.adapters.clock import now
from wardkeep.adapters.html_press import press_html
from wardkeep.adapters.outbox import signed
from wardkeep.adapters.pack_keys import of_ward, seal
from wardkeep.adapters.page_press import words_in
from wardkeep.kernel.times import HOUR
from wardkeep.pack.manifest import decode, encode
from wardkeep.pack.sealed_sheets import join
from wardkeep.pack.ward_page import Carried, fill, read
from wardkeep.paper.words import LANGUAGES

pytestmark = pytest.mark.browser

OTHER = (
    "legal winner thank year wave sausage worth useful legal winner thank year wave sausage"
    " worth useful legal winner thank year wave sausage worth title"
)
WARD_OF = {language: f"W{language}" for language in LANGUAGES}


class Share(Delivered):
    """Packs with real sheets, one ward a language."""

    def wards(self) -> dict[str, str]:
        return {ward: language for language, ward in WARD_OF.items()}

    def sheets(self, ward: str, generation: int) -> tuple[str, ...]:
        del generation
        language = self.wards()[ward]
        return tuple(press_html(pack_of(trapped(), hostile(), many_drugs(), language=language)))


@pytest.fixture(scope="module")
def share(tmp_path_factory: pytest.TempPathFactory) -> Share:
    return Share(tmp_path_factory.mktemp("share") / "site", now(), old_age=30 * HOUR)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture
def window(browser: Browser) -> Iterator[BrowserContext]:
    """A window that has no network; it fails if the page asks for any."""
    context = context_of(browser, offline=True, viewport={"width": 1024, "height": 768})
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    yield context
    context.close()
    assert [url for url in asked if not url.startswith("file:")] == []


def door(window: BrowserContext, path: Path) -> Page:
    page = window.new_page()
    page.goto(path.as_uri())
    return page


def enter(page: Page, key: str) -> None:
    page.fill("#key", key)
    page.click("button[type=submit]")
    page.wait_for_selector("body.whole table.sheet, [role=alert]:not(:empty)")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_pack_opens_from_a_file_with_the_words_of_its_envelope(
    share: Share, window: BrowserContext, language: str
) -> None:
    ward, words = WARD_OF[language], words_in(language)
    page = door(window, share.new / f"{ward}.html")
    assert page.title() == words["title"].format(ward=ward)
    assert words["verified"] in page.inner_text("main")
    fingerprint = page.inner_text(".print")
    assert re.fullmatch(r"([0-9a-f]{4} ){15}[0-9a-f]{4}", fingerprint)
    enter(page, share.key(ward))
    text = page.inner_text("body")
    assert "JANSSENS" in text
    assert page.locator("table.sheet").count() == 1 + 2 * 3
    assert page.locator(".marks .banner").count() == 0
    assert page.locator("script").count() == 0


def test_the_book_of_known_patients_asks_for_a_name_and_a_reason_and_shows_them(
    window: BrowserContext, tmp_path: Path
) -> None:
    made = Delivered(tmp_path / "site", now())
    first = made.put(LIST, 3, made.now, "en")
    book = msgspec.structs.replace(first, ward="list+cards")
    made.lists.put(book, PDF + b"list+kitchen 3", sheets_of("list+cards", 3))
    sealed = made.outbox.seal_ward(made.lists.generations("list+cards")[0], held=False)
    assert sealed is not None
    made.outbox.put([sealed], "H1", made.now)
    page = door(window, made.outbox.folder / "list+cards.html")
    assert page.title() == "Book of known patients"
    enter(page, made.keys.words("cards"))
    assert page.locator("table.sheet").count() == 0
    page.fill("#name", "An Maes")
    page.fill("#reason", "brought in unconscious")
    enter(page, made.keys.words("cards"))
    marks = page.locator(".marks .banner").all_inner_texts()
    assert set(marks) == {"opened by An Maes: brought in unconscious"}
    assert page.locator("table.sheet").count() == 3


@pytest.mark.parametrize("language", LANGUAGES)
def test_door_and_pack_have_no_fault_of_access(
    share: Share, browser: Browser, language: str
) -> None:
    # Axe is put in by the driver, past the page's policy.
    context = context_of(browser, bypass_csp=True, viewport={"width": 1024, "height": 768})
    page = door(context, share.new / f"{WARD_OF[language]}.html")
    assert Axe().run(page).response["violations"] == []
    enter(page, share.key(WARD_OF[language]))
    found = Axe().run(page).response["violations"]
    assert [f"{v['id']}: {v['nodes'][0]['html'][:200]}" for v in found] == []
    context.close()


def test_a_key_that_a_scanner_types_opens_it_too(share: Share, window: BrowserContext) -> None:
    page = door(window, share.new / "Wen.html")
    enter(page, share.keys.identity(of_ward("Wen")))
    assert page.locator("table.sheet").count() == 7


@pytest.mark.parametrize("zone", ["UTC", "America/New_York"])
def test_a_computer_of_another_zone_tells_the_times_of_the_sheets_and_their_zone(
    browser: Browser, tmp_path: Path, zone: str
) -> None:
    at = 1_795_943_480_000_000  # 2026-11-29T09:11:20Z
    made = Share(tmp_path / "site", at)
    context = context_of(browser, offline=True, timezone_id=zone)
    page = door(context, made.new / "Wfr.html")
    before = "ÉTAT AU 29 nov 2026 10:10 CET · Établi 29 nov 2026 10:10 CET"
    assert page.inner_text(".when") == before
    enter(page, made.key("Wfr"))
    assert "ÉTAT AU 29 nov 2026 10:10 CET" in page.inner_text(".controls")
    context.close()


def test_a_list_of_before_that_tells_no_times_has_them_told_in_utc(
    browser: Browser, tmp_path: Path
) -> None:
    made = Share(tmp_path / "site", 1_795_943_480_000_000)
    shell, carried = read((made.new / "Wen.html").read_bytes())
    earlier = decode(carried.manifest)
    packs = tuple(
        msgspec.structs.replace(each, built_told="", as_of_told="") for each in earlier.packs
    )
    earlier = msgspec.structs.replace(earlier, packs=packs)
    content = encode(earlier)
    key = made.ring.signing_key()
    path = tmp_path / "Wen.html"
    signature = signed(content, earlier, key)
    path.write_bytes(
        fill(shell, msgspec.structs.replace(carried, manifest=content, signature=signature))
    )
    context = context_of(browser, offline=True, timezone_id="America/New_York")
    page = door(context, path)
    assert page.inner_text(".when").startswith("AS OF 2026-11-29 09:10 UTC")
    context.close()


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("legal winner", "24 are needed"),
        ("legal winxer " + "abandon " * 22, "Word 2 (winxer)"),
        ("abandon " * 24, "misread"),
        ("AGE-SECRET-KEY-1QQQQ", "no key"),
        (OTHER, "WRONG KEY"),
    ],
)
def test_what_was_typed_wrong_is_told_and_nothing_is_shown(
    share: Share, window: BrowserContext, typed: str, told: str
) -> None:
    page = door(window, share.new / "Wen.html")
    enter(page, typed)
    assert told in page.inner_text("[role=alert]")
    assert page.locator("table.sheet").count() == 0


def test_an_old_pack_says_how_many_hours_on_every_page(
    share: Share, window: BrowserContext, tmp_path: Path
) -> None:
    page = door(window, share.old / "Wen.html")
    enter(page, share.key("Wen"))
    edges = page.locator("table.sheet > :is(thead, tfoot) .marks").all_inner_texts()
    assert edges == ["OLD: 30 HOURS"] * 14
    printed = tmp_path / "printed.pdf"
    page.pdf(path=printed, prefer_css_page_size=True)
    pages = [each.extract_text() for each in PdfReader(printed).pages]
    assert len(pages) > 7
    assert [n for n, text in enumerate(pages) if text.count("OLD: 30 HOURS") < 2] == []
    patients = ("JANSSENS", "VAN ", "VANDERSTEEN", "Cardiology")
    assert [n for n, text in enumerate(pages) if not any(p in text for p in patients)] == []


def test_a_pack_that_this_browser_saw_newer_is_told_as_older(
    share: Share, window: BrowserContext, tmp_path: Path
) -> None:
    enter(page := door(window, share.new / "Wen.html"), share.key("Wen"))
    assert page.locator(".bar .banner").count() == 0
    enter(page := door(window, share.old / "Wen.html"), share.key("Wen"))
    assert "An older pack" in page.inner_text(".bar")


def test_a_computer_whose_clock_is_wrong_does_not_call_a_pack_new(
    share: Share, window: BrowserContext
) -> None:
    window.clock.set_fixed_time("2001-01-01T00:00:00Z")
    page = door(window, share.new / "Wen.html")
    assert "AGE NOT KNOWN" in page.inner_text("main")


def test_an_altered_pack_opens_only_with_name_and_reason_on_every_page(
    share: Share, window: BrowserContext, tmp_path: Path
) -> None:
    path = tmp_path / "Wen.html"
    content = (share.new / "Wen.html").read_bytes()
    at = content.index(b'id="wardkeep-sheets">') + 30_000
    other = b"A" if content[at : at + 1] != b"A" else b"B"
    path.write_bytes(content[:at] + other + content[at + 1 :])
    page = door(window, path)
    assert "NOT VERIFIED" in page.inner_text("main")
    enter(page, share.key("Wen"))
    assert "name and a reason" in page.inner_text("[role=alert]")
    page.fill("#name", "An <b>Maes")
    page.fill("#reason", "no other copy")
    enter(page, share.key("Wen"))
    heads = page.locator("table.sheet > thead .banner").all_inner_texts()
    whole = page.locator("table.sheet").count()
    told = "NOT VERIFIED · opened by An <b>Maes: no other copy"
    assert len([head for head in heads if head.startswith(told)]) == whole
    assert "CANNOT BE READ" in page.inner_text("main")
    assert whole >= 5


def test_a_forged_pack_cannot_run_anything_or_hide_that_it_is_not_verified(
    share: Share, window: BrowserContext, tmp_path: Path
) -> None:
    shell, carried = read((share.new / "Wen.html").read_bytes())
    forged = (
        '<style>.marks{display:none}</style><p style="position:fixed;inset:0">ALL IS WELL</p>'
        "<img src=x onerror=\"document.title='run'\"><script>document.title='run'</script>"
        '<dialog open>VERIFIED</dialog><table class="sheet"><thead><tr><td>x</td></tr></thead>'
        "</table>"
    )
    sheets = join([seal(forged.encode(), share.keys.recipients(of_ward("Wen")))])
    path = tmp_path / "Wen.html"
    forgery = Carried(
        sheets=sheets,
        manifest=carried.manifest,
        signature=carried.signature,
        signer=carried.signer,
    )
    path.write_bytes(fill(shell, forgery))
    page = door(window, path)
    page.fill("#name", "An")
    page.fill("#reason", "test")
    enter(page, share.key("Wen"))
    assert page.title() != "run"
    assert page.locator("main :is(style, img, script, dialog, [style])").count() == 0
    assert page.locator(".bar .banner").first.is_visible()
    assert page.locator("table.sheet .banner").first.is_visible()


def test_alterations_are_refused_or_marked_or_change_nothing_that_is_shown(
    share: Share, browser: Browser, tmp_path: Path
) -> None:
    """In a real browser, as far as it can know; the many are tried on the reader itself."""
    keys = {ward: share.key(ward) for ward in share.wards()}
    context = context_of(browser, offline=True)
    enter(page := door(context, share.new / "Wen.html"), keys["Wen"])
    page.wait_for_selector("table.sheet")
    true = page.inner_text("main")
    silent = []
    for number in range(20):
        path = tmp_path / "Wen.html"
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / "Wen.html").write_bytes((share.new / "Wen.html").read_bytes())
        alterations.of_page(random.Random(number), folder)
        path.write_bytes((folder / "Wen.html").read_bytes())
        page = door(context, path)
        key = page.locator("#key")
        if not key.count():
            continue  # the browser refused the script: nothing opens
        if "NOT VERIFIED" in page.inner_text("main"):
            page.close()
            continue
        enter(page, keys["Wen"])
        if page.locator("table.sheet").count() and page.inner_text("main") != true:
            silent.append(number)
        page.close()
    context.close()
    assert silent == []
