"""Which crew a service works with."""

from __future__ import annotations

from gongkai.service.crew.children import ChildCrew
from gongkai.service.crew.inside import InsideCrew
from gongkai.service.crew.orders import Crew
from gongkai.service.settings import Settings


def crew_of(settings: Settings, tables: dict[str, str] | None = None) -> Crew:
    """So many children as the settings say, or none; `tables` are those of the rulebook version in force.

    Raises RulebookError, ModelFolderError, OutputError.
    """
    return ChildCrew(settings, tables) if settings.workers else InsideCrew(settings, tables)
