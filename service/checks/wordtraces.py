"""Text of a Word file that its pages don't show: the colour of its ground, under shapes, hidden, tracked, in notes."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from lxml.etree import _Element as Element

from gongkai.service.checks.found import Trace
from gongkai.service.checks.officetraces import alike, cropped, local, parts, shared, stored, value
from gongkai.service.checks.wordcovers import covered
from gongkai.service.checks.wordstyles import Styles, is_on, nearest
from gongkai.service.formats.container import open_container
from gongkai.service.limits import Limits

_ANEW = "请用 gongkai redact 处理原文件后重新发布，不要用涂黑、盖图的办法"
_ACCEPT = "请接受全部修订、删除批注后另存为新文件，再替换已发布的文件"
_READY = "文档部件库（自动图文集）里存有文字，打开页面看不到，却能被取出"
_AUTHOR = "修订、批注的作者留有人名"
_SIGNED = ("{*}person", "{*}comment", "{*}ins", "{*}del", "{*}moveFrom", "{*}moveTo", "{*}rPrChange", "{*}pPrChange")
_CAUSES = {
    "black": ("文字涂成黑色块，但文字没有删除，复制即可得到", True),
    "same": ("文字与底色相同，看不见却能复制", False),
    "hidden": ("文字设成隐藏或者极小，看不见却能复制", False),
}
_HIGHLIGHTS = {
    "black": "000000",
    "white": "FFFFFF",
    "yellow": "FFFF00",
    "red": "FF0000",
    "green": "00FF00",
    "blue": "0000FF",
    "cyan": "00FFFF",
    "magenta": "FF00FF",
    "darkGray": "808080",
    "lightGray": "C0C0C0",
}
#: In half points, in percent of the width, and in twentieths of a point: what nobody can read.
_SMALL, _NARROW, _LOW = 4, 10, 60
_PLACES = (("header", "页眉"), ("footer", "页脚"), ("footnotes", "脚注"), ("endnotes", "尾注"), ("comments", "批注"))


def traces_word(data: bytes, limits: Limits) -> Iterator[Trace]:
    """Unseen text, tracked deletions, comments, cropped and floating pictures, embedded files, authors."""
    with open_container(data, limits) as box:
        yield from shared(box)
        styles = Styles.of(box)
        for name, root in parts(box, "word/"):
            short = name.rpartition("/")[2]
            yield from _kept(root, name)
            place = next((said for start, said in _PLACES if short.startswith(start)), "正文")
            if place == "批注":
                yield from _comments(root)
            elif root.find(".//{*}p") is not None and local(root) not in ("styles", "numbering", "theme"):
                yield from _part(root, place, styles)


def _kept(root: Element, name: str) -> Iterator[Trace]:
    """Variables and texts that a document keeps ready, and who worked on it."""
    yield from (stored(found, "文档变量") for found in root.iter("{*}docVars"))
    if name.startswith("word/glossary/document"):
        text = "\n".join("".join(_texts(paragraph)) for paragraph in root.iter("{*}p"))
        yield Trace("文档部件库", text, _READY, _ANEW)
    for author in dict.fromkeys(value(element, "author").strip() for element in root.iter(*_SIGNED)):
        yield Trace("修订和批注", author, _AUTHOR, _ACCEPT, type="NAME")


def _part(root: Element, place: str, styles: Styles) -> Iterator[Trace]:
    for paragraph in root.iter("{*}p"):
        for cause, text in _unseen(paragraph, styles):
            yield Trace(place, text, _CAUSES[cause][0], _ANEW, _CAUSES[cause][1])
    deleted = [text.text or "" for text in root.iter("{*}delText")]
    moved = ["".join(_texts(part)) for part in root.iter("{*}moveFrom")]
    if deleted or moved or next(root.iter("{*}ins"), None) is not None:
        said = "文件里留有修订痕迹，删去的文字仍能看到"
        yield Trace(f"{place}的修订", "".join((*deleted, *moved)), said, _ACCEPT, sure=True)
    yield from cropped(root, place)
    for text, why, sure in covered(root):
        yield Trace(place, text, why, _ANEW, sure)


def _comments(root: Element) -> Iterator[Trace]:
    text = "\n".join("".join(_texts(paragraph)) for paragraph in root.iter("{*}p"))
    if text.strip():
        yield Trace("批注", text, "文件里留有批注，公开的文件不应带有批注", _ACCEPT, sure=True)


def _texts(element: Element) -> Iterator[str]:
    yield from (text.text or "" for text in element.iter("{*}t", "{*}delText"))


def _unseen(paragraph: Element, styles: Styles) -> Iterator[tuple[str, str]]:
    """Runs of a paragraph that nobody sees, those of one cause together."""
    runs = [run for run in paragraph.iter("{*}r") if next(run.iterancestors("{*}p"), None) is paragraph]
    if not runs:
        return
    flat, ground = _is_flat(paragraph, styles), _ground(paragraph, styles)
    told = [
        ("hidden" if flat else _cause(run, paragraph, ground, styles), "".join(t.text or "" for t in _own(run)))
        for run in runs
    ]
    for cause, group in groupby((pair for pair in told if pair[1]), key=lambda pair: pair[0]):
        text = "".join(words for _, words in group)
        if cause and text.strip():
            yield cause, text


def _own(run: Element) -> Iterator[Element]:
    yield from run.iterchildren("{*}t")


def _is_flat(paragraph: Element, styles: Styles) -> bool:
    """Whether a paragraph's lines, or the row that it stands in, have a height in which no letter fits."""
    spacing = nearest(styles.of_paragraph(paragraph), "spacing")
    if value(spacing, "lineRule") == "exact" and _below(value(spacing, "line"), _LOW):
        return True
    row = next(paragraph.iterancestors("{*}tr"), None)
    height = row.find("{*}trPr/{*}trHeight") if row is not None else None
    return value(height, "hRule") == "exact" and _below(value(height), _LOW)


