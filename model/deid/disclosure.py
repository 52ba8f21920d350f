"""Stay or hide: what happens to personal data on release, and why (disclosure.toml, exceptions E1 to E5)."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from gongkai.model.document import Span
from gongkai.model.finding import Action, Attribute, Finding
from gongkai.model.mentions.people import LISTED, STAY_CUT, Person, by_given
from gongkai.model.reading import Reading
from gongkai.model.rulebook import Rulebook
from gongkai.model.tablerows import Role

#: Which of `_words` is asked, and how.
Check = tuple[int, Callable[..., object]]
#: The characters before a place, over the ends of lines and without those above that are not told to it.
Before = tuple[str, str]
WIDTH = 24
REACH = 400  # characters of a long line that a row sees on each side
_BLANK = re.compile(r"[ \n|│┃]+")
#: What a line ends with that goes on below, what ends one that does not, how long a line is that a page's edge breaks,
#: and what stands alone in a line above its value.
_OPEN, _SHUT, _WRAPPED = tuple(":、,(和与及或由"), tuple("。;!?)"), 24
_ALONE = re.compile(r" *[^ \n|│┃、,:]{1,12} *")
#: The label of a form that no colon parts from its value, and a remark on how to sign that may stand behind one.
_LABEL = re.compile(r"(?:^|[ \n|│┃])[\u4e00-\u9fff]{1,8}(?:人员?|员|者|领导)[ \n|│┃]+$")
_INK = re.compile(r" ?\((?:亲笔)?(?:签[名字章]|盖[章印]|捺印)[^()\n]{0,8}\) ?:? ?$")
#: What decides of a name is told as its source: a row as `name:` and its id, the agency's profile, or the model alone.
MODEL, PROFILED = "name", "profile"
#: The agency's profile as a row, and what is known of names that no row decides.
_PROFILE = Role(PROFILED, "keep", ("NAME",), "", "本机关画像列明的履职人员，保留", elsewhere="doubted")
_DOUBT = Role("", "mask", ("NAME",), "", "")
#: What stands between a name and another name of the same person: 又名, （小名.
ALIAS = re.compile(
    r" ?[(,]? ?(?:即|又名|又叫|也叫|曾用名|[大小乳学本原别化真外]名|[网艺]名|绰号|外号|户口(?:本上|本|名)?|户籍名|"
    r"登记名|身份证(?:名|上)?)(?:为|是|叫)? ?:? ?[“\"]?"
)
_ROW = re.compile(LISTED.pattern + r"| {1,8}|\n(?=[\u3400-\u9fff]{2,4} *(?:\n|$))")
_KEPT = "上下文表明是履职人员或者依法应当公布的姓名"
_MASKED = "上下文看不出是履职或者依法公布的姓名，按个人信息遮蔽"


def _closed(text: str, start: int, at: int) -> str:
    """The 24 characters between two places; runs of blanks, rulings and line ends count as one blank, in a list as
    none."""
    return _BLANK.sub(" ", text[start:at]).replace("、 ", "、")[-WIDTH:]


def _before(text: str, at: int) -> Before:
    """What stands before a place: whatever line it is in, and what of it is told to the place."""
    floor = max(0, at - 4 * WIDTH)
    start = text.rfind("\n", floor, at) + 1 or floor
    while start > floor and _goes_on(text, start):
        start = text.rfind("\n", floor, start - 1) + 1 or floor
    return _closed(text, floor, at), _closed(text, start, at)


def _goes_on(text: str, start: int) -> bool:
    """Whether the line above the one that begins at a place goes on in it: an open mark, a page's edge, a label, or
    nothing at all in between."""
    above = text[text.rfind("\n", 0, start - 1) + 1 : start - 1]
    words = above.rstrip()
    if not words or words.endswith(_OPEN):
        return True
    words = _INK.sub("", words)  # 见证人（签名） is a label
    if words.endswith(_SHUT):
        return False
    wrapped = len(words) >= _WRAPPED and not re.search(r"  |[|│┃]", words)
    return wrapped or bool(_ALONE.fullmatch(words))


def _befores(text: str, at: int) -> list[tuple[Before, bool]]:
    """What stands before a place, the same as if a form's label had a colon, and without a remark on how to sign, which
    tells something of duty alone."""
    wide, near = _before(text, at)
    found = [((wide, near), False)]
    if _LABEL.search(text, max(0, at - WIDTH), at):
        found.append(((wide.rstrip() + ":", near.rstrip() + ":"), False))
    if _INK.search(near):
        found.append(((_INK.sub(":", wide), _INK.sub(":", near)), True))
    return found


def _led(pattern: re.Pattern[str], duty: bool, befores: list[tuple[Before, bool]]) -> bool:
    """Whether a row's words stand before a place, both over line ends and in what is told to the place."""
    return any(
        pattern.search(near) and (wide == near or pattern.search(wide))
        for (wide, near), signed in befores
        if duty or not signed
    )


