"""What a command says when it could not do something."""

from __future__ import annotations

import re
import sys

from gongkai.model.errors import GongkaiError, RequestError


class Usage(RequestError):
    """The options don't go together."""

    slug, title = "usage", "用法不对"


#: What argparse says of a command line, and how people say it.
_SAID = (
    (r"the following arguments are required: (.+)", r"缺少 \1"),
    (r"one of the arguments (.+) is required", r"\1 须给出其中一个"),
    (r"unrecognized arguments: (.+)", r"没有这样的选项或者参数：\1"),
    (r"ambiguous option: (.+) could match (.+)", r"\1 写得不完整，可能是 \2"),
    (r"argument (.+?): invalid choice: (.+) \(choose from (.*)\)", r"\1 没有 \2，可选的有：\3"),
    (r"argument (.+?): invalid \S+ value: (.+)", r"\1 的值 \2 不对"),
    (r"argument (.+?): not allowed with argument (.+)", r"\1 不能和 \2 一起用"),
    (r"argument (.+?): expected one argument", r"\1 后面要有一个值"),
    (r"argument (.+?): expected at most one argument", r"\1 后面最多有一个值"),
    (r"argument (.+?): expected at least one argument", r"\1 后面至少要有一个值"),
    (r"argument (.+?): expected (\d+) arguments?", r"\1 后面要有 \2 个值"),
    (r"argument (.+?): ignored explicit argument (.+)", r"\1 后面不能有值 \2"),
    (r"argument (.+?): ([^a-z].*)", r"\1 \2"),
)
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def named(name: object) -> str:
    """A file name on one line of a terminal, without commands to it and without what no encoding holds."""
    return _CONTROLS.sub("?", str(name)).encode(errors="replace").decode()


def in_chinese(message: str) -> str:
    """What argparse says of a command line, on one line; what it never said before is told as it is."""
    said = named(message)
    cues = ((re.fullmatch(cue, said), words) for cue, words in _SAID)
    return next((found.expand(words).replace(", ", "、") for found, words in cues if found), said)


def failed(name: str, error: GongkaiError) -> None:
    """One line on standard error; the others go on. What its sentence says first is not said before it, too."""
    said = error.message if error.message.startswith(error.title) else f"{error.title}。{error.message}"
    print(f"{named(name)}：{said}", file=sys.stderr)
