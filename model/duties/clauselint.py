"""Is a negative-list clause detailed and checkable (国土资源部关于全面推进政务公开工作的实施意见, 十七: 便于检查监督)?

Remarks for the officer who keeps the list, never errors: an agency may have its reasons.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import permutations

from gongkai.model.clauserow import Clause, Signal
from gongkai.model.duties.specimens import specimens
from gongkai.model.finding import Attribute
from gongkai.model.folding import fold
from gongkai.model.tablerows import Reason

#: Words that name nothing: what is left of a title without them is its object.
_EMPTY = re.compile(
    r"兜底|其[他它]|等|内容|信息|事项|情况|情形|资料|材料|文件|数据|问题|方面|工作|敏感|内部|有关|相关|重要|重大|特殊"
    r"|一切|所有|凡是|全部|各类|不宜|不便|不得|不予|不能|不应|应当|公开|对外|泄露|依法|法律|法规|规定|属于|涉及|认为|确需|需要|可能"
    r"|[的之及和与或以由按]|[^\u4e00-\u9fffA-Za-z0-9]"
)
#: Words that leave it to whoever applies the clause, though an object may stand beside them.
_OPEN = re.compile(
    r"其[他它](?!机关|单位|部门|组织)|等(?:内容|信息|事项|情况|资料|材料|文件|情形|方面)"
    r"|(?:不宜|不便|不适宜)(?:对外)?公开|敏感(?:信息|内容|事项|材料|数据|问题)"
    r"|(?:有关|相关)(?:内容|信息|事项|情况|资料|材料|文件)|一切|凡是|酌情|视情况?|原则上|必要时|认为"
)
_FILLER = re.compile(r"(?:无|略|暂无|待补充?|同上|见文件|须写明.*|不得单独使用)?")
_ARTICLE = re.compile(r"第[一二三四五六七八九十百千零〇\d]+条")
_LAW = re.compile(r"条例|法(?!人|治|院|定)|民法典|决定|规定|办法|规则|细则|意见|〔\d{4}〕")
_HIGH = re.compile(r"条例|法(?!人|治|院|定|规范)|法典")
_DISCLOSURE = re.compile(r"条例第十[四五六]条")
_PIECE = re.compile(r"[;；、]")
#: What stands in nearly every official document, by where a cue looks: one that finds it says nothing.
_TITLE = "青禾县人民政府办公室关于印发年度方案的通知"
_HEAD = f"青政办发〔2024〕12号\n{_TITLE}\n各乡镇人民政府、街道办事处，县直各单位："
_BODY = f"{_HEAD}\n为加强管理，根据有关法律法规，结合本县实际，制定本方案，请认真贯彻执行。\n特此通知。\n2024年4月28日"
COMMONPLACE = {"title": _TITLE, "head": _HEAD, "body": _BODY}


@dataclass(frozen=True, slots=True)
class Remark:
    """What is weak in one column of a clause, and how to mend it; two Chinese sentences."""

    clause: str
    column: str
    message: str
    mend: str


def remarks(clauses: Iterable[Clause], reasons: Mapping[str, Reason]) -> tuple[Remark, ...]:
    """What is weak in a negative list, clause by clause in its order; clauses are compared with each other too."""
    rows = tuple(clauses)
    found = {row.id: [remark for check in _CHECKS for remark in check(row, reasons)] for row in rows}
    for one, other in permutations(rows, 2):
        found[one.id] += _overlaps(one, other)
    return tuple(remark for row in rows for remark in found[row.id])


def names_object(row: Clause) -> bool:
    """Whether a clause says what it withholds; a catch-all clause does not."""
    return len(_EMPTY.sub("", row.title)) >= 2


def _object(row: Clause, _: Mapping[str, Reason]) -> Iterator[Remark]:
    if not names_object(row):
        said = f"名称“{row.title}”没有写明不予公开的是什么对象。" if row.title else "没有写名称。"
        yield Remark(row.id, "title", said, "写出具体的文件、材料或者数据的名称；写不出的，删去这一条。")
    elif open_ := _OPEN.search(row.title):
        said = f"名称里的“{open_.group()}”是敞口的说法，各人理解会不一样。"
        yield Remark(row.id, "title", said, "逐项列出对象，删去这几个字。")


def _basis(row: Clause, reasons: Mapping[str, Reason]) -> Iterator[Remark]:
    if not _LAW.search(row.basis):
        said = "没有写依据。" if not row.basis.strip() else "依据不是法律、法规或者规章文件。"
        yield Remark(row.id, "basis", said, "写明法律、法规的名称和条款，如“条例第十六条第一款”。")
        return
    for part in filter(None, map(str.strip, re.split("[;；]", row.basis))):
        if not _ARTICLE.search(part):
            yield Remark(row.id, "basis", f"依据“{part}”没有写到条。", "补上第几条，有款、项的写到款、项。")
    yield from _rank(row, reasons.get(row.reason))


def _rank(row: Clause, reason: Reason | None) -> Iterator[Remark]:
    """条例 article 14 lets only laws and administrative regulations forbid; work secrets never stand alone."""
    if reason and "alone" in reason.force and not _DISCLOSURE.search(row.basis):
        said = f"理由“{reason.name}”不能单独作为不予公开的依据。"
        yield Remark(row.id, "basis", said, "同时写明条例第十四条或者第十六条的哪一种情形。")
    elif row.force == "must" and not any(map(_HIGH.search, re.split("[;；]", row.basis))):
        said = "应当不予公开的，依据只写了法律、行政法规以下的文件。"
        yield Remark(row.id, "basis", said, "写明它所依据的法律、行政法规的条款（条例第十四条）。")


def _reason(row: Clause, reasons: Mapping[str, Reason]) -> Iterator[Remark]:
    reason = reasons.get(row.reason)
    if row.force in ("must", "may") and reason is None:
        yield Remark(row.id, "reason", "没有写理由代码，决定时说不出理由。", "从理由表选一个不予公开的理由代码。")
    elif reason and reason.attribute == Attribute.proactive:
        said = f"理由代码 {row.reason} 是主动公开的理由，和负面清单相反。"
        yield Remark(row.id, "reason", said, "换成不予公开的理由代码。")


def _samples(row: Clause, _: Mapping[str, Reason]) -> Iterator[Remark]:
    words = {
        "examples": ("例子", "写一两种真实的文件或者材料名称。"),
        "counter_examples": ("反例", "写明哪些相近的内容应当公开。"),
    }
    for column, (name, mend) in words.items():
        told = getattr(row, column).strip()
        if _FILLER.fullmatch(told):
            said = f"{name}“{told}”不是{name}，不便于检查监督。" if told else f"没有写{name}，不便于检查监督。"
            yield Remark(row.id, column, said, mend)


def _signals(row: Clause, _: Mapping[str, Reason]) -> Iterator[Remark]:
    if not row.signals:
        said = "没有一条线索，这一条不会在任何公文里被查到。"
        yield Remark(row.id, "signals", said, "写出能在标题、版头或者正文里看到的字句。")
    for signal in filter(_of_text, row.signals):
        if signal.pattern.search("") or _fires(signal, fold(COMMONPLACE[signal.where])):
            said = f"线索“{_short(signal)}”过宽，平常的公文也会命中。"
            yield Remark(row.id, "signals", said, "写长一些，或者用 near 加上同一句里还须出现的字句。")
        elif (made := specimens(signal.pattern)) and all(map(_vague, made)):
            said = f"线索“{_short(signal)}”只有不指明对象的字句。"
            yield Remark(row.id, "signals", said, "加上对象的名称，如“考察材料”“投标报价”。")


def _contradictions(row: Clause, _: Mapping[str, Reason]) -> Iterator[Remark]:
    for piece in filter(None, map(str.strip, _PIECE.split(row.counter_examples))):
        text = fold(piece)
        if any(_fires(counter, text) for counter in filter(_of_text, row.counters)):
            continue
        hit = next((signal for signal in filter(_of_text, row.signals) if _fires(signal, text)), None)
        if hit:
            said = f"线索“{_short(hit)}”会命中本条自己的反例“{piece}”。"
            yield Remark(row.id, "signals", said, "收窄这条线索，或者给这个反例加一条反例线索。")


_CHECKS: tuple[Callable[[Clause, Mapping[str, Reason]], Iterator[Remark]], ...] = (
    _object,
    _basis,
    _reason,
    _samples,
    _signals,
    _contradictions,
)


def _overlaps(one: Clause, other: Clause) -> Iterator[Remark]:
    """A signal of which everything is found by a signal of another clause; of two alike only the later one is told."""
    for signal in filter(_of_text, one.signals):
        made = specimens(signal.pattern)
        hit = next((s for s in filter(_of_text, other.signals) if made and _covers(s, signal)), None)
        if hit is None or (one.id < other.id and _covers(signal, hit)):
            continue
        said = f"线索“{_short(signal)}”所查的，{other.id}（{other.title}）的线索“{_short(hit)}”也都会查到。"
        yield Remark(one.id, "signals", said, f"分清和 {other.id} 的界限，只在一条里保留，或者用 near 区别。")


def _covers(one: Signal, other: Signal) -> bool:
    return one.where in (other.where, "body") and all(_fires(one, text) for text in specimens(other.pattern))


def _vague(text: str) -> bool:
    return len(_EMPTY.sub("", text)) < 2 and any(len(word) > 1 for word in _EMPTY.findall(text))


def _of_text(signal: Signal) -> bool:
    return signal.where != "personal"


def _fires(signal: Signal, text: str) -> bool:
    """Whether a signal speaks in a text of one sentence."""
    match = signal.pattern.search(text)
    return bool(match and match.group() and (signal.near is None or signal.near.search(text)))


def _short(signal: Signal) -> str:
    told = signal.pattern.pattern
    return told if len(told) <= 40 else told[:39] + "…"
