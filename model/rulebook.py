"""The rulebook: what the law says, as tables that a disclosure officer may edit, versioned by digest."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache, cached_property
from importlib import resources
from typing import Any

from gongkai.model.clauserow import Clause
from gongkai.model.demands import MACHINE, Demand, Level
from gongkai.model.errors import RulebookError
from gongkai.model.fieldrow import KeyField
from gongkai.model.flagrows import AudienceRow, Citation, FlagRow, Regime
from gongkai.model.formulas import FORMULAS, INSTRUCTION
from gongkai.model.needles import Sieve
from gongkai.model.patterns import by_end
from gongkai.model.profilerow import NONE, Profile
from gongkai.model.tablefile import Folder, read_rows
from gongkai.model.tablerows import (
    CategoryRow,
    Cue,
    Deadline,
    Draft,
    ExceptionRow,
    Genre,
    LawRule,
    PersonalType,
    Reason,
    Role,
    Trait,
)
from gongkai.model.workdays import Notice, Workdays

TABLES: dict[str, tuple[str, str, type]] = {
    "reasons": ("reasons.toml", "reason", Reason),
    "deadlines": ("deadlines.toml", "deadline", Deadline),
    "categories": ("catalog.toml", "category", CategoryRow),
    "fields": ("keyfields.toml", "field", KeyField),
    "clauses": ("negative.toml", "clause", Clause),
    "personal": ("personal.toml", "type", PersonalType),
    "exceptions": ("exceptions.toml", "exception", ExceptionRow),
    "genres": ("genres.toml", "genre", Genre),
    "drafts": ("drafts.toml", "draft", Draft),
    "laws": ("law.toml", "rule", LawRule),
    "cues": ("sensitive.toml", "cue", Cue),
    "roles": ("disclosure.toml", "role", Role),
    "traits": ("singling.toml", "trait", Trait),
    "profiles": ("profile.toml", "profile", Profile),
    "notices": ("calendar.toml", "notice", Notice),
    "demands": ("submission.toml", "demand", Demand),
    "flags": ("consulting.toml", "flag", FlagRow),
    "regimes": ("regimes.toml", "regime", Regime),
    "citations": ("citations.toml", "citation", Citation),
    "audiences": ("audience.toml", "audience", AudienceRow),
}


#: Tables that came later: a folder of an agency's own that lacks one has the shipped one.
LATER = (
    "calendar.toml", "submission.toml", "keyfields.toml", "consulting.toml", "regimes.toml", "citations.toml",
    "audience.toml",
)  # fmt: skip


def home(folder: Folder, file: str) -> Folder:
    """Where a table of a folder is read from."""
    if file in LATER:
        try:
            (folder / file).read_bytes()
        except FileNotFoundError:
            return resources.files("gongkai.model.tables")
    return folder


@dataclass(frozen=True)
class Rulebook:
    """All tables, checked against each other. Build it with `Rulebook.load`."""

    reasons: tuple[Reason, ...]
    deadlines: tuple[Deadline, ...]
    categories: tuple[CategoryRow, ...]
    fields: tuple[KeyField, ...]
    clauses: tuple[Clause, ...]
    personal: tuple[PersonalType, ...]
    exceptions: tuple[ExceptionRow, ...]
    genres: tuple[Genre, ...]
    drafts: tuple[Draft, ...]
    laws: tuple[LawRule, ...]
    cues: tuple[Cue, ...]
    roles: tuple[Role, ...]
    traits: tuple[Trait, ...]
    profiles: tuple[Profile, ...]
    notices: tuple[Notice, ...]
    demands: tuple[Demand, ...]
    flags: tuple[FlagRow, ...]
    regimes: tuple[Regime, ...]
    citations: tuple[Citation, ...]
    audiences: tuple[AudienceRow, ...]
    digest: str = ""
    chosen: str = field(default="default")

    @classmethod
    def load(cls, folder: Folder | None = None, profile: str = "default") -> Rulebook:
        """Read and check every table of a folder; the shipped tables, once for a process, without one.

        Raises RulebookError (file, row, what to do).
        """
        return cls._read(folder, profile) if folder else _shipped(profile)

    @classmethod
    def _read(cls, at: Folder, profile: str) -> Rulebook:
        rows: dict[str, Any] = {
            name: read_rows(home(at, file), file, table, kind) for name, (file, table, kind) in TABLES.items()
        }
        content = hashlib.sha256()
        for _, (file, _, _) in sorted(TABLES.items()):
            content.update((home(at, file) / file).read_bytes())
        book = cls(**rows, digest="sha256:" + content.hexdigest()[:16], chosen=profile)
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
        items = {c.code for c in self.categories}
        listed = {clause.id for clause in self.clauses}
        cited += [("keyfields.toml", f.id, "codes", code, items) for f in self.fields for code in f.codes]
        cited += [("catalog.toml", c.code, "unless", one, listed) for c in self.categories for one in c.unless]
        cited += [("catalog.toml", c.code, "over", one, items) for c in self.categories for one in c.over]
        cited += [("negative.toml", n.id, "reason", n.reason, reasons) for n in self.clauses]
        cited += [("law.toml", r.id, "reason", r.reason, reasons) for r in self.laws]
        cited += [("disclosure.toml", r.id, "exception", r.exception, exceptions) for r in self.roles]
        cited += [("disclosure.toml", r.id, "types", t, types) for r in self.roles for t in r.types]
        cited += [("sensitive.toml", c.id, "type", c.type, types) for c in self.cues]
        cited += [("audience.toml", a.id, "exception", a.exception, exceptions) for a in self.audiences]
        for file, row, key, value, known in cited:
            if value not in known:
                raise RulebookError(f"规则表 {file} 的 {row} 行，{key} 写的 {value} 不存在，请改正。")
        general = [row.code for row in self.deadlines if row.general]
        if len(general) > 1:
            raise RulebookError(f"规则表 deadlines.toml 的 {general[1]} 行，general 只能有一行是 true，请改正。")
        if self.chosen not in {p.name for p in self.profiles}:
            names = "、".join(p.name for p in self.profiles)
            raise RulebookError(f"没有名为 {self.chosen} 的机关画像，可用的有：{names}。")
        self._check_profiles()

    def _check_profiles(self) -> None:
        """Profiles cite clauses, demands and each other; one at most is chosen."""
        names, clauses = {p.name for p in self.profiles} | {""}, {row.id for row in self.clauses}
        demands = {row.code: row for row in self.demands}
        for row in self.profiles:
            cited = [("may", clause, clauses) for clause in row.may]
            cited += [("demands", code, set(demands)) for code in row.demands]
            for key, value, known in [*cited, ("inherits", row.inherits, names)]:
                if value not in known:
                    raise RulebookError(f"规则表 profile.toml 的 {row.name} 行，{key} 写的 {value} 不存在，请改正。")
            for code, grade in row.demands.items():
                if demands[code].test in MACHINE and grade not in (Level.remark, NONE):
                    where = f"规则表 profile.toml 的 {row.name} 行，demands 写的 {code}"
                    raise RulebookError(f"{where} 是机器的疑问，只能是 remark 或 none，请改正。")
        if sum(row.chosen for row in self.profiles) > 1:
            raise RulebookError("规则表 profile.toml 里 chosen 只能有一行是 true，请改正。")

    @cached_property
    def sieve(self) -> Sieve:
        """The cues of all tables, and the set phrases, that are looked for in every text."""
        found = [pattern for _, pattern in self._cues]
        found += [s.pattern for clause in self.clauses for s in clause.counters if s.where != "personal"]
        found += [pattern for r in self.laws for pattern in (r.no_title, r.no_body) if pattern]
        return Sieve([*found, *(cue.pattern for cue in self.cues), *FORMULAS.values(), INSTRUCTION])

    @cached_property
    def _cues(self) -> list[tuple[str, re.Pattern[str]]]:
        """The cues by which a row of negative list, catalog or law speaks for something."""
        found = [(row.id, s.pattern) for row in self.clauses for s in row.signals if s.where != "personal"]
        found += [(row.code, pattern) for row in self.categories for pattern in (*row.title, *row.body)]
        return found + [(row.id, cue) for row in self.laws for cue in (row.title, row.head, row.body) if cue]

    @cached_property
    def _owners(self) -> dict[int, set[str]]:
        owners: dict[int, set[str]] = {}
        for name, cue in self._cues:
            owners.setdefault(id(cue), set()).add(name)
        return owners

    def speaking(self, left: Iterable[int]) -> frozenset[str]:
        """The rows of negative list, catalog and law that may speak, given which cues a sieve left possible."""
        owners = self._owners
        return self.looking_at_people.union([name for cue in left if cue in owners for name in owners[cue]])

    @cached_property
    def profile(self) -> Profile:
        """The agency profile in force."""
        marked = self.profiles if self.chosen == "default" else ()
        return next((p for p in marked if p.chosen), None) or next(p for p in self.profiles if p.name == self.chosen)

    @cached_property
    def workdays(self) -> Workdays:
        """The working days of the years that have a holiday notice."""
        return Workdays.of(self.notices)

    @cached_property
    def clock(self) -> dict[str, Deadline]:
        """Deadlines by code."""
        return {row.code: row for row in self.deadlines}

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
    def looking_at_people(self) -> frozenset[str]:
        """The clauses with a signal that looks at personal data."""
        return frozenset(row.id for row in self.clauses if any(s.where == "personal" for s in row.signals))

    @cached_property
    def type(self) -> dict[str, PersonalType]:
        """Personal-data types by id."""
        return {row.id: row for row in self.personal}

    @cached_property
    def role(self) -> dict[str, Role]:
        """Rows of disclosure.toml by id."""
        return {row.id: row for row in self.roles}

    def on(self, day: date) -> Rulebook:
        """The same without the clauses that are not in force on a day; itself where all of them are."""
        gone = frozenset(row.id for row in self._dated if not row.holds(day))
        if not gone:
            return self
        if gone not in self._editions:
            left = tuple(row for row in self.clauses if row.id not in gone)
            self._editions[gone] = replace(self, clauses=left)
        return self._editions[gone]

    @cached_property
    def _dated(self) -> tuple[Clause, ...]:
        return tuple(row for row in self.clauses if row.since or row.until)

    @cached_property
    def _editions(self) -> dict[frozenset[str], Rulebook]:
        return {}

    def genre(self, title: str) -> Genre | None:
        """The genre that a folded title names; None when it names none."""
        rows = self._genres.get(title[-1:], self._genres[""])
        return next((row for row, pattern in rows if pattern.search(title)), None)

    @cached_property
    def _genres(self) -> dict[str, tuple[tuple[Genre, re.Pattern[str]], ...]]:
        return by_end((row, row.pattern) for row in self.genres)


@cache
def _shipped(profile: str) -> Rulebook:
    return Rulebook._read(resources.files("gongkai.model.tables"), profile)