class _Rows:
    """The rows of disclosure.toml that title and label of one document leave open, by type of personal data."""

    def __init__(self, roles: Sequence[Role], title: str, label: Attribute) -> None:
        self._roles, self._title, self._label = roles, title, label
        self._known: dict[str, list[tuple[Role, list[Check]]]] = {}

    def of(self, kind: str) -> list[tuple[Role, list[Check]]]:
        """Rows with what is left to be looked for, and where."""
        if kind not in self._known:
            self._known[kind] = [
                (role, _checks(role)) for role in self._roles if kind in role.types and self._open(role)
            ]
        return self._known[kind]

    def _open(self, role: Role) -> bool:
        titled = role.title is None or role.title.search(self._title)
        return bool(titled) and (not role.labels or self._label.value in role.labels)


def _checks(role: Role) -> list[Check]:
    behind = role.after  # asked from its beginning, not from that of the next line
    patterns = (role.lead, behind, role.own, role.line)
    checks: list[Check] = [(0, partial(_led, role.before, role.exception == "E4"))] if role.before else []
    return checks + [
        (place, pattern.match if pattern is behind else pattern.search)
        for place, pattern in enumerate(patterns, 1)
        if pattern
    ]


def _words(text: str, span: Span) -> tuple[list[tuple[Before, bool]], str, str, str, str]:
    """What stands before a place, before it in its line, behind it, itself, and its line."""
    start, end = text.rfind("\n", 0, span.start) + 1, text.find("\n", span.start)
    line = text[max(start, span.start - REACH) : max(min(end if end >= 0 else len(text), span.end + REACH), start + 1)]
    far = span.start - start > REACH
    return (
        _befores(text, span.start),
        "\0" + text[span.start - REACH : span.start] if far else text[start : span.start],
        text[span.end : span.end + WIDTH],
        span.of(text),
        line,
    )


def _heading(reading: Reading, span: Span) -> str:
    """The heading over a cell of a pasted table; empty outside of tables."""
    cell = reading.cell(span)
    return cell.heading.replace(" ", "") if cell and cell.row >= 0 else ""


def _tables(reading: Reading) -> list[tuple[Span, str]]:
    """The rows of pasted tables, each with the headings over it, one a line."""
    told: dict[Span, set[str]] = {}
    for cell in reading.cells:
        if cell.row >= 0:
            told.setdefault(reading.row(cell), set()).add(cell.heading)
    found, end, over = [], 0, ""
    for row in sorted(told):
        above = _BLANK.split(reading.text[max(end, row.start - REACH) : row.start].strip())
        if any(set(heading.split()) <= set(above) for heading in told[row]):
            over = "\n".join(above)
        found.append((row, over))
        end = row.end
    return found


def _headings(reading: Reading, span: Span) -> str:
    """All headings of the table in a row of which a place stands; empty outside of tables."""
    rows = reading.once(_tables, lambda _: _tables(reading))
    at = bisect_right(rows, span.start, key=lambda one: one[0].start) - 1
    return rows[at][1] if at >= 0 and rows[at][0].covers(span) else ""


