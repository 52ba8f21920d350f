"""Files named in a table -> their text, by the reader that an installed service announces as an entry point."""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import entry_points
from pathlib import Path

from gongkai.model.document import Document
from gongkai.training.authored import CorpusError
from gongkai.training.tabular import decoded

GROUP, NAME = "gongkai.readers", "file"
Reader = Callable[[Path], Document]


def file_reader() -> Reader | None:
    """What reads office files, PDF, OFD and pages here; None where nothing is installed that can."""
    for point in entry_points(group=GROUP, name=NAME):
        try:
            reader: Reader = point.load()
        except (ImportError, AttributeError):
            continue
        return reader
    return None


def read_text(folder: Path, name: str, reader: Reader | None) -> str:
    """The text of a file below a folder. Raises CorpusError or the reader's DocumentError, without the text."""
    path = (folder / name.replace("\\", "/")).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise CorpusError("文件不在标注表所在的目录里，请改成相对路径。")
    if not path.is_file():
        raise CorpusError("找不到这一行的文件，请检查文件名。")
    if reader:
        return reader(path).text
    if path.suffix.lower() != ".txt":
        raise CorpusError("没有安装文件读取程序，只能读 .txt；请安装 gongkai 以后再读其他格式。")
    return decoded(path.read_bytes(), "文件").replace("\r\n", "\n")
