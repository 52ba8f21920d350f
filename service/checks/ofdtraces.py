"""Text of an OFD that its pages don't show: covered and unseen text, annotations, attachments, earlier versions."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain

from lxml.etree import _Comment, _ProcessingInstruction
from lxml.etree import _Element as Element

from gongkai.service.checks.found import Trace
from gongkai.service.checks.ofdpainting import IDENTITY, Cover, Resources, Words, joined, numbers, painted
from gongkai.service.checks.ofdunseen import Budget, Sight, TooMuch
from gongkai.service.checks.unseen import REMOVE, attached, earlier, hidden, note, properties
from gongkai.service.formats.container import open_container, read_part
from gongkai.service.limits import Limits
from gongkai.service.rewriting.ofdreduce import Package, local, named

_EXPORT = "请从原系统重新导出一个新文件，再替换已发布的文件"
_BESIDE = "不在页面上显示的部分留有文字，解开文件即可看到"
_TOO_MUCH = "页面上的图形太多，被盖住的文字没能检查完"
_A4 = (0.0, 0.0, 210.0, 297.0)
_ORDER = {"Background": 0, "Body": 1, "Foreground": 2}
#: Text inside these is a shape or a pattern, not words of the page.
_SHAPES = {"Clips", "Clip", "Pattern", "CellContent"}
_FACTS = ("Subject", "Abstract", "Keyword", "CustomData", "Cover")
_TELLING = re.compile(r"[\u4e00-\u9fff]{2}|\d{11}|@")
_NAMES = {"FontName", "FamilyName", "Title"}
_DRAWN = "TextObject"
_MUTE = {"TextCode", "AbbreviatedData", "Glyphs", ""}


def traces_ofd(data: bytes, limits: Limits) -> Iterator[Trace]:
    """Covered and unseen text, annotations, attachments, earlier versions, properties, parts beside the pages."""
    with open_container(data, limits) as box:
        file = _File(Package(box), limits)
        entry = file.package.find("", "OFD.xml") or ""
        bodies = list(named(file.tree(entry), "DocBody"))
        for body in bodies:
            yield from file.document(entry, body)
        for body in bodies:
            yield from _told(body)
            yield from file.versions(entry, body)
        yield from file.beside()


def _told(body: Element) -> Iterator[Trace]:
    for info in (below for below in body if local(below) == "DocInfo"):
        author = next((below.text or "" for below in info if local(below) == "Author"), "")
        yield from properties(author, [author, *(below.text or "" for below in named(info, *_FACTS))])


@dataclass
class _File:
    """A package that is looked through: which parts were drawn, and what its pages say."""

    package: Package
    limits: Limits
    used: set[str] = field(default_factory=set)
    shown: list[str] = field(default_factory=list, repr=False)
    pages: int = 0
    budget: Budget = field(default_factory=Budget)
    trees: dict[str, Element] = field(default_factory=dict, repr=False)

    def tree(self, name: str | None) -> Element:
        """A part, which is then one that was looked at."""
        if name not in self.trees:
            self.trees[name or ""] = self.package.tree(name)
        self.used.add(name or "")
        return self.trees[name or ""]

    def document(self, entry: str, body: Element) -> Iterator[Trace]:
        """What the pages of one document don't show, and what hangs on it."""
        where, document = self._root(entry, body)
        notes = self._notes(where, document)
        base = _Base.of(self, where, document)
        for page in _listed(document, "Pages", "Page"):
            self.pages += 1
            if self.pages > self.limits.max_pages:
                return
            mine = notes.get((page.get("ID") or "").strip(), [])
            yield from self._page(base, page, mine)
        yield from self._attached(where, document)

    def _root(self, entry: str, body: Element) -> tuple[str, Element]:
        where = self.package.find(entry, next((t.text for t in named(body, "DocRoot")), None))
        return where or "", self.tree(where)

    def _page(self, base: _Base, page: Element, notes: list[Element]) -> Iterator[Trace]:
        place = f"第{self.pages}页"
        drawn, edges = base.page(page.get("BaseLoc"))
        covers = list(chain.from_iterable(_appearance(one, base.resources) for one in notes))
        self.shown += ["".join(letter.char for letter in words.letters) for words in drawn if isinstance(words, Words)]
        sight = Sight(edges, [*drawn, *covers], lambda name: read_part(self.package.box, name), self.budget)
        try:
            for text, cause in sight.unseen():
                yield hidden(place, text, cause)
        except TooMuch:
            yield Trace(place, "", _TOO_MUCH, _EXPORT, sure=True)
        for one in notes:
            yield note(self.pages, _words(one), "注释")
            yield Trace(f"{place}的注释", one.get("Creator") or "", "注释的作者留有人名", REMOVE, type="NAME")

    def _notes(self, where: str, document: Element) -> dict[str, list[Element]]:
        """Annotations by the number of their page."""
        found: dict[str, list[Element]] = defaultdict(list)
        for holder in (below for below in document if local(below) == "Annotations"):
            listing = self.package.find(where, holder.text)
            for page in named(self.tree(listing), "Page") if listing else ():
                part = self.package.find(listing or "", next((t.text for t in named(page, "FileLoc")), None))
                notes = named(self.tree(part), "Annot") if part else ()
                found[(page.get("PageID") or "").strip()] += notes
        return found

    def _attached(self, where: str, document: Element) -> Iterator[Trace]:
        count = 0
        for holder in (below for below in document if local(below) == "Attachments"):
            listing = self.package.find(where, holder.text)
            count += sum(1 for _ in named(self.tree(listing), "Attachment")) if listing else 0
        yield from attached(count)

    def versions(self, entry: str, body: Element) -> Iterator[Trace]:
        """Lines of earlier versions that the pages of now don't have."""
        now = "".join("".join(self.shown).split())
        for number, version in enumerate(named(body, "Version"), 1):
            part = self.package.find(entry, version.get("BaseLoc"))
            yield from earlier(number, self._earlier(part) if part else (), now, _EXPORT)

    def _earlier(self, part: str) -> Iterator[str]:
        version = self.tree(part)
        root = self.package.find(part, next((t.text for t in named(version, "DocRoot")), None))
        parts = [self.package.find(part, file.text) for file in named(version, "File")]
        if root:
            pages = _listed(self.tree(root), "Pages", "Page")
            parts += [self.package.find(root, page.get("BaseLoc")) for page in pages]
        for name in dict.fromkeys(filter(None, parts)):
            if name.lower().endswith(".xml"):
                yield from (_said(words) for words in named(self.tree(name), _DRAWN))

    def beside(self) -> Iterator[Trace]:
        """Parts that no page draws, and what stands in the drawn ones without being drawn."""
        lines: list[str] = []
        for name in (name for name in self.package.box.namelist() if name.lower().endswith(".xml")):
            drawn, tree = name in self.used, self.tree(name)
            if local(tree) not in ("Signatures", "Signature"):
                lines += chain(() if drawn else [_words(tree)], _shapes(tree), _settings(tree), _comments(tree))
        yield Trace("页面以外", "\n".join(line for line in lines if line.strip()), _BESIDE, REMOVE)


