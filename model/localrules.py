"""本机关口径: what the agency's profile makes of an opinion, and one sentence that says so."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from gongkai.model.finding import Attribute, Opinion
from gongkai.model.law import Ground
from gongkai.model.reading import Reading
from gongkai.model.rulebook import Rulebook

#: Addressees of a paper that goes to all (普发): 各镇人民政府，县直各部门.
_ALL = re.compile(r"各[^、,:;]{0,14}(?:政府|部门|单位|办事处|[局委办厅乡镇区县市科室站校司])|全体")
Said = tuple[Opinion, str]


def by_profile(view: Opinion, odds: Mapping[str, float], rules: Rulebook) -> Said:
    """What the agency's profile makes of a may-clause (条例 16); must-clauses stay withheld. No sentence: no change."""
    grounds_ = [(p, rules.clause[c]) for c, p in odds.items() if p >= rules.profile.negative_threshold]
    ranked = sorted(((p, c) for p, c in grounds_ if c.force in ("must", "may")), key=lambda pair: -pair[0])
    if view.label != Attribute.withheld or not ranked or any(c.force == "must" for _, c in ranked):
        return view, ""
    clause = ranked[0][1]
    if rules.profile.may.get(clause.id, Attribute.withheld.value) != Attribute.on_request.value:
        return view, ""
    said = rules.profile.why.get(clause.id) or f"{clause.title}按依申请公开办理"
    return _swapped(view, Attribute.on_request), told(rules, said)


def by_default(view: Opinion, held: Iterable[Ground], reading: Reading) -> Said:
    """What the profile makes of a paper that no rule of law settles and that the machine can't tell (条例 13, 27)."""
    profile = reading.rules.profile
    if not (profile.circular or profile.otherwise) or view.label == Attribute.withheld:
        return view, ""
    if any(ground.rule.step in ("duty", "must", "scope") for ground in held):
        return view, ""
    key = "circular" if profile.circular and sent_to_all(reading) else "otherwise"
    wanted = profile.circular if key == "circular" else profile.otherwise
    if wanted not in view.options[1:]:
        return view, ""
    label = Attribute(wanted)
    return _swapped(view, label), told(reading.rules, profile.why.get(key) or f"按{label.label}办理")


def sent_to_all(reading: Reading) -> bool:
    """普发性公文: whether the addressees are all of a kind."""
    to = reading.elements.parts.get("主送机关")
    return to is not None and _ALL.search(to.of(reading.text)) is not None


def told(rules: Rulebook, said: str) -> str:
    """A sentence about a local rule, with whose it is and where it stands."""
    return f"按{rules.profile.label}口径：{said}（{rules.profile.basis}）。"


def differing(rules: Rulebook, other: Rulebook) -> Iterator[tuple[str, str, str, str]]:
    """Where the profiles in force of two rulebooks settle something else: column, key, value here, value there."""
    mine, theirs = rules.profile, other.profile
    for column in ("may", "demands"):
        here, there = getattr(mine, column), getattr(theirs, column)
        for key in sorted({*here, *there}):
            if here.get(key, "") != there.get(key, ""):
                yield column, key, here.get(key, ""), there.get(key, "")
    for column in ("circular", "otherwise"):
        if getattr(mine, column) != getattr(theirs, column):
            yield column, "", getattr(mine, column), getattr(theirs, column)


def _swapped(view: Opinion, label: Attribute) -> Opinion:
    """The opinion with the scores of its label and another one exchanged."""
    other = {view.label: label, label: view.label}
    scores = {name: view.scores[other.get(name, name)] for name in Attribute}
    return Opinion(label, scores, tuple(other.get(option, option) for option in view.options))
