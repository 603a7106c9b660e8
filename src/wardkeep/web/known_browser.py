"""Browsers in which an account logged in before: they stand in a line of their own.

Whoever guesses passwords from elsewhere cannot make such a browser wait. Source: OWASP, "Slow
Down Online Guessing Attacks with Device Cookies". The cookie opens nothing and names nobody: a
random number of the browser and, for each account, a digest that only this server can make.
"""

from __future__ import annotations

import hashlib
import hmac

# The nurses of a ward who share its PC; who was here longest ago is forgotten first.
_MOST_ACCOUNTS = 24
_TAG = 22
_LONGEST = 64 + _MOST_ACCOUNTS * (_TAG + 1)


def browser_cookie_name(*, secure: bool) -> str:
    """Return the cookie's name; __Host- makes browsers refuse it from elsewhere."""
    return "__Host-wardkeep-browser" if secure else "wardkeep-browser"


def known_browser(cookie: str, account: str, secret: bytes) -> str:
    """Return the browser's number if the account logged in there before, else ""."""
    browser, tags = _parts(cookie)
    wanted = _tag(browser, account, secret)
    return browser if any(hmac.compare_digest(wanted, tag) for tag in tags) else ""


def with_account(cookie: str, account: str, secret: bytes, new_browser: str) -> str:
    """Return the cookie after the account logged in; `new_browser` numbers one without."""
    browser, tags = _parts(cookie)
    browser = browser or new_browser
    mine = _tag(browser, account, secret)
    others = [tag for tag in tags if tag != mine]
    return ".".join([browser, mine, *others[: _MOST_ACCOUNTS - 1]])


def _parts(cookie: str) -> tuple[str, list[str]]:
    usable = cookie.isascii() and len(cookie) <= _LONGEST
    browser, *tags = cookie.split(".") if usable else [""]
    if not browser.replace("-", "").replace("_", "").isalnum():
        return "", []
    return browser, [tag for tag in tags if len(tag) == _TAG]


def _tag(browser: str, account: str, secret: bytes) -> str:
    # A digest for each browser: two browsers of one account cannot be told to be so.
    text = f"{browser}\0{account}".encode("utf-8", "surrogatepass")
    return hmac.new(secret, text, hashlib.sha256).hexdigest()[:_TAG]
