"""The rulebook: what the law says, as tables that a disclosure officer may edit, versioned by digest."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from functools import cached_property
from importlib import resources

from gongkai.model.errors import RulebookError
from gongkai.model.finding import Attribute
from gongkai.model.tablefile import Folder, read_rows

WHERE = ("title", "head", "body", "personal")
NOTHING = re.compile(r"(?!)")


@dataclass(frozen=True, slots=True)
class Reason:
    """理由: why a document has its attribute, with the article."""

    code: str
    attribute: str
    name: str
    basis: str
    force: str
    text: str
    annual_report_cell: str = ""


@dataclass(frozen=True, slots=True)
class Deadline:
    """公开时限: a clock of `count` `unit`s, or a fixed term without a count."""

    code: str
    name: str
    basis: str
    count: int = 0
    unit: str = ""


@dataclass(frozen=True, slots=True)
class CategoryRow:
    """One item of the catalog (主动公开基本目录) with the cues that rank it."""

    code: str
    name: str
    five_public: str
    basis: str
    deadline: str
    channel: str
    audience: str
    attribute: str
    key_fields: tuple[str, ...]
    duty: str
    title: tuple[re.Pattern[str], ...] = ()
    body: tuple[re.Pattern[str], ...] = ()


@dataclass(frozen=True, slots=True)
class Signal:
    """A cue: where it is looked for, how much it says on its own, what must stand near."""

    where: str
    weight: float
    pattern: re.Pattern[str]
    near: re.Pattern[str] | None = None

    def __post_init__(self) -> None:
        if self.where not in WHERE:
            raise ValueError(f"的 where 应当是 {'、'.join(WHERE)} 之一，请改正。")
        if not 0 < self.weight < 1:
            raise ValueError("的 weight 应当在 0 和 1 之间，请改正。")


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause of the negative list (负面清单)."""

    id: str
    title: str
    basis: str
    force: str
    reason: str
    examples: str
    counter_examples: str
    signals: tuple[Signal, ...] = ()
    counters: tuple[Signal, ...] = ()


@dataclass(frozen=True, slots=True)
class PersonalType:
    """A type of personal data and how it is masked."""

    id: str
    name: str
    group: str
    basis: str
    mask: str
    head: int
    tail: int
    exception: str


@dataclass(frozen=True, slots=True)
class ExceptionRow:
    """One of E1-E5: when personal data stays."""

    id: str
    name: str
    basis: str
    keep: tuple[str, ...]
    still_mask: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Genre:
    """文种: recognised by the end of the title."""

    name: str
    kind: str
    pattern: re.Pattern[str]
    legal: bool = False


@dataclass(frozen=True, slots=True)
class Draft:
    """稿别: a draft mark; an open one is no process paper when the public is asked."""

    mark: str
    open: bool
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class LawRule:
    """One rule of the decision order: its cues, the attribute it speaks for, and the article."""

    id: str
    step: str
    attribute: str
    reason: str
    basis: str
    why: str
    weight: float
    title: re.Pattern[str] | None = None
    head: re.Pattern[str] | None = None
    body: re.Pattern[str] | None = None
    no_title: re.Pattern[str] | None = None
    no_body: re.Pattern[str] | None = None
    kinds: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not (self.title or self.head or self.body):
            raise ValueError("至少要有 title、head、body 中的一个，请补上。")
        if self.attribute not in {a.value for a in Attribute}:
            raise ValueError("的 attribute 不是三种公开属性之一，请改正。")


@dataclass(frozen=True, slots=True)
class Role:
    """履职或者私人身份: words beside a name that say whether it stays (disclosure.toml)."""

    id: str
    action: str
    types: tuple[str, ...]
    basis: str
    why: str
    exception: str = ""
    before: re.Pattern[str] | None = None
    after: re.Pattern[str] | None = None
    title: re.Pattern[str] | None = None
    line: re.Pattern[str] | None = None
    own: re.Pattern[str] | None = None
    labels: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.action not in ("keep", "mask"):
            raise ValueError("的 action 应当是 keep 或 mask，请改正。")


@dataclass(frozen=True, slots=True)
class Cue:
    """A cue for sensitive personal data; `person`: only beside a private person."""

    id: str
    type: str
    person: bool
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Profile:
    """机关画像: what one agency settles for itself."""

    name: str
    basis: str
    may: dict[str, str]
    coverage: float
    review_below: float
    negative_threshold: float
    phones: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    officials: tuple[str, ...] = ()


