"""What stands around the body (GB/T 9704-2012, 7.3, 7.4): 主送机关, 附件说明, 署名, 成文日期, 附注, 抄送, 印发."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from gongkai.model.dates import DATE, as_date
from gongkai.model.document import Span
from gongkai.model.head import agency
from gongkai.model.lines import Line, pieces

_SOMEBODY = re.compile(
    r"(?:政府|委员会|党[组委]|[局厅部委院署办处科室站所队组会团社司行校园厂店企户圈]|中心|公司|单位|部门|学校|企业|同[志学]|先生|女士|小姐|"
    r"老师|师傅|朋友们?|乡亲们?|[村居市牧农渔]民|家长|群众|代表|委员|领导|街道|机构|人员|[省市县区乡镇村旗州盟])(?:\([^()]{1,40}\))?$"
)
_RUNS_ON = re.compile(r"^[^。:;(〔-][^。:;]*(?:[,、]|[^。:;]{24})$")
_NOBODY = re.compile(
    r"[年月]\d|该|发现|如下|以下|下列|包括|[。;!?:]"
    r"|^(?:第?[一二三四五六七八九十\d]{1,3}[、.章条]|[(〔]|附|注|问|答|其中|说明|备注)"
)
ATTACHMENT = re.compile(r"^附 ?件? ?[\d一二三四五]? ?: ?\S|^附 ?件? ?: ?$")
_ITEM = re.compile(r"^\d{1,2} ?[.、．]")
ANNOTATION = re.compile(
    r"^[(〔] ?(?:(?:此|本)(?:件|文|文件|信息)[^)〕]{2,30}|联系人[^〕]{2,100}|"
    r"[^)〕]{0,6}(?:主动公开|依申请公开|不予公开|公开发布)) ?[)〕]$"
)
COPY = re.compile(r"^(?:主 ?送|抄 ?送|抄 ?报|副 ?本|分 ?送) ?: ?\S")
PRINTED = re.compile(r"^印发(?:机关|日期|单位)|共印 ?\d+ ?份")
_SEAL = r"(?: *\([^()]{1,8}\))?"
_ALONE = re.compile(r"^\(? *(" + DATE.pattern + r") *(?:\([^()]{0,14}\)|印|贴|制)?\)?$")
_SIGNED = re.compile(
    r"^(?P<who>[\u4e00-\u9fff()、· ]{2,40}?)" + _SEAL + r" +(" + DATE.pattern + r") *(?P<printed>印 ?发)?\)?$"
)
_BELOW = ("附件说明", "署名", "成文日期", "附注", "抄送", "印发")


def addressee(rows: Sequence[Line], folded: str, after: int) -> Span | None:
    """主送机关: the first of the next rows, over at most three lines, that ends in a colon and names somebody."""
    below = [line for line in rows if line.start >= after][:6]
    for place, line in enumerate(below):
        for last in range(place, min(place + 3, len(below))):
            tight = "".join(row.tight for row in below[place : last + 1])
            if _names_somebody(tight):
                return Span(line.start, below[last].end)
            following = below[last + 1 : last + 2]
            if not following or not _RUNS_ON.search(tight):
                break
            if folded.count("\n", below[last].end, following[0].start) > 1:
                break
        if "。" in line.text:
            return None
    return None


def _names_somebody(tight: str) -> bool:
    body = tight[:-1]
    if not tight.endswith(":") or not 2 <= len(body) <= 260 or _NOBODY.search(re.sub(r"\([^()]*\)", "", body)):
        return False
    return any(_SOMEBODY.search(name) for name in (body, re.split(r"[,、]", body)[0]))


def tail_parts(rows: Sequence[Line], after: int) -> dict[str, Span]:
    """The parts below the body, in the rows after an offset."""
    below = [line for line in rows if line.start >= after]
    found = dict(_signature(below))
    date = found.get("成文日期")
    for place, line in enumerate(below):
        if len(line.text) >= 400:
            continue
        signed = date is not None and line.start > date.end
        if "附件说明" not in found and not signed and len(line.text) < 160 and ATTACHMENT.match(line.text):
            found["附件说明"] = _items(below, place)
        if "附注" not in found and ANNOTATION.match(line.text) and len(line.text) < 160:
            found["附注"] = line.span
        late = signed or line.start > after + 200 or place > len(below) - 8
        if "抄送" not in found and late and COPY.match(line.text):
            found["抄送"] = _until_stop(below, place)
        if "印发" not in found and _printed(line):
            found["印发"] = line.span
    return found


def _printed(line: Line) -> bool:
    if len(line.tight) > 60 or "。" in line.text[:-1]:
        return False
    return bool(PRINTED.search(line.text) or (line.tight.rstrip("。").endswith("印发") and DATE.search(line.text)))


def _items(rows: Sequence[Line], place: int) -> Span:
    last = place
    while last + 1 < len(rows) and last - place < 20:
        if not _ITEM.match(rows[last + 1].text) or len(rows[last + 1].text) >= 80:
            break
        last += 1
    return Span(rows[place].start, rows[last].end)


def _until_stop(rows: Sequence[Line], place: int) -> Span:
    last = place
    while last + 1 < len(rows) and last - place < 5 and rows[last].text.endswith((",", "、")):
        last += 1
    return Span(rows[place].start, rows[last].end)


def _signature(rows: Sequence[Line]) -> Iterator[tuple[str, Span]]:
    """署名 and 成文日期: the first date below or beside an agency, else the last date alone on a line near the end."""
    alone: Span | None = None
    for place, line in enumerate(rows):
        if len(line.text) > 90:
            continue
        match = _SIGNED.match(line.text)
        if match and not match["printed"] and as_date(match) and agency("".join(match["who"].split())):
            yield "署名", Span(line.start, line.start + len(match["who"].rstrip()))
            yield "成文日期", Span(line.start + match.start(2), line.start + match.end(2))
            return
        dated = _alone(line)
        if dated and (above := _signers(rows, place)):
            yield "署名", above
            yield "成文日期", dated
            return
        if dated and (place >= len(rows) - 10 or place > 0.75 * len(rows)):
            alone = dated
    if alone:
        yield "成文日期", alone


def _alone(line: Line) -> Span | None:
    match = _ALONE.match(line.text)
    if not match or not as_date(match):
        return None
    return Span(line.start + match.start(1), line.start + match.end(1))


def _signers(rows: Sequence[Line], place: int) -> Span | None:
    """The lines above a date that name agencies."""
    first = place
    while first > 0 and place - first < 8 and _signer(rows[first - 1]):
        first -= 1
    return Span(rows[first].start, rows[place - 1].end) if first < place else None


def _signer(line: Line) -> bool:
    if len(line.text) >= 90:
        return False
    return bool(_OFFICER.match(line.tight)) or all(agency(piece.tight) for piece in pieces(line))


_OFFICER = re.compile(r"^(?:[省市县区州盟旗镇乡]长|局长|厅长|部长|主任|主席|署长)[\u4e00-\u9fff·]{2,12}$")


def body(parts: Mapping[str, Span], text: str, after: int) -> Span | None:
    """正文: what lies between addressee or title and the first part below; without outer blanks."""
    end = min((parts[name].start for name in _BELOW if name in parts and parts[name].start > after), default=len(text))
    piece = text[after:end]
    start = after + len(piece) - len(piece.lstrip())
    end = after + len(piece.rstrip())
    return Span(start, end) if end > start else None
