"""OFD without its personal data: the package built anew, characters taken out of its text objects."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from lxml.etree import _Element as Element

from gongkai.model.errors import OversizedDocument
from gongkai.service.formats.container import damage_told, open_container, parse_xml, read_part
from gongkai.service.limits import Limits
from gongkai.service.rewriting import ofdlines, ofdpictures, scan
from gongkai.service.rewriting.joined import carried_out
from gongkai.service.rewriting.ofdlines import Line, Place
from gongkai.service.rewriting.ofdreduce import local, made, named, reduced, serialized, zipped
from gongkai.service.rewriting.ofdtext import Cut, Fresh, take_out
from gongkai.service.rewriting.pdfmarks import differing
from gongkai.service.rewriting.slots import Edit, Rewritten, Slot

_DAMAGED = "OFD 已损坏或不完整，请重新获取或重新导出后再试。"
_FONT_PART = "Marks.xml"
_EYE_FONTS = "嵌入的字体里可能还有已遮蔽文字的字形（不在页面上显示），要求严格时请改为图像发布"
#: More new objects than any document gets.
_ROOM = 100_000


@dataclass(frozen=True, slots=True)
class _Target:
    """Where the text of a slot stands: characters in text codes, a line of a picture, or a text beside the pages."""

    places: tuple[tuple[Place, ...], ...] | None = None
    picture: ofdpictures.ReadPicture | None = None
    number: int = 0


@dataclass(frozen=True)
class _OpenOfd:
    """The rebuilt package, what is said about it, and where each slot stands."""

    parts: dict[str, bytes] = field(repr=False)
    slots: list[Slot] = field(repr=False)
    targets: list[_Target] = field(repr=False)
    dropped: tuple[str, ...]
    by_eye: tuple[str, ...]

    def rewrite(self, edits: Mapping[int, Sequence[Edit]]) -> Rewritten:
        with damage_told(_DAMAGED):
            parts = dict(self.parts)
            trees = _trees(parts)
            cuts: dict[int, list[Cut]] = defaultdict(list)
            words: dict[str, tuple[ofdpictures.ReadPicture, dict[int, Sequence[Edit]]]] = {}
            beside = list(_beside(trees))
            for index, changes in edits.items():
                target, text = self.targets[index], self.slots[index].text
                if target.places is not None:
                    _cut(cuts, target.places, text, changes)
                elif target.picture:
                    words.setdefault(target.picture.part, (target.picture, {}))[1][target.number] = changes
                else:
                    beside[target.number][2](carried_out(text, changes))
            fonts = bool(cuts) and any(True for tree in trees.values() for _ in named(tree, "FontFile"))
            if cuts:
                take_out(cuts, ofdlines.codes(trees), _fresh(trees))
            parts |= {name: serialized(tree) for name, tree in trees.items()}
            parts |= {name: ofdpictures.boxed(parts[name], *found) for name, found in words.items()}
        return Rewritten(zipped(parts), self.dropped, (*self.by_eye, _EYE_FONTS) if fonts else self.by_eye)


def open_ofd(data: bytes, limits: Limits, *, pictures: str = "blank") -> _OpenOfd:
    """Take an OFD apart.

    `pictures`: with "blank" what the extra `ocr` reads is redacted in its pixels, without it pictures become grey
    and a scanned page raises UnsupportedPart; "grey" makes all of them grey; "keep" leaves them to a person.
    Raises EncryptedDocument, CorruptDocument, OversizedDocument, ArchiveBomb, UnsupportedPart.
    """
    with damage_told(_DAMAGED):
        package, dropped = reduced(data, limits)
        with open_container(package, limits) as box:
            parts = {name: read_part(box, name) for name in box.namelist()}
        trees = _trees(parts)
        lines, pages = ofdlines.lines(package, parts, trees)
        if sum(len(line.text) for line in lines) > limits.max_characters:
            raise OversizedDocument("文件文字过多，请拆分成几个文件后再提交。")
        settled = ofdpictures.settled(parts, trees, (lines, pages), pictures, limits)
        parts |= {name: serialized(tree) for name, tree in trees.items()}
        slots = list(_slots(lines, settled.read, trees))
    every, targets = [slot for slot, _ in slots], [target for _, target in slots]
    return _OpenOfd(parts, every, targets, (*dropped, *settled.dropped), settled.by_eye)


def _slots(
    lines: Sequence[Line], read: Sequence[ofdpictures.ReadPicture], trees: dict[str, Element]
) -> Iterator[tuple[Slot, _Target]]:
    for line in lines:
        yield Slot(line.text, "正文"), _Target(line.places)
    for picture in read:
        for number, words in enumerate(picture.lines):
            yield Slot(words.text, scan.PLACE, words.after), _Target(picture=picture, number=number)
    seen = {code for line in lines for places in line.places for code, _ in places}
    for number, code in enumerate(ofdlines.codes(trees)):
        text = code.text or ""
        if number not in seen and text.strip():
            yield Slot(text, "页面外文字", body=False), _Target(tuple(((number, at),) for at in range(len(text))))
    for number, (text, place, _) in enumerate(_beside(trees)):
        yield Slot(text, place, body=False), _Target(number=number)


def _beside(trees: dict[str, Element]) -> Iterator[tuple[str, str, Callable[[str], None]]]:
    """Texts beside the pages: what they say, where they stand, how to change them."""
    for name in sorted(trees):
        for element in named(trees[name], "OutlineElem", "Bookmark"):
            key = "Title" if element.get("Title") is not None else "Name"
            yield element.get(key) or "", "书签", _setter(element, key)
        for element in named(trees[name], "Title"):
            yield element.text or "", "文档属性", _setter(element, "")


def _setter(element: Element, key: str) -> Callable[[str], None]:
    def put(text: str) -> None:
        if key:
            element.set(key, text)
        else:
            element.text = text

    return put


def _cut(cuts: dict[int, list[Cut]], places: Sequence[Sequence[Place]], text: str, changes: Sequence[Edit]) -> None:
    """Edits of a line as cuts of the text codes that it is made of; the first code gets the replacement."""
    for piece in (piece for change in changes for piece in differing(change, text)):
        said = piece.text
        for found in _together(places[piece.span.start : piece.span.end]):
            cuts[found[0][0]].append((found[0][1], found[-1][1] + 1, said))
            said = ""
        for place in places[piece.span.start : piece.span.end]:
            for number, at in place[1:]:
                cuts[number].append((at, at + 1, ""))


def _together(places: Sequence[Sequence[Place]]) -> Iterator[list[Place]]:
    """Characters that stand behind each other in one text code, gaps of blanks included."""
    run: list[Place] = []
    for place in (place[0] for place in places if place):
        if run and (place[0] != run[-1][0] or not 0 < place[1] - run[-1][1] <= 3):
            yield run
            run = []
        run.append(place)
    if run:
        yield run


def _fresh(trees: dict[str, Element]) -> Fresh:
    """Numbers beyond all that are used, and a font for the replacements, declared in every document."""
    last = max((number for tree in trees.values() for number in _numbers(tree)), default=0)
    fresh = Fresh(last, "")
    fresh.font = fresh.number()
    for name in [name for name in trees if name.endswith("/Document.xml")]:
        folder = name.rpartition("/")[0]
        resources = made("Res")
        fonts = made("Fonts")
        fonts.append(made("Font", ID=fresh.font, FontName="宋体", FamilyName="宋体"))
        resources.append(fonts)
        trees[f"{folder}/{_FONT_PART}"] = resources
        for area in named(trees[name], "PageArea"):
            area.addnext(made("PublicRes", f"/{folder}/{_FONT_PART}"))
            break
        for top in named(trees[name], "MaxUnitID"):
            top.text = str(last + _ROOM)
    return fresh


def _numbers(tree: Element) -> Iterator[int]:
    """Numbers of objects, and the highest that a document says it has."""
    for element in tree.iter("*"):
        said = element.text if local(element) == "MaxUnitID" else element.get("ID")
        if said and said.strip().isdecimal():
            yield int(said)


def _trees(parts: Mapping[str, bytes]) -> dict[str, Element]:
    return {name: parse_xml(data) for name, data in parts.items() if name.endswith(".xml")}
