"""What a draft would change: texts judged by the tables in force and by the draft's, side by side, as a job."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from gongkai.model.document import Document
from gongkai.model.errors import DocumentError, RequestError, SlowDocument
from gongkai.service.access.actors import Actor
from gongkai.service.casework.keeping import TEXT, text_of, within_reach
from gongkai.service.crew.orders import Judge, Suggest, Suggested
from gongkai.service.jobs.work import Work
from gongkai.service.review.archive import Reader, read_again
from gongkai.service.review.backlogs import roots as roots_of
from gongkai.service.rules.memory import Files
from gongkai.service.rules.versions import version
from gongkai.service.screening.engine.pool import Caps
from gongkai.service.store.tables import Backlog, Blob, Kept
from gongkai.service.wire import Json

#: As many documents are listed one by one.
LISTED = 200
#: The newest kept texts that are judged.
SAMPLE = 300
#: After so many texts that the draft could not judge in time, it is its patterns.
MOST_SLOW = 3
_SLOW = "草稿的规则处理几份公文都超过时限，预演已停止；请检查新写的正则表达式，避免重复套重复的写法，如 (.+)+。"


def preview(work: Work) -> Json:
    """The job: `order` has the version's number and its digest when it was asked for."""
    actor, number = work.actor(), int(work.order["version"])
    files = work.read(lambda session: version(session, work.house.settings, number)).files
    documents = work.read(lambda session: sample(session, actor))
    tally, slow = Tally(), 0
    for place, document in enumerate(documents):
        work.check()
        try:
            _compare(work, document, files, tally)
        except DocumentError as error:
            tally.failed += 1
            slow += isinstance(error, SlowDocument)
            if slow >= MOST_SLOW:
                raise RequestError(_SLOW) from error
        work.write(done=place + 1, total=len(documents))
    return tally.shown()


def sample(session: Session, actor: Actor, most: int = SAMPLE) -> tuple[str, ...]:
    """The newest documents within reach whose text is kept, or can be read again from a screened archive."""
    texts = select(Blob.owner).where(Blob.kind == TEXT)
    query = (
        within_reach(actor).where(or_(Kept.id.in_(texts), Kept.backlog != "")).order_by(Kept.created.desc(), Kept.id)
    )
    return tuple(session.scalars(query.with_only_columns(Kept.id).limit(most)))


def _compare(work: Work, document: str, files: Files, tally: Tally) -> None:
    text = text_again(work, document)
    if text is None:
        tally.failed += 1
        return
    given = Document(document, text)
    said: list[Suggested] = [work.ask(order) for order in (Suggest(given), Judge(given, files))]
    if all(one.kept for one in said):
        tally.add(Pair(document, said[0].kept, said[1].kept))
    else:
        tally.failed += 1


def text_again(work: Work, document: str) -> str | None:
    """The kept text, else the file of the archive as it was screened."""
    text, place, roots = work.read(lambda session: _kept(work, session, document))
    if text is not None or not roots:
        return text
    settings = work.house.settings
    reader = Reader(work.house.crew, settings.limits, Caps(settings.task_seconds, settings.task_memory))
    shown = read_again(place, roots, reader)
    return shown.text if shown.exact else None


def _kept(work: Work, session: Session, document: str) -> tuple[str | None, Json, list[Path]]:
    kept = session.get(Kept, document)
    if kept is None:
        return None, {}, []
    backlog = session.get(Backlog, kept.backlog) if kept.backlog else None
    return text_of(session, work.house.vault, kept), kept.place, roots_of(backlog) if backlog else []


@dataclass(frozen=True, slots=True)
class Pair:
    """What two rulebooks say of one document, as the store would keep it."""

    document: str
    before: Json = field(repr=False)
    after: Json = field(repr=False)


@dataclass
class Tally:
    """Counts of what differs, filled one document at a time."""

    judged: int = 0
    failed: int = 0
    attributes: Counter[str] = field(default_factory=Counter)
    clauses: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    review: Counter[str] = field(default_factory=Counter)
    listed: list[Json] = field(default_factory=list)

    def add(self, pair: Pair) -> None:
        """Count one document."""
        self.judged += 1
        before, after = pair.before, pair.after
        labels = [said["attribute"]["label"] for said in (before, after)]
        self.attributes["/".join(labels)] += 1
        self.clauses.update(_differences(_clauses(before), _clauses(after)))
        self.reasons.update(_differences(_reasons(before), _reasons(after)))
        if before["needs_review"] != after["needs_review"]:
            self.review["more" if after["needs_review"] else "less"] += 1
        told = _told(pair)
        if told and len(self.listed) < LISTED:
            self.listed.append({"document": pair.document, **told})

    def shown(self) -> Json:
        """The result of the job: codes, counts and ids, no text."""
        return {
            "judged": self.judged,
            "failed": self.failed,
            "changed": sum(n for key, n in self.attributes.items() if len(set(key.split("/"))) > 1),
            "attributes": dict(self.attributes),
            "clauses": dict(self.clauses.most_common()),
            "reasons": dict(self.reasons.most_common()),
            "review": dict(self.review),
            "listed": self.listed,
        }


def _told(pair: Pair) -> Json:
    """What differs between two results, nothing where they agree."""
    before, after = pair.before, pair.after
    found: Json = {}
    if before["attribute"]["label"] != after["attribute"]["label"]:
        found["attribute"] = [before["attribute"]["label"], after["attribute"]["label"]]
    for name, read in (("clauses", _clauses), ("reasons", _reasons)):
        different = sorted(_differences(read(before), read(after)))
        if different:
            found[name] = different
    if before["handling"] != after["handling"]:
        found["handling"] = [before["handling"], after["handling"]]
    return found


def _clauses(said: Json) -> set[str]:
    return {hit["clause"] for hit in said["negative"]}


def _reasons(said: Json) -> set[str]:
    return {reason["code"] for reason in said["reasons"]}


def _differences(before: set[str], after: set[str]) -> Iterator[str]:
    yield from (f"-{code}" for code in before - after)
    yield from (f"+{code}" for code in after - before)
