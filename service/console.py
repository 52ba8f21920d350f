"""A suggestion for people at a terminal: the attribute, why, what to do. Colours only where they are seen."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator
from typing import TextIO

from gongkai.model.duties.flagging import KINDS
from gongkai.model.duties.hints import hints
from gongkai.model.finding import Action, Attribute, Finding, Handling, Screening
from gongkai.model.rulebook import Rulebook

COLOURS = {Attribute.proactive: "32", Attribute.on_request: "33", Attribute.withheld: "31"}
WIDTH = 24
#: Clauses whose evidence is personal data: counted, never quoted.
_PERSONAL = ("NL-09", "NL-10", "NL-11", "NL-28")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]")


def colourful(stream: TextIO) -> bool:
    """Whether a stream is a terminal that wants colours (NO_COLOR, TERM=dumb)."""
    return stream.isatty() and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"


def _plain(piece: str) -> str:
    """One line without control characters: a text from JSONL may hold a terminal's own commands."""
    return " ".join(_CONTROLS.sub(" ", piece).split())


def _quoted(finding: Finding, text: str) -> str:
    piece = _plain(finding.span.of(text))
    return f"“{piece[:WIDTH]}{'…' if len(piece) > WIDTH else ''}”"


def _counts(findings: list[Finding], rules: Rulebook) -> str:
    return "、".join(
        f"{rules.type[kind].name}{count}" for kind, count in Counter(f.kind for f in findings).most_common()
    )


def _attribute(screening: Screening, colour: bool) -> str:
    view = screening.opinion
    label = f"\x1b[1;{COLOURS[view.label]}m{view.label.label}\x1b[0m" if colour else view.label.label
    others = "、".join(f"{option.label} {view.scores[option]:.0%}" for option in view.options[1:])
    line = f"{label}（可信度 {view.confidence:.0%}）" + (f"  也可能是：{others}" if others else "")
    return line + ("  【请人工复核】" if screening.needs_review else "")


def _negative(screening: Screening, rules: Rulebook) -> Iterator[tuple[str, str]]:
    by_clause: dict[str, list[Finding]] = {}
    for finding in screening.negative:
        by_clause.setdefault(finding.kind, []).append(finding)
    for clause, found in by_clause.items():
        shown = "" if clause in _PERSONAL else "：" + "".join(_quoted(f, screening.document.text) for f in found[:2])
        yield "负面清单", f"{clause} {rules.clause[clause].title}（{found[0].score:.0%}）{shown}"


def _rows(screening: Screening, rules: Rulebook, colour: bool) -> Iterator[tuple[str, str]]:
    text, stopped = screening.document.text, screening.handling == Handling.stop_classified
    yield "建议属性", _attribute(screening, colour)
    if screening.handling != Handling.full:
        yield "处理方式", screening.handling.label
    for reason in screening.reasons:
        evidence = "" if stopped else "".join(_quoted(f, text) for f in reason.because[:2] if f.kind not in _PERSONAL)
        yield "理由", f"{reason.code} {reason.text}（{reason.basis}）{evidence}"
    clocks = {row.code: row.name for row in rules.deadlines}
    for category in screening.categories[:3]:
        deadline = clocks.get(category.deadline, "")
        yield (
            "目录",
            f"{category.code} {category.name}（{category.score:.0%}）" + (f"  时限：{deadline}" if deadline else ""),
        )
    if not stopped:
        yield from _negative(screening, rules)
    masked = [f for f in screening.personal if f.action == Action.mask]
    kept = [f for f in screening.personal if f.action == Action.keep]
    if masked:
        yield "个人信息", f"须遮{len(masked)}处：{_counts(masked, rules)}"
    if kept:
        yield "个人信息", f"保留{len(kept)}处：{_counts(kept, rules)}"
    for note in screening.notes:
        yield "提示", note
    for flag in () if stopped else hints(screening.document, rules, label=screening.opinion.label):
        yield "办理", f"{KINDS[flag.kind]}：{flag.says}{flag.do}（{flag.basis}）"


def render(screening: Screening, rules: Rulebook, colour: bool) -> str:
    """The lines shown for one document."""
    stopped = screening.handling == Handling.stop_classified
    title = "" if stopped else screening.document.title or screening.elements.get("title", "")
    head = _plain(screening.document.id) + (f"  《{_plain(title)}》" if title else "")
    lines, last = [f"\x1b[1m{head}\x1b[0m" if colour else head], ""
    for name, value in _rows(screening, rules, colour):
        lines.append(f"  {name if name != last else '　' * len(name)}  {value}")
        last = name
    return "\n".join(lines)
