"""What this part writes to the operations ledger. A published event is never edited."""

from __future__ import annotations

import msgspec

PART = "pack"


class PackBuilt(msgspec.Struct, frozen=True, kw_only=True, tag="PackBuilt.v1"):
    """A ward's pack was typeset and stands on the shelf.

    Times in UTC microseconds. `revision` is the ward's count of changes that the pack shows;
    `digest` the SHA-256 of the file, in hex; `generation` counts the ward's packs from 1.
    """

    ward: str
    generation: int
    revision: int
    language: str
    at: int
    as_of: int | None
    pages: int
    patients: int
    digest: str


class PackHeld(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag="PackHeld.v1"
):
    """A ward lost so much since `since` that its paper stays as it was at `sound_at`.

    Of `patients` then, `hit` lost something: `gone` left the ward (`merged` of them into
    another record), `stopped` lost half of their orders or more, `stripped` an allergy.
    `charts_lack`: it is held because the charts were begun anew without what erased days had
    said, whatever the counts. Times in UTC microseconds.
    """

    ward: str
    at: int
    since: int
    sound_at: int
    patients: int
    hit: int
    gone: int
    merged: int
    stopped: int
    stripped: int
    charts_lack: bool = False


class PackReleased(msgspec.Struct, frozen=True, kw_only=True, tag="PackReleased.v1"):
    """Somebody said that what the ward lost is true, or the ward has got it back."""

    ward: str
    at: int
    by: str
    why: str


class PackKept(msgspec.Struct, frozen=True, kw_only=True, tag="PackKept.v1"):
    """Somebody said that the pack stays held."""

    ward: str
    at: int
    by: str
    why: str


class PrintOrdered(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag="PrintOrdered.v1"
):
    """Somebody, or the site's schedule, ordered a part of a ward's paper at a printer.

    `order` is a random number in letters, which is all that the printer is told; `part` one of
    PARTS; `run` the same for all orders that were given at once; `again` the order that this
    one repeats. Times in UTC microseconds.
    """

    order: str
    ward: str
    printer: str
    at: int
    by: str
    part: str = "whole"
    why: str = ""
    run: str = ""
    again: str = ""


class PrintBegun(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag="PrintBegun.v1"
):
    """The pages of an order were chosen and are about to be sent: from here on paper may come.

    `generation` and `digest` are the pack's, `pages` those to be printed. `built` and `as_of`
    are the pack's too; 0 where an earlier release did not put them down.
    """

    order: str
    at: int
    generation: int
    digest: str
    pages: int
    built: int = 0
    as_of: int | None = None


class PrintAccepted(msgspec.Struct, frozen=True, kw_only=True, tag="PrintAccepted.v1"):
    """The printer took the order as a job of its own number."""

    order: str
    at: int
    job: int


class PackPrinted(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag="PackPrinted.v1"
):
    """All pages of an order lie in the tray: the printer counted them, or a person did (`by`).

    `first` is when the first sheet was seen to be out, None where it was not seen.
    """

    order: str
    at: int
    sheets: int
    by: str = ""
    why: str = ""
    first: int | None = None


class PrintStuck(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag="PrintStuck.v1"
):
    """An order does not come to its end: a person must look. `why` is one of STUCK.

    `sheets` were counted until then, None where nobody counted; `told` is the printer's word.
    """

    order: str
    at: int
    why: str
    sheets: int | None = None
    told: str = ""


class PrintGivenUp(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag="PrintGivenUp.v1"
):
    """Nothing more is done for an order: somebody said so, or the printer never answered."""

    order: str
    at: int
    by: str
    why: str = ""


