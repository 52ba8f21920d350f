"""What a row of each rulebook table holds; a row that makes no sense cannot be built."""

from __future__ import annotations

import re
from dataclasses import dataclass

from gongkai.model.finding import Attribute

UNITS = ("", "workday", "day", "hour")
#: How a clock runs: publish within; show for at least; once a quarter; once a year; at once; as another rule says.
CLOCKS = ("within", "lasting", "quarter", "year", "prompt", "other")
MASKS = ("ends", "surname", "user", "all", "none", "township", "year", "band", "pseudonym", "omit")
#: What a row that decides a name says of the same name at other places (disclosure.toml).
ELSEWHERE = ("", "doubted", "unpublished", "always")
#: As which type a row may count a name.
COUNTED = ("", "REPORTER")

_MONTH_DAY = re.compile(r"(?!02-29|02-3|0[469]-31|11-31)(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])")

#: What a quasi-identifier is (GB/T 42460-2023, annex B), and what it is called.
PARTS = {
    "place": "住处或者单位",
    "office": "机关",
    "role": "身份",
    "event": "日期或者事由",
    "rare": "罕见特征",
    "birth": "出生日期",
    "sole": "只有一人担任的职务",
    "unique": "写明唯一",
}


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
    """公开时限: `count` `unit`s from the day of `start`; `day` (01-31) is the last day of a yearly one.

    `general`: it gives way to every special term (条例 article 26). `stays`: a last day off is not put off.
    """

    code: str
    name: str
    basis: str
    count: int = 0
    unit: str = ""
    clock: str = "within"
    start: str = ""
    day: str = ""
    general: bool = False
    stays: bool = False

    def __post_init__(self) -> None:
        if self.unit not in UNITS:
            raise ValueError("的 unit 应当是 workday、day、hour 之一，或者不写，请改正。")
        if self.clock not in CLOCKS:
            raise ValueError(f"的 clock 应当是 {'、'.join(CLOCKS)} 之一，请改正。")
        if not 0 <= self.count <= 1000 or bool(self.count) != bool(self.unit):
            raise ValueError("的 count 应当是 1 到 1000，并且和 unit 一起写，请改正。")
        if self.clock == "lasting" and self.unit not in ("workday", "day"):
            raise ValueError("的 clock 写 lasting 时要有 count，unit 应当是 workday 或 day，请改正。")
        if (self.clock == "year") != bool(_MONTH_DAY.fullmatch(self.day)):
            raise ValueError("的 day 应当写成 01-31 这样，只用于 clock 是 year 的时限，请改正。")


@dataclass(frozen=True, slots=True)
class CategoryRow:
    """One item of the catalog (主动公开基本目录) with the cues that rank it; `site` are the website's columns that show
    it, `aliases` other names that only find it, `unless` the clauses to check first (“涉密项目除外”), `over` the rows
    that stand behind it where the title names it (特别的先于一般的)."""

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
    publisher: str = ""
    manner: str = ""
    level: str = ""
    site: tuple[str, ...] = ()
    scope: str = ""
    aliases: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    over: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Way:
    """遮蔽方式: how a type is hidden under a style; `head` and `tail` characters stay with `ends`."""

    style: str
    mask: str
    head: int = 0
    tail: int = 0
    basis: str = ""

    def __post_init__(self) -> None:
        if self.mask not in MASKS:
            raise ValueError(f"的 mask 应当是 {'、'.join(MASKS)} 之一，请改正。")
        if min(self.head, self.tail) < 0:
            raise ValueError("的 head 和 tail 不能是负数，请改正。")


@dataclass(frozen=True, slots=True)
class PersonalType:
    """A type of personal data and how it is masked; `way` holds the styles that do it otherwise."""

    id: str
    name: str
    group: str
    basis: str
    mask: str
    head: int
    tail: int
    exception: str
    way: tuple[Way, ...] = ()

    def __post_init__(self) -> None:
        self.under("")

    def under(self, *styles: str) -> Way:
        """How it is hidden under the first of these styles (or agency profiles) that has a row of its own."""
        own = (way for style in styles for way in self.way if way.style == style)
        return next(own, None) or Way("", self.mask, self.head, self.tail, self.basis)


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
    """履职或者私人身份: words beside a name that say whether it stays (disclosure.toml).

    A row that keeps a name gives way where the model's log-odds that it stays are below `least`. What it decides holds
    `elsewhere` too: where only the model doubts (`doubted`; `unpublished` in papers that aren't published alone), or
    where other rows mask (`always`), but not `firm` ones. `together` it holds for the names listed behind, `below` for
    the one that begins the next line. Whoever `counts_as` REPORTER is hidden as informants are.
    """

    id: str
    action: str
    types: tuple[str, ...]
    basis: str
    why: str
    exception: str = ""
    before: re.Pattern[str] | None = None
    lead: re.Pattern[str] | None = None
    after: re.Pattern[str] | None = None
    title: re.Pattern[str] | None = None
    line: re.Pattern[str] | None = None
    own: re.Pattern[str] | None = None
    heading: re.Pattern[str] | None = None
    headings: re.Pattern[str] | None = None
    least: float = -1.0
    labels: tuple[str, ...] = ()
    elsewhere: str = ""
    firm: bool = False
    together: bool = False
    below: bool = False
    counts_as: str = ""

    def __post_init__(self) -> None:
        if self.action not in ("keep", "mask"):
            raise ValueError("的 action 应当是 keep 或 mask，请改正。")
        if self.elsewhere not in ELSEWHERE:
            raise ValueError("的 elsewhere 应当是 doubted、unpublished、always 之一，或者不写，请改正。")
        if self.counts_as not in COUNTED:
            raise ValueError("的 counts_as 应当是 REPORTER，或者不写，请改正。")
        if self.action == "mask" and self.elsewhere == "always":
            raise ValueError("的 elsewhere 写 always 只用于 action 是 keep 的，请改正。")
        if self.action == "keep" and (self.firm or self.counts_as or self.elsewhere == "unpublished"):
            raise ValueError("的 firm、counts_as、elsewhere 写 unpublished 只用于 action 是 mask 的，请改正。")


@dataclass(frozen=True, slots=True)
class Cue:
    """A cue for sensitive personal data; `person`: only beside a private person, `public`: also beside who stays."""

    id: str
    type: str
    person: bool
    pattern: re.Pattern[str]
    public: bool = False


@dataclass(frozen=True, slots=True)
class Trait:
    """准标识符: what still narrows people down once names are hidden; `near`: so many characters from the person."""

    id: str
    part: str
    basis: str
    pattern: re.Pattern[str]
    near: int = 0

    def __post_init__(self) -> None:
        if self.part not in PARTS:
            raise ValueError(f"的 part 应当是 {'、'.join(PARTS)} 之一，请改正。")
        if self.near < 0:
            raise ValueError("的 near 不能是负数，请改正。")