TABLES: dict[str, tuple[str, str, type]] = {
    "reasons": ("reasons.toml", "reason", Reason),
    "deadlines": ("deadlines.toml", "deadline", Deadline),
    "categories": ("catalog.toml", "category", CategoryRow),
    "clauses": ("negative.toml", "clause", Clause),
    "personal": ("personal.toml", "type", PersonalType),
    "exceptions": ("exceptions.toml", "exception", ExceptionRow),
    "genres": ("genres.toml", "genre", Genre),
    "drafts": ("drafts.toml", "draft", Draft),
    "laws": ("law.toml", "rule", LawRule),
    "cues": ("sensitive.toml", "cue", Cue),
    "roles": ("disclosure.toml", "role", Role),
    "profiles": ("profile.toml", "profile", Profile),
}


@dataclass(frozen=True)
class Rulebook:
    """All tables, checked against each other. Build it with `Rulebook.load`."""

    reasons: tuple[Reason, ...]
    deadlines: tuple[Deadline, ...]
    categories: tuple[CategoryRow, ...]
    clauses: tuple[Clause, ...]
    personal: tuple[PersonalType, ...]
    exceptions: tuple[ExceptionRow, ...]
    genres: tuple[Genre, ...]
    drafts: tuple[Draft, ...]
    laws: tuple[LawRule, ...]
    cues: tuple[Cue, ...]
    roles: tuple[Role, ...]
    profiles: tuple[Profile, ...]
    digest: str = ""
    chosen: str = field(default="default")

    @classmethod
    def load(cls, folder: Folder | None = None, profile: str = "default") -> Rulebook:
        """Read and check every table of a folder; the shipped tables without one.

        Raises RulebookError (file, row, what to do).
        """
        at = folder or resources.files("gongkai.model.tables")
        rows = {name: read_rows(at, file, table, kind) for name, (file, table, kind) in TABLES.items()}
        content = hashlib.sha256()
        for _, (file, _, _) in sorted(TABLES.items()):
            content.update((at / file).read_bytes())
        book = cls(**rows, digest="sha256:" + content.hexdigest()[:16], chosen=profile)  # type: ignore[arg-type]
        book.check()
        return book

    def check(self) -> None:
        """Codes that tables cite from each other exist. Raises RulebookError."""
        clocks = {row.code for row in self.deadlines} | {""}
        reasons = {row.code for row in self.reasons} | {""}
        exceptions = {row.id for row in self.exceptions} | {""}
        types = {row.id for row in self.personal}
        cited = [("catalog.toml", c.code, "deadline", c.deadline, clocks) for c in self.categories]
        cited += [("catalog.toml", c.code, "duty", c.duty, reasons) for c in self.categories]
        cited += [("negative.toml", n.id, "reason", n.reason, reasons) for n in self.clauses]
        cited += [("law.toml", r.id, "reason", r.reason, reasons) for r in self.laws]
        cited += [("disclosure.toml", r.id, "exception", r.exception, exceptions) for r in self.roles]
        cited += [("disclosure.toml", r.id, "types", t, types) for r in self.roles for t in r.types]
        cited += [("sensitive.toml", c.id, "type", c.type, types) for c in self.cues]
        for file, row, key, value, known in cited:
            if value not in known:
                raise RulebookError(f"规则表 {file} 的 {row} 行，{key} 写的 {value} 不存在，请改正。")
        if self.chosen not in {p.name for p in self.profiles}:
            names = "、".join(p.name for p in self.profiles)
            raise RulebookError(f"没有名为 {self.chosen} 的机关画像，可用的有：{names}。")

    @cached_property
    def profile(self) -> Profile:
        """The agency profile in force."""
        return next(p for p in self.profiles if p.name == self.chosen)

    @cached_property
    def reason(self) -> dict[str, Reason]:
        """Reasons by code."""
        return {row.code: row for row in self.reasons}

    @cached_property
    def category(self) -> dict[str, CategoryRow]:
        """Catalog rows by code."""
        return {row.code: row for row in self.categories}

    @cached_property
    def clause(self) -> dict[str, Clause]:
        """Negative-list clauses by id."""
        return {row.id: row for row in self.clauses}

    @cached_property
    def type(self) -> dict[str, PersonalType]:
        """Personal-data types by id."""
        return {row.id: row for row in self.personal}

    def genre(self, title: str) -> Genre | None:
        """The genre that a folded title names; None when it names none."""
        return next((row for row in self.genres if row.pattern.search(title)), None)
