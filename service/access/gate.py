"""What the door of one application remembers in this process: buckets, and the people it can't know by the database."""

from __future__ import annotations

from dataclasses import dataclass, field

from fastapi import Request

from gongkai.service.access.actors import Actor
from gongkai.service.access.buckets import Buckets, neighbourhood
from gongkai.service.access.entering import Strangers
from gongkai.service.settings import Settings


@dataclass
class Gate:
    """Rate limits per actor and per address; `strangers` counts wrong keys and sessions, `signing` tries to sign in."""

    actors: Buckets
    strangers: Buckets
    signing: Buckets
    unknown: Strangers = field(default_factory=Strangers)
    local: Actor | None = None

    @classmethod
    def of(cls, settings: Settings) -> Gate:
        """A fresh one: `settings.rate` requests a minute for an actor, a quarter of them at once."""
        return cls(Buckets(max(1, settings.rate), max(20.0, settings.rate / 4)), Buckets(60, 60), Buckets(60, 30))


def gate_of(request: Request) -> Gate:
    """The gate of the request's application."""
    state = request.app.state
    if not hasattr(state, "gate"):
        state.gate = Gate.of(state.house.settings)
    gate: Gate = state.gate
    return gate


def address(request: Request) -> str:
    """Where a request comes from; behind a proxy that is named in the settings, the server has put the client here."""
    return neighbourhood(request.client.host if request.client else "")