@dataclass(frozen=True)
class _Base:
    """What the pages of one document share."""

    file: _File
    where: str
    edges: tuple[float, float, float, float]
    resources: Resources
    templates: dict[str, tuple[str, str | None]]

    @classmethod
    def of(cls, file: _File, where: str, document: Element) -> _Base:
        edges = next((_box(area) for area in named(document, "PageArea")), None) or _A4
        shared = [file.package.find(where, part.text) for part in named(document, "PublicRes", "DocumentRes")]
        templates = {
            (page.get("ID") or "").strip(): (page.get("ZOrder") or "Background", page.get("BaseLoc"))
            for page in named(document, "TemplatePage")
        }
        return cls(file, where, edges, _resources(file, shared), templates)

    def page(self, location: str | None) -> tuple[list[Words | Cover], tuple[float, float, float, float]]:
        """What a page draws, its templates and layers in their order, and its edges."""
        name = self.file.package.find(self.where, location)
        tree = self.file.tree(name)
        edges = next((_box(area) for area in named(tree, "Area")), None) or self.edges
        layers = []
        for use in (below for below in tree if local(below) == "Template"):
            order, place = self.templates.get((use.get("TemplateID") or "").strip(), ("", None))
            part = self.file.package.find(self.where, place)
            if part:
                layers += [
                    (_ORDER.get(use.get("ZOrder") or order, 0), 0, part, layer)
                    for layer in _layers(self.file.tree(part))
                ]
        layers += [(_ORDER.get(layer.get("Type") or "Body", 1), 1, name or "", layer) for layer in _layers(tree)]
        drawn: list[Words | Cover] = []
        for _, _, part, layer in sorted(layers, key=lambda item: item[:2]):
            drawn += painted(layer, self._own(part))
        return drawn, edges

    def _own(self, part: str) -> Resources:
        """The resources of a page or template: its own before the document's."""
        parts = [self.file.package.find(part, own.text) for own in named(self.file.tree(part), "PageRes")]
        mine = _resources(self.file, parts) if parts else None
        if mine is None:
            return self.resources
        every = self.resources
        return Resources(
            {**every.units, **mine.units}, {**every.settings, **mine.settings}, {**every.pictures, **mine.pictures}
        )


