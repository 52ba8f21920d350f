"""Ways of hiding: what stands in a released copy instead of personal data (GB/T 37964-2019, GB/T 42460-2023)."""

from __future__ import annotations

import hashlib
import hmac
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate

from gongkai.model.deid.proof import GAP, PERSONS, Values, forms, normal
from gongkai.model.document import Span
from gongkai.model.finding import Action, Finding
from gongkai.model.folding import fold
from gongkai.model.mentions.surnames import short_of, surname_of
from gongkai.model.rulebook import Rulebook
from gongkai.model.tablerows import Way

#: What GB/T 37964 calls each way of personal.toml.
TERMS = {
    "ends": "部分遮蔽",
    "surname": "部分遮蔽",
    "user": "部分遮蔽",
    "all": "全部遮蔽",
    "none": "不遮",
    "township": "泛化",
    "year": "泛化",
    "band": "泛化",
    "pseudonym": "假名化",
    "omit": "删除",
}
OMITTED = "〔略〕"
_FAR = "；" * (GAP + 1)
_LETTERS = "BCDFGHJKLMNPQRSTVWXYZ"
_CODE = 8
_DOT = re.compile(r"[\u3400-\u9fff]\s*[·.．•・⋅∙‧･]\s*[\u3400-\u9fff]")
_NUMERALS = "零一二三四五六七八九"
_TRIES = 1_000
_AGE = re.compile(r"(?P<n>\d{1,3})(?:周?岁)?")
_YEAR = re.compile(r"(?:19|20)\d{2}|(?:一九|二[〇零○])[〇零○一二三四五六七八九]{2}")
_SAID_AGE = re.compile(
    r"(?P<hundred>一百)?(?:[零〇]|(?P<tens>[一二三四五六七八九])?(?P<ten>十))?(?P<ones>[一二三四五六七八九])?周?岁"
)
_DATED = re.compile(r"[年月日号生/.\-]")
_AGED = re.compile(r"[\d岁龄后零〇一二三四五六七八九十百廿卅]")
#: The last part of an address that names a town, else a county or district, else a city: none that is part of a name
#: (景德镇市, 镇海区, 乡宁县, 红旗路), a zone of an estate (A区, 东区, 四区) or a whole province (自治区).
_TOWN = re.compile(
    r".*?.(?:[镇鎮](?<!小[镇鎮])(?!市(?!场)|[海江平原远雄赉坪安康巴宁沅][区市县])"
    r"|[乡鄉](?![市县区縣區]|[宁城]县)|街道(?!口)|苏木)"
)
_COUNTY = re.compile(
    r".*?(?:(?<=[\u3400-\u9fff])(?:(?<![治小社园校厂矿片住辖景苑属活舍墅宅东西南北中一二三四五六七八九十])"
    r"|(?<=[省市州盟][东西南北中])|(?<=[省市州盟].[东西南北中])|(?<=^.[东西南北中]))[区區]"
    r"|.[县縣]|.旗(?![区路街大袍舰山]))"
)
_CITY = re.compile(r".*?(?<!城)市(?!场)")
_AMOUNT = re.compile(r"(?P<n>\d[\d,]*(?:\.\d+)?)(?P<unit>万|亿)?元?")
_UNITS = {None: 1, "万": 10_000, "亿": 100_000_000}


def stars(bare: str) -> str:
    """Two to eight asterisks, so that a long value does not tell its length."""
    return "*" * max(2, min(len(bare), 8))


def replacement(finding: Finding, text: str, way: Way) -> str:
    """What stands instead of one finding on its own; it never holds the value itself.

    A pseudonym is told from others by the document alone: on its own, only a name has one.
    """
    value = finding.span.of(text)
    if way.mask == "pseudonym" and finding.kind not in PERSONS:
        return stars(re.sub(r"\s", "", value))
    return _instead(value, way)


def _instead(value: str, way: Way) -> str:
    bare = re.sub(r"\s", "", value)
    shown = _shown(bare, way)
    return stars(bare) if bare in shown else shown


def _shown(bare: str, way: Way) -> str:
    if way.mask in ("surname", "pseudonym"):
        return _family(bare)
    if way.mask == "township":
        return township(bare) + "***"
    if way.mask == "year":
        match = _YEAR.search(fold(bare))
        return _born(bare) if not match else bare[match.start() : match.end()] + "年*"
    if way.mask == "band":
        return _age(bare) if _AGE.fullmatch(bare) and "岁" in bare else _amount(bare) or stars(bare)
    if way.mask == "user":
        return "***@" + bare.rpartition("@")[2] if "@" in bare else "***"
    if way.mask == "omit":
        return OMITTED
    if way.mask == "ends" and len(bare) > way.head + way.tail + 2:
        return bare[: way.head] + "*" * (len(bare) - way.head - way.tail) + bare[len(bare) - way.tail :]
    return stars(bare)


