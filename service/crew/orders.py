"""What a crew can be told to do, and what it answers. Plain values: they travel between processes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, Protocol

from gongkai.model.deid.hiding import Style
from gongkai.model.document import Document
from gongkai.model.rulebook import Rulebook
from gongkai.service.wire import Json


@dataclass(frozen=True, slots=True)
class Read:
    """Read a file. Answer: Document. A secrecy mark raises ClassifiedDocument."""

    data: bytes = field(repr=False)
    name: str


@dataclass(frozen=True, slots=True)
class Suggest:
    """Say what is suggested for a document, or for a file. Answer: Suggested."""

    document: Document | None = field(default=None, repr=False)
    data: bytes = field(default=b"", repr=False)
    name: str = ""
    vector: bool = False


@dataclass(frozen=True, slots=True)
class Screen:
    """Screen a document, or a file. Answer: Screening, whose many small values take long on their way."""

    document: Document | None = field(default=None, repr=False)
    data: bytes = field(default=b"", repr=False)
    name: str = ""


@dataclass(frozen=True, slots=True)
class Suggested:
    """`text` as read; `result` as the output contract has it; `kept` the same without replacements and personal names
    in the title, as the store keeps it; `quotes` (code, words) of at most 40 characters with personal data hidden;
    `vector` the meaning in 16-bit floats when asked for. A stopped document has a result and nothing else."""

    text: str = field(repr=False)
    result: Json = field(repr=False)
    kept: Json = field(repr=False)
    quotes: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    vector: bytes = field(default=b"", repr=False)

    @property
    def stopped(self) -> bool:
        """Whether a secrecy mark stopped it."""
        return not self.kept


@dataclass(frozen=True, slots=True)
class Ruling:
    """What a privacy officer rules about one place of the judged text: mask or keep it, as a type, with a
    replacement of their own or the style's (empty). `everywhere` applies it to every place with the same value."""

    start: int
    end: int
    action: str
    type: str
    replacement: str = ""
    why: str = ""
    everywhere: bool = False


@dataclass(frozen=True, slots=True)
class Redact:
    """Redact a file in its own format, or a text. Answer: Redaction. `rulings` overrule the machine's findings;
    `rename`: hidden values are replaced in the copy's name, too.

    With `draft`: say what would be hidden where no copy passes its proof. Answer: Drafted.
    """

    data: bytes = field(repr=False)
    name: str
    style: Style = field(default_factory=Style)
    pictures: str = "blank"
    rulings: tuple[Ruling, ...] = field(default=(), repr=False)
    draft: bool = False
    rename: bool = False


@dataclass(frozen=True, slots=True)
class Drafted:
    """The judged text of a file that has no copy, and what one would hide, as a Redaction has them."""

    name: str
    text: str = field(repr=False)
    personal: tuple[Json, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Redaction:
    """A proven copy: `report` as redaction.schema.json has it, `page` to print; `text` is the judged text that
    `personal` (contract form, final replacements) counts in; `after` the text of the copy."""

    data: bytes = field(repr=False)
    name: str
    report: Json = field(repr=False)
    page: str = field(repr=False)
    text: str = field(repr=False)
    after: str = field(repr=False)
    personal: tuple[Json, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Check:
    """Judge a published or redacted file. Answer: Json as check.schema.json has it."""

    data: bytes = field(repr=False)
    name: str
    label: str = "proactive"


@dataclass(frozen=True, slots=True)
class Meaning:
    """The vectors of texts (titles, queries). Answer: list of bytes, 16-bit floats, of unit length."""

    texts: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Judge:
    """Screen a document by the tables of a rulebook that is not in use (file name -> content). Answer: Suggested."""

    document: Document = field(repr=False)
    files: dict[str, str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Hint:
    """办理提示 of a document, or of a file, beside a label; with the tables of a rulebook that is not in use where some
    are given. Answer: a tuple of Flag. A secrecy mark raises ClassifiedDocument."""

    document: Document | None = field(default=None, repr=False)
    data: bytes = field(default=b"", repr=False)
    name: str = ""
    label: str = ""
    files: dict[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Tabulate:
    """Read a table (register, listing, catalog, figures) with a function of a module, which travels by its name: it is
    given the file's name and bytes. Answer: what it answers. A workbook of somebody else's must cost no more than a
    child."""

    reader: Callable[[str, bytes], Any]
    data: bytes = field(repr=False)
    name: str


Order = Read | Suggest | Screen | Redact | Check | Meaning | Judge | Hint | Tabulate


class Crew(Protocol):
    """Children that do orders. Errors of a document arrive as the GongkaiError that they are."""

    def do(self, order: Order, *, seconds: float | None = None, urgent: bool = True) -> Any:  # noqa: ANN401
        """Do one order and wait. Raises Busy at once when too many wait (urgent ones count apart from jobs')."""
        ...

    def give(self, order: Order, *, seconds: float | None = None, urgent: bool = False) -> Future[Any]:
        """The same without waiting."""
        ...

    def reload(self, tables: dict[str, str] | None = None) -> None:
        """Open model and rulebook anew, beside the running ones, and change over; what runs ends undisturbed.
        `tables` are those of a rulebook version, None the settings'. A damaged one changes nothing and is raised."""
        ...

    @property
    def rules(self) -> Rulebook:
        """The rulebook in use now."""
        ...

    @property
    def engines(self) -> Sequence[Json]:
        """Version, model, rulebook, profile of the children, newest first."""
        ...

    @property
    def figures(self) -> Json:
        """`ready` and `workers` (children), `busy` and `waiting` (orders), `lost` (by time, memory, crash)."""
        ...

    def close(self) -> None:
        """End the children; what waits is told Stopping."""
        ...
