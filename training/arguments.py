"""The command line of training: which options each command takes."""

from __future__ import annotations

import argparse
from pathlib import Path

from gongkai.training.report import add_report

CORPUS = Path("corpora/authored/documents")
SECOND = Path("corpora/authored/second_reader.jsonl")
SNIPPETS = Path("corpora/snippets")
HELD_OUT = Path("corpora/heldout.toml")
WEIGHTS = Path("model/weights")
WORK = Path("runs/default")

_OPTIONS = {
    "corpus": ("--corpus", CORPUS, "标注语料：目录、JSONL、带标签表的目录或者导出表"),
    "held": ("--held-out", HELD_OUT, "留出规则（TOML），其中的文件从不参加训练"),
    "snippets": ("--snippets", SNIPPETS, "标注了个人信息的片段，只作训练"),
    "public": ("--public", None, "真实公开文件（JSONL，字段 id、title、text），只作主动公开的训练"),
    "words": ("--words", WEIGHTS, "放 words.txt 的目录"),
    "config": ("--config", None, "训练配置（TOML），默认用随包的 default.toml"),
    "work": ("--work", WORK, "工作目录：检查点、折外得分、运行日志"),
    "model": ("--model", WEIGHTS, "模型目录"),
    "out": ("-o", WEIGHTS, "写出的模型目录"),
    "second": ("--second", SECOND, "第二读者的标注（JSONL）"),
    "marks": (
        "--marks",
        None,
        "第二读者的个人信息标注（JSONL），默认用 --second 旁边的 second_marks.jsonl，没有就不比",
    ),
}
_DATA = ("corpus", "held", "public", "words", "config", "work")
_COMMANDS: dict[str, tuple[str, tuple[str, ...]]] = {
    "language": ("裁剪词表，取出编码器的底座", ("config", "work")),
    "distil": ("把底座蒸馏成浅的（不用标注）", _DATA),
    "slim": ("收窄浅的底座（少几个注意力头和内层通道），再蒸馏一次", _DATA),
    "teach": ("在标注语料上训练判断层，并得出折外得分", _DATA),
    "export": ("把网络量化成 ONNX，写进模型目录", (*_DATA, "out")),
    "fit": ("训练线性模型和姓名模型，校准，写出模型目录", (*_DATA, "out")),
    "calibrate": ("只重新校准（用 fit 留下的折外得分）", (*_DATA, "out")),
    "evaluate": ("在留出的文件上评估产品本身，结果记入模型目录", ("corpus", "held", "model")),
    "compare": ("在留出的文件上比较各种做法", (*_DATA, "model")),
    "adapt": ("用本机关审定过的决定继续训练", ("config", "words", "model", "out")),
    "active": ("给待审文件排序：先审最能教会模型的", ("model",)),
    "simulate": ("在语料上模拟排序审阅，与随机顺序比较", (*_DATA, "model")),
    "agreement": ("两位读者标注的一致程度", ("corpus", "second", "marks")),
    "describe": ("语料的构成", ("corpus", "held")),
    "segment": ("训练分词模型，选出词表没有的公文用语（都写进工作目录）", ("words", "work")),
    "tagger": ("训练人名识别网络，量化成 ONNX，写进模型目录", (*_DATA, "out")),
    "spot": ("训练查找敏感信息和姓名去留的网络，量化成 ONNX，写进模型目录", (*_DATA, "snippets", "out")),
    "words": ("从 jieba 词典选出不含人名的词表", ("out",)),
}


def parser() -> argparse.ArgumentParser:
    """The parser of every command."""
    whole = argparse.ArgumentParser(prog="python -m gongkai.training", description="从语料训练、校准、评估模型")
    commands = whole.add_subparsers(dest="command", required=True, metavar="命令")
    for name, (text, options) in _COMMANDS.items():
        command = commands.add_parser(name, help=text, description=text)
        for option in options:
            flag, default, meaning = _OPTIONS[option]
            command.add_argument(flag, dest=option, type=Path, default=default, help=meaning)
        _own(name, command)
    add_report(commands)
    return whole


def _own(name: str, command: argparse.ArgumentParser) -> None:
    """Options that one command alone has."""
    if name in ("language", "segment", "tagger"):
        command.add_argument("--statutes", type=Path, nargs="*", default=[], help="法规正文（JSONL，可以是 .gz）")
        command.add_argument("--prose", type=Path, nargs="*", default=[], help="公开的公文正文（JSONL，可以是 .gz）")
    if name == "evaluate":
        command.add_argument("--fast", action="store_true", help="评估快速模式")
        command.add_argument("--errors", action="store_true", help="列出判错的文件编号")
    if name == "adapt":
        command.add_argument("--decisions", type=Path, required=True, help="审定过的决定（JSONL）")
    if name == "active":
        command.add_argument("backlog", type=Path, help="待审文件（JSONL，字段 id、title、text）")
        command.add_argument("--decisions", type=Path, help="已经审定的决定（JSONL）")
        command.add_argument(
            "--target", type=float, default=0.95, help="要找到多大比例的不予公开文件，默认 %(default)s"
        )
