"""What stands around the title (GB/T 9704-2012, 7.2): 份号, 密级, 紧急程度, 发文机关标志, 发文字号, 签发人."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from gongkai.model.document import Span
from gongkai.model.lines import Line, pieces, unspaced
from gongkai.model.titles import AGENCY

_YEAR = r"[12][\dOoIl +]{3,12}"
_COUNT = r"[\dOoIl]{1,6}(?:[-至][\dOoIl]{1,6})?"
NUMBER = re.compile(
    rf"(?:\([\u4e00-\u9fff]{{1,12}}\))?[\u4e00-\u9fffA-Za-z·、 ]{{0,24}}[〔(] ?{_YEAR} ?[〕)]? ?"
    rf"[\u4e00-\u9fff]{{0,3}}第? ?{_COUNT} ?号"
)
ORDER = re.compile(rf"^\(?(?:[12][\dOo]{{3}} ?年 ?)?第 ?(?:{_COUNT}|[一二三四五六七八九十百]{{1,6}}) ?号\)?(?=$| *\()")
_LABEL = re.compile(r"^(?:发文字号|发文文号|文件编号|公文字号|字 ?号|文 ?号|编 ?号) ?: ?")
_INSIDE = re.compile(rf"(?:发文字号|发文文号|文件编号|文号) ?: ?({NUMBER.pattern})")
_QUOTED = re.compile(r"^(?:根据|依据|按照|来文|关于|批准|依照|参照|许可|证|经)")
URGENCY = re.compile(r"^(?:紧 ?急 ?程 ?度 ?: ?)?(特 ?提|特 ?急|加 ?急|平 ?急)(?=$| |件$|[★☆])")
_URGENT_FIELD = re.compile(r"紧 ?急 ?程 ?度 ?: ?(特提|特急|加急|平急)")
SIGNER = re.compile(r"签 ?发 ?人? ?: ?[^\s:,。][^\n:,。]{0,30}$")
COPY_NUMBER = re.compile(r"^(?:份 ?号 ?:? ?|[Nn][Oo]\.? ?)?\d(?: ?\d){5}$|^份 ?号 ?:? ?\d{1,6}$")
_LEVEL = r"(?:绝 {0,2}密|机 {0,2}密|秘 {0,2}密)"
_TERM = r"[★☆*※]? {0,2}(?:[\dOoIl 一二三四五六七八九十]{1,6} ?(?:年|午|个月)|长 ?期|启用前|解密前)"
SECRECY = re.compile(
    rf"^(?:密 {{0,2}}级 ?: {{0,2}})?({_LEVEL} {{0,2}}级?(?: {{0,2}}{_TERM}| {{0,2}}[★☆*※])?)(?=$| {{2}})"
)
#: With its star and term a mark is one whatever follows in its line, be it the title itself.
_STARRED = re.compile(rf"^ {{0,4}}({_LEVEL} {{0,2}}[★☆] {{0,2}}(?:\d{{1,2}} ?(?:年|个月)|长期))(?= |关于)")
_FIELD = re.compile(
    rf"密 {{0,2}}级(?:和保密期限)?[ :│┃|]{{1,4}}({_LEVEL}级?(?: {{0,2}}{_TERM}| {{0,2}}[★☆])?)(?![\u4e00-\u9fff、/])"
)
_CODE = re.compile(r"^[\u4e00-\u9fff()]{1,14}[字发函办规复批呈便电]$")
_SENTENCE = re.compile(r"[。;]")
_PAPERS = re.compile(r"证(?: |号|书)|准印|备案|登记|许可证|执照|合格证|房产|国用|集用|工单")


def head_rows(rows: Sequence[Line], title: Span | None) -> list[Line]:
    """The rows above the title and the four below it; without a title, those above the first sentence."""
    found: list[Line] = []
    last = title.end if title else 0
    for place, line in enumerate(rows[:40]):
        below = title is not None and line.start >= last
        if below and sum(other.start >= last for other in found) >= 4:
            break
        if title is None and (place >= 8 or _SENTENCE.search(line.text) or len(line.text) > 90):
            break
        if below and (_SENTENCE.search(line.text) or len(line.text) > 90 or line.text.endswith(":")):
            break
        if not (title and line.start < title.end and line.end > title.start):
            found.append(line)
    return found


def head_parts(rows: Sequence[Line], title: Span | None) -> Iterator[tuple[str, Span]]:
    """Parts of the head with their places; each kind at most once."""
    zone = head_rows(rows, title)
    found = {
        "份号": _first(COPY_NUMBER, zone[:3]),
        "密级和保密期限": _secrecy(zone) or _starred(rows[:6]),
        "紧急程度": _first(URGENCY, zone) or _inside(_URGENT_FIELD, zone),
        "签发人": _signer(zone),
        "发文字号": _broken_number(zone) or _number(zone),
        "发文机关标志": _masthead([line for line in zone if title is None or line.start < title.start][:10]),
    }
    yield from ((name, span) for name, span in found.items() if span)


def _first(pattern: re.Pattern[str], zone: Sequence[Line]) -> Span | None:
    for line in zone:
        for piece in pieces(line):
            if match := pattern.match(piece.text):
                group = match.lastindex or 0
                return Span(piece.start + match.start(group), piece.start + match.end(group))
    return None


def _inside(pattern: re.Pattern[str], zone: Sequence[Line]) -> Span | None:
    for line in zone:
        if match := pattern.search(line.text[:400]):
            return Span(line.start + match.start(1), line.start + match.end(1))
    return None


def _signer(zone: Sequence[Line]) -> Span | None:
    for line in zone:
        if match := SIGNER.search(line.text[-60:]):
            shift = line.end - len(line.text[-60:])
            return Span(shift + match.start(), shift + match.end())
    return None


def _secrecy(zone: Sequence[Line]) -> Span | None:
    """A mark in the head: alone on its line or at its margin, or in a field 密级; not one of several to choose from."""
    for line in zone[:12]:
        if len(set(re.findall(r"[绝机秘](?= {0,2}密)", line.text[:400]))) > 1:
            continue
        parts = pieces(line)
        for piece in (parts[0], parts[-1]) if "\t" not in line.text else ():
            if match := SECRECY.match(piece.text):
                return Span(piece.start + match.start(1), piece.start + match.end(1))
        if match := _FIELD.search(line.text[:400]):
            return Span(line.start + match.start(1), line.start + match.end(1))
    return None


def _starred(rows: Sequence[Line]) -> Span | None:
    for line in rows:
        if match := _STARRED.match(line.text[:40]):
            return Span(line.start + match.start(1), line.start + match.end(1))
    return None


def _number(zone: Sequence[Line]) -> Span | None:
    for line in zone:
        for piece in pieces(line) if "\t" not in line.text else ():
            label = _LABEL.match(piece.text)
            at = label.end() if label else 0
            match = NUMBER.match(piece.text, at) or (ORDER.match(piece.text) if not label else None)
            rest = piece.text[match.end() :].strip() if match else ""
            if match and not _foreign(match.group()) and (not rest or re.match(r"^(?:\(.{0,12}\)|签发)", rest)):
                return Span(piece.start + match.start(), piece.start + match.end())
    return _inside(_INSIDE, zone)


def _foreign(number: str) -> bool:
    """Whether a number is another paper's: a cited document's, a certificate's."""
    return bool(_QUOTED.match(number) or _PAPERS.search(number))


