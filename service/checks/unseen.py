"""What the traces of PDF and OFD share: why no eye sees a character, runs of these, what stands beside the pages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

from gongkai.service.checks.found import Trace

REMOVE = "请删除后重新导出，再替换已发布的文件"
_ANEW = "请用 gongkai redact 处理原文件后重新发布，不要只在上面盖框"
_EARLIER = "文件里还保存着更早的版本，其中的文字与现在的不同"
#: Why a character isn't seen, and whether somebody surely covered it.
_CAUSES = {
    "dark": ("文字上盖着黑色或深色块，但文字没有删除，复制即可得到", True),
    "light": ("文字与底色相同或被白色块盖住，但文字没有删除，复制即可得到", False),
    "picture": ("文字被图片盖住，复制即可得到", False),
    "layer": ("文字被图片盖住或者是隐形文字层，复制即可得到", False),
    "tiny": ("文字缩到看不见的大小，复制即可得到", False),
    "outside": ("文字在页面可见范围之外，复制即可得到", False),
    "invisible": ("文字设为不显示或者完全透明，复制即可得到", False),
}
#: Causes that one number may lie under together; over how many of its letters the commonest is sought.
_COVERS, _LONG = frozenset(("dark", "light", "picture", "layer")), 200


def runs(told: Iterable[tuple[str, str | None]]) -> Iterator[tuple[str, str]]:
    """Unseen characters that follow each other, with the commonest of their causes; what covers them may change.

    Each is given with its cause: empty where it is seen, None for a blank, which ends nothing.
    """
    run, why = "", list[str]()
    for text, cause in chain(told, [("", "")]):
        if cause is None:
            run += text if why else ""
            continue
        if why and cause != why[-1] and not _COVERS.issuperset((cause, why[-1])):
            yield run.strip(), max(why, key=why.count)
            run, why = "", []
        if cause:
            run, why = run + text, [*why[-_LONG:], cause]


def hidden(place: str, text: str, cause: str) -> Trace:
    """A run of characters that no eye sees."""
    why, sure = _CAUSES[cause]
    return Trace(place, text, why, _ANEW, sure)


def properties(author: str, facts: Iterable[str]) -> Iterator[Trace]:
    """Who wrote a file, and what else it tells of itself."""
    yield Trace("文档属性", author.strip(), "文档属性的“作者”留有人名", REMOVE, type="NAME")
    yield Trace("文档属性", "\n".join(facts), "文档属性里留有个人信息", REMOVE)


def attached(count: int) -> Iterator[Trace]:
    """Files inside the file, if there are any."""
    if count:
        yield Trace("附件", "", f"文件里嵌有{count}个附件，打开页面看不到，却能被取出", REMOVE, sure=True)


def note(page: int, words: str, name: str) -> Trace:
    """What is said beside a page; `name` is what people call such a thing in this format."""
    return Trace(f"第{page}页的{name}", words, f"{name}里的文字仍在文件里", REMOVE)


def earlier(number: int, lines: Iterable[str], now: str, advice: str) -> Iterator[Trace]:
    """Lines of an earlier version that the pages of now, given without blanks, don't have."""
    lost = [line for line in lines if line.strip() and "".join(line.split()) not in now]
    if lost:
        yield Trace(f"第{number}个旧版本", "\n".join(lost), _EARLIER, advice, sure=True)
