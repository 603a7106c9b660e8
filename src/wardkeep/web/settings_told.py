"""What a site's settings say, in plain words: tables and sentences of the page Settings."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import msgspec

from wardkeep.app.settings_difference import masked
from wardkeep.hospital.site import ALL_STREAMS, Feed, Site
from wardkeep.kernel.wording import N_, Wording
from wardkeep.web.words import STREAMS

Translate = Callable[[str], str]


class Section(msgspec.Struct, frozen=True, kw_only=True):
    """One part of the settings: its heading, sentences, and a table where there is one.

    Everything is in the reader's language; cells hold what the settings say, word for word.
    """

    subject: str
    lines: tuple[str, ...] = ()
    heads: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


def sections(site: Site, translate: Translate) -> list[Section]:
    """Return all parts of the settings, as a person looks for them."""
    return [
        _wards(site, translate),
        _feeds(site, translate),
        _printers(site, translate),
        _deliveries(site, translate),
        _said("accounts", _account_lines(site), translate),
        _said("clock", _clock_lines(site), translate),
        _said("paper", _paper_lines(site), translate),
        _said("retention", _retention_lines(site), translate),
        _said("server", _server_lines(site), translate),
    ]


def _said(subject: str, lines: Iterator[Wording], translate: Translate) -> Section:
    return Section(subject=subject, lines=tuple(line.said(translate) for line in lines))


def _table(
    subject: str, heads: Sequence[str], rows: Sequence[tuple[str, ...]], translate: Translate
) -> Section:
    told = tuple(translate(head) for head in heads)
    return Section(subject=subject, heads=told, rows=tuple(rows))


def _wards(site: Site, translate: Translate) -> Section:
    heads = (N_("Ward"), N_("Name"), N_("Site"), N_("Beds"), N_("Direct lines"), N_("Rung on"))
    none, never = translate(N_("none")), translate(N_("never"))
    rows = [
        (
            ward.code,
            ward.name or none,
            ward.site or none,
            str(len(ward.beds)),
            ", ".join(ward.telephones) or none,
            ward.telephones_tested or never,
        )
        for ward in site.wards
    ]
    return _table("wards", heads, rows, translate)


def _feeds(site: Site, translate: Translate) -> Section:
    heads = (N_("Feed"), N_("Listens"), N_("Who may send"), N_("Carries"), N_("Encrypted"))
    rows = [
        (
            feed.name,
            "FHIR" if fhir else f"{feed.host}:{feed.port}",
            ", ".join(feed.allow) or translate(N_("nobody")),
            _carries(feed, translate),
            _yes(
                (site.web_certificate if fhir else feed.tls_certificate) is not None, translate
            ),
        )
        # FHIR comes in by the pages' own door, and is as encrypted as they are.
        for feed, fhir in ((each, each.kind == "fhir") for each in site.feeds)
    ]
    return _table("feeds", heads, rows, translate)


def _carries(feed: Feed, translate: Translate) -> str:
    if set(feed.streams) == set(ALL_STREAMS):
        return translate(N_("everything"))
    told = [translate(STREAMS[stream]) for stream in feed.streams]
    return ", ".join(told) or translate(N_("nothing"))


def _printers(site: Site, translate: Translate) -> Section:
    heads = (N_("Printer"), N_("Address"), N_("Prints for"), N_("Sides"), N_("Pages a minute"))
    rows = [
        (
            printer.name,
            masked(printer.uri),
            _prints_for(printer.wards, printer.site, translate),
            translate(N_("one-sided") if printer.sides == "one-sided" else N_("TWO-SIDED")),
            str(printer.pages_a_minute),
        )
        for printer in site.printers
    ]
    return _table("printers", heads, rows, translate)


def _prints_for(wards: Sequence[str], site: str, translate: Translate) -> str:
    if wards:
        return ", ".join(wards)
    if site:
        return translate(N_("print room of %(site)s")) % {"site": site}
    return translate(N_("print room of every ward"))


def _deliveries(site: Site, translate: Translate) -> Section:
    heads = (N_("Place"), N_("Where"), N_("Wards"), N_("Must be mounted"), N_("Late after"))
    rows = [
        (
            each.name,
            f"sftp {each.user}@{each.host}:{each.path}" if each.kind == "sftp" else each.path,
            ", ".join(each.wards) or translate(N_("all wards")),
            each.mount or translate(N_("no") if each.kind == "folder" else N_("a server")),
            translate(N_("%(n)s min")) % {"n": each.late_after_minutes},
        )
        for each in site.deliveries
    ]
    return _table("deliveries", heads, rows, translate)


def _yes(holds: bool, translate: Translate) -> str:  # noqa: FBT001  a word for yes or no
    return translate(N_("yes") if holds else N_("NO"))


def _account_lines(site: Site) -> Iterator[Wording]:
    login, oidc = site.login, site.oidc
    if login.second_factor_roles:
        asked = ", ".join(login.second_factor_roles)
        yield Wording(N_("A second factor is asked of: %(roles)s."), {"roles": asked})
    else:
        yield Wording(N_("A second factor is asked of nobody."))
    yield Wording(_PIN_FROM[login.pin_from])
    if login.lock_after_minutes:
        covered = N_("A screen left alone is covered after %(n)s min.")
        yield Wording(covered, {"n": login.lock_after_minutes})
    else:
        yield Wording(N_("A screen left alone is never covered."))
    yield Wording(
        N_("It is logged out after %(n)s min; no session is longer than %(hours)s h."),
        {"n": login.end_after_minutes, "hours": login.longest_hours},
    )
    glass = N_("Broken glass opens patients for %(n)s min.")
    yield Wording(glass, {"n": login.glass_minutes})
    if oidc is None:
        yield Wording(N_("There is no single sign-on: accounts here need no other system."))
    else:
        values = {"issuer": masked(oidc.issuer), "roles": ", ".join(oidc.roles)}
        yield Wording(N_("Single sign-on by %(issuer)s logs in: %(roles)s."), values)


_PIN_FROM = {
    "ward_pcs": N_("Badge and PIN open a session on marked ward PCs."),
    "anywhere": N_("Badge and PIN open a session in every browser that the account knows."),
    "nowhere": N_("Badge and PIN open no session."),
}


def _clock_lines(site: Site) -> Iterator[Wording]:
    rules, printing = site.rules, site.printing
    yield Wording(N_("Times are those of %(zone)s."), {"zone": rules.timezone})
    yield Wording(
        N_(
            "Until its limits are learned, a stream is late after %(late)s min and silent after"
            " %(silent)s min."
        ),
        {"late": rules.late_after_minutes, "silent": rules.silent_after_minutes},
    )
    lag = N_("Until it is learned, charting may lag %(n)s min behind.")
    yield Wording(lag, {"n": rules.charting_lag_minutes})
    if printing.at:
        printed = N_("Every ward is printed at %(hours)s.")
        yield Wording(printed, {"hours": ", ".join(printing.at)})
    else:
        yield Wording(N_("Wards are printed on order alone."))
    if site.proof.at:
        proved = N_(
            "Each night at %(hour)s one ward's paper and every list of the house are compared"
            " with their charts."
        )
        yield Wording(proved, {"hour": site.proof.at})


def _paper_lines(site: Site) -> Iterator[Wording]:
    paper, rules, brake = site.paper, site.rules, site.brake
    if paper.default_code_status:
        rule = N_("Where no code status is recorded, the ward sheet says: %(rule)s")
        yield Wording(rule, {"rule": paper.default_code_status})
    if paper.tall_man:
        names = N_("Look-alike drug names are those of: %(country)s.")
        yield Wording(names, {"country": paper.tall_man})
    off = [ward.code for ward in site.wards if not ward.next_due]
    if not rules.compute_next_due:
        yield Wording(N_("Next doses are NOT COMPUTED."))
    elif off:
        wards = {"wards": ", ".join(off)}
        yield Wording(N_("Next doses are computed, but not on: %(wards)s."), wards)
    else:
        yield Wording(N_("Next doses are computed on every ward."))
    codes = N_("Each patient's sheets carry the sealed chart as codes.")
    yield Wording(codes if paper.codes else N_("Sheets carry no codes to rebuild charts from."))
    yield Wording(
        N_(
            "Lists of the whole house: %(kinds)s kinds, made every %(n)s min;"
            " 0 kinds: none is made."
        ),
        {"kinds": len(site.lists.kinds), "n": site.lists.every_minutes},
    )
    yield Wording(
        N_(
            "A ward's paper is held when %(share)s %% of its patients leave or lose orders"
            " within %(n)s min, or %(slow)s %% within %(hours)s h."
        ),
        {
            "share": brake.share_percent,
            "n": brake.window_minutes,
            "slow": brake.slow_share_percent,
            "hours": brake.slow_hours,
        },
    )


def _retention_lines(site: Site) -> Iterator[Wording]:
    kept, backup = site.retention, site.backup
    days = N_("Messages are kept for %(n)s days, then erased with their keys.")
    yield Wording(days, {"n": kept.clinical_days})
    yield Wording(
        N_("Looks at patients are kept for %(n)s months, digests of messages for %(other)s."),
        {"n": kept.access_months, "other": kept.digest_months},
    )
    if backup.repository:
        place = N_("Backups go to %(place)s and are late after %(n)s h.")
        values: dict[str, str | int] = {
            "place": masked(backup.repository),
            "n": backup.late_after_hours,
        }
        yield Wording(place, values)
    else:
        yield Wording(N_("No place for backups is set."))


def _server_lines(site: Site) -> Iterator[Wording]:
    address = f"{site.web_host}:{site.web_port}"
    yield Wording(N_("The screens are at %(address)s."), {"address": address})
    if site.web_name:
        yield Wording(N_("Browsers reach them as %(name)s."), {"name": site.web_name})
    yield Wording(_KEY_FROM[site.keys.source])
    if site.copies is None:
        yield Wording(N_("No second box may copy this one."))
    else:
        where = f"{site.copies.host}:{site.copies.port}"
        yield Wording(N_("A second box copies from %(address)s."), {"address": where})
    systems = [each.name for each in site.systems if not each.feeds]
    if systems:
        names = {"names": ", ".join(systems)}
        yield Wording(N_("Systems that send nothing, named on paper: %(names)s."), names)


_KEY_FROM = {
    "file": N_("The server's key lies on its own disk."),
    "usb": N_("The server's key is on a stick."),
    "credential": N_("The server's key is sealed to this machine by systemd."),
    "passphrase": N_("The server's key needs a passphrase at each start."),
}
