"""Getting in, in a real browser: a security key, a locked screen, the pages of the way in."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files

import pytest
from playwright.sync_api import Browser, Page
from tests.browser.chromium import context_of
from tests.browser.test_screens import _AXE, LANGUAGES, address, browser  # noqa: F401  # fixtures
from tests.web.handmade import PASSWORD

pytestmark = pytest.mark.browser

PAGES = ("/login", "/code", "/account", "/factors", "/officers", "/glass", "/audit")


def local(address: str) -> str:  # noqa: F811  # the fixture's value
    """The same server under the name that security keys are bound to."""
    return address.replace("127.0.0.1", "localhost")


def log_in(page: Page, name: str) -> None:
    page.goto("/login?lang=en")
    page.fill("#name", name)
    page.fill("#password", PASSWORD)
    page.click("main form:has(#password) button")
    page.wait_for_url(lambda url: "/login" not in url)  # what comes next breaks it off no more


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:  # noqa: F811  # pytest's way
    context = context_of(
        browser,
        base_url=local(address),
        viewport={"width": 1024, "height": 768},
        bypass_csp=True,
    )
    yield context.new_page()
    context.close()


def test_a_security_key_is_registered_and_opens_the_next_login(page: Page) -> None:
    key = page.context.new_cdp_session(page)
    key.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "usb",
        "hasResidentKey": False,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    key.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    log_in(page, "otto")
    page.goto("/factors")
    page.fill("#label", "blue key")
    page.click("text=Register this key")
    page.wait_for_selector("table >> text=blue key")
    page.click("header >> text=Log out")
    page.wait_for_url("**/login*")
    log_in(page, "otto")
    page.wait_for_url("**/factor*")
    page.click("text=Use the security key")
    page.wait_for_url("**/")
    assert page.goto("/audit").status == 200
    assert "password and security key" in page.inner_text("main")


def test_the_pages_of_the_way_in_have_no_fault_of_access_and_fit(page: Page) -> None:
    axe = (files("axe_playwright_python") / "axe.min.js").read_text()
    log_in(page, "lea")
    page.wait_for_url("**/")
    faults: dict[str, list[str]] = {}
    for language in LANGUAGES:
        for path in PAGES:
            page.goto(f"{path}?lang={language}")
            page.evaluate(axe)
            if found := page.evaluate(_AXE):
                faults[f"{path} {language}"] = found
            assert page.evaluate("document.documentElement.scrollWidth") <= 1024, path
    page.goto("/account")
    page.click("header form[action='/lock'] button")
    page.wait_for_url("**/locked*")
    page.evaluate(axe)
    if found := page.evaluate(_AXE):
        faults["/locked"] = found
    assert "Screen locked" in page.goto("/locked?lang=en").text()
    page.fill("#password", PASSWORD)
    page.click("text=Unlock by password")
    page.wait_for_url("**/")
    assert faults == {}
