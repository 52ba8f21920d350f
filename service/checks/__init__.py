"""What can be wrong with a file that was already redacted or published: one module for each concern."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module

from gongkai.service.checks.found import Found as Found
from gongkai.service.checks.found import Kind as Kind
from gongkai.service.checks.found import Trace as Trace
from gongkai.service.checks.found import Tracer
from gongkai.service.checks.found import gathered as gathered
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
