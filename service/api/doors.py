"""What routes ask for: the actor that a door lets in, and the house."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request

from gongkai.service.access.actors import Actor
from gongkai.service.access.guard import may
from gongkai.service.house import House

to_suggest, to_redact, to_check, to_work = may("suggest"), may("redact"), may("check"), may("jobs")
to_look, to_decide, to_rule, to_count = may("documents"), may("decide"), may("rulebook"), may("statistics")

Suggester = Annotated[Actor, Depends(to_suggest)]
Redactor = Annotated[Actor, Depends(to_redact)]
Checker = Annotated[Actor, Depends(to_check)]
Worker = Annotated[Actor, Depends(to_work)]
Looker = Annotated[Actor, Depends(to_look)]
Decider = Annotated[Actor, Depends(to_decide)]
RuleReader = Annotated[Actor, Depends(to_rule)]
Counter = Annotated[Actor, Depends(to_count)]


async def house_of(request: Request) -> House:
    """The house that create_app opened; async, so that asking for it costs no thread."""
    house: House = request.app.state.house
    return house


AtHouse = Annotated[House, Depends(house_of)]
