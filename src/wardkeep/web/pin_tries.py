"""How often a PIN was wrong, for an account in a browser: after five, the password is asked.

Nobody else is held up by it: other browsers of the account count for themselves, and browsers
that nobody knows count together as one.
"""

from __future__ import annotations

from collections import OrderedDict

# Six digits: five tries in each browser that IT marked guess one account in 200,000.
MOST_TRIES = 5
_MOST_KEPT = 10_000


class PinTries:
    """Wrong PINs since the last right secret, by account and browser."""

    def __init__(self) -> None:
        self._wrong: OrderedDict[tuple[str, str], int] = OrderedDict()
        # Apart: badges are invented for nothing, and would push true counts out.
        self._nobodys: OrderedDict[tuple[str, str], int] = OrderedDict()

    def may_try(self, account: str, browser: str) -> bool:
        """Count a try as wrong until it is forgiven; False where the password is needed."""
        return _counted(self._wrong, (account, browser))

    def may_try_badge(self, badge: str, browser: str) -> bool:
        """Count a try of a badge that is nobody's, so that it answers as a true one does."""
        return _counted(self._nobodys, (badge, browser))

    def may_be_tried(self, account: str, browser: str) -> bool:
        """Say whether a PIN would be looked at; counts nothing."""
        return self._wrong.get((account, browser), 0) < MOST_TRIES

    def used_up(self) -> set[str]:
        """Return the accounts that have no try left in some browser: the password is asked."""
        return {
            account
            for (account, _browser), count in list(self._wrong.items())
            if count >= MOST_TRIES
        }

    def forgive(self, account: str, browser: str) -> None:
        """Forget what was wrong: PIN or password were right."""
        self._wrong.pop((account, browser), None)


def _counted(kept: OrderedDict[tuple[str, str], int], key: tuple[str, str]) -> bool:
    count = kept.pop(key, 0)
    kept[key] = count + 1
    while len(kept) > _MOST_KEPT:
        kept.popitem(last=False)
    return count < MOST_TRIES
