"""What settings leave open that a hospital will miss at night: sound, and yet not enough. Pure.

`wardkeep check` and the page Settings tell the same: neither decides anything of its own.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

import msgspec

from wardkeep.hospital.loopback import is_loopback
from wardkeep.hospital.site import ALL_STREAMS, Feed, Site
from wardkeep.kernel.wording import N_, Wording
from wardkeep.pack.print_order import places_of

# Direct lines change when wards move; once a year is what fire drills ask of telephones too.
_RING_AGAIN = timedelta(days=365)
# Wider than this, an allow-list keeps nobody out (65,536 addresses).
_WIDEST = 16
_WIDEST_6 = 64
_NAMED = 8


class Gap(msgspec.Struct, frozen=True):
    """One thing that is missing, and what to do."""

    subject: str
    what: Wording
    to_do: Wording


def gaps(site: Site, today: date) -> Iterator[Gap]:
    """Yield what the settings of a site leave open, in the order of the page Settings."""
    yield from _ward_gaps(site, today)
    yield from _feed_gaps(site)
    yield from _paper_gaps(site)
    yield from _delivery_gaps(site)
    yield from _account_gaps(site)
    yield from _loss_gaps(site)


def _ward_gaps(site: Site, today: date) -> Iterator[Gap]:
    if not site.wards:
        yield _gap(
            "wards",
            N_("no ward is declared: sheets lack names, empty beds and telephones"),
            N_("Add a table [[wards]] for each ward to wardkeep.toml."),
        )
    silent = [ward.code for ward in site.wards if not ward.telephones]
    if silent:
        yield _gap(
            "wards",
            N_("no direct telephone line is known of %(names)s"),
            N_("Set telephones of these wards: switchboards fall with the network."),
            names=_some(silent),
        )
    oldest = (today - _RING_AGAIN).isoformat()
    unrung = [w.code for w in site.wards if w.telephones and w.telephones_tested < oldest]
    if unrung:
        yield _gap(
            "wards",
            N_("nobody rang the direct lines of %(names)s for a year, or ever"),
            N_("Ring every one of them, then set telephones_tested to that day."),
            names=_some(unrung),
        )


def _feed_gaps(site: Site) -> Iterator[Gap]:
    if not site.feeds:
        yield _gap(
            "feeds",
            N_("no system sends here: charts and paper stay empty"),
            N_("Add a table [[feeds]] for each system that sends."),
        )
    fed = {stream for feed in site.feeds for stream in feed.streams}
    missing = [stream.value for stream in ALL_STREAMS if stream not in fed]
    if site.feeds and missing:
        yield _gap(
            "feeds",
            N_("no feed carries: %(names)s"),
            N_("Have these sent too, or declare their systems in [[systems]]: paper says so."),
            names=", ".join(missing),
        )
    wide = [feed.name for feed in site.listeners if _is_wide(feed)]
    if wide:
        yield _gap(
            "feeds",
            N_("a whole network may send on %(names)s"),
            N_("Set allow to the addresses of the systems that send, and no other."),
            names=_some(wide),
        )
    clear = [f.name for f in site.listeners if not (f.tls_certificate or is_loopback(f.host))]
    if clear:
        yield _gap(
            "feeds",
            N_("%(names)s comes unencrypted: whoever is on that wire can forge it"),
            N_("Set tls_certificate and tls_key where the sender can; else a network apart."),
            names=_some(clear),
        )


def _is_wide(feed: Feed) -> bool:
    networks = [ipaddress.ip_network(each) for each in feed.allow]
    return any(
        not network.is_loopback
        and network.prefixlen < (_WIDEST if network.version == 4 else _WIDEST_6)  # noqa: PLR2004
        for network in networks
    )


def _paper_gaps(site: Site) -> Iterator[Gap]:
    if not site.printers:
        yield _gap(
            "printers",
            N_("no printer is set up: paper comes from browsers alone"),
            N_("Add a table [[printers]] for each printer, best on USB or in a print room."),
        )
    else:
        without = [w.code for w in site.wards if not places_of(w.code, w.site, site.printers)]
        if without:
            yield _gap(
                "printers",
                N_("no printer prints for %(names)s"),
                N_("Name these wards at a printer, or make one a print room (room = true)."),
                names=_some(without),
            )
    if not site.proof.at:
        yield _gap(
            "paper",
            N_("no ward's paper is held against its charts at night"),
            N_("Set at in [proof], as in 03:30."),
        )
    if not site.paper.default_code_status:
        yield _gap(
            "paper",
            N_("the site's rule where no code status is recorded is not set"),
            N_("Set default_code_status in [paper]: the ward sheet prints it."),
        )
    if not site.paper.tall_man:
        yield _gap(
            "paper",
            N_("no list of look-alike drug names is chosen"),
            N_("Set tall_man in [paper] to the country whose list the pharmacy uses."),
        )


def _delivery_gaps(site: Site) -> Iterator[Gap]:
    if not site.deliveries:
        yield _gap(
            "deliveries",
            N_("packs are delivered nowhere: they lie on this server alone"),
            N_("Add a table [[deliveries]] for each share, stick or server."),
        )
    bare = [d.name for d in site.deliveries if d.kind == "folder" and not d.mount]
    if bare:
        yield _gap(
            "deliveries",
            N_("%(names)s is written even where nothing is mounted"),
            N_("Set mount, unless the folder is on a disk of this machine."),
            names=_some(bare),
        )


def _account_gaps(site: Site) -> Iterator[Gap]:
    login = site.login
    bare = [role for role in ("it", "lead") if role not in login.second_factor_roles]
    if bare:
        yield _gap(
            "accounts",
            N_("a password alone opens accounts with the role %(names)s"),
            N_("Add these to second_factor_roles in [login]."),
            names=", ".join(bare),
        )
    if login.pin_from == "anywhere":
        yield _gap(
            "accounts",
            N_("badge and PIN may be tried from any browser in which the account logged in"),
            N_('Set pin_from = "ward_pcs" in [login], and mark the ward PCs.'),
        )
    if not login.lock_after_minutes:
        yield _gap(
            "accounts",
            N_("a screen left alone is never covered"),
            N_("Set lock_after_minutes in [login], as in 10."),
        )


def _loss_gaps(site: Site) -> Iterator[Gap]:
    if site.copies is None:
        yield _gap(
            "copies",
            N_("no second box may follow: what this machine holds dies with it"),
            N_("Add the table [copies], and run `wardkeep followers invite`."),
        )
    if not site.backup.repository:
        yield _gap(
            "backup",
            N_("no place for backups is set"),
            N_("Set repository in [backup], and run `wardkeep backup` by a timer."),
        )
    if site.web_name and not (site.own_name.dns or site.own_name.mdns):
        yield _gap(
            "reach",
            N_("without the hospital's DNS the name %(name)s leads nowhere"),
            N_("Set name, addresses and dns or mdns in [own_name], or hang up the address."),
            name=site.web_name,
        )


def _gap(subject: str, what: str, to_do: str, **values: str) -> Gap:
    return Gap(subject, Wording(what, values), Wording(to_do))


def _some(names: Sequence[str]) -> str:
    """Return the names, of very many the first."""
    rest = f" (+{len(names) - _NAMED})" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + rest
