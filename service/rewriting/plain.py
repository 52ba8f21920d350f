"""Plain text, Markdown and tables (.txt, .md, .csv): encoding, line ends and quotes stay as they are."""

from __future__ import annotations

import codecs
import html
import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from gongkai.model.document import Span
from gongkai.model.errors import CorruptDocument
from gongkai.service.formats.text import decode
from gongkai.service.limits import Limits
from gongkai.service.rewriting.joined import carried_out
from gongkai.service.rewriting.markup import EXPONENT, INLINE, Piece, Run, by_digits
from gongkai.service.rewriting.slots import Edit, Rewritten, Slot

#: A picture or a file that stands in the text itself, as editors of Markdown write it.
_DATA = r"data:[\w.+-]+/[\w.+-]+;base64,[A-Za-z0-9+/=]{32,}"
_LINE = re.compile(rf"([^\r\n]*?)({_DATA}|\r\n|\r|\n|\Z)")
_MARKS = {"utf-8": codecs.BOM_UTF8, "utf-16-le": codecs.BOM_UTF16_LE, "utf-16-be": codecs.BOM_UTF16_BE}
_SEPARATORS = ",\t;|"
_QUOTED = re.compile(r'"(?:[^"]|"")*+"')
#: Marks around a part of a word or a number, which nobody sees; as many stars as a mask has are no marks.
_EMPHASIS = re.compile(
    r"(?<![*\\])(?P<mark>\*{1,3}|~~|`)(?P<within>[\w@.+\\-]{1,40})(?P<end>(?P=mark))(?!\*)", re.ASCII
)
_HAN_EMPHASIS = re.compile(r"(?<![*\\])(?P<mark>\*{2,3}|~~|`)(?P<within>[\w·]{1,12})(?P<end>(?P=mark))(?!\*)")
#: An escape of Markdown or of the data in its code, an entity, or a tag or a comment that tells nothing.
_ESCAPED = re.compile(
    r"\\(?P<sign>[!-/:-@\[-`{-~])|(?P<entity>&(?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});)"
    r"|\\u(?P<code>[4-9][0-9A-Fa-f]{3}|00[2-7][0-9A-Fa-f])|</?(?P<tag>[A-Za-z]{1,10})(?=[\s/>])[^<>@\u3400-\u9fff]{0,100}>|<!--[^<>@\u3400-\u9fff]{0,100}-->"
)
_BESIDE = re.compile(r"[\w\\~`]")
_NUMBER = re.compile(r"(?:\d\D{0,2}){6}\d")


@dataclass(frozen=True, slots=True)
class Encoding:
    """How a text was written to bytes: codec and byte order mark."""

    codec: str
    mark: bytes = b""

    def write(self, text: str) -> bytes:
        """The bytes of a text. Raises CorruptDocument for a character that the codec lacks."""
        try:
            return self.mark + text.encode(self.codec)
        except UnicodeEncodeError as error:
            raise CorruptDocument("文件里有写不回原编码的字符，请另存为 UTF-8 编码后再试。") from error


def read_encoded(data: bytes, declared: str = "") -> tuple[str, Encoding]:
    """A text and how it was encoded. Raises CorruptDocument."""
    text = decode(data, declared)
    for codec, mark in _MARKS.items():
        if data.startswith(mark):
            return text, Encoding(codec, mark)
    for codec in filter(None, (declared, "utf-8")):
        try:
            if data.decode(codec) == text:
                return text, Encoding(codec)
        except UnicodeDecodeError:
            continue
    return text, Encoding("gb18030")


@dataclass(frozen=True)
class Plain:
    """A text as slots, as it was written, and what stands between in the file, which is never changed."""

    slots: Sequence[Slot]
    written: Sequence[str]
    between: Sequence[str]
    encoding: Encoding
    separator: str = ""
    dropped: tuple[str, ...] = ()
    by_eye: tuple[str, ...] = ()
    #: What is read in each line where it isn't read as it is written, and whether marks stand around words.
    read: Sequence[Piece] = ()
    marked: bool = False

    def rewrite(self, edits: Mapping[int, Sequence[Edit]]) -> Rewritten:
        """The same file with the edits carried out; what has none is left to the last character."""
        pieces = []
        for index, after in enumerate(self.between):
            changed = edits.get(index)
            pieces += [self._edited(index, changed) if changed else self.written[index], after]
        return Rewritten(self.encoding.write("".join(pieces)), self.dropped, self.by_eye)

    def _edited(self, index: int, edits: Sequence[Edit]) -> str:
        if self.read:
            changes = [change for edit in edits for change in self.read[index].changes(edit.span, edit.text)]
            return _remarked(self.written[index], changes) if self.marked else _changed(self.written[index], changes)
        text, own = self.slots[index].text, _within(self.written[index]) if self.separator else ""
        text = carried_out(text if EXPONENT.fullmatch(own.strip()) else own or text, edits)
        if not self.separator:
            return text
        needed = _QUOTED.fullmatch(self.written[index]) or any(char in text for char in self.separator + '"\r\n')
        return '"' + text.replace('"', '""') + '"' if needed else text


def open_plain(data: bytes, limits: Limits, pictures: str = "blank") -> Plain:
    """A text as lines; data inside it, which nobody reads, is emptied or kept for a person to look at."""
    plain = _lined(data, pictures)
    return _reading(plain, _numbers) if any(map(EXPONENT.search, plain.written)) else plain


def open_markdown(data: bytes, limits: Limits, pictures: str = "blank") -> Plain:
    """A text as lines without escapes, entities and the marks inside words and numbers."""
    plain = _reading(_lined(data, pictures), lambda line: {*_emphasis(line), *_escapes(line), *_numbers(line)})
    return replace(plain, marked=True)


