"""Stay or hide: what happens to personal data on release, and why (disclosure.toml, exceptions E1 to E5)."""

from __future__ import annotations

import re
from dataclasses import replace

from gongkai.model.document import Span
from gongkai.model.finding import Action, Attribute, Finding
from gongkai.model.people import Person
from gongkai.model.reading import Reading
from gongkai.model.tablerows import Role

WIDTH = 24
_BLANK = re.compile(r"[ \n|│┃]+")
STAY_CUT = 2.3
_KEPT = "上下文表明是履职人员或者依法应当公布的姓名"
_MASKED = "上下文看不出是履职或者依法公布的姓名，按个人信息遮蔽"


def _before(text: str, at: int) -> str:
    """The 24 characters before a place; runs of blanks, rulings and line ends count as one blank."""
    return _BLANK.sub(" ", text[max(0, at - 4 * WIDTH) : at])[-WIDTH:]


def _holds(role: Role, reading: Reading, span: Span, label: Attribute, before: str) -> bool:
    text = reading.text
    if role.labels and label.value not in role.labels:
        return False
    checks = (
        (role.before, before),
        (role.lead, text[text.rfind("\n", 0, span.start) + 1 : span.start]),
        (role.after, text[span.end : span.end + WIDTH]),
        (role.own, span.of(text)),
        (role.title, reading.title),
    )
    for pattern, where in checks:
        if pattern and not pattern.search(where):
            return False
    return role.line is None or bool(role.line.search(reading.line(span.start).of(text)))


def role_of(kind: str, span: Span, reading: Reading, label: Attribute) -> Role | None:
    """The first row of disclosure.toml that holds for personal data of a kind at a place."""
    before = _before(reading.text, span.start)
    return next((r for r in reading.rules.roles if kind in r.types and _holds(r, reading, span, label, before)), None)


def _why(role: Role) -> str:
    return role.why + (f"（{role.exception}）" if role.exception else "")


def decide(finding: Finding, reading: Reading, label: Attribute) -> Finding:
    """The finding with its action, basis and reason; types without a row are masked."""
    profile, piece = reading.rules.profile, finding.span.of(reading.text)
    if piece in profile.phones + profile.addresses or piece.rpartition("@")[2] in profile.domains:
        return replace(finding, action=Action.keep, basis=profile.basis, why="本机关画像列明对外公布，保留")
    role = role_of(finding.kind, finding.span, reading, label)
    kind = reading.rules.type[finding.kind]
    if role is None:
        return replace(finding, action=Action.mask, basis=kind.basis, why=f"{kind.name}属个人信息，公开时应当遮蔽")
    return replace(finding, action=Action(role.action), basis=role.basis, why=_why(role))


def decide_name(person: Person, reading: Reading, label: Attribute) -> Finding:
    """A name as a finding: rows of disclosure.toml first, then the model's reading of the context; doubt masks."""
    if person.bare in reading.rules.profile.officials:
        return Finding(
            person.span,
            "NAME",
            person.score,
            "name",
            reading.rules.profile.basis,
            Action.keep,
            "本机关画像列明的履职人员，保留",
        )
    role = role_of("NAME", person.span, reading, label)
    if role is not None and not (role.action == "keep" and person.stay < -1.0):
        kind = "REPORTER" if role.id == "informant" else "NAME"
        return Finding(person.span, kind, person.score, "name:" + role.id, role.basis, Action(role.action), _why(role))
    stays = person.stay > STAY_CUT
    action, why = (Action.keep, _KEPT) if stays else (Action.mask, _MASKED)
    return Finding(person.span, "NAME", person.score, "name", "个人信息保护法第四条、第十三条", action, why)
