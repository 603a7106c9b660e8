"""What stands on a board paper, as values: the same for the page and for a program.

Rules kept here:
- No estimate stands alone: it is a Range (over the attacks drawn), a Share or a Mean (with what
  drawing alone leaves open, 95 %). Cost says what somebody wrote down, and is no estimate.
- Nothing is left out: where a page has too little room, the page says how many are missing.
- None and "" stand for what nobody said, and are told as such.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from wardkeep.foresight.figures import Range
from wardkeep.foresight.governance.funding import CallState
from wardkeep.foresight.kept import KeptForecast


class Share(msgspec.Struct, frozen=True):
    """A share of the attacks drawn, and between which two the true one lies with 95 %."""

    share: float
    low: float
    high: float


class Mean(msgspec.Struct, frozen=True):
    """A mean over attacks, and between which two it lies with 95 %."""

    mean: float
    low: float
    high: float


class Cost(msgspec.Struct, frozen=True):
    """What a measure costs, as whoever proposes it wrote: euros, and hours of own people."""

    euros: float
    own_hours: float


class MapCopy(msgspec.Struct, frozen=True, kw_only=True):
    """The map is a copy of the first server's, which had it so at `as_of` (UTC, ISO 8601).

    None: it was never copied whole.
    """

    as_of: str | None


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """Of what and when the paper was made, so that it can be made again.

    `map_as_of`, `made`: UTC, ISO 8601. `zone`: the site's, as Europe/Brussels. `fingerprint`:
    SHA-256 of the map. `engines`: the versions of the programs that computed it.
    `map_copy`: None where the box is the first.
    """

    hospital: str
    zone: str
    map_as_of: str | None
    made: str
    replicas: int
    seed: int
    fingerprint: str
    version: str
    engines: dict[str, str]
    map_copy: MapCopy | None = None


class WayIn(msgspec.Struct, frozen=True, kw_only=True):
    """A way in that was tried: how often it ends in encryption, and whom it then delays.

    `sort`: a mail that is opened, or an access from outside; `place`: where, or whose. `late`
    None: the map counts no clinical service's patients, or no attack by this way encrypts.
    """

    entry: str
    sort: Literal["mail", "access"]
    place: str
    encrypts: Share
    late: Range | None


class Euros(msgspec.Struct, frozen=True, kw_only=True):
    """One part of the costs, and where its price comes from."""

    part: str
    euros: Range


class BackOnDay(msgspec.Struct, frozen=True, kw_only=True):
    """A service: the hours until it is back in full, those late, how often it is stopped.

    `late` None: no volume is on the map, or there are no `patients`, as of an office.
    `clinical`: its late patients are in the sum; those who wait for another are counted where
    they wait.
    """

    service: str
    name: str
    role: str
    clinical: bool
    patients: bool
    hours: Range
    late: Range | None
    stopped: Share


class Curve(msgspec.Struct, frozen=True, kw_only=True):
    """Which share of the lost servers is back at the end of a day."""

    day: int
    back: Range


class Reached(msgspec.Struct, frozen=True, kw_only=True):
    """A neighbour that the attack reaches by a channel; None: NOT RECORDED whose passwords."""

    neighbour: str
    channel: str
    share: Share | None
    hours: Range | None


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """What an attack that encrypts would take, by the worst of the ways in (`entry`).

    The worst is the one with most patients late in the middle. `struck`: attacks by it that
    encrypted, over which the ranges are. `services` with a role first,
    in the order in which wards ask for them; `uncounted`: services that the sums do not hold.
    """

    entry: str
    struck: int
    ways: tuple[WayIn, ...]
    late: Range | None
    patient_hours: Range | None
    elsewhere: Range | None
    servers: Range
    machines: Range
    days_until_all_back: Range
    euros: tuple[Euros, ...]
    services: tuple[BackOnDay, ...]
    curve: tuple[Curve, ...]
    neighbours: tuple[Reached, ...]
    uncounted: tuple[str, ...]
    unpriced: tuple[str, ...]


class Without(msgspec.Struct, frozen=True, kw_only=True):
    """What an attack that is tried costs in the mean while no measure is taken.

    Over all `attacks` by all ways in, also those that are stopped in time. None: the map counts
    no clinical service's patients.
    """

    attacks: int
    encrypts: Share
    late: Mean | None
    patient_hours: Mean | None
    euros: Mean


Verdict = Literal["helps", "unsure", "no difference", "nothing changed", "harms"]
"""Of a measure: it surely avoids late treatments, or nothing is sure, or no attack drawn ends
otherwise, or nothing on this map is as the measure would change it, or patients surely
wait longer with it."""


class Bought(msgspec.Struct, frozen=True, kw_only=True):
    """What a measure or a set of them buys, a mean over all attacks that were tried.

    `worse`: in which share of them patients wait longer with it than without. `late` and
    `patient_hours` None: the map counts no clinical service's patients. `in_best`: it belongs
    to the best set.
    """

    measure: str
    name: str
    cost: Cost
    late: Mean | None
    patient_hours: Mean | None
    euros: Mean
    worse: Share
    verdict: Verdict
    in_best: bool


class Best(msgspec.Struct, frozen=True, kw_only=True):
    """The best set under a budget; `bought` None: no measure that surely helps can be paid.

    `all_late`: late treatments without any measure of the attacks by which it was drawn, which
    are others than the rest of the paper's; None where none are counted.
    """

    budget: float
    own_hours: float | None
    names: tuple[str, ...]
    bought: Bought | None
    all_late: Mean | None


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One measure on the road map. `progress`: per cent, as `by` said on the day `told`.

    `overdue`: its quarter is over and it is not done. `cost`: None where the measures handed in
    do not hold it.
    """

    measure: str
    name: str
    quarter: str
    owner: str
    progress: int
    told: str
    by: str
    overdue: bool
    cost: Cost | None


class Accepted(msgspec.Struct, frozen=True, kw_only=True):
    """A risk that somebody accepts: which, why, who, and until when it is looked at again.

    `check` of the map, "" any; `item` of it, "" any, and its name.
    """

    check: str
    item: str
    name: str
    reason: str
    by: str
    on: str
    review: str
    overdue: bool


class Unknown(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that nobody knows: a code of `UNKNOWNS`, how many, and which."""

    what: str
    count: int
    named: tuple[str, ...] = ()


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """A field that an application asks for, and which number of this paper goes there.

    `number`: one of governance.funding.NUMBERS, "" where the paper has none.
    """

    field: str
    number: str


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """A funding call as the site's file tells it, and how it stands on the day of the paper."""

    programme: str
    call: str
    state: CallState
    opens: str
    closes: str
    rate: str
    source: str
    as_of: str
    note: str
    answers: tuple[Answer, ...]


class BoardPaper(msgspec.Struct, frozen=True, kw_only=True):
    """All of it.

    `before`: the last forecast over another map, if one is kept. `calls_from`: whose file the
    calls stand in: the site's or the shipped one.
    """

    source: Source
    taken: Taken
    without: Without | None
    bought: tuple[Bought, ...]
    best: Best | None
    roadmap: tuple[Step, ...]
    guesses: tuple[str, ...]
    accepted: tuple[Accepted, ...]
    unknown: tuple[Unknown, ...]
    before: KeptForecast | None
    calls: tuple[Call, ...]
    calls_from: Literal["site", "shipped"]
