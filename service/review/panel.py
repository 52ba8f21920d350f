"""What the side panel says of a document."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from gongkai.model.duties.presumption import challenge
from gongkai.model.finding import Action, Attribute
from gongkai.model.rulebook import Rulebook
from gongkai.model.tablerows import Reason
from gongkai.service.review.queue import Row
from gongkai.service.screening.records import Role
from gongkai.service.screening.results.entries import label
from gongkai.service.store.tables import Screened
from gongkai.service.wire import Json

_QUIET = ("公开时限：", "含须遮蔽的个人信息")


@dataclass(frozen=True, slots=True)
class Ground:
    """A reason or clause: code, one sentence or title, legal basis, the words of evidence."""

    code: str
    name: str
    basis: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """All of it; empty for a blind reader."""

    scores: tuple[tuple[Attribute, float], ...] = ()
    reasons: tuple[Ground, ...] = ()
    clauses: tuple[Ground, ...] = ()
    categories: tuple[tuple[str, str], ...] = ()
    personal: str = ""
    remarks: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    unlisted: str = ""


def told(rules: Rulebook, row: Row, screened: Screened | None) -> Told:
    """What a screening said, in words."""
    parts = tuple(_parts(row.kept.place))
    if screened is None:
        return Told(parts=parts)
    result = screened.result
    words: dict[str, list[str]] = {}
    for code, quote in screened.quotes:
        words.setdefault(code, []).append(quote)
    scores = result["attribute"].get("scores", {})
    return Told(
        tuple((attribute, scores.get(attribute.value, 0.0)) for attribute in Attribute),
        tuple(Ground(r["code"], r["text"], r["basis"], tuple(words.get(r["code"], ()))) for r in result["reasons"][:4]),
        tuple(_clauses(rules, result, words)),
        tuple((one["code"], one["name"]) for one in result["categories"][:2]),
        _personal(rules, result),
        tuple(_remarks(row, result)),
        parts,
        _unlisted(rules, row, result),
    )


def _clauses(rules: Rulebook, result: Json, words: dict[str, list[str]]) -> Iterator[Ground]:
    for code in dict.fromkeys(hit["clause"] for hit in result["negative"]):
        known = rules.clause.get(code)
        title, basis = (known.title, known.basis) if known else (code, "")
        yield Ground(code, title, basis, tuple(words.get(code, ())))


def _unlisted(rules: Rulebook, row: Row, result: Json) -> str:
    """What adopting a suggested withholding would be asked; nothing where the negative list carries it."""
    fitting = (r["code"] for r in result["reasons"] if r["code"] in rules.reason)
    reason = next((code for code in fitting if rules.reason[code].attribute == Attribute.withheld), "")
    found = challenge(row.kept.attribute, reason, [hit["clause"] for hit in result["negative"]], rules)
    return f"{found.sentence}（{found.basis}）" if found else ""


def _personal(rules: Rulebook, result: Json) -> str:
    """What must be masked, by type and count: no value."""
    kinds = Counter(one["type"] for one in result["personal"] if one["action"] == Action.mask)
    names = ((rules.type[kind].name if kind in rules.type else kind, count) for kind, count in kinds.most_common())
    return "、".join(f"{name} {count} 处" for name, count in names)


def _remarks(row: Row, result: Json) -> Iterator[str]:
    place = row.kept.place
    if place.get("exception"):
        yield "例外：与同组多数不同，整组决定不包括本件，请单独决定。"
    if place.get("source"):
        yield f"转发的是{place['source']}。"
    if place.get("published"):
        yield f"公开清单中有：{place['published']}。"
    if place.get("recorded"):
        yield f"登记的公开属性：{place['recorded']}。"
    yield from dict.fromkeys((*place.get("remarks", ()), *(n for n in result["notes"] if not n.startswith(_QUIET))))


def _parts(place: Json) -> Iterator[str]:
    judged = {name: attribute for name, _, attribute in place.get("parts", ())}
    for path, role, _ in place.get("files", ()):
        said = label(judged.get(path.rsplit("!", 1)[-1].rsplit("/", 1)[-1], ""))
        yield f"{Role(role).label}：{path}{f'（建议{said}）' if said and len(judged) > 1 else ''}"


def reasons(rules: Rulebook) -> list[tuple[Attribute, list[Reason]]]:
    """The reasons that can be given, by attribute."""
    return [(a, [row for row in rules.reasons if row.attribute == a]) for a in Attribute]


def names(rules: Rulebook) -> dict[str, str]:
    """The names of reasons and clauses by code."""
    return {row.code: row.name for row in rules.reasons} | {row.id: row.title for row in rules.clauses}
