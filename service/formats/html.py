"""Web pages: the body without the furniture of the portal around it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser, LexborNode

from gongkai.service.formats.text import decode
from gongkai.service.limits import Limits

_META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w-]+)", re.I)
_CHARSETS = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb18030": "gb18030",
    "gb_2312-80": "gb18030",
    "big5": "big5hkscs",
    "big5-hkscs": "big5hkscs",
}
#: Not read: what no page shows, and readings above characters, which would part these.
_UNSEEN = re.compile("script|style|noscript|template|svg|iframe|object|select|option|button|textarea|head|rt|rp|rtc")
_FURNITURE_TAGS = ("nav", "header", "footer", "aside", "form")
_FURNITURE_NAMES = re.compile(
    r"(?:^|[\s_-])(?:bd)?(?:share\w*|breadcrumbs?|crumbs?|nav|navbar|navigation|topnav|mainnav|subnav|menu|header|footer"
    r"|foot|copyright|sidebar|toolbar|fontsize|print|prevnext|pagination|related|search|login|qrcode|ewm|dqwz|position"
    r"|location)(?:$|[\s_-])",
    re.I,
)
_FURNITURE_LINE = re.compile(
    r"(?:当前位置|您现在的位置|您的位置|您所在的位置|所在位置)\s*[:：].*|(?:上一篇|下一篇|上一条|下一条)\s*[:：].*"
    r"|[【\[]?(?:打印本页|关闭窗口|关闭本页|返回顶部|我要打印|加入收藏|收藏本页|设为首页)[】\]]?"
    r"|[【\[]?(?:打印|关闭|收藏|大|中|小)[】\]]?"
    r"|(?:字体|字号)\s*[:：]?\s*[【\[]?\s*[大中小特\s\[\]【】|/+-]+|(?:分享到|分享至|扫一扫).{0,30}"
    r"|(?:浏览次数|浏览量|点击数|点击量|阅读次数|访问量)\s*[:：]?\s*\d*\s*次?"
    r"|.{0,20}(?:版权所有|copyright|©).{0,60}|.{0,20}ICP备.{0,40}|.{0,10}公网安备.{0,30}|网站标识码.{0,30}",
    re.I,
)
_BLOCKS = re.compile(
    "address|article|aside|blockquote|body|br|caption|center|dd|details|div|dl|dt|fieldset|figcaption|figure|footer|form"
    "|h[1-6]|header|hr|legend|li|main|nav|ol|p|pre|section|summary|table|tbody|tfoot|thead|tr|ul"
)
_SPACES = re.compile(r"[ \t\r\n\f]+")
_KEPT_SHARE = 0.4
_LONG_CELL = 200
_LONGEST_FURNITURE = 120
_DEEPEST = 32


def read(data: bytes, limits: Limits) -> str:
    """The page's text as lines, table rows tab-separated; all of it when cleaning would leave under 40 %."""
    body = LexborHTMLParser(decode(data, declared(data))).body
    if body is None:
        return ""
    whole = _text_lines(body, frozenset())
    dropped = _furniture(body, _size(whole))
    cleaned = [line for line in _text_lines(body, dropped) if not _is_furniture_line(line)]
    enough = _size(cleaned) >= _KEPT_SHARE * _size(whole)
    return "\n".join(cleaned if enough else whole)


def declared(data: bytes) -> str:
    """The encoding named in a meta tag, when it is one that Chinese pages use."""
    found = _META_CHARSET.search(data[:8192])
    return _CHARSETS.get(found.group(1).decode("ascii", "replace").lower(), "") if found else ""


def _is_furniture_line(line: str) -> bool:
    return len(line) <= _LONGEST_FURNITURE and bool(_FURNITURE_LINE.fullmatch(line))


def _size(lines: list[str]) -> int:
    return sum(len("".join(line.split())) for line in lines)


@dataclass(slots=True)
class _Content:
    """What an element holds, itself and below."""

    size: int = 0
    has_sentence: bool = False
    has_heading: bool = False

    def add(self, other: _Content) -> None:
        self.size += other.size
        self.has_sentence |= other.has_sentence
        self.has_heading |= other.has_heading


