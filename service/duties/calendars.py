"""What an actor has to do as a calendar: the due list turned into reminders."""

from __future__ import annotations

from gongkai.service.access.actors import Actor
from gongkai.service.duties.dues import here, lines
from gongkai.service.duties.reminders import Reminder, feed
from gongkai.service.house import House


def calendar_of(house: House, actor: Actor) -> bytes:
    """What is still to be done within an actor's reach (RFC 5545)."""
    rules, at = house.rules(), house.clock()
    with house.database.reading() as session:
        found = lines(session, actor, rules, here(at))
    reminders = (Reminder(one.key, one.title, one.due) for one in found if one.waiting)
    return feed(reminders, rules.workdays, f"公开时限（{actor.name}）", at)