def _lined(data: bytes, pictures: str) -> Plain:
    text, encoding = read_encoded(data)
    lines = [match.groups() for match in _LINE.finditer(text) if match.group()]
    written = [line for line, _ in lines]
    inside, keep = sum(len(end) > 2 for _, end in lines), pictures == "keep"
    slots = [Slot(line, "正文", " " if len(end) > 2 else "\n") for line, end in lines]
    between = ["data:," if len(end) > 2 and not keep else end for _, end in lines]
    dropped = (f"文中内嵌的图片等数据{inside}项已清空",) if inside and not keep else ()
    by_eye = (f"文中内嵌的图片等数据{inside}项原样保留，请人工查看",) if inside and keep else ()
    return Plain(slots, written, between, encoding, dropped=dropped, by_eye=by_eye)


#: Stretches of a line that read otherwise: (start, end, text).
Stretches = Iterable[tuple[int, int, str]]


def _reading(plain: Plain, otherwise: Callable[[str], Stretches]) -> Plain:
    read = [Piece(tuple(_seen(line, otherwise(line))), "raw") for line in plain.written]
    slots = [replace(slot, text=piece.text) for slot, piece in zip(plain.slots, read, strict=True)]
    return replace(plain, slots=slots, read=read)


def _seen(line: str, otherwise: Stretches) -> Iterator[Run]:
    """What a reader sees of a line."""
    at = 0
    for start, end, text in sorted(otherwise):
        if start < at:
            continue
        if at < start:
            yield Run(line[at:start], at, start)
        if text:
            yield Run(text, start, end)
        at = end
    if at < len(line):
        yield Run(line[at:], at, len(line))


def _numbers(line: str) -> Stretches:
    return ((*match.span(), by_digits(match.group())) for match in EXPONENT.finditer(line))


def _emphasis(line: str) -> Iterator[tuple[int, int, str]]:
    """Both marks of each emphasis that stands beside another part of the same word, one after the other."""
    for pattern in (_EMPHASIS, _HAN_EMPHASIS):
        for match in pattern.finditer(line):
            if _BESIDE.search(line[max(match.start() - 1, 0) : match.start()] + line[match.end() : match.end() + 1]):
                yield *match.span("mark"), ""
                yield *match.span("end"), ""


def _remarked(line: str, changes: Sequence[tuple[int, int, str]]) -> str:
    """A line with changes, without the marks that stood in or beside what changes."""
    marks, places = iter(_emphasis(line)), sorted(changes)
    pairs = [pair for pair in zip(marks, marks, strict=True) if any(_touches(mark, places) for mark in pair)]
    return _changed(line, {*changes, *(mark for pair in pairs for mark in pair)})


def _touches(mark: tuple[int, int, str], places: Sequence[tuple[int, int, str]]) -> bool:
    """Whether a mark stands in or beside one of these places, which are in order and don't overlap."""
    near = bisect_left(places, mark[0], key=lambda place: place[1])
    return near < len(places) and places[near][0] <= mark[1]


def _changed(line: str, changes: Stretches) -> str:
    return carried_out(line, [Edit(Span(start, end), new) for start, end, new in sorted(changes)])


def _escapes(line: str) -> Iterator[tuple[int, int, str]]:
    for match in _ESCAPED.finditer(line):
        if match["sign"] or match["entity"]:
            yield *match.span(), match["sign"] or html.unescape(match["entity"])
        elif match["code"]:
            yield *match.span(), chr(int(match["code"], 16))
        elif (tag := (match["tag"] or "b").lower()) == "br":
            yield *match.span(), " "
        elif INLINE.fullmatch(tag) and not _NUMBER.search(match.group()):
            yield *match.span(), ""


def open_csv(data: bytes, limits: Limits, pictures: str = "blank") -> Plain:
    """A table as cells: quotes are undone in the slots and done again in the file. There are no pictures in it."""
    text, encoding = read_encoded(data)
    separator = _separator(text)
    slots, written, between = [], [], []
    for cell, after in _cells(text, separator):
        slots.append(Slot(_shown(_within(cell)), "表格", "\t" if after == separator else "\n"))
        written.append(cell)
        between.append(after)
    return Plain(slots, written, between, encoding, separator)


def _within(cell: str) -> str:
    """A cell without its quotes."""
    return cell[1:-1].replace('""', '"') if _QUOTED.fullmatch(cell) else cell


def _shown(cell: str) -> str:
    """A cell on one line, one character for one; a number with an exponent by its digits."""
    if EXPONENT.fullmatch(cell.strip()):
        return by_digits(cell.strip())
    return re.sub(r"[\r\n]", " ", cell)


def _separator(text: str) -> str:
    """The character that parts the most cells of the first lines."""
    head = _QUOTED.sub("", "\n".join(text.splitlines()[:20]))
    return max(_SEPARATORS, key=lambda char: (head.count(char), -_SEPARATORS.index(char)))


def _cells(text: str, separator: str) -> Iterator[tuple[str, str]]:
    """Each cell as written and what ends it; a quote that is never closed is a character like any other."""
    end = rf"({re.escape(separator)}|\r\n|\r|\n|\Z)"
    quoted, plain = re.compile(f"({_QUOTED.pattern}){end}"), re.compile(rf"([^\r\n{re.escape(separator)}]*){end}")
    at = 0
    while at < len(text):
        match = quoted.match(text, at) or plain.match(text, at)
        assert match
        yield match[1], match[2]
        at = match.end()
