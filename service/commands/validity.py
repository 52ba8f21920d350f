"""`gongkai validity FILE …`: what papers repeal, declare void or keep in force, and until when they hold themselves."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import cast

from gongkai.model.document import Document
from gongkai.model.duties.repealing import commenced, repeals, term
from gongkai.model.errors import ClassifiedDocument, DocumentError
from gongkai.model.reading import Reading
from gongkai.model.rulebook import Rulebook
from gongkai.model.screener import secrecy_mark
from gongkai.model.words import Segmenter
from gongkai.service.afterwards.validity import VALIDITY
from gongkai.service.commands.failing import failed
from gongkai.service.readers import read_file
from gongkai.service.settings import Settings
from gongkai.service.wire import Json

_WORDS = {**VALIDITY, "valid": "继续有效"}


def options(command: argparse.ArgumentParser) -> None:
    """The command's options."""
    command.add_argument("files", type=Path, nargs="+", metavar="文件", help="公文，格式同 gongkai suggest")
    command.add_argument("--json", action="store_true", help="输出 JSON，一个文件一行")


def run(options: argparse.Namespace, settings: Settings) -> bool:
    """Tell it file by file; whether every file could be read."""
    rules, good = Rulebook.load(settings.tables), True
    for path in options.files:
        try:
            told = found(read_file(path), rules)
        except DocumentError as error:
            good = False
            failed(str(path), error)
            continue
        if options.json:
            print(json.dumps({"file": path.name, **told}, ensure_ascii=False))
        else:
            print("\n".join([f"{path.name}：", *lines(told)]))
    return good


def found(document: Document, rules: Rulebook) -> Json:
    """What one paper says of validity. Raises ClassifiedDocument for one with a secrecy mark."""
    reading = Reading(document, rules, cast("Segmenter", None))  # nothing here cuts words
    if secrecy_mark(reading):
        raise ClassifiedDocument("发现密级标志，已停止处理，请交本单位保密工作机构。")
    day = reading.elements.issued
    held, since = term(document.text, day), commenced(document.text) or day
    return {
        "title": reading.elements.title,
        "since": since.isoformat() if since else "",
        "until": held.last.isoformat() if held else "",
        "papers": [{"title": one.title, "number": one.number, "effect": one.effect} for one in repeals(document.text)],
    }


def lines(told: Json) -> Iterator[str]:
    """The same for people."""
    if told["since"]:
        yield f"  自 {told['since']} 起施行"
    yield f"  有效期至 {told['until']}" if told["until"] else "  没有写明有效期"
    for paper in told["papers"]:
        number = f"（{paper['number']}）" if paper["number"] else ""
        yield f"  {_WORDS[paper['effect']]}：《{paper['title']}》{number}"
    if not told["papers"]:
        yield "  没有提到废止、失效或者继续有效的文件"
