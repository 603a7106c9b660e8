"""Incidents elsewhere, 2017 to 2024; the last two struck no hospital.

Euros by the annual means of the European Central Bank: 1.1827 USD in 2021, 1.1422 in 2020,
1.1297 in 2017 and 1.0824 in 2024; 0.8767 GBP in 2017.
"""

from __future__ import annotations

from wardkeep.foresight.backtest.incident import (
    GROUP,
    HOUSE,
    NO_END,
    Incident,
    Known,
    exactly,
    within,
)

ABROAD = (
    Incident(
        id="hse",
        name="HSE Ireland (Conti)",
        date="2021-05-14",
        hospital=True,
        sites=1,
        servers=Known(value=4891.0, source="4,891 servers (rte.ie 1296538)"),
        machines=Known(value=74_891.0, source="and 70,000 devices"),
        cut=Known(value=3.6, source="detonation 01:00, found 04:36"),
        people=None,
        copies="not needed",
        seen=(
            exactly(
                "share of servers lost",
                2800 / 4891,
                "2,800 servers (57 %), from a secondary source (grokipedia)",
                weak=True,
            ),
            within(
                "day four in five applications are back",
                40,
                130,
                "servers decrypted: 75 % by day 40, all by day 130: of servers, inferred",
                weak=True,
            ),
            exactly("day everything is back", 130, "all servers by day 130 (rte.ie)"),
            within(
                "cost in euros",
                100e6,
                600e6 / 1.1827,
                "over 100 M EUR at once, up to 600 M USD said (bankinfosecurity a-16931)",
            ),
        ),
    ),
    Incident(
        id="duesseldorf",
        name="University hospital Düsseldorf",
        date="2020-09-10",
        hospital=True,
        sites=1,
        servers=Known(value=350.0, spread=0.6, source="prior: as other large houses"),
        machines=None,
        cut=None,
        people=None,
        copies="not needed",
        seen=(
            exactly(
                "share of activity lost in week 1",
                0.45,
                "1,000 to 550 patients a day (beckers; pledgetimes.com is weak)",
            ),
        ),
    ),
    Incident(
        id="uvm",
        name="University of Vermont",
        date="2020-10-28",
        hospital=True,
        sites=1,
        servers=Known(value=1500.0, source="1,500 servers (vtdigger.org)"),
        machines=Known(value=6500.0, source="and 5,000 PCs, in a flat net"),
        cut=None,
        people=None,
        copies="not needed",
        seen=(
            exactly("day the records are back", 25, "record system on day 25 (beckers)"),
            exactly(
                "day four in five applications are back", 56, "80 % of 600 on day 56 (beckers)"
            ),
            within(
                "cost in euros",
                63e6 / 1.1422,
                NO_END,
                "over 63 M USD (vtdigger.org); how much of it is lost revenue is not told",
                weak=True,
            ),
        ),
    ),
    Incident(
        id="scripps",
        name="Scripps Health",
        date="2021-05-01",
        hospital=True,
        sites=5,
        servers=GROUP,
        machines=None,
        cut=None,
        people=None,
        copies="not known",
        seen=(
            within(
                "day the records are back", 28, NO_END, "down for over 4 weeks (scworld.com)"
            ),
            exactly(
                "cost in euros",
                21.1e6 / 1.1827,
                "21.1 of 112.7 M USD; the rest is lost revenue (scworld.com)",
            ),
        ),
    ),
    Incident(
        id="wannacry",
        name="NHS (WannaCry), a mean trust of the 81 affected",
        date="2017-05-12",
        hospital=True,
        sites=1,
        servers=HOUSE,
        machines=None,
        cut=None,
        people=None,
        copies="not known",
        seen=(
            exactly(
                "cost in euros",
                73e6 / 81 / 0.8767,
                "73 M GBP of IT over 81 trusts (nao.org.uk; hsj.co.uk): divided, inferred",
                weak=True,
            ),
        ),
    ),
)

OTHERS = (
    Incident(
        id="maersk",
        name="Maersk (NotPetya)",
        date="2017-06-27",
        hospital=False,
        sites=1,
        servers=Known(value=4000.0, source="4,000 servers rebuilt (cysec-rco.com)"),
        machines=Known(value=49_000.0, source="and 45,000 PCs"),
        cut=Known(
            value=2.5, spread=0.3, source="prior: unplugging took more than 2 h (infosecurity)"
        ),
        people=None,
        copies="not known",
        seen=(
            exactly("day everything is back", 10, "rebuilt in 10 days (cysec-rco.com)"),
            within(
                "cost in euros",
                200e6 / 1.1297,
                300e6 / 1.1297,
                "200 to 300 M USD, lost business among it (infosecurity-magazine.com)",
                weak=True,
            ),
        ),
    ),
    Incident(
        id="change",
        name="Change Healthcare",
        date="2024-02-21",
        hospital=False,
        sites=1,
        servers=Known(
            value=4000.0, spread=0.7, source="prior: size not told, as the largest above"
        ),
        machines=None,
        cut=None,
        people=None,
        copies="not known",
        seen=(
            exactly(
                "day four in five applications are back",
                60,
                '"partial" after 2 months (breachsense.com): not 80 %',
                weak=True,
            ),
            exactly("day everything is back", 270, "complete after 9 months (breachsense.com)"),
            exactly(
                "cost in euros",
                2.87e9 / 1.0824,
                "2.87 B USD, lost business among it (The Register, by threatshub.org)",
                weak=True,
            ),
        ),
    ),
)
