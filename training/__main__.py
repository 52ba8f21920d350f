"""python -m gongkai.training fit|evaluate|agreement|describe|words: corpora in, a model folder or figures out."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from gongkai.model.document import Document
from gongkai.model.errors import GongkaiError
from gongkai.training.agreement import agreement, read_second
from gongkai.training.authored import CorpusError, read_folder
from gongkai.training.config import Config
from gongkai.training.describe import describe
from gongkai.training.run import evaluate, fit, write_words
from gongkai.training.vectors import as_json

CORPUS = Path("corpora/authored/documents")
WEIGHTS = Path("model/weights")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m gongkai.training", description="从语料训练、评估模型")
    commands = parser.add_subparsers(dest="command", required=True, metavar="命令")
    texts = {
        "fit": "训练并写出模型目录",
        "evaluate": "按未见过的机关交叉验证，打印各项指标",
        "agreement": "两位读者标注的一致程度",
        "describe": "语料的构成",
    }
    for name, text in texts.items():
        command = commands.add_parser(name, help=text)
        command.add_argument("--corpus", type=Path, default=CORPUS, help="标注语料目录")
        if name in ("fit", "evaluate"):
            command.add_argument(
                "--public", type=Path, help="真实公开文件（JSONL，字段 id、title、text），只作主动公开的训练"
            )
            command.add_argument("--words", type=Path, default=WEIGHTS, help="放 words.txt 的目录")
        if name == "fit":
            command.add_argument("-o", "--out", type=Path, default=WEIGHTS, help="模型目录")
        if name == "agreement":
            second = CORPUS.parent / "second_reader.jsonl"
            command.add_argument("--second", type=Path, default=second, help="第二读者的标注（JSONL）")
    words = commands.add_parser("words", help="从 jieba 词典选出不含人名的词表")
    words.add_argument("-o", "--out", type=Path, default=WEIGHTS, help="模型目录")
    return parser


def read_public(path: Path | None) -> list[Document]:
    """Published documents of a JSONL file; their text is cut to what the model looks at."""
    if path is None:
        return []
    try:
        rows = [json.loads(line) for line in path.read_text("utf-8-sig").split("\n") if line.strip()]
    except ValueError as error:
        raise CorpusError(f"{path.name} 不是每行一个 JSON 对象的 UTF-8 文件，请改正。") from error
    return [
        Document(str(r.get("id", i)), r["text"][:20_000], r.get("title") or "")
        for i, r in enumerate(rows)
        if len(r.get("text") or "") > 100
    ]


def _run(options: argparse.Namespace) -> dict[str, Any]:
    if options.command == "agreement":
        figures = agreement(list(read_folder(options.corpus)), read_second(options.second))
        return as_json(figures)  # type: ignore[no-any-return]
    if options.command == "describe":
        return describe(options.corpus)
    public = read_public(options.public)
    if options.command == "fit":
        return fit(options.corpus, public, options.words, options.out, Config())
    return evaluate(options.corpus, public, options.words, Config())


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 done, 1 failed with one line."""
    options = _parser().parse_args(arguments)
    try:
        if options.command == "words":
            print(f"已写出 {write_words(options.out)} 个词")
            return 0
        result = _run(options)
    except (GongkaiError, OSError) as error:
        print(f"错误：{error}", file=sys.stderr)
        return 1
    print(json.dumps(result, ensure_ascii=False, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