def township(bare: str) -> str:
    """An address down to its town, county or city; empty where it names none."""
    match = _TOWN.match(bare) or _COUNTY.match(bare) or _CITY.match(bare)
    return match.group() if match else ""


def _family(bare: str) -> str:
    """姓+某, as courts write it; of a minority's name the first character stays (法释〔2016〕19号第十条).

    A surname that stands alone becomes 某.
    """
    family = "" if "·" in bare else surname_of(bare)
    family = family or bare[:1]
    given = len(bare) - len(family)
    return family + "某" * min(given, 2) if given > 0 else "某"


def _born(bare: str) -> str:
    """An age, or a date of birth without its year."""
    return _age(bare) or (stars(bare) if _DATED.search(bare) or not _AGED.search(bare) else "**岁")


def _said(bare: str) -> int:
    """An age in Chinese numerals; 0 for others."""
    match = _SAID_AGE.fullmatch(bare)
    if not match:
        return 0
    tens = _NUMERALS.index(match["tens"]) if match["tens"] else 1 if match["ten"] else 0
    return 100 * bool(match["hundred"]) + 10 * tens + (_NUMERALS.index(match["ones"]) if match["ones"] else 0)


def _age(bare: str) -> str:
    """An age as a band of ten years that holds none of the ages in it as they would be written; empty for others."""
    match = _AGE.fullmatch(bare)
    if not 0 < (age := int(match["n"]) if match else _said(bare)) < 130:
        return ""
    low, high = next(band for band in _bands() if band[0] <= age <= band[1])
    ends = ("不满14", "") if high == 13 else ("90", "以上") if low == 90 else (f"{low}—{high}", "")
    spoken = [f"{ends[0]}{unit}{ends[1]}" for unit in ("岁", "周岁")] + ["**岁"]
    inside = [bare.replace(match["n"], str(n), 1) for n in range(low, high + 1)] if match else []
    return next(text for text in spoken if not any(value in text for value in inside))


def _bands() -> Iterator[tuple[int, int]]:
    yield from ((1, 13), (14, 17), (18, 29))
    yield from ((low, low + 9) for low in range(30, 90, 10))
    yield 90, 130


