"""All that can be found in the bytes of a web page, by readings of its own, to prove a redaction."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from urllib.parse import unquote

import lxml.html
from selectolax.lexbor import LexborHTMLParser

from gongkai.service.limits import Limits
from gongkai.service.rewriting.plainremains import decodings, written_out

_HEAD = 8192
_ESCAPE = re.compile(r"\\u\{?([0-9A-Fa-f]{4,5})\}?")
_READING = re.compile(r"<r(?:tc?|p)\b[^<>]*>[^<]*", re.I)
_TAG = re.compile(r"<!--|-->|<\\?(?:/?([A-Za-z][^\s/<>]*)|[!?/])[^<>]*>")
#: Elements that begin or end a line; what stands around any other is read as one word.
_LINES = re.compile(
    r"address|article|aside|blockquote|body|br|button|caption|center|dd|details|dialog|div|dl|dt|fieldset|figcaption"
    r"|figure|footer|form|h[1-6]|head|header|hr|html|iframe|img|input|legend|li|link|main|menu|meta|nav|noscript"
    r"|object|ol|optgroup|option|p|pre|script|section|select|style|summary|svg|table|tbody|td|template|textarea|tfoot"
    r"|th|thead|title|tr|ul|[ox]:.*",
    re.I,
)


def remains_html(data: bytes, limits: Limits) -> Iterator[tuple[str, str]]:
    """The source with and without its escapes and tags, and what two parsers of other authors see in it."""
    sources = [*decodings(data), *([data.decode("big5hkscs", "replace")] if b"big5" in data[:_HEAD].lower() else ())]
    for source in dict.fromkeys(sources):
        plain = html.unescape(unquote(source))
        yield "网页源码", source
        yield "网页源码", _whole(_ESCAPE.sub(lambda escape: chr(int(escape[1], 16)), plain))
        yield "网页源码", unquote(source, "gb18030")
        yield "网页源码", written_out(source)
        for shown in {plain, _READING.sub("", plain)}:
            yield "网页文字", _TAG.sub(lambda tag: "\n" if _LINES.fullmatch(tag[1] or "") else "", shown)
    yield from _parsed(min(sources, key=lambda source: source.count("\ufffd") + source.count("\0")))


def _whole(text: str) -> str:
    """Characters that are written as two halves made one."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _parsed(source: str) -> Iterator[tuple[str, str]]:
    tree = LexborHTMLParser(source)
    yield "网页文字", tree.root.text(deep=True) if tree.root else ""
    parsed = lxml.html.document_fromstring(re.sub(r"^\s*<\?xml[^>]*>", "", source).replace("\0", "") or "<p>")
    attributes = (value for element in parsed.iter() for value in element.attrib.values())
    yield "网页属性", "\n".join(map(unquote, attributes))
    yield "网页文字", "".join(parsed.itertext())
