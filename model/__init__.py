"""Text in, screening out: pure, offline, without a clock. The public names, each loaded when first used."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # else importing onnxruntime begins to collect events, to be sent away

if TYPE_CHECKING:
    from gongkai.model.deid.redaction import redact
    from gongkai.model.document import Document, Span
    from gongkai.model.errors import DocumentError, GongkaiError
    from gongkai.model.finding import (
        Action,
        Attribute,
        Category,
        Finding,
        Handling,
        Opinion,
        Screening,
        Suggestion,
    )
    from gongkai.model.rulebook import Rulebook
    from gongkai.model.screener import Screener
else:
    _HOMES = {
        "document": ("Document", "Span"),
        "errors": ("DocumentError", "GongkaiError"),
        "finding": (
            "Action",
            "Attribute",
            "Category",
            "Finding",
            "Handling",
            "Opinion",
            "Screening",
            "Suggestion",
        ),
        "deid.redaction": ("redact",),
        "rulebook": ("Rulebook",),
        "screener": ("Screener",),
    }

    def __getattr__(name: str) -> object:
        """Load a public name from its module; onnxruntime comes only with the Screener."""
        from importlib import import_module

        home = next((module for module, names in _HOMES.items() if name in names), None)
        if home is None:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return globals().setdefault(name, getattr(import_module(f"{__name__}.{home}"), name))

    def __dir__() -> list[str]:
        """Public names, loaded or not."""
        return sorted({*globals(), *__all__})


__all__ = [
    "Action",
    "Attribute",
    "Category",
    "Document",
    "DocumentError",
    "Finding",
    "GongkaiError",
    "Handling",
    "Opinion",
    "Rulebook",
    "Screener",
    "Screening",
    "Span",
    "Suggestion",
    "redact",
]