def _broken_number(zone: Sequence[Line]) -> Span | None:
    """A number that runs over the end of its line."""
    for above, below in zip(zone, zone[1:], strict=False):
        joined = above.text + below.text
        cut = "〔" in above.text or "(" in above.text or _CODE.match(above.tight)
        if len(joined) <= 40 and cut and not _foreign(joined) and NUMBER.fullmatch(joined):
            return Span(above.start, below.end)
    return None


def agency(tight: str) -> bool:
    """Whether a line without blanks names an agency, as a masthead or a signature does."""
    return bool(AGENCY.match(re.sub(r"\((?:公?章|印章?|盖章|签章|代章)\)$|^\((?:公?章|盖章)\)", "", tight)))


def _names_agency(line: Line) -> bool:
    tight, tokens = line.tight, line.text.split()
    name = re.sub(r"(?:文件|便函|用笺)$", "", tight)
    if len(name) > 42 or re.search(r"[:。,]", name) or not (tight.endswith("文件") or agency(name)):
        return False
    return " " not in unspaced(line.text) or all(agency(token) or token == "文件" for token in tokens)


def _masthead(zone: Sequence[Line]) -> Span | None:
    """Consecutive lines that name the issuing agencies."""
    start = end = -1
    for line in zone:
        if _names_agency(line):
            start, end = (line.start if start < 0 else start), line.end
        elif start >= 0:
            break
    return Span(start, end) if start >= 0 else None