def _resources(file: _File, parts: Iterable[str | None]) -> Resources:
    units: dict[str, Element] = {}
    settings: dict[str, Element] = {}
    pictures: dict[str, str] = {}
    for part in filter(None, parts):
        tree = file.tree(part)
        units |= {_id(unit): unit for unit in named(tree, "CompositeGraphicUnit")}
        settings |= {_id(one): one for one in named(tree, "DrawParam")}
        folder = f"{part.rpartition('/')[0]}/{(tree.get('BaseLoc') or '').strip()}/x".replace("//", "/")
        for media in named(tree, "MultiMedia"):
            place = next((below.text for below in named(media, "MediaFile")), None)
            name = file.package.find(folder, place) or file.package.find(part, place)
            pictures |= {_id(media): name} if name else {}
    return Resources(units, settings, pictures)


def _id(element: Element) -> str:
    return (element.get("ID") or "").strip()


def _listed(document: Element, holder: str, name: str) -> Iterator[Element]:
    for group in (below for below in document if local(below) == holder):
        yield from (below for below in group if local(below) == name)


def _layers(tree: Element) -> Iterator[Element]:
    yield from _listed(tree, "Content", "Layer")


def _box(area: Element) -> tuple[float, float, float, float] | None:
    found = numbers(next((below.text for below in area if local(below) == "PhysicalBox"), None), 4)
    return (found[0], found[1], found[2], found[3]) if found else None


def _appearance(note: Element, resources: Resources) -> Iterator[Cover]:
    """What an annotation lays over its page."""
    if (note.get("Visible") or "").strip().lower() == "false":
        return
    for look in (below for below in note if local(below) == "Appearance"):
        left, top, _, _ = numbers(look.get("Boundary"), 4) or _A4
        start = joined((1.0, 0.0, 0.0, 1.0, left, top), IDENTITY)
        yield from (item for item in painted(look, resources, start) if isinstance(item, Cover))


def _said(words: Element) -> str:
    return "".join(code.text or "" for code in words if local(code) == "TextCode")


def _words(tree: Element) -> str:
    """All text of a part: the codes of a text object together, everything else a line each."""
    lines = [
        _said(element) if local(element) == _DRAWN else (element.text or "")
        for element in tree.iter()
        if local(element) not in _MUTE
    ]
    return "\n".join(line.strip() for line in lines if line.strip())


def _shapes(tree: Element) -> Iterator[str]:
    for words in named(tree, _DRAWN):
        if any(local(around) in _SHAPES for around in words.iterancestors()):
            yield _said(words)


def _settings(tree: Element) -> Iterator[str]:
    """Attributes that say something: what programs write beside the drawing."""
    for element in tree.iter():
        for key, value in element.attrib.items() if local(element) else ():
            if str(key).rpartition("}")[2] not in _NAMES and _TELLING.search(str(value)):
                yield str(value)


def _comments(tree: Element) -> Iterator[str]:
    for element in tree.getroottree().iter():
        if isinstance(element, (_Comment, _ProcessingInstruction)):
            yield element.text or ""
