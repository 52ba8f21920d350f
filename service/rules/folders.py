"""A version as a folder of TOML files: out as a zip, in as a zip or as files."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from gongkai.model.errors import OutputError, RequestError
from gongkai.service.output import write_private
from gongkai.service.rules.memory import MOST, ROWS, Files

#: A fixed time, so that the same version gives the same bytes.
_AT = (1980, 1, 1, 0, 0, 0)


def packed(files: Files) -> bytes:
    """The tables as a zip."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(ROWS):
            archive.writestr(zipfile.ZipInfo(f"tables/{file}", _AT), files[file], zipfile.ZIP_DEFLATED)
    return out.getvalue()


def unpacked(uploads: Iterable[tuple[str, bytes]], base: Files) -> Files:
    """The tables in uploaded files (a zip, or TOML by name) over those of `base`. Raises RequestError."""
    found: Files = {}
    for name, data in uploads:
        if name.lower().endswith(".zip"):
            found |= dict(_members(data))
        else:
            found |= dict([_table(name, data)])
    if not found:
        raise RequestError("没有可以导入的规则表，请选择导出的 zip，或者其中的 .toml 文件。")
    return base | found


def _members(data: bytes) -> Iterable[tuple[str, str]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for member in archive.infolist():
                if PurePosixPath(member.filename).name in ROWS and member.file_size <= MOST:
                    with archive.open(member) as file:
                        yield _table(member.filename, file.read(MOST + 1))
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, EOFError) as error:
        raise RequestError("压缩包读不出来，请确认是没有加密的 zip 文件。") from error


def _table(name: str, data: bytes) -> tuple[str, str]:
    file = PurePosixPath(name.replace("\\", "/")).name
    if file not in ROWS:
        raise RequestError(f"不认识规则表文件“{file[:60]}”，可用的有：{'、'.join(sorted(ROWS))}。")
    if len(data) > MOST:
        raise RequestError(f"规则表 {file} 超过 {MOST // 2**20} MB，请精简以后再导入。")
    try:
        return file, data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise RequestError(f"规则表 {file} 不是 UTF-8 编码，请另存为 UTF-8 以后再导入。") from error


def written(files: Files, folder: Path) -> None:
    """Write the tables into a folder that GONGKAI_TABLES may name. Raises OutputError."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError("目录建不起来，请检查路径和权限。") from error
    for file in sorted(ROWS):
        write_private(folder / file, files[file])