def _below(told: str, limit: int) -> bool:
    return told.isascii() and told.isdecimal() and len(told) < 9 and int(told) <= limit


def _ground(paragraph: Element, styles: Styles) -> str:
    """The colour under a paragraph: its own, its cell's, its text box's or the page's; empty where it isn't known."""
    for properties in styles.of_paragraph(paragraph):
        if found := styles.shade(properties):
            return found
    for around in paragraph.iterancestors("{*}tc", "{*}tbl", "{*}wsp"):
        if local(around) == "tc" and (found := styles.shade(around.find("{*}tcPr"))):
            return found
        if local(around) == "tbl" and _banded(around, styles):
            return ""
        if local(around) == "wsp" and (found := styles.filled(around.find("{*}spPr"))):
            return found
    return styles.page


def _banded(table: Element, styles: Styles) -> bool:
    """Whether the style of a table shades some of its cells: which ones depends on rows and columns."""
    name = value(table.find("{*}tblPr/{*}tblStyle"))
    return any(next(style.iter("{*}shd"), None) is not None for style in styles.chain(name))


def _cause(run: Element, paragraph: Element, ground: str, styles: Styles) -> str:
    """Why nobody sees a run; empty when it is seen."""

    def told(name: str) -> Element | None:
        return nearest(styles.of_run(run, paragraph), name)

    if is_on(told("vanish")):
        return "hidden"
    if _below(value(told("sz")), _SMALL) or _below(value(told("w")).removesuffix("%"), _NARROW):
        return "hidden"
    highlighted = _HIGHLIGHTS.get(value(told("highlight")), "")
    under = highlighted or next(filter(None, map(styles.shade, styles.of_run(run, paragraph))), "") or ground
    colour = styles.coloured(told("color"))
    if not colour:  # "auto" turns white on a dark shade, but not on a highlight
        colour = "000000" if highlighted else ""
    if not colour or not under or not alike(colour, under):
        return ""
    return "black" if alike(under, "000000") else "same"
