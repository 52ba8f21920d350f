"""HTML source cut into the text that somebody could read out of it, each piece with its place in the source."""

from __future__ import annotations

import html
import json
import re
import urllib.parse
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from itertools import accumulate

from gongkai.model.document import Span

RAW = ("script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes")
INLINE = re.compile(
    r"a|abbr|acronym|b|bdi|bdo|big|blink|cite|code|data|del|dfn|em|font|i|ins|kbd|label|mark|nobr|output|q"
    r"|rb|rp|rt|ruby|s|samp|small|span|strike|strong|sub|sup|time|tspan|tt|u|var|wbr"
    r"|(?!(?:o|x):[a-z]{2})[a-z][\w.]*[:-][\w:.-]+"
)
_TAG = re.compile(
    r"<!--(?P<comment>.*?)(?:--!?>|\Z)"
    r"|<(?P<close>/?)(?P<name>[A-Za-z][^\s/>]*+)(?P<attributes>(?:[^>\"']|\"[^\"]*\"|'[^']*')*+)>"
    r"|<(?:[!?]|/(?=[^A-Za-z]))(?P<bogus>[^>]*)(?:>|\Z)"
    r"|<(?P<unclosed>/?[A-Za-z](?:[^>\"']|\"[^\"]*\"|'[^']*')*+)",
    re.S,
)
_ATTRIBUTE = re.compile(
    r"(?P<name>[^\s/=>\"']+)\s*=\s*(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'|(?P<bare>[^\s>\"']+))"
)
#: A long number as spreadsheets export it.
EXPONENT = re.compile(r"(?<![A-Za-z0-9_.])[0-9]\.[0-9]{2,20}[Ee]\+?1[0-9](?![A-Za-z0-9_.]*[A-Za-z0-9_])")
_TEXT = re.compile(
    r"&(?:#0*\d{1,7}|#[xX]0*[0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});?|[ \t\r\n\f]+|" + EXPONENT.pattern
)
_CODED = re.compile(r"\\u[0-9A-Fa-f]{4}")
_ATTRIBUTE_TEXT = re.compile(rf"{_CODED.pattern}|{_TEXT.pattern}")
_ASCII = rf"%u[0-9A-F]{{4}}|%[0-7][0-9A-F]|{_TEXT.pattern}"
_URL = re.compile(
    rf"%[CD][0-9A-F]%[89AB][0-9A-F]|%E[0-9A-F](?:%[89AB][0-9A-F]){{2}}|%F[0-7](?:%[89AB][0-9A-F]){{3}}|{_ASCII}", re.I
)
_CHINESE_URL = re.compile(rf"%[89A-F][0-9A-F](?:%[4-9A-F][0-9A-F]|[@-~])|{_ASCII}", re.I)
_ADDRESS = re.compile(r"\s*(?:https?|mailto|tel|sms|ftp|file|/|\.|\?|#)|[!-~]*%[0-9A-F]", re.I)
_CODE = re.compile(
    r"\\u\{[0-9A-Fa-f]{1,6}\}|\\u[0-9A-Fa-f]{4}|\\x[0-9A-Fa-f]{2}|\\[0-9A-Fa-f]{4,6} ?|\\(?:\r\n|.)", re.S
)
_LITERAL = re.compile(
    r"/\*(?P<block>.*?)(?:\*/|\Z)|(?<!:)//(?P<line>[^\r\n]*)"
    r"|(?<!\\)(?:\"(?P<double>(?:[^\"\\\r\n]|\\.)*+)\"|'(?P<single>(?:[^'\\\r\n]|\\.)*+)'"
    r"|`(?P<template>(?:[^`\\]|\\.)*+)`)"
    r"|(?<![\w.])(?P<number>\d{6,})(?![\w.])"
    r"|[(=,:\[!&|?{};]\s*/(?![*/])(?P<pattern>(?:\\.|\[(?:\\.|[^\]\\\r\n]){0,300}+\]|[^/\\\[\r\n])++)/",
    re.S,
)
#: Characters that a program needs no more than a name does, and what stands on one line with them.
_TOLD = re.compile(r"[\u3400-\u9fff]")
_STRETCH = re.compile(r"[^\r\n;{}]+")
_TYPE = re.compile(r"\btype\s*=\s*[\"']?\s*(?:text/(?:plain|html|template|x-)|x-)", re.I)
_MARKED = re.compile(r"<[A-Za-z/!]|&[#A-Za-z]")
_CONTROL = {"n": "\n", "r": "\n", "t": "\t", "b": " ", "f": " ", "v": " ", "0": " "}


@dataclass(frozen=True, slots=True)
class Run:
    """A few characters as they read, and where they stand in the source; one for one where the lengths agree."""

    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Piece:
    """Text that hangs together: its runs, the kind of place (text, cell, attribute, comment, code …) and a name."""

    runs: tuple[Run, ...]
    kind: str
    name: str = ""
    after: str = "\n"

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
    digits = re.sub(r"[^0-9A-Fa-f]", "", written[2:] if written[1] in "ux" else written[1:])
    if len(written) > 3 and digits:
        code = int(digits, 16)
        return chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"
    return _CONTROL.get(written[1:], written[1:].strip("\r\n"))


def text_runs(source: str, start: int, end: int) -> tuple[Run, ...]:
    """Source of text as runs: entities read, blanks made one."""
    return _runs(source, start, end, _TEXT, _entity)


def pieces(source: str) -> list[Piece]:
    """Everything in a page that reads as text, in the order of the source; the empty cells of a row too."""
    cutter = _Cutter(source)
    cutter.cut()
    return cutter.found


