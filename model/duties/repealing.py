"""What a paper says about validity: which others it repeals or declares void, and how long it holds itself."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from gongkai.model.dates import DATE, as_date
from gongkai.model.document import Span
from gongkai.model.folding import fold
from gongkai.model.head import NUMBER

#: What a paper may become, in the codes of `passage.validity`.
REPEALED, EXPIRED, VALID = "repealed", "expired", "valid"
_MOST = 400
_TITLE = re.compile(r"《(?P<title>(?:[^《》]|《[^《》]*》){3,150})》(?P<after>\([^()]{4,60}\))?")
_VERB = re.compile(
    r"同时废止|予以废止|决定废止|自行废止|即行废止|相应废止|一并废止|废止|宣布失效|失效|停止执行|不再执行|停止施行"
)
_FAILING = re.compile(r"失效|停止执行|不再执行|停止施行")
_NOT = re.compile(r"(?:未|不|不予|暂不|尚未|没有|是否|应当|修改(?:、|或者|或|和)|建议|申请|拟)(?:被)?$")
_NOUN = re.compile(r"^(?:情况|的?建议|与否|程序|或者|、|和(?:修改|失效))")
_SENTENCE = re.compile(r"[^。;\n]+")
_LIST = re.compile(
    r"^(?:附 ?件? ?\d{0,2} ?:? ?)?.{0,40}?(?P<how>废止|失效|继续有效|现行有效|保留)"
    r".{0,24}?(?:目录|清单|名单|一览表)(?:\(.{0,40}\))?:?$"
    r"|^.{0,60}(?:下列|以下|如下).{0,30}(?P<how2>废止|失效|继续有效).{0,10}:$"
    r"|^.{0,60}(?P<how3>废止|失效|继续有效)(?:下列|以下|如下).{0,30}:$"
)
_ITEM = re.compile(r"^[(〔]?(?:\d{1,3}|[一二三四五六七八九十]{1,4})[)〕]? ?[.、．,\t ] ?(?P<rest>\S.{3,})$")
_HEADED = re.compile(r"^(?P<mark>[一二三四五六七八九十]{1,3}、)(?!.*[《号]).{0,40}$")
_LINE = re.compile(r"\S[^\n]*")
_SHORT = 60
_UNTIL = re.compile(rf"有效期(?:限)?[^。;\n]{{0,12}}?(?:至|到|截止(?:到|至)?)(?:{DATE.pattern})")
_YEARS = re.compile(r"(?:有效期(?:限)?|试行期(?:限)?)(?:为|是|:)?(?P<years>\d{1,2}|[一二三四五六七八九十]{1,2})年")
_BEGINS = re.compile(rf"自(?P<start>{DATE.pattern})(?:起|之日起)(?:施行|实施|执行|试行)")
_NUMERALS = "零一二三四五六七八九十"


@dataclass(frozen=True, slots=True)
class Repeal:
    """Another paper whose validity this one settles: `effect` is repealed, expired or valid (kept in force).

    `title` stands without its 《》, `number` is a 发文字号 as written, blanks gone; one of them may be empty. `span` is
    the place that says so.
    """

    title: str
    number: str
    effect: str
    span: Span


@dataclass(frozen=True, slots=True)
class Term:
    """Until when a paper says it holds, its last day included, and where it says so."""

    last: date
    span: Span


def repeals(text: str) -> tuple[Repeal, ...]:
    """The papers that a text repeals (废止), declares void (失效) or keeps (继续有效), each once."""
    folded = fold(text)
    found = [*_said(folded), *_listed(folded)]
    first: dict[tuple[str, str], Repeal] = {}
    for one in found:
        first.setdefault((one.title, one.number), one)
    return tuple(first.values())


def term(text: str, issued: date | None = None) -> Term | None:
    """The last day that a text gives itself (有效期至…, 有效期五年); years count from the commencement, else from
    `issued`; None where it says nothing or the day can't be told."""
    folded = fold(text)
    if match := _UNTIL.search(folded):
        dated = DATE.search(folded, match.start(), match.end())
        last = as_date(dated) if dated else None
        return Term(last, Span(match.start(), match.end())) if last else None
    match = _YEARS.search(folded)
    start = commenced(text) or issued
    if match is None or start is None:
        return None
    last = _later(start, _number(match["years"]))
    return Term(last, Span(match.start(), match.end())) if last else None


