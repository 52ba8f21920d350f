"""What can be wrong with a file that was already redacted or published: one module for each concern."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from importlib import import_module

from gongkai.service.checks.found import Found as Found
from gongkai.service.checks.found import Kind as Kind
from gongkai.service.checks.found import Trace as Trace
from gongkai.service.checks.found import Tracer
from gongkai.service.limits import Limits

#: extension: (module, what finds text that is in a file without being seen)
TRACERS: dict[str, tuple[str, str]] = {
    ".pdf": ("pdftraces", "traces_pdf"),
    ".docx": ("wordtraces", "traces_word"),
    ".xlsx": ("sheettraces", "traces_sheet"),
    ".ofd": ("ofdtraces", "traces_ofd"),
    ".html": ("webtraces", "traces_html"),
    ".htm": ("webtraces", "traces_html"),
}


def traces(data: bytes, extension: str, limits: Limits) -> Iterator[Trace]:
    """What can be brought back out of a file although its pages don't show it; nothing for other formats."""
    if extension in TRACERS:
        module, name = TRACERS[extension]
        tracer: Tracer = getattr(import_module(f"{__name__}.{module}"), name)
        yield from tracer(data, limits)


#: So many traces of one sort are judged one by one; those beyond are judged together, with the place of the first.
_ALONE = 100


def gathered(found: Iterable[Trace]) -> Iterator[Trace]:
    """The same traces, those of one sort beyond the first hundred as one: each is a text to be judged."""
    counts: dict[tuple[str, bool, str], int] = defaultdict(int)
    more: dict[tuple[str, bool, str], list[Trace]] = defaultdict(list)
    for trace in found:
        sort = trace.why, trace.sure, trace.type
        counts[sort] += bool(trace.text.strip() or trace.sure)
        if counts[sort] <= _ALONE or trace.type:
            yield trace
        elif trace.text.strip() or trace.sure:
            more[sort].append(trace)
    for rest in more.values():
        yield replace(rest[0], place=f"{rest[0].place}等{len(rest)}处", text="\n".join(trace.text for trace in rest))
