"""The command fields: key fields of documents under an item of the catalog; items that a plan names."""

from __future__ import annotations

import argparse
import json
from functools import cached_property
from pathlib import Path

from gongkai.model.document import Document
from gongkai.model.errors import DocumentError
from gongkai.model.rulebook import Rulebook
from gongkai.service.catalog.fields import Checked, checked, nearest, to_json
from gongkai.service.catalog.recognising import Recognised, recognised
from gongkai.service.commands.failing import failed
from gongkai.service.desk import Desk
from gongkai.service.readers import read_file
from gongkai.service.settings import Settings


def options(command: argparse.ArgumentParser) -> None:
    """What fields understands."""
    command.add_argument("files", nargs="+", type=Path, metavar="文件", help="公文，格式和 suggest 一样")
    command.add_argument("--category", metavar="代码", default="", help="目录事项；不写就用建议的第一项")
    command.add_argument("--list", action="store_true", help="文件是工作方案、要点或者清单：认出其中的目录事项")
    command.add_argument("--format", choices=("text", "json"), default="text", help="输出格式，默认给人看的文字")


def run(options: argparse.Namespace, settings: Settings) -> bool:
    """Check the files one by one; whether all could be read and no field is missing. Raises RequestError."""
    rules, fine = Rulebook.load(settings.tables, settings.profile), True
    likely = _Likely(settings)
    for path in options.files:
        try:
            document = read_file(path, settings.limits, settings.readers)
            fine &= _one(document, path, rules, likely, options)
        except DocumentError as error:
            failed(str(path), error)
            fine = False
    return fine


class _Likely:
    """The likeliest item of a document; the model is loaded when it is first asked."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    @cached_property
    def desk(self) -> Desk:
        return Desk.open(self.settings)

    def __call__(self, document: Document) -> str:
        return nearest([one.code for one in self.desk.screen(document).categories], self.desk.screener.rules)


def _one(document: Document, path: Path, rules: Rulebook, likely: _Likely, options: argparse.Namespace) -> bool:
    if options.list:
        _recognised(path, recognised(document.text, rules), options.format)
        return True
    code = options.category or likely(document)
    if not code:
        print(f"{path}：看不出归到目录的哪一项，请用 --category 指定。")
        return False
    found = checked(document.text, document.title, code, rules)
    if options.format == "json":
        print(json.dumps({"file": str(path), **to_json(found)}, ensure_ascii=False))
    else:
        print("\n".join(_lines(path, found)))
    return not found.missing


def _lines(path: Path, found: Checked) -> list[str]:
    row = found.item.row
    lines = [f"{path}：{row.code} {row.name}（{row.five_public}公开；{row.basis}）"]
    lines += [f"  {'有' if one.span else '缺' if one.sure else '？'} {one.name}（{one.basis}）" for one in found.fields]
    lines += [f"  请核对：{remark}" for remark in found.remarks]
    return lines if found.fields else [*lines, "  这一项没有规定要素。"]


def _recognised(path: Path, found: Recognised, kind: str) -> None:
    if kind == "json":
        items = [{"code": one.row.code, "name": one.row.name, "said": one.name} for one in found.asked]
        print(json.dumps({"file": str(path), "items": items, "numbers": found.numbers}, ensure_ascii=False))
        return
    print(f"{path}：认出 {len(found.asked)} 个目录事项。")
    for one in found.asked:
        missing = "、".join(field.name for field in one.listed.missing) if one.listed else ""
        print(
            f"  {one.row.code} {one.row.name}（文中写作“{one.name}”）" + (f"，没有列出：{missing}" if missing else "")
        )
