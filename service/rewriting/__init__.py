"""Files written anew without their personal data: which module takes which format apart, loaded when needed."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from importlib import import_module
from typing import Any

from gongkai.model.errors import UnsupportedFormat
from gongkai.service.rewriting.slots import Opener, Remains

_SCAN = ("scan.open_scan", "scan.remains_scan")
#: extension: (what opens a file, what reads everything that remains in a written one), each as module.function
OPENERS: dict[str, tuple[str, str]] = {
    ".txt": ("plain.open_plain", "plainremains.remains_plain"),
    ".md": ("plain.open_markdown", "plainremains.remains_markdown"),
    ".csv": ("plain.open_csv", "plainremains.remains_plain"),
    ".html": ("webpage.open_html", "webremains.remains_html"),
    ".htm": ("webpage.open_html", "webremains.remains_html"),
    ".docx": ("word.open_word", "officeremains.remains_word"),
    ".xlsx": ("sheet.open_sheet", "officeremains.remains_sheet"),
    ".pdf": ("pdf.open_pdf", "pdfremains.remains_pdf"),
    ".ofd": ("ofd.open_ofd", "ofdremains.remains_ofd"),
    **dict.fromkeys((".png", ".jpg", ".jpeg", ".bmp", ".tif", ".tiff"), _SCAN),
}
_INSTEAD = {
    ".docm": "请用 Word 或 WPS 另存为不带宏的 .docx 后再遮蔽",
    ".dotx": "请用 Word 或 WPS 另存为 .docx 后再遮蔽",
    ".rtf": "请用 Word 或 WPS 另存为 .docx 后再遮蔽",
    ".odt": "请用 WPS 或 LibreOffice 另存为 .docx 后再遮蔽",
    ".doc": "请用 Word 或 WPS 另存为 .docx 后再遮蔽",
    ".wps": "请用 WPS 另存为 .docx 后再遮蔽",
    ".xls": "请用 Excel 或 WPS 另存为 .xlsx 后再遮蔽",
}


def openers(extension: str, pictures: str = "blank") -> tuple[Opener, Remains]:
    """What opens files of an extension (with the dot) and what proves them.

    `pictures`: "blank" makes them grey, "keep" leaves them for a person to check. Raises UnsupportedFormat.
    """
    if extension not in OPENERS:
        advice = _INSTEAD.get(extension, f"能按原格式遮蔽的有 {'、'.join(OPENERS)}")
        raise UnsupportedFormat(f"这种文件不能按原格式遮蔽：{advice}。")
    opens, remains = map(_function, OPENERS[extension])
    return partial(opens, pictures=pictures), remains


def _function(name: str) -> Callable[..., Any]:
    module, _, function = name.partition(".")
    found: Callable[..., Any] = getattr(import_module(f"{__name__}.{module}"), function)
    return found
