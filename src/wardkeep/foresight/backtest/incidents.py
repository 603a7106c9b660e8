"""Sixteen incidents as they were reported, fourteen of them of hospitals.

Press figures are first statements, several of them second-hand. What nobody reported is a
prior and says so; an outcome that stands near to what is scored, or comes second-hand, is weak.
"""

from __future__ import annotations

from wardkeep.foresight.backtest.incident import Incident
from wardkeep.foresight.backtest.incidents_abroad import ABROAD, OTHERS
from wardkeep.foresight.backtest.incidents_near import BELGIUM, FRANCE

INCIDENTS: tuple[Incident, ...] = (*BELGIUM, *FRANCE, *ABROAD, *OTHERS)