def _amount(bare: str) -> str:
    """An amount between round sums: 12,000元 is 1万—2万元; empty for what is no amount."""
    match = _AMOUNT.fullmatch(bare)
    amount = float(match["n"].replace(",", "")) * _UNITS[match["unit"]] if match else 0.0
    if amount < 1:
        return ""
    step = 10 ** (len(str(int(amount))) - 1)
    low = int(amount // step) * step
    return f"{_sum(low)}—{_sum(low + step)}元"


def _sum(amount: int) -> str:
    unit = next((name for name, size in (("亿", 10**8), ("万", 10**4)) if amount >= size), "")
    return f"{amount / _UNITS[unit or None]:g}{unit}"


@dataclass(frozen=True, slots=True)
class Style:
    """How one run hides: a style of personal.toml, and the key that makes pseudonyms the same over a batch."""

    name: str = ""
    key: bytes = field(default=b"", repr=False)

    def way(self, kind: str, rules: Rulebook) -> Way:
        """The row that holds for a type: the style's, the agency profile's, or the usual one."""
        return rules.type[kind].under(*filter(None, (self.name, rules.profile.name)))


def hidden(
    findings: Sequence[Finding],
    text: str,
    rules: Rulebook,
    style: Style | None = None,
    linked: Mapping[Span, str] | None = None,
) -> tuple[Finding, ...]:
    """The findings with what replaces each masked one; `linked` says whose full name a short form stands for.

    Inside one document a value always gets the same replacement, two people never share one where a person's own is
    shown (姓+某 is numbered then, 法释〔2016〕19号第十条), and none holds a hidden value.
    """
    names = _Naming(findings, text, rules, style or Style(), linked or {})
    return tuple(replace(f, replacement=names(f)) if f.action == Action.mask else f for f in findings)


class _Naming:
    """The replacements of one document: which value got which, and which are taken."""

    def __init__(
        self, findings: Sequence[Finding], text: str, rules: Rulebook, style: Style, linked: Mapping[Span, str]
    ) -> None:
        masked = [f for f in findings if f.action == Action.mask]
        self._text, self._rules, self._style, self._linked = text, rules, style, linked
        self._values = Values.of(masked, text)
        self._bare = {f.span: _same(f.kind, f.span.of(text)) for f in masked}
        self._people = _people([self._bare[f.span] for f in masked if f.kind in PERSONS])
        self._sizes = {len(name) for name in self._people if len(name) > 1}
        self._dotted = {self._bare[f.span] for f in masked if f.kind in PERSONS and _DOT.search(f.span.of(text))}
        self._shared = Counter(_family(self._parted(whole)) for whole in dict.fromkeys(self._people.values()))
        self._alone = {f.span: self._by_itself(f) for f in masked}
        self._unsafe = self._holding({alone for alone, *_ in self._alone.values()})
        self._given: dict[tuple[str, str], str] = {}
        self._taken: set[str] = set()

    def _by_itself(self, finding: Finding) -> tuple[str, str, str, Way]:
        """What would stand for a finding were it the only one; type and value that it goes by; how it is hidden."""
        bare = self._bare[finding.span]
        way = self._style.way(finding.kind, self._rules)
        if finding.kind not in PERSONS:
            return replacement(finding, self._text, way), finding.kind, bare, way
        whole = self._linked.get(finding.span) or self._people.get(bare, bare)
        if whole != bare and len(bare) == 1:
            return "某", "", bare, way
        return _instead(self._parted(whole), way), "NAME", whole, way

    def _parted(self, whole: str) -> str:
        """A name with the dot that its normal form lacks where it is written so anywhere, as a minority's name is."""
        return f"{whole[:1]}·{whole[1:]}" if whole in self._dotted else whole

    def __call__(self, finding: Finding) -> str:
        alone, kind, whole, way = self._alone[finding.span]
        if not kind:
            return alone
        if (kind, whole) not in self._given or way.mask not in ("surname", "pseudonym"):
            self._given[kind, whole] = self._new(finding, alone, kind, whole, way)
        given, after = self._given[kind, whole], self._text[finding.span.end : finding.span.end + 1]
        # 张某1 before 2010年 or a number must not read 张某12010年
        return f"{given} " if kind == "NAME" and given[-1:].isdigit() and after.isdigit() else given

    def _new(self, finding: Finding, alone: str, kind: str, whole: str, way: Way) -> str:
        unique = way.mask == "pseudonym" or (way.mask == "surname" and self._shared[alone] > 1)
        if not unique:
            return stars(whole) if alone in self._unsafe else alone
        stem = alone if kind == "NAME" else "〔" + re.split(r"[/(（:：]", self._rules.type[finding.kind].name)[0]
        close = "" if kind == "NAME" else "〕"
        for mark in self._marks(kind, whole, way):
            shown = stem + mark + close
            if not (shown in self._taken or self._names_in(shown) or shown in self._text):
                self._taken.add(shown)
                return shown
        return stars(whole)

    def _marks(self, kind: str, whole: str, way: Way) -> Iterator[str]:
        if self._style.key and way.mask == "pseudonym":
            yield from (code(self._style.key, kind, whole, size) for size in range(_CODE, 2 * _CODE))
        yield from map(str, range(1, _TRIES + len(self._given)))

    def _names_in(self, shown: str) -> bool:
        parts = {shown[at : at + size] for size in self._sizes for at in range(len(shown) - size + 1)}
        return not self._people.keys().isdisjoint(parts)

    def _holding(self, every: Iterable[str]) -> set[str]:
        """Which replacements hold a hidden value, in one search: a name as it is written, all else in any dress."""
        shown = list(every)
        starts = list(accumulate((len(text) + len(_FAR) for text in shown), initial=0))
        hits = self._values.hits(_FAR.join(shown))
        found = {shown[bisect_right(starts, hit.span.start) - 1] for hit in hits}
        return found | {text for text in shown if self._names_in(text)}


def code(key: bytes, kind: str, value: str, size: int = _CODE) -> str:
    """Letters that stand for a value of a kind under a key (HMAC-SHA256); the same in every document of a batch."""
    digest = hmac.new(key, f"{kind}\0{value}".encode("utf-8", "surrogatepass"), hashlib.sha256).digest()
    number, letters = int.from_bytes(digest, "big"), ""
    for _ in range(size):
        number, place = divmod(number, len(_LETTERS))
        letters += _LETTERS[place]
    return letters


def _same(kind: str, value: str) -> str:
    """What a value goes by: a mobile is the same with its country code and without."""
    return min(forms(kind, value), key=len) if kind == "PHONE_MOBILE" else normal(kind, value)


def _people(names: Iterable[str]) -> dict[str, str]:
    """Each hidden name, and the one full name that a short form (老李, 李) can stand for."""
    bare = list(dict.fromkeys(names))
    return {name: _full(name, bare) for name in bare}


def _full(name: str, all_names: Iterable[str]) -> str:
    family = short_of(name)
    options = [other for other in all_names if surname_of(other) == family and other != name] if family else []
    return options[0] if len(options) == 1 and len(options[0]) > 1 else name
