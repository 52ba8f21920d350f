"""How requests are put together by what they ask for (topics.toml)."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from gongkai.service.rules import owntables


@dataclass(frozen=True, slots=True)
class TopicRules:
    """`many` requests within `months` months are many; two are the same from `alike` on, words of `idle` left out."""

    code: str
    basis: str
    many: int
    months: int
    alike: float
    idle: tuple[str, ...]

    def __post_init__(self) -> None:
        if not (self.many > 1 and self.months > 0 and 0 < self.alike <= 1):
            raise ValueError("的 many 应当大于 1，months 大于 0，alike 在 0 和 1 之间，请改正。")


def rules(session: Session) -> TopicRules:
    """The one row, or the agency's own."""
    return owntables.rows(session, "afterwards/topics.toml", TopicRules)[0]
