"""What people wrote of tasks, with personal data hidden before it is kept; a secrecy mark lets nothing of it in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from gongkai.service.afterwards.sweeping import cleaned
from gongkai.service.crew.orders import Crew
from gongkai.service.duties.ledger import Planned


def clean(crew: Crew, name: str, tasks: Sequence[Planned]) -> tuple[str, tuple[Planned, ...]]:
    """A plan's name and tasks as they may be kept. Slow, so it is done before the database is written. Raises
    ClassifiedDocument."""
    name, *told = cleaned(crew, [name, *(words for task in tasks for words in _words(task))])
    wide = len(told) // len(tasks) if tasks else 0
    return name, tuple(_with(task, told[place * wide : (place + 1) * wide]) for place, task in enumerate(tasks))


def _words(task: Planned) -> tuple[str, ...]:
    return task.task, task.requirement, task.responsible, task.term.written, task.term.start


def _with(task: Planned, told: Sequence[str]) -> Planned:
    what, requirement, who, written, start = told
    term = replace(task.term, written=written, start=start)
    return replace(task, task=what, requirement=requirement, responsible=who, term=term)
