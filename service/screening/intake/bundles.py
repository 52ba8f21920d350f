"""Which files of one folder are one matter: 正文 with 附件 and 发文稿纸, 请示 with 批复. When unsure, separate."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from gongkai.model.folding import fold
from gongkai.service.screening.intake.folders import ATTACHED
from gongkai.service.screening.records import Bundle, Locator, Part, Role

#: A bundle of more is a folder of loose files, not one matter.
MOST = 60
_LONGEST = 300
_ORDER = (".docx", ".doc", ".wps", ".ofd", ".pdf", ".html", ".htm", ".txt", ".md", ".xlsx", ".xls")
_COUNT = r"[\d一二三四五六七八九十]{0,3}"
_NUMBER = re.compile(r"([\u4e00-\u9fff]{1,12}?)〔?\(?((?:19|20)\d{2})[〕)年]\s*(?:第)?(\d{1,5})号")
_SERIAL = re.compile(r"^(\d{1,3})(?:[-.]\d{1,3})?(?![\d年月日号个名项届次期批万类度季省市县区镇村])[.、_\-\s]*")
_DAY = re.compile(r"^(?:19|20)\d{2}(?:\d{2}){1,2}[.、_\-]*|[_\-(]?(?:19|20)\d{6}\)?$")
_LEADING = re.compile(rf"^附(?:件|表|图|录)[:.、_\-]?{_COUNT}|^附{_COUNT}[:.、_\-]|^附\d{{1,2}}")
_TRAILING = re.compile(
    rf"^(?P<core>.{{2,}}?)(?:[-_:.,、—(〔]+(?:的)?附(?:件|表|图|录)[-_:.]?{_COUNT}[)〕]?(?P<rest>.*)"
    rf"|的?附件[-_:.]?{_COUNT}[)〕]?)$"
)
_FORM = re.compile(
    r"[-_:.(〔]*(?:发文稿纸|拟稿纸|发文稿签|发文处理[单笺]|发文[单笺]|公文(?:处理|审批|签批)[单笺]|(?:公开)?(?:属性)?(?:审核|审查|会签|审批)?意见单"
    r"|审批单|签批单|会签单|呈批[件单]|办文单|文件处理[单笺]|阅办单|公开属性(?:审核|审查|认定)?[表单])[)〕]?"
)
_BODY = re.compile(r"[-_:.(〔]*(?:正文|主文|主件|定稿|终稿|正式稿|印发稿|签发稿|红头文件?|盖章版)[)〕]?")
_INNER = re.compile(r"《(.{4,})》的?(?:请示|批复|复函|答复|回复)$")
_ENDING = re.compile(r"的?(?P<kind>请示|批复|复函|函复|答复|回复)(?:\(.{1,8}\))?$")
_ASKING = re.compile(
    r"^(?:(?:恳请|请求|要求|申请|报请|报送|呈请|提请|请示|审批|审定|审议|批准|同意|商请|对|将|给予)的?)+"
)
_EDGES = " .、_-:,()〔〕"


#: Places of matters by what they are known by: number, core or serial.
_Index = dict[tuple[str, str], set[int]]


@dataclass(frozen=True, slots=True)
class _Named:
    """A file by what its name says; `core` is the matter that it names itself, `order` its place among attachments."""

    part: Part
    stem: str
    role: Role
    core: str
    number: str
    serial: str
    order: tuple[int, ...]

    @property
    def locator(self) -> Locator:
        return self.part.locator


def bundled(parts: Sequence[Part]) -> list[Bundle]:
    """The parts of one folder (its 附件 folders included) as bundles, sorted by the path of their main part."""
    named = sorted((_named(part) for part in parts), key=lambda n: n.locator)
    heads, copies = _primary([n for n in named if n.role == Role.main])
    matters = _paired(heads)
    index = _index(matters)
    loose: list[_Named] = list(copies)
    followers: dict[int, list[_Named]] = defaultdict(list)
    for follower in (n for n in named if n.role in (Role.attachment, Role.form)):
        place = _home(follower, index, len(matters))
        (loose if place is None else followers[place]).append(follower)
    bundles = [_bundle(matter, followers[place], loose) for place, matter in enumerate(matters)]
    bundles += [Bundle((_with(n, n.role),)) for n in loose]
    return sorted(bundles, key=lambda bundle: bundle.main.locator)


def _named(part: Part) -> _Named:
    name = part.locator.name
    suffix = name[name.rfind(".") :] if "." in name else ""
    stem = "".join(fold(part.fields.get("title") or name.removesuffix(suffix)).split())[:_LONGEST]
    number = _number(part.fields.get("number") or stem)
    rest = _NUMBER.sub("", stem).strip(_EDGES)
    serial = _SERIAL.match(rest)
    rest = _DAY.sub("", rest[serial.end() :] if serial else rest).strip(_EDGES)
    role, core = _role(rest)
    if role == Role.main and ATTACHED.match(_folder(part.locator)):
        role, core = Role.attachment, ""
    order = tuple(int(n) for n in re.findall(r"\d{1,9}", stem))
    return _Named(part, stem, role, core, number, serial[1].lstrip("0") if serial else "", order)


def _folder(locator: Locator) -> str:
    """The name of the folder that a file lies in, or nothing at the top of an archive."""
    if not locator.inside:
        return locator.path.parent.name
    return locator.inside[-1].rpartition("/")[0].rpartition("/")[2]


def _number(text: str) -> str:
    found = _NUMBER.search("".join(fold(text).split()))
    return f"{found[1]}{found[2]}-{int(found[3])}" if found else ""


def _role(rest: str) -> tuple[Role, str]:
    """The role that a name tells, and the matter that it names besides."""
    if _LEADING.match(rest):
        return Role.attachment, ""
    trailing = _TRAILING.match(rest)
    if trailing:
        return Role.attachment, _BODY.sub("", trailing["core"]).strip(_EDGES)
    if _FORM.search(rest):
        return Role.form, _BODY.sub("", _FORM.sub("", rest)).strip(_EDGES)
    return Role.main, _BODY.sub("", rest).strip(_EDGES)


def _primary(heads: Iterable[_Named]) -> tuple[list[_Named], list[_Named]]:
    """One of each name, an editable format before a printed one; the same in other formats stands alone."""
    same: dict[tuple[str, str], list[_Named]] = defaultdict(list)
    for head in heads:
        same[_folder(head.locator), head.stem].append(head)
    ranked = [sorted(group, key=lambda n: (_format(n), n.locator)) for group in same.values()]
    return [group[0] for group in ranked], [other for group in ranked for other in group[1:]]


def _format(named: _Named) -> int:
    suffix = "." + named.locator.name.rpartition(".")[2].lower()
    return _ORDER.index(suffix) if suffix in _ORDER else len(_ORDER)


def _paired(heads: Iterable[_Named]) -> list[list[_Named]]:
    """Matters: a reply with the one request of the same matter, and everything else by itself."""
    pairs: dict[str, list[_Named]] = defaultdict(list)
    matters: list[list[_Named]] = []
    for head in heads:
        kind, matter = _matter(head.core)
        if matter:
            pairs[matter].append(replace(head, role=kind))
        else:
            matters.append([head])
    for group in pairs.values():
        if {n.role for n in group} == {Role.request, Role.reply} and len(group) == 2:
            matters.append(sorted(group, key=lambda n: n.role != Role.reply))
        else:
            matters += [[replace(n, role=Role.main)] for n in group]
    return sorted(matters, key=lambda matter: matter[0].locator)


def _matter(core: str) -> tuple[Role, str]:
    """Whether a title asks or answers, and what about; nothing for one that does neither."""
    ending = _ENDING.search(core)
    if not ending:
        return Role.main, ""
    kind = Role.request if ending["kind"] == "请示" else Role.reply
    inner = _INNER.search(core)
    if inner:
        return kind, _matter(inner[1])[1] or _plain(inner[1])
    return kind, _plain(core[: ending.start()])


def _plain(title: str) -> str:
    """What a title is about, without who wrote it and how it asks; nothing when that could be anything."""
    about = title.partition("关于")[2] or title
    about = _ASKING.sub("", about.strip("《》")).removesuffix("的")
    return about if len(about) >= 5 else ""


def _index(matters: Sequence[Sequence[_Named]]) -> _Index:
    """The matters by each thing that an attachment may name."""
    index: _Index = defaultdict(set)
    for place, matter in enumerate(matters):
        for head in matter:
            for key in ("number", "core", "serial"):
                index[key, getattr(head, key)].add(place)
    return index


def _home(follower: _Named, index: _Index, count: int) -> int | None:
    """The matter that an attachment or form belongs to: by number, by the title in its name, by its serial number, or
    because there is but one."""
    keys = [(key, value) for key in ("number", "core") if (value := getattr(follower, key))]
    if not keys and follower.serial:
        keys = [("serial", follower.serial)]
    for key in keys:
        if key in index:
            return next(iter(index[key])) if len(index[key]) == 1 else None
    return 0 if count == 1 and not follower.core and not follower.number else None


def _bundle(matter: Sequence[_Named], followers: Sequence[_Named], loose: list[_Named]) -> Bundle:
    """What is too much for one matter goes to `loose`."""
    if len(matter) + len(followers) > MOST:
        loose += followers
        followers = ()
    ranked = sorted(followers, key=lambda n: (n.role == Role.form, not n.order, n.order, n.locator))
    return Bundle(tuple(_with(n, n.role) for n in (*matter, *ranked)))


def _with(named: _Named, role: Role) -> Part:
    return replace(named.part, role=role)
