"""Text in HTML source: its runs with their places, read through escapes and written back as each place wants it."""

from __future__ import annotations

import html
import json
import re
import urllib.parse
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import accumulate

from gongkai.model.document import Span

INLINE = re.compile(
    r"a|abbr|acronym|b|bdi|bdo|big|blink|cite|code|data|del|dfn|em|font|i|ins|kbd|label|mark|nobr|output|q"
    r"|rb|rp|rt|ruby|s|samp|small|span|strike|strong|sub|sup|time|tspan|tt|u|var|wbr"
    r"|(?!(?:o|x):[a-z]{2})[a-z][\w.]*[:-][\w:.-]+"
)
#: A long number as spreadsheets export it.
EXPONENT = re.compile(r"(?<![A-Za-z0-9_.])[0-9]\.[0-9]{2,20}[Ee]\+?1[0-9](?![A-Za-z0-9_.]*[A-Za-z0-9_])")
_TEXT = re.compile(
    r"&(?:#0*\d{1,7}|#[xX]0*[0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});?|[ \t\r\n\f]+|" + EXPONENT.pattern
)
_PAIR = r"\\u[dD][89abAB][0-9A-Fa-f]{2}\\u[dD][c-fC-F][0-9A-Fa-f]{2}"
_CODED = re.compile(rf"{_PAIR}|\\u[0-9A-Fa-f]{{4}}")
_ATTRIBUTE_TEXT = re.compile(rf"{_CODED.pattern}|{_TEXT.pattern}")
_ASCII = rf"%u[0-9A-F]{{4}}|%[0-7][0-9A-F]|{_TEXT.pattern}"
_URL = re.compile(
    rf"%[CD][0-9A-F]%[89AB][0-9A-F]|%E[0-9A-F](?:%[89AB][0-9A-F]){{2}}|%F[0-7](?:%[89AB][0-9A-F]){{3}}|{_ASCII}", re.I
)
_CHINESE_URL = re.compile(rf"%[89A-F][0-9A-F](?:%[4-9A-F][0-9A-F]|[@-~])|{_ASCII}", re.I)
_CODE = re.compile(
    rf"{_PAIR}|" r"\\u\{[0-9A-Fa-f]{1,6}\}|\\u[0-9A-Fa-f]{4}|\\x[0-9A-Fa-f]{2}|\\[0-9A-Fa-f]{4,6} ?|\\(?:\r\n|.)", re.S
)
_CONTROL = {"n": "\n", "r": "\n", "t": "\t", "b": " ", "f": " ", "v": " ", "0": " "}


@dataclass(frozen=True, slots=True)
class Run:
    """A few characters as they read, and where they stand in the source; one for one where the lengths agree."""

    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Piece:
    """Text that hangs together: its runs, the kind of place (text, cell, attribute, comment, code …) and a name.

    `above` is the stretch of the source whose characters these are the readings of, where they are readings.
    """

    runs: tuple[Run, ...]
    kind: str
    name: str = ""
    after: str = "\n"
    above: Span | None = None

    @property
    def text(self) -> str:
        """The text as it reads."""
        return "".join(run.text for run in self.runs)

    @cached_property
    def _starts(self) -> list[int]:
        """Where each run begins in the text."""
        return [0, *accumulate(len(run.text) for run in self.runs)][:-1]

    def changes(self, span: Span, text: str) -> Iterator[tuple[int, int, str]]:
        """What to change in the source for an edit: (start, end, new source); markup in between stays."""
        starts = self._starts
        index, new = bisect_right(starts, span.start) - 1, self.written(text)
        while index < len(self.runs) and starts[index] < span.end:
            run, low = self.runs[index], max(span.start - starts[index], 0)
            high = min(span.end - starts[index], len(run.text))
            exact = len(run.text) == run.end - run.start
            yield (run.start + low, run.start + high, new) if exact else (run.start, run.end, new)
            index, new = index + 1, ""

    def written(self, text: str) -> str:
        """A replacement as it has to be written at this place."""
        if self.kind == "number":
            return "0"
        if self.kind == "string":
            return json.dumps(text, ensure_ascii=False)[1:-1].replace("'", "\\u0027").replace("<", "\\u003c")
        if self.kind == "url":
            return urllib.parse.quote(text, safe="*@")
        return text if self.kind == "raw" else html.escape(text).replace(" ", "&#32;")


def _runs(source: str, start: int, end: int, escapes: re.Pattern[str], read: Callable[[str], str]) -> tuple[Run, ...]:
    runs, at = [], start
    for match in escapes.finditer(source, start, end):
        if match.start() > at:
            runs.append(Run(source[at : match.start()], at, match.start()))
        runs.append(Run(read(match.group()), *match.span()))
        at = match.end()
    if at < end:
        runs.append(Run(source[at:end], at, end))
    return tuple(run for run in runs if run.text)


def by_digits(number: str) -> str:
    """A number with an exponent as it would be written out."""
    return format(Decimal(number), "f")


def _entity(written: str) -> str:
    if written[0].isdigit():
        return by_digits(written)
    return " " if written.isspace() else html.unescape(written)


def _percent(written: str, coding: str = "utf-8") -> str:
    if written[:2] in ("%u", "%U"):
        return _escaped(f"\\{written[1:]}")
    return urllib.parse.unquote(written, coding) if "%" in written else _entity(written)


def _coded(written: str) -> str:
    return _escaped(written) if written[0] == "\\" else _entity(written)


def _escaped(written: str) -> str:
    if written.count("\\u") == 2:  # a character beyond the first 65,536
        halves = "".join(chr(int(part, 16)) for part in written.split("\\u")[1:])
        return halves.encode("utf-16", "surrogatepass").decode("utf-16")
    digits = re.sub(r"[^0-9A-Fa-f]", "", written[2:] if written[1] in "ux" else written[1:])
    if len(written) > 3 and digits:
        code = int(digits, 16)
        return chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"
    return _CONTROL.get(written[1:], written[1:].strip("\r\n"))


def text_runs(source: str, start: int, end: int) -> tuple[Run, ...]:
    """Source of text as runs: entities read, blanks made one."""
    return _runs(source, start, end, _TEXT, _entity)


def attribute_runs(source: str, start: int, end: int) -> tuple[Run, ...]:
    """The same of an attribute, which may hold data with escapes of a program."""
    return _runs(source, start, end, _ATTRIBUTE_TEXT, _coded)


def code_runs(source: str, start: int, end: int) -> tuple[Run, ...]:
    """The same of a string in a program or a style."""
    return _runs(source, start, end, _CODE, _escaped)


def url_runs(source: str, start: int, end: int) -> tuple[Run, ...]:
    """The same of an address; old sites write theirs in GBK."""
    try:
        urllib.parse.unquote_to_bytes(source[start:end].encode("ascii", "replace")).decode()
    except UnicodeDecodeError:
        return _runs(source, start, end, _CHINESE_URL, lambda written: _percent(written, "gb18030"))
    return _runs(source, start, end, _URL, _percent)
