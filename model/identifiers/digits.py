"""What all detectors of numbers share: one scan for runs of digits, the words before a number, what looks alike."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from gongkai.model.document import Span
from gongkai.model.finding import Finding

DIGIT = "[0-9OoIl]"  # with the letters that character recognition mistakes for digits
# A pattern that opens with a plain set of characters is searched several times as fast as one that looks behind first.
# Twelve digits and more are told from the six by a group; there any digit counts and any gap of a longer number.
_START = re.compile(
    rf"[+(〔0-9lIO](?<![0-9].)(?=(?:[ \-()〔〕\n~./_·一]{{0,4}}+{DIGIT}){{5}}+"
    r"(?P<long>(?:[ \-\n._/·,]{0,6}+[\dOoIl]){6})?)"
)
_BACK, _ON, _GAP = 48, 48, 64
_OCR = str.maketrans("OoIlXx×ⅩⅹХх", "0011" + "X" * 7, " -\n()|│┃._/~一·,")

_CALLED = (
    r"(?:编号|编码|代码|文号|字号|(?<!涉)案号|单号|流水|受理号|登记号|注册号|报告号|索引|代号|任务号|工号|条码|批次|批号|会议(?:号|ID)|直播间|(?<!手)机号|"
    r"串号|IMEI|IMSI|ICCID|车架|发动机|住院号|病案号|案卷|房号|桩号|户号|表号|箱号|单元号|序列|凭证|票据|缴款|乡字第|地字第|ISBN|书号)"
)
_MATTER = (
    r"(?:订单|合同|项目|档案|许可证|证书|资产|设备|图斑|宗地|备案|执法证|工作证|样品|信访件|工单|不动产|产权|回执|运单|快递|"
    r"物流|发票|信用(?![卡社])|坐标|经度|纬度|高程|检查证|资格证|执照|商标|专利|水表|电表|气表|表箱|标段|林权|准字)"
)
_LOOKALIKE = re.compile(
    rf"{_CALLED}(?:[^,;。\n|]{{0,10}}|[: ]{{0,2}}\|[: ]{{0,2}})$"
    rf"|{_MATTER}(?:[^,;。\n|]{{0,6}}(?:号|码|№|No\.?)[^,;。\n|]{{0,4}}|[:(为是第]{{0,3}})$"
)
_PRIVATE = re.compile(r"身份证|公民身份|手机|电话|联系|账号|帐号|卡号|护照|微信|致电|拨打|打给|来电|短信|机主|本人")


@dataclass(frozen=True, slots=True)
class Scan:
    """A folded text with the places where a run of six digits or more begins; blanks and dashes may part them.

    `long` are those of twelve digits or more; `zones` are the pieces of text around the runs: what stands outside is no
    label of a number.
    """

    text: str
    starts: tuple[int, ...]
    long: tuple[int, ...]
    zones: tuple[tuple[int, int], ...]

    @classmethod
    def of(cls, text: str) -> Scan:
        """Look once for all runs."""
        starts: list[int] = []
        long: list[int] = []
        for match in _START.finditer(text):
            starts.append(match.start())
            if match.lastgroup:
                long.append(match.start())
        zones: list[tuple[int, int]] = []
        for at in starts:
            low = zones.pop()[0] if zones and zones[-1][1] >= at - _BACK - _GAP else max(0, at - _BACK)
            zones.append((low, at + _ON))
        return cls(text, tuple(starts), tuple(long), tuple(zones))

    @property
    def barred(self) -> bool:
        """Whether the text has a bar, which parts the cells of a table or the boxes of a form."""
        return "|" in self.text or "│" in self.text or "┃" in self.text

    def at(self, pattern: re.Pattern[str], first: str, long: bool = False) -> Iterator[re.Match[str]]:
        """Matches that begin where a run (a `long` one) does, with one of `first`; none overlaps the one before."""
        text, end = self.text, 0
        for start in self.long if long else self.starts:
            if start >= end and text[start] in first and (match := pattern.match(text, start)):
                end = match.end()
                yield match

    def near(self, *patterns: re.Pattern[str]) -> Iterator[re.Match[str]]:
        """Matches of patterns that hold a run of digits and the words beside it."""
        for pattern in patterns:
            for low, high in self.zones:
                yield from pattern.finditer(self.text, low, high)


def bare(text: str) -> str:
    """A number without what parts its digits, misread letters made digits."""
    return text.translate(_OCR)


def before(text: str, at: int, width: int = 16) -> str:
    """The words before an offset, over the line's end."""
    return text[max(0, at - width) : at].replace("\n", " ")


def marked(match: re.Match[str], kind: str, score: float, group: str | int = 0, source: str = "") -> Finding:
    """A finding at a match's group, without blanks and dashes at its end."""
    start, end = match.span(group)
    piece = match.group(group)
    end -= len(piece) - len(piece.rstrip(" -\n"))
    return Finding(Span(start, end), kind, score, source or f"number:{kind}")


def lookalike(text: str, at: int, width: int = 16) -> bool:
    """Whether the words before a number call it something else (a contract, a permit), and no nearer word private."""
    words = before(text, at, width)
    other = _LOOKALIKE.search(words)
    return bool(other) and not _PRIVATE.search(words, other.start() if other else 0)


def digits(text: str) -> int:
    """How many characters are digits."""
    return sum(map(str.isdigit, text))
