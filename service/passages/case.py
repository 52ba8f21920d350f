"""A document with all that its next step depends on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from gongkai.model.duties.submission import Answer, named
from gongkai.model.finding import Attribute
from gongkai.model.rulebook import Rulebook
from gongkai.service.access.actors import Actor
from gongkai.service.store.duties import Passage, Step
from gongkai.service.store.tables import Kept

#: States in which the attribute is proposed, and the form counts; later on decisions do.
PROPOSED = frozenset({"drafted", "submitted", "returned", "reviewed"})
#: Steps that begin the reviews anew.
AFRESH = frozenset({"refuse", "resume", "convert", "change"})


@dataclass(frozen=True)
class Case:
    """Who wants to go on with what: `steps` are oldest first, `answer` is what the submission lacks, `record` what the
    person wrote down for this step, `flags` what the document asks for (codes of flags.toml)."""

    actor: Actor
    document: Kept
    passage: Passage
    steps: Sequence[Step]
    rules: Rulebook
    values: Mapping[str, str]
    answer: Answer
    flags: frozenset[str]
    record: Mapping[str, str]

    @property
    def attribute(self) -> Attribute | None:
        """As the form proposes it before it is signed, as people decided it afterwards."""
        if self.passage.state in PROPOSED:
            return named(self.values.get("attribute", ""))
        return named(self.document.decided)

    @property
    def policy(self) -> bool:
        """Whether it is a policy document."""
        return self.values.get("policy") == "是"

    @cached_property
    def current(self) -> Sequence[Step]:
        """The steps of this round: those since the reviews last began anew."""
        last = max((place for place, one in enumerate(self.steps) if one.kind in AFRESH), default=-1)
        return self.steps[last + 1 :]

    def last(self, kind: str, *, ever: bool = True) -> Step | None:
        """The last step of a kind, of this round only where not `ever`."""
        steps = self.steps if ever else self.current
        return next((one for one in reversed(steps) if one.kind == kind), None)

    def outcome(self, kind: str, *, ever: bool = True) -> str:
        """What the last step of a kind came to; nothing where there is none."""
        step = self.last(kind, ever=ever)
        return str(step.record.get("outcome", "")) if step else ""
