"""Incidents of Belgian and French hospitals, 2019 to 2024."""

from __future__ import annotations

from wardkeep.foresight.backtest.incident import (
    A_BED,
    HOUSE,
    NO_END,
    Incident,
    Known,
    exactly,
    within,
)

BELGIUM = (
    Incident(
        id="vivalia",
        name="Vivalia (LockBit)",
        date="2022-05-14",
        hospital=True,
        sites=6,
        servers=Known(
            value=350.0,
            spread=0.3,
            source="prior: 200 were hit, a bit over half of all machines",
        ),
        machines=Known(value=3000.0, source="about 3,000 machines in all (rtl.be 1381007)"),
        cut=None,
        people=None,
        copies="not known",
        seen=(
            exactly(
                "share of servers lost",
                0.57,
                "1,700 of about 3,000 machines (lalibre.be 2022-05-20): of machines, inferred",
                weak=True,
            ),
            exactly(
                "day of the first theatre",
                16,
                "non-urgent surgery restarts on day 16 (tvlux.be 2022-05-30)",
            ),
            within(
                "day four in five applications are back",
                20,
                42,
                "day 20: laboratories > 85 %, two of four theatres; six weeks: nearly all"
                " activity (rtbf.be 11021073): of activity, inferred",
                weak=True,
            ),
        ),
    ),
    Incident(
        id="chwapi",
        name="CHwapi Tournai",
        date="2021-01-17",
        hospital=True,
        sites=1,
        servers=Known(value=300.0, source="300 servers (numerikare.be)"),
        machines=None,
        cut=Known(
            value=0.5, spread=0.6, source='prior: "all unplugged at once"; no hour is told'
        ),
        people=Known(
            value=20.0,
            spread=0.4,
            source="prior: about 40 of the house and a team from Lille; half of them at a time",
        ),
        copies="not known",
        seen=(
            exactly("share of servers lost", 80 / 300, "80 of 300 encrypted (numerikare.be)"),
            exactly("day of the first theatre", 2, "theatres 1 and 2 up (rtbf 10676223)"),
        ),
    ),
    Incident(
        id="saint-pierre",
        name="CHU Saint-Pierre",
        date="2023-03-11",
        hospital=True,
        sites=1,
        servers=HOUSE,
        machines=None,
        cut=Known(value=3.0, source="slow at 01:00, found and disconnected at 04:00 (rtbf.be)"),
        people=None,
        copies="not known",
        encrypted=False,
        seen=(
            exactly(
                "day four in five applications are back",
                16 / 24,
                '"most" applications back at 17:00, 16 h (lespecialiste.be): most, not 80 %',
                weak=True,
            ),
        ),
    ),
)

FRANCE = (
    Incident(
        id="rouen",
        name="CHU Rouen (Clop)",
        date="2019-11-15",
        hospital=True,
        sites=5,
        servers=Known(value=800.0, spread=0.5, source=f"{A_BED}; 2,500 beds (ticsante.com)"),
        machines=None,
        cut=Known(
            value=0.25,
            spread=0.5,
            source="prior: called 19:45, servers stopped 20:00; the first of it not told",
        ),
        people=Known(value=25.0, source="20 to 30 people day and night (francebleu.fr)"),
        day_and_night=True,
        copies="not known",
        seen=(
            exactly(
                "day the records are back",
                3,
                "admission, prescription, reports and beds within 3 days (ticsante.com 4869)",
            ),
            within(
                "day four in five applications are back",
                5,
                9,
                'the rest "at the end of the week" (ticsante.com): day inferred',
                weak=True,
            ),
        ),
    ),
    Incident(
        id="corbeil",
        name="Corbeil-Essonnes (LockBit)",
        date="2022-08-21",
        hospital=True,
        sites=1,
        servers=Known(value=330.0, spread=0.5, source=f"{A_BED}; 3,600 staff, beds not told"),
        machines=None,
        cut=None,
        people=None,
        copies="not known",
        seen=(
            exactly(
                "day four in five applications are back",
                71,
                "80 % of applications by day 71 (banquedesterritoires.fr 2022-10-18)",
            ),
        ),
    ),
    Incident(
        id="dax",
        name="Dax (Ryuk)",
        date="2021-02-09",
        hospital=True,
        sites=6,
        servers=Known(value=330.0, spread=0.5, source=f"{A_BED}; about 1,000 beds (tf1info)"),
        machines=None,
        cut=None,
        people=None,
        copies="not known",
        seen=(
            within(
                "share of servers lost",
                0.9,
                1.0,
                "the whole system encrypted (generation-nt.com): read as nine tenths or more",
                weak=True,
            ),
            within(
                "day everything is back", 120, NO_END, "more than 4 months (tf1info 2230088)"
            ),
            exactly("cost in euros", 2.4e6, "2.4 M EUR; what it holds is not told (tf1info)"),
        ),
    ),
    Incident(
        id="villefranche",
        name="Villefranche (Ryuk)",
        date="2021-02-15",
        hospital=True,
        sites=3,
        servers=HOUSE,
        machines=None,
        cut=None,
        people=None,
        copies="not known",
        seen=(
            within(
                "day four in five applications are back",
                15,
                NO_END,
                '"at least 15 days, maybe weeks", said at the time (mlyon.fr)',
                weak=True,
            ),
        ),
    ),
    Incident(
        id="cannes",
        name="Cannes",
        date="2024-04-16",
        hospital=True,
        sites=1,
        servers=Known(value=350.0, source="350 servers (webtimemedias.com)"),
        machines=Known(value=1850.0, source="and 1,500 PCs shut down (webtimemedias.com)"),
        cut=None,
        people=None,
        copies="not known",
        seen=(
            within(
                "day of the first theatre",
                0.0,
                8,
                "the full theatre list again on day 8, so the first by then",
            ),
            exactly(
                "share of activity lost in week 1",
                1 / 3,
                "a third of operations cancelled (webtimemedias.com): of operations only",
                weak=True,
            ),
        ),
    ),
    Incident(
        id="versailles",
        name="Versailles",
        date="2022-12-04",
        hospital=True,
        sites=1,
        servers=Known(value=270.0, spread=0.5, source=f"{A_BED}; 800 beds (Cour des comptes)"),
        machines=None,
        cut=None,
        people=None,
        copies="not known",
        seen=(
            exactly(
                "share of activity lost in week 1",
                0.2,
                "activity -20 %, of no stated week (Cour des comptes, by next.ink)",
                weak=True,
            ),
            exactly(
                "day everything is back",
                540,
                "rebuilt in 18 months (Cour des comptes, by next.ink)",
            ),
        ),
    ),
)
