"""Files written anew without their personal data: which module takes which format apart, loaded when needed."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import partial
from importlib import import_module

from gongkai.model.errors import UnsupportedFormat
from gongkai.service.rewriting.slots import Opener, OpenFile, Remains

#: extension: (module, what opens a file, what reads everything that remains in a written one)
OPENERS: dict[str, tuple[str, str, str]] = {
    ".txt": ("plain", "open_plain", "remains_plain"),
    ".md": ("plain", "open_markdown", "remains_markdown"),
    ".csv": ("plain", "open_csv", "remains_plain"),
    ".html": ("webpage", "open_html", "remains_html"),
    ".htm": ("webpage", "open_html", "remains_html"),
    ".docx": ("word", "open_word", "remains_word"),
    ".xlsx": ("sheet", "open_sheet", "remains_sheet"),
    ".pdf": ("pdf", "open_pdf", "remains_pdf"),
    ".ofd": ("ofd", "open_ofd", "remains_ofd"),
    ".png": ("scan", "open_scan", "remains_scan"),
    ".jpg": ("scan", "open_scan", "remains_scan"),
    ".jpeg": ("scan", "open_scan", "remains_scan"),
    ".bmp": ("scan", "open_scan", "remains_scan"),
    ".tif": ("scan", "open_scan", "remains_scan"),
    ".tiff": ("scan", "open_scan", "remains_scan"),
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
    where, name, remains = OPENERS[extension]
    module = import_module(f"{__name__}.{where}")
    opens: Callable[..., OpenFile] = getattr(module, name)
    if "pictures" in inspect.signature(opens).parameters:
        opens = partial(opens, pictures=pictures)
    return opens, getattr(module, remains)
