"""A page's source cut into the text that somebody could read out of it, each piece with its place in the source."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from gongkai.model.document import Span
from gongkai.service.rewriting.markup import INLINE, Piece, Run, attribute_runs, code_runs, text_runs, url_runs

RAW = ("script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes")
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
_ADDRESS = re.compile(r"\s*(?:https?|mailto|tel|sms|ftp|file|/|\.|\?|#)|[!-~]*%[0-9A-F]", re.I)
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


def pieces(source: str) -> list[Piece]:
    """Everything in a page that reads as text, in the order of the source; the empty cells of a row too."""
    cutter = _Cutter(source)
    cutter.cut()
    return cutter.found


@dataclass(slots=True)
class _Ruby:
    """Characters with their readings above them: where it begins, the readings, whether one is open."""

    start: int
    readings: list[Run] = field(default_factory=list)
    open: bool = False


class _Cutter:
    """One pass over a page; `runs` is the text since the last tag that ends a line or a cell."""

    def __init__(self, source: str, start: int = 0, end: int | None = None, inside: str = "") -> None:
        self._source = source
        self._start, self._end = start, len(source) if end is None else end
        self._inside = inside
        self._runs: list[Run] = []
        self._in_cell = False
        self._ruby: _Ruby | None = None
        self._readings: list[Piece] = []
        self.found: list[Piece] = []

    def cut(self) -> None:
        """Find every piece of the source; all text in a comment or a program is hidden."""
        source, at, end = self._source, self._start, self._end
        while at < end:
            tag = _TAG.search(source, at, end)
            runs = self._ruby.readings if self._ruby and self._ruby.open else self._runs
            runs += text_runs(source, at, tag.start() if tag else end)
            at = tag.end() if tag else end
            if tag:
                self._at_tag(tag)
                at = self._past_raw(tag)
        self._flush("")
        self._end_ruby(end)
        self.found += self._readings

    def _at_tag(self, tag: re.Match[str]) -> None:
        name = (tag["name"] or "").lower()
        self._at_ruby(tag, name)
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

    def _at_ruby(self, tag: re.Match[str], name: str) -> None:
        """Readings are a text of their own, or they would part the characters under them."""
        if self._ruby and name in ("rt", "rp", "rtc", "rb"):
            self._ruby.open = name != "rb" and not tag["close"]
            self._ruby.readings.append(Run(" ", tag.start(), tag.start()))
        elif name == "ruby" or (name and not INLINE.fullmatch(name)):
            self._end_ruby(tag.start())
            self._ruby = _Ruby(tag.start()) if name == "ruby" and not tag["close"] else None

    def _end_ruby(self, end: int) -> None:
        if self._ruby and any(run.text.strip() for run in self._ruby.readings):
            above = Span(self._ruby.start, end)
            self._readings.append(Piece(tuple(self._ruby.readings), "text", self._inside or "rt", above=above))
        self._ruby = None

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
        runs = (url_runs if url else attribute_runs)(source, start, end)
        if runs:
            yield Piece(runs, "url" if url else "text", f"{tag['name'].lower()}@{name}")


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
            yield Piece(code_runs(source, low, high), "string", name)
        elif low < high:
            yield Piece((Run(source[low:high], low, high),), "number" if group == "number" else "raw", name)
    yield from _between(source, at, end, name)


def _between(source: str, start: int, end: int, name: str) -> Iterator[Piece]:
    """Names as keys, and what only seems to be no string because a quote stands where none is expected."""
    for stretch in _STRETCH.finditer(source, start, end):
        if _TOLD.search(stretch[0]):
            yield Piece((Run(stretch[0], *stretch.span()),), "raw", name)