def role_of(kind: str, span: Span, reading: Reading, label: Attribute) -> Role | None:
    """The first row of disclosure.toml that holds for personal data of a kind at a place."""
    rows = reading.once(label, lambda _: _Rows(reading.rules.roles, reading.title, label)).of(kind)
    words = _words(reading.text, span) if rows else ()
    for role, checks in rows:
        for place, seek in checks:
            if not seek(words[place]):
                break
        else:
            headed = role.heading is None or role.heading.search(_heading(reading, span))
            if headed and (role.headings is None or role.headings.search(_headings(reading, span))):
                return role
    return None


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
            PROFILED,
            reading.rules.profile.basis,
            Action.keep,
            _PROFILE.why,
        )
    role = role_of("NAME", person.span, reading, label)
    if role is not None and (role.action == "mask" or person.stay >= role.least):
        kind, source = role.counts_as or "NAME", f"{MODEL}:{role.id}"
        return Finding(person.span, kind, person.score, source, role.basis, Action(role.action), _why(role))
    stays = person.stay > STAY_CUT
    action, why = (Action.keep, _KEPT) if stays else (Action.mask, _MASKED)
    return Finding(person.span, "NAME", person.score, MODEL, "个人信息保护法第四条、第十三条", action, why)


def _row(name: Finding, rules: Rulebook) -> Role:
    """The row that decided a name."""
    return _PROFILE if name.source == PROFILED else rules.role.get(name.source.partition(":")[2], _DOUBT)


def one_treatment(names: Sequence[Finding], text: str, label: Attribute, rules: Rulebook) -> list[Finding]:
    """One person, one treatment: what a row says of a name holds elsewhere as far as the row says so.

    Rows that mask outweigh a duty elsewhere, but not what has to be published (`always`); those that are `firm` are
    outweighed by nothing.
    """
    named = _together(_alike(names, text), text, rules)
    told = [(name, _row(name, rules)) for name in named]
    kept = [one for one in told if one[0].action == Action.keep and one[1].elsewhere]
    kept.sort(key=lambda one: one[1].elsewhere == "always")
    known = {one[0].span.of(text): one for one in kept}
    full = by_given({name.span.of(text) for name in named})
    known = {given: known[bare] for given, bare in full.items() if bare in known} | known
    reaching = ("doubted",) if label == Attribute.proactive else ("doubted", "unpublished")
    going = {n.span.of(text): n for n, row in told if n.action == Action.mask and row.elsewhere in reaching}

    def settled(name: Finding, row: Role) -> Finding:
        steady, by = known.get(name.span.of(text), (None, _DOUBT))
        gone = going.get(name.span.of(text))
        if steady is None:
            return _as(gone, name) if gone is not None and name.source == MODEL else name
        doubted = name.source == MODEL or by.elsewhere == "always"
        return _as(steady, name) if doubted and not row.firm else name

    return [settled(name, row) for name, row in told]


def _as(other: Finding, name: Finding) -> Finding:
    return replace(other, span=name.span, score=name.score)


def _alike(names: Sequence[Finding], text: str) -> list[Finding]:
    """Two names of one person, told side by side (又名, 小名), with the treatment of the one that a row decides."""
    found = sorted(names, key=lambda name: name.span)
    for at in range(1, len(found)):
        one, other = found[at - 1], found[at]
        if not ALIAS.fullmatch(text, one.span.end, other.span.start):
            continue
        if other.source == MODEL and (one.source != MODEL or one.action == Action.mask):
            found[at] = _as(one, other)
        elif one.source == MODEL:
            found[at - 1] = _as(other, one)
    return found


def _together(names: Sequence[Finding], text: str, rules: Rulebook) -> list[Finding]:
    """A list of names behind one word (举报人：甲、乙): what a row says of the first holds for the rest."""
    found = list(names)
    for at in range(1, len(found)):
        one, other = found[at - 1], found[at]
        listed = other.source == MODEL and _row(one, rules).together
        if listed and _ROW.fullmatch(text, one.span.end, other.span.start):
            found[at] = _as(one, other)
    return _in_rows(found, text, rules)


def _in_rows(names: Sequence[Finding], text: str, rules: Rulebook) -> list[Finding]:
    """A roster: what some rows say of the name that begins a line holds for the one that begins the next."""
    found, first = list(names), -1
    for at, name in enumerate(found):
        line = text.rfind("\n", 0, name.span.start)
        if text[line + 1 : name.span.start].strip():
            continue
        above = found[first] if first >= 0 and name.source == MODEL else None
        if above and _row(above, rules).below and text.count("\n", above.span.end, name.span.start) == 1:
            found[at] = _as(above, name)
        first = at
    return found
