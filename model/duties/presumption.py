"""以公开为常态、不公开为例外: what stands against withholding a document that the negative list does not hold."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from gongkai.model.clauserow import Clause
from gongkai.model.duties.clauselint import names_object
from gongkai.model.finding import Attribute
from gongkai.model.rulebook import Rulebook

#: 条例 article 5: disclosure is the rule; article 13: all but what articles 14 to 16 name is disclosed.
BASIS = "条例第五条、第十三条"
_RULE = "负面清单以外的事项原则上应当公开，请补充理由和依据，或者改为公开。"


@dataclass(frozen=True, slots=True)
class Challenge:
    """One Chinese sentence that says what the withholding lacks, and the articles it stands on."""

    sentence: str
    basis: str = BASIS


def challenge(attribute: str, reason: str, hit: Iterable[str], rules: Rulebook) -> Challenge | None:
    """What to ask of a decision; None where a clause that was hit carries its reason, or nothing is withheld.

    `hit` are ids of clauses found in the document; those that the list no longer has don't count.
    """
    if attribute != Attribute.withheld:
        return None
    clauses = [rules.clause[id_] for id_ in dict.fromkeys(hit) if id_ in rules.clause]
    lacking = _lacking(reason, clauses, rules)
    return Challenge(f"{lacking}；{_RULE}") if lacking else None


def _lacking(reason: str, clauses: list[Clause], rules: Rulebook) -> str:
    row = rules.reason.get(reason)
    if row is None or row.attribute != Attribute.withheld:
        return "决定不予公开，却没有写不予公开的理由"
    if all(clause.reason != reason for clause in rules.clauses):
        return f"负面清单里没有以“{row.name}”为理由的条款"
    if not clauses:
        return f"以“{row.name}”为理由不予公开，但本件没有查到负面清单的任何一条"
    resting = [clause for clause in clauses if clause.reason == reason]
    if not resting:
        told = "、".join(f"{clause.id} {clause.title}" for clause in clauses)
        return f"以“{row.name}”为理由不予公开，但本件查到的是{told}，和理由不符"
    if not any(map(names_object, resting)):
        return f"只查到兜底条款 {resting[0].id}，它不能单独作为不予公开的依据"
    return ""
