"""What is known of the files at each target after all looks at it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from wardkeep.pack.events import DeliveriesChecked

Looks = Mapping[str, DeliveriesChecked]
"""What is known of each target, by its name."""


def fold(looks: Iterable[DeliveriesChecked], known: Looks | None = None) -> Looks:
    """Return what is known after all `looks`, in their order; of other targets as before."""
    found = dict(known or {})
    for each in looks:
        found[each.target] = after(found.get(each.target), each)
    return found


def after(former: DeliveriesChecked | None, look: DeliveriesChecked) -> DeliveriesChecked:
    """Return what is known after a look: one that read nothing takes back no fault.

    Whoever altered a share could unplug it, and be rid of the alarm.
    """
    if former is None or not look.unread:
        return look
    return msgspec.structs.replace(look, wards=former.wards, wrong=former.wrong)
