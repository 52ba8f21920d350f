"""Lines of a text with their offsets, and which of them a web page left behind."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from gongkai.model.document import Document, Span

NOISE = re.compile(
    r"^ *(打印(本页)?|关闭(窗口)?|分享到|字号|当前位置|您(现在)?的?(当前)?位置|首页|网站首页|上一[篇条]|下一[篇条]|发布(时间|日期)|来源|"
    r"浏览(次数|量)|点击(数|量|次数)|责任编辑|作者|编辑|版权所有|主办单位|承办单位|网站标识码|Copyright|©|扫一扫|收藏|"
    r"【?(大|中|小)】? *【?(大|中|小)|.{0,12}ICP备|.{0,6}公网安备|<[a-z/!][^>]*>|&nbsp;|-+ ?第? ?\d+ ?页?|第 ?\d+ ?页|"
    r"[-─_=*·.~—■□ ]+)( |$|[::>】)）].{0,160}$|.{0,60}$)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Line:
    """One line without its outer blanks: offsets into the text, and the folded characters."""

    start: int
    end: int
    text: str

    @property
    def span(self) -> Span:
        """Where it stands."""
        return Span(self.start, self.end)

    @property
    def noise(self) -> bool:
        """Whether it looks like a page's furniture rather than the document's own words."""
        return bool(NOISE.match(self.text))


def lines(document: Document) -> Iterator[Line]:
    """The non-blank lines of a document in order."""
    offset = 0
    for raw in document.folded.split("\n"):
        body = raw.strip()
        if body:
            start = offset + raw.index(body)
            yield Line(start, start + len(body), body)
        offset += len(raw) + 1
