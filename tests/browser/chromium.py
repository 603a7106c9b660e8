"""The system's Chromium, waited for as long as a loaded machine takes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, BrowserContext, sync_playwright
from tests.stories.site_server import PATIENCE_SECONDS

_PATIENCE = 1_000.0 * PATIENCE_SECONDS


@contextmanager
def chromium() -> Iterator[Browser]:
    """Run the browser without a screen."""
    with sync_playwright() as driver:
        # --no-sandbox: in CI the tests run as root, where chromium refuses its own sandbox.
        started = driver.chromium.launch(
            executable_path="/usr/bin/chromium",
            args=["--no-sandbox", "--disable-gpu"],
            timeout=_PATIENCE,
        )
        yield started
        started.close()


def context_of(browser: Browser, **options: object) -> BrowserContext:
    """Return a window with nothing in it of any other."""
    context = browser.new_context(**options)  # type: ignore[arg-type]  # playwright's own options
    context.set_default_timeout(_PATIENCE)
    return context
