"""Lines of a text with their offsets, and which of them a web page or a printer left behind."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from gongkai.model.document import Document, Span
from gongkai.model.rows import parted

_WEAK = (
    r"打印|关闭|字号|字体|首页|网站首页|发布(?:时间|日期)|信息时间|(?:文章)?来源|原创|阅读|责任编辑|作者|编辑|收藏|"
    r"[主承]办(?:单位)?|附件下载|索引号|logo|搜索"
)
_STRONG = (
    r"打印本页|关闭窗口|分享到|当前位置|您(?:现在)?的?(?:当前)?(?:所在)?位置|上一[篇条]|下一[篇条]|浏览(?:次数|量)|"
    r"点击(?:数|量|次数)|版权所有|网站(?:标识码|地图)|政府网站|友情链接|相关链接|Copyright|©|扫一扫|无障碍|"
    r".{0,12}ICP备|.{0,6}公网安备"
)
_WHOLE = (
    r"[-(〔 ]*第? ?[\dlIO]{1,3} ?页?(?: ?[/,] ?|  *)?(?:共 ?[\dlIO]{1,3} ?页)?[-)〕 ]*|"
    r"<[a-z/!][^>]*>.*|&nbsp;.*|document\..*|[\u4e00-\u9fff]{2,20}[-_|][\u4e00-\u9fff]{2,12}|"
    r"[-─━_=*·.~—■□▌ │┃┌┏└┗├┣┬┳┴┻┼╋┤┫┐┓┘┛┯┷┠┨]+|[大中小]( *[大中小])+|〔(?:打印|关闭|字[号体]).*"
)
NOISE = re.compile(rf"^(?:[〔(]?(?:(?:{_WEAK})(?= |$|[::>)〕])|(?:{_STRONG}))|(?:{_WHOLE})$)", re.IGNORECASE)
_TRAIL = re.compile(r"^[^。]{0,60}(?: > |>>| / ).{0,40}(?:>| / )[^。]{0,80}$")
LONGEST = 300
_GAP = re.compile(r"\t| {3,}| {2,}(?=[(〔]|编号|单位:|共 ?\d)")


@dataclass(frozen=True)
class Line:
    """One line without its outer blanks: offsets into the text, and the folded characters."""

    start: int
    end: int
    text: str

    @property
    def span(self) -> Span:
        """Where it stands."""
        return Span(self.start, self.end)

    @cached_property
    def tight(self) -> str:
        """Its characters without any blank."""
        return "".join(self.text.split())

    @cached_property
    def parts(self) -> list[Line]:
        """What `pieces` says of it."""
        gaps = list(_GAP.finditer(self.text))
        if not gaps:
            return [self]
        found, at = [], 0
        for gap in [*gaps, None]:
            end = gap.start() if gap else len(self.text)
            piece = self.text[at:end]
            if text := piece.strip():
                start = self.start + at + len(piece) - len(piece.lstrip())
                found.append(Line(start, start + len(text), text))
            at = gap.end() if gap else end
        return [self] if all(len(piece.text) == 1 for piece in found) else found

    @cached_property
    def noise(self) -> bool:
        """Whether it looks like a page's furniture rather than the document's own words."""
        text = self.text
        if len(text) > LONGEST:
            return False
        return bool(NOISE.match(text) or ((">" in text or " / " in text) and _TRAIL.match(text)))


def lines(document: Document) -> Iterator[Line]:
    """The non-blank lines of a document in order; their tabs are kept."""
    offset, text = 0, _with_tabs(document)
    for raw in text.split("\n"):
        body = raw.strip()
        if body:
            start = offset + raw.index(body)
            yield Line(start, start + len(body), body)
        offset += len(raw) + 1


def _with_tabs(document: Document) -> str:
    """The folded text, in which tabs are still tabs: they part the cells of a table."""
    return parted(document, "\t")


def pieces(line: Line) -> list[Line]:
    """What stands side by side on one line, cut at tabs and three blanks; a letter-spaced line stays whole."""
    return line.parts


def unspaced(text: str) -> str:
    """A title's characters without line breaks, and without blanks where it was letter-spaced."""
    tokens = text.split()
    if sum(len(token) == 1 for token in tokens) >= 0.6 * len(tokens) and len(tokens) > 1:
        return "".join(tokens)
    return re.sub(r"\s*\n\s*", "", text).strip()
