"""One line of the worklist: a place with its record, its files, what was decided, and what it is judged with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from gongkai.model.finding import Attribute, Handling
from gongkai.service.screening.records import Decision, Pile, Place, Record, Role
from gongkai.service.screening.store import FileRow, Store


@dataclass(slots=True)
class Joint:
    """Records that one decision may settle: how many, how many exceptions among them, and which one speaks for all."""

    number: int
    size: int = 0
    exceptions: int = 0
    leader: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """All that an output may know of one record.

    `source` names the forwarded document and its attribute; `disputed` when reviewers differ and no decision stands.
    """

    place: Place
    record: Record
    files: tuple[FileRow, ...] = ()
    decision: Decision | None = None
    joint: Joint | None = None
    source: str = ""
    disputed: bool = False

    @property
    def stopped(self) -> bool:
        """Whether it carries a secrecy mark: then its path may be told and nothing else."""
        return self.record.handling == Handling.stop_classified

    @property
    def fast(self) -> bool:
        """Whether nobody looked for names, addresses and the like in it."""
        return any(note.startswith("快速模式") for note in self.record.result.get("notes", ()))

    @property
    def title(self) -> str:
        """The title, or the name of its file."""
        return self.record.title or f"（无标题）{name(self.files[0].path) if self.files else ''}"

    @property
    def leads(self) -> bool:
        """Whether a decision here may be applied to all that it is judged with."""
        return self.joint is not None and self.joint.leader == self.record.digest

    @property
    def unit(self) -> str:
        """The unit that a register names, otherwise the issuer."""
        return self.recorded("unit") or self.record.issuer

    def recorded(self, field: str) -> str:
        """What a register says of its files."""
        return next((row.fields[field] for row in self.files if row.fields.get(field)), "")

    @property
    def attribute(self) -> str:
        """The suggested attribute in Chinese."""
        return label(self.record.attribute)


def label(attribute: str) -> str:
    """An attribute's Chinese name; one that isn't known as it stands."""
    return Attribute(attribute).label if attribute in {*Attribute} else attribute


def name(path: str) -> str:
    """The innermost file name of a shown path."""
    return path.rsplit("!", 1)[-1].rsplit("/", 1)[-1]


def joined(place: Place) -> str:
    """What one decision may settle together: a series (it holds whole groups) or a group; nothing in the stop pile."""
    return "" if place.pile == Pile.stop else place.series or place.group


def joints(places: Iterable[Place]) -> dict[str, Joint]:
    """Those with two members or more, numbered as they come; the first that is no exception leads."""
    found: dict[str, Joint] = {}
    for place in places:
        if key := joined(place):
            joint = found.setdefault(key, Joint(0))
            joint.size += 1
            joint.exceptions += place.exception
            if not joint.leader and not place.exception:
                joint.leader = place.digest
    kept = {key: joint for key, joint in found.items() if joint.size > 1}
    for number, joint in enumerate(kept.values(), 1):
        joint.number = number
    return kept


def entries(store: Store, decided: Mapping[str, Decision | None]) -> Iterator[Entry]:
    """Every record with a place, in the order of the worklist; records are read one at a time.

    `decided` holds the decision that stands of each record with decisions, None where reviewers differ.
    """
    together = joints(store.places())
    for place in store.places():
        record = store.record(place.digest)
        if record is None:
            continue
        files = sorted(store.files(record=place.digest), key=lambda row: (row.role != Role.main, row.path))
        decision, joint = decided.get(place.digest), together.get(joined(place))
        disputed = decision is None and place.digest in decided
        yield Entry(place, record, tuple(files), decision, joint, _source(store, place.follows), disputed)


def _source(store: Store, digest: str) -> str:
    followed = store.record(digest) if digest else None
    if followed is None or followed.handling == Handling.stop_classified:
        return ""
    return f"{followed.number or followed.title}（建议{label(followed.attribute)}）"