class ListProved(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A list of the whole house was read back and held against what it was made of.

    `checks` facts of its rows as they were at `pack_at`, and its rows in the PDF; `right` of
    them stood there, `wrong` counts by kind what did not. `place` and `means` as in ProofMade.
    `why`: it could not be compared; then nothing else of it is known. UTC microseconds.
    """

    code: str
    at: int
    generation: int = 0
    pack_at: int = 0
    checks: int = 0
    right: int = 0
    wrong: dict[str, int] = {}
    place: str = ""
    means: str = ""
    why: str = ""


class ProofMade(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag="ProofMade.v1"
):
    """A ward was rebuilt from its pack and held against its charts.

    `checks` facts were looked for as they were at `pack_at`, `right` of them stood on paper;
    of medication, `medication` facts of `at`, `medication_right` of them on paper. `wrong` and
    `wrong_now` count by kind what was not. `minutes`: until the last ward had its paper, as
    measured; None where no printer's speed was. Times in UTC microseconds.
    `place`: the target whose file was read, empty for the shelf's; `means` one of MEANS.
    `lists`: what came of the lists of the whole house in the same night; no ward's figure
    counts them. Releases before 0.3 put none down.
    """

    ward: str
    generation: int
    pack_at: int
    at: int
    by: str
    checks: int
    right: int
    medication: int
    medication_right: int
    wrong: dict[str, int] = {}
    wrong_now: dict[str, int] = {}
    minutes: float | None = None
    place: str = ""
    means: str = ""
    lists: tuple[ListProved, ...] = ()


OPENED, COMPARED = "opened", "compared"
MEANS = (OPENED, COMPARED)
"""How a delivered file was proved: opened with its ward's key; or, where no secret of that key
is here, by its bytes, which are those that were sealed of the shelf's pack, which was read."""


PARTS = ("whole", "sheet", "records")
"""What of a ward's pack is printed: all of it, the ward sheet, or the patients' sheets."""

PrintEvent = PrintOrdered | PrintBegun | PrintAccepted | PackPrinted | PrintStuck | PrintGivenUp


class PackDeliveryOrdered(
    msgspec.Struct, frozen=True, kw_only=True, tag="PackDeliveryOrdered.v1"
):
    """Somebody had packs brought to a target: those of `wards`, by the manifest `counter`."""

    target: str
    at: int
    by: str
    counter: int
    wards: tuple[str, ...]


class PackDeliveryAsked(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag="PackDeliveryAsked.v1"
):
    """Somebody asked on a page that a target gets all its packs again; the server obeys."""

    target: str
    at: int
    by: str


class PacksDelivered(msgspec.Struct, frozen=True, kw_only=True, tag="PacksDelivered.v1"):
    """A target took the packs of so many wards and the manifest `counter` that names them."""

    target: str
    at: int
    counter: int
    wards: int
    bytes: int


class PackDeliveryFailed(
    msgspec.Struct, frozen=True, kw_only=True, tag="PackDeliveryFailed.v1"
):
    """A target could not be reached or written; it is tried again by itself."""

    target: str
    at: int
    why: str


class DeliveriesChecked(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag="DeliveriesChecked.v1"
):
    """The files of `wards` packs at a target were held against what was delivered there.

    `wrong` says by ward what was found: one of WRONG. `unread`: why the target could not be
    looked at; then `wards` and `wrong` are those of the last look that read them. Times in UTC
    microseconds.
    """

    target: str
    at: int
    by: str
    wards: int
    wrong: dict[str, str] = {}
    unread: str = ""


class PackKeyAdopted(msgspec.Struct, frozen=True, kw_only=True, tag="PackKeyAdopted.v1"):
    """Somebody said that packs of a holder are sealed to the first's newer public key.

    `before` and `after` are the SHA-256 of the two public keys as text, in hex.
    """

    holder: str
    at: int
    by: str
    before: str
    after: str


MISSING, OLDER, ALTERED = "missing", "older", "altered"
WRONG = (MISSING, OLDER, ALTERED)


class PackDownloaded(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag="PackDownloaded.v1"
):
    """Somebody took a ward's newest pack as PDF from the pages: this server sent it.

    `digest` is the file's SHA-256, in hex; empty where an earlier release did not put it down.
    """

    ward: str
    generation: int
    built: int
    as_of: int | None
    at: int
    by: str
    digest: str = ""


class PackOpeningSaid(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag="PackOpeningSaid.v1"
):
    """A note at a target said that a ward's pack was opened: `opened` and `by` are its word.

    Whoever may write there could have laid it: it is told as said by the place, and nothing
    follows from it. `at` is when it was read here. `built` and `as_of` are those of the pack of
    that generation as it is known here; 0 and None where it is not, or was not put down.
    """

    ward: str
    generation: int
    target: str
    at: int
    opened: int
    by: str
    built: int = 0
    as_of: int | None = None


class PackAccepted(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag="PackAccepted.v1"
):
    """Somebody said that a ward has the pack of a generation in hand: what it shows is `as_of`.

    `by` who recorded it, `said_by` who said it where that was another; `way` one of WAYS.
    """

    ward: str
    generation: int
    built: int
    as_of: int | None
    at: int
    by: str
    way: str
    said_by: str = ""


ON_PAGE, BY_CODE, BY_VERB = "page", "code", "verb"
WAYS = (ON_PAGE, BY_CODE, BY_VERB)
"""How it was said: on a ward's page, by the code of its cover sheet, by `wardkeep accept`."""

ReceiptEvent = PackDownloaded | PackOpeningSaid | PackAccepted
DeliveryEvent = PackDeliveryAsked | PackDeliveryOrdered | PacksDelivered | PackDeliveryFailed
PackEvent = PackBuilt | PackHeld | PackReleased | PackKept
Decision = PackReleased | PackKept
AnyEvent = (
    PackEvent
    | PrintEvent
    | DeliveryEvent
    | ProofMade
    | DeliveriesChecked
    | ReceiptEvent
    | PackKeyAdopted
)
_decoder: msgspec.json.Decoder[AnyEvent] = msgspec.json.Decoder(AnyEvent)


def encode(event: AnyEvent) -> tuple[str, bytes]:
    """Return the event's name with its version, and its body as JSON."""
    return f"{type(event).__name__}.v1", msgspec.json.encode(event)


def decode(name: str, body: bytes) -> AnyEvent:
    """Return the event that `encode` made; raises ValueError for a name of no such event."""
    try:
        event = _decoder.decode(body)
    except msgspec.DecodeError as fault:
        raise ValueError(f"no event of packs is called {name!r}") from fault
    if f"{type(event).__name__}.v1" != name:
        raise ValueError(f"no event of packs is called {name!r}")
    return event
