"""What a report is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from gongkai.model.rulebook import Rulebook
from gongkai.service.access.actors import Actor
from gongkai.service.reports.periods import Period
from gongkai.service.reports.scopes import Scope


@dataclass(frozen=True, slots=True)
class Asked:
    """By whom, for which units and period, under which rules, and on which day."""

    actor: Actor
    scope: Scope
    period: Period
    rules: Rulebook
    today: date