def _furniture(body: LexborNode, total: int) -> frozenset[int]:
    """Elements to leave out, found in one pass: what a page holds is added up from the leaves."""
    found, opened = set(), [_Content()]
    for node, entering in _walk(body, frozenset()):
        if entering:
            text = (node.text_content or "") if node.tag == "-text" else ""
            opened.append(_Content(len("".join(text.split())), "。" in text, node.tag == "h1"))
            continue
        content = opened.pop()
        opened[-1].add(content)
        if _looks_like_furniture(node) and not _is_body(node, content, total):
            found.add(node.mem_id)
    return frozenset(found)


def _is_body(node: LexborNode, content: _Content, total: int) -> bool:
    """A large share of the page, its heading, or, where only a class name speaks, a full sentence."""
    sentence = content.has_sentence and node.tag not in _FURNITURE_TAGS
    return sentence or content.has_heading or content.size > total * _KEPT_SHARE


def _looks_like_furniture(node: LexborNode) -> bool:
    if node.tag in _FURNITURE_TAGS:
        return True
    if node.tag not in ("div", "ul", "p", "span", "td", "section", "table"):
        return False
    names = f"{node.attributes.get('class') or ''} {node.attributes.get('id') or ''}"
    return bool(_FURNITURE_NAMES.search(names))


def _walk(root: LexborNode, dropped: frozenset[int]) -> Iterator[tuple[LexborNode, bool]]:
    """Each node on the way in and on the way out, without recursion: sloppy pages nest hundreds deep."""
    stack = [(root, False), (root, True)]
    while stack:
        node, entering = stack.pop()
        yield node, entering
        if not entering:
            continue
        children = [child for child in node.iter(include_text=True) if _is_seen(child, dropped)]
        for child in reversed(children):
            stack += [(child, False), (child, True)]


def _is_seen(node: LexborNode, dropped: frozenset[int]) -> bool:
    return not _UNSEEN.fullmatch(node.tag or "") and node.mem_id not in dropped


@dataclass(slots=True)
class _Frame:
    """The text collected inside one cell, and the finished cells of the rows open in it."""

    pieces: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)


def _text_lines(body: LexborNode, dropped: frozenset[int]) -> list[str]:
    frames = [_Frame()]
    for node, entering in _walk(body, dropped):
        tag = node.tag
        if tag == "-text":
            if entering:
                frames[-1].pieces.append(_SPACES.sub(" ", node.text_content or ""))
        elif tag in ("td", "th"):
            _cell(frames, entering)
        elif tag == "tr":
            _row(frames[-1], entering)
        elif _BLOCKS.fullmatch(tag or ""):
            frames[-1].pieces.append("\n")
    return _lines("".join(frames[0].pieces))


def _cell(frames: list[_Frame], entering: bool) -> None:
    if entering:
        frames.append(_Frame() if len(frames) < _DEEPEST else frames[-1])
        return
    cell, outer = frames.pop(), frames[-1]
    if cell is outer:  # nested too deep for a table anyone reads
        cell.pieces.append("\n")
    elif outer.rows:
        outer.rows[-1].append("".join(cell.pieces))
    else:  # a cell outside any row
        outer.pieces += ["\n", *cell.pieces, "\n"]


def _row(frame: _Frame, entering: bool) -> None:
    if entering:
        frame.rows.append([])
    else:
        frame.pieces.append(f"\n{_render(frame.rows.pop())}\n")


def _render(cells: list[str]) -> str:
    """One line for a row of data; the cells' own lines for a row that only lays out the page."""
    split = [_lines(cell) for cell in cells]
    filled = [lines for lines in split if lines]
    if len(filled) == 1 or any(len(lines) > 1 and sum(map(len, lines)) > _LONG_CELL for lines in filled):
        return "\n".join(line for lines in filled for line in lines)
    return "\t".join(" ".join(lines) for lines in split).rstrip("\t")


def _lines(text: str) -> list[str]:
    """Lines with a visible character, without the blanks around them; tabs between cells stay."""
    return [line.strip("\u3000\xa0 ") for line in text.split("\n") if line.strip()]