class _Cutter:
    """One pass over a page; `runs` is the text since the last tag that ends a line or a cell."""

    def __init__(self, source: str, start: int = 0, end: int | None = None, inside: str = "") -> None:
        self._source = source
        self._start, self._end = start, len(source) if end is None else end
        self._inside = inside
        self._runs: list[Run] = []
        self._in_cell = False
        self.found: list[Piece] = []

    def cut(self) -> None:
        """Find every piece of the source; all text in a comment or a program is hidden."""
        source, at, end = self._source, self._start, self._end
        while at < end:
            tag = _TAG.search(source, at, end)
            self._runs += text_runs(source, at, tag.start() if tag else end)
            at = tag.end() if tag else end
            if tag:
                self._at_tag(tag)
                at = self._past_raw(tag)
        self._flush("")

    def _at_tag(self, tag: re.Match[str]) -> None:
        name = (tag["name"] or "").lower()
        if name in ("td", "th", "tr", "table", "tbody", "thead", "caption"):
            cell = name in ("td", "th")
            self._flush("td" if self._in_cell else name, "\t" if self._in_cell and cell else "\n", self._in_cell)
            self._in_cell = cell and not tag["close"]
            if not cell and self.found and self.found[-1].after == "\t":
                self.found[-1] = replace(self.found[-1], after="\n")
        elif name and self._in_cell and not INLINE.fullmatch(name):
            if self._runs and self._runs[-1].text != " ":
                self._runs.append(Run(" ", tag.start(), tag.start()))
        elif name and not INLINE.fullmatch(name):
            self._flush(name)
        if tag["comment"] and _MARKED.search(tag["comment"]):
            self._within(*tag.span("comment"), "comment")
        else:
            self.found += _of_tag(self._source, tag)

    def _within(self, start: int, end: int, name: str) -> None:
        """Markup inside a place that isn't shown; what is nested in it once more is cut no further."""
        if self._inside:
            self.found.append(Piece((Run(self._source[start:end], start, end),), "raw", self._inside))
            return
        cutter = _Cutter(self._source, start, end, name)
        cutter.cut()
        self.found += cutter.found

    def _flush(self, name: str, after: str = "\n", even_empty: bool = False) -> None:
        runs = self._runs
        while runs and not runs[0].text.strip():
            del runs[0]
        while runs and not runs[-1].text.strip():
            del runs[-1]
        if runs or even_empty:
            self.found.append(Piece(tuple(runs), "text", self._inside or name, after))
        self._runs = []

    def _past_raw(self, tag: re.Match[str]) -> int:
        """The end of an element whose content is no markup, which is cut on the way; else the end of its tag."""
        name = (tag["name"] or "").lower()
        if name not in RAW or tag["close"]:
            return tag.end()
        close = re.compile(rf"</{name}(?=[\s/>])", re.I).search(self._source, tag.end(), self._end)
        end = close.start() if close else self._end
        if name == "script" and _TYPE.search(tag["attributes"]):
            self._within(tag.end(), end, name)
        else:
            self.found += _of_raw(self._source, tag.end(), end, name)
        return end


def _of_tag(source: str, tag: re.Match[str]) -> Iterator[Piece]:
    for kind in ("comment", "bogus"):
        if tag[kind] and tag[kind].strip():
            start, end = tag.span(kind)
            yield Piece((Run(source[start:end], start, end),), "raw", "comment")
    if tag["unclosed"]:
        yield Piece(text_runs(source, *tag.span("unclosed")), "text", "comment")
    if not tag["name"]:
        return
    for attribute in _ATTRIBUTE.finditer(source, *tag.span("attributes")):
        start, end = attribute.span(attribute.lastgroup or 0)
        name = attribute["name"].lower()
        url = _ADDRESS.match(source, start, end)
        runs = _of_url(source, start, end) if url else _runs(source, start, end, _ATTRIBUTE_TEXT, _coded)
        if runs:
            yield Piece(runs, "url" if url else "text", f"{tag['name'].lower()}@{name}")


def _of_url(source: str, start: int, end: int) -> tuple[Run, ...]:
    """Old sites write their addresses in GBK."""
    try:
        urllib.parse.unquote_to_bytes(source[start:end].encode("ascii", "replace")).decode()
    except UnicodeDecodeError:
        return _runs(source, start, end, _CHINESE_URL, lambda written: _percent(written, "gb18030"))
    return _runs(source, start, end, _URL, _percent)


def _of_raw(source: str, start: int, end: int, name: str) -> Iterator[Piece]:
    """What stands in an element whose content is no markup: comments, strings and long numbers of scripts."""
    if name not in ("script", "style"):
        if runs := text_runs(source, start, end):
            yield Piece(runs, "text", name)
        return
    at = start
    for literal in _LITERAL.finditer(source, start, end):
        group = literal.lastgroup or ""
        if group == "pattern":
            continue
        yield from _between(source, at, literal.start(), name)
        low, high = literal.span(group)
        at = literal.end()
        if group in ("double", "single", "template"):
            yield Piece(_runs(source, low, high, _CODE, _escaped), "string", name)
        elif low < high:
            yield Piece((Run(source[low:high], low, high),), "number" if group == "number" else "raw", name)
    yield from _between(source, at, end, name)


def _between(source: str, start: int, end: int, name: str) -> Iterator[Piece]:
    """Names as keys, and what only seems to be no string because a quote stands where none is expected."""
    for stretch in _STRETCH.finditer(source, start, end):
        if _TOLD.search(stretch[0]):
            yield Piece((Run(stretch[0], *stretch.span()),), "raw", name)