def commenced(text: str) -> date | None:
    """The day from which a text says that it holds (自…起施行)."""
    folded = fold(text)
    match = _BEGINS.search(folded)
    dated = DATE.match(folded, match.start("start")) if match else None
    return as_date(dated) if dated else None


def _number(written: str) -> int:
    if written.isdecimal():
        return int(written)
    tens, ten, ones = written.rpartition("十")
    return (_NUMERALS.find(tens) if tens else 1) * 10 * bool(ten) + (_NUMERALS.find(ones) if ones else 0)


def _later(start: date, years: int) -> date | None:
    """The last day of so many years that began on a day: the one before the same day."""
    if not 1 <= years <= 50:
        return None
    day = 28 if (start.month, start.day) == (2, 29) else start.day
    return date(start.year + years, start.month, day) - timedelta(days=1)


def _said(folded: str) -> Iterator[Repeal]:
    """Sentences: 《甲》（号）同时废止；决定废止《乙》."""
    for sentence in _SENTENCE.finditer(folded):
        words = sentence[0]
        titles = list(_TITLE.finditer(words))
        verbs = [verb for verb in _VERB.finditer(words) if _repeals(words, verb, titles)] if titles else []
        for title in titles:
            verb = next((verb for verb in verbs if _meant(words, title, verb)), None)
            if verb is not None:
                at = Span(sentence.start() + title.start(), sentence.start() + title.end())
                yield _made(title["title"], title["after"] or "", _effect(verb[0]), at)


def _repeals(words: str, verb: re.Match[str], titles: Iterable[re.Match[str]]) -> bool:
    """Whether a verb repeals something here: it is not inside a title, not denied, and no mere noun."""
    inside = any(title.start() <= verb.start() < title.end() for title in titles)
    return not inside and not _NOT.search(words[: verb.start()]) and not _NOUN.match(words[verb.end() :])


def _meant(words: str, title: re.Match[str], verb: re.Match[str]) -> bool:
    """A title before its verb, or one right after it: 根据《甲》，《乙》同时废止 repeals 乙 alone."""
    if verb.end() <= title.start():
        between = words[verb.end() : title.start()]
        return len(between) <= 12 and "," not in between
    between = _TITLE.sub("", words[title.end() : verb.start()])
    ground = re.search(r"(?:根据|按照|依据|依照|按)[^,]{0,30}$", words[: title.start()])
    return len(between) <= 60 and not (ground and "," in between)


def _effect(verb: str) -> str:
    return EXPIRED if _FAILING.search(verb) else REPEALED


def _listed(folded: str) -> Iterator[Repeal]:
    """Lists under a heading: 废止的规范性文件目录 and its numbered items."""
    how, count = "", 0
    for line in _LINE.finditer(folded):
        words = line[0].rstrip()
        item = _ITEM.match(words)
        if _HEADED.match(words) or not item:
            how = _next(words, how)
        elif how and count < _MOST:
            count += 1
            yield _row(item["rest"], how, Span(line.start(), line.start() + len(words)))


def _next(words: str, how: str) -> str:
    """What the items after a line that is none are: a heading settles it, a short line leaves it as it was."""
    headed = _HEADED.match(words)
    heading = _LIST.match(words[headed.end("mark") :] if headed else words)
    if heading:
        return _how(heading)
    return "" if headed or len(words) > _SHORT else how


def _how(heading: re.Match[str]) -> str:
    said = heading["how"] or heading["how2"] or heading["how3"] or ""
    return {"废止": REPEALED, "失效": EXPIRED}.get(said, VALID)


def _row(rest: str, how: str, at: Span) -> Repeal:
    quoted = _TITLE.search(rest)
    if quoted:
        return _made(quoted["title"], quoted["after"] or rest[quoted.end() :], how, at)
    number = NUMBER.search(rest)
    title = (rest[: number.start()] if number and number.start() > 3 else rest).rstrip("(〔 \t,;。")
    return _made(title, number[0] if number and number.start() > 3 else "", how, at)


def _made(title: str, after: str, effect: str, at: Span) -> Repeal:
    number = NUMBER.search(after)
    return Repeal("".join(title.split()), "".join(number[0].split()).lstrip("(〔") if number else "", effect, at)
