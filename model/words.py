"""Words of a text: jieba's segmenter with the dictionary that ships with the model (no personal names in it)."""

from __future__ import annotations

import warnings

from gongkai.model.document import Span
from gongkai.model.errors import ModelFolderError
from gongkai.model.tablefile import Folder

with warnings.catch_warnings():  # it imports pkg_resources where there is one, which warns of many things
    warnings.simplefilter("ignore")
    import jieba

jieba.setLogLevel(60)


class Segmenter:
    """Cuts folded text into words; nothing is cached on disk."""

    def __init__(self, folder: Folder) -> None:
        self._tokenizer = jieba.Tokenizer()
        try:
            lines = (folder / "words.txt").read_text("utf-8").split("\n")
            rows = [(word, int(count)) for word, count in (line.rsplit(" ", 1) for line in lines if line)]
        except (OSError, ValueError) as error:
            raise ModelFolderError("模型目录里的 words.txt 缺失或者损坏，请重新安装或者指定完整的模型目录。") from error
        counts: dict[str, int] = {}
        total = 0
        for word, count in rows:
            counts[word] = count
            total += count
            for size in range(1, len(word)):
                counts.setdefault(word[:size], 0)
        self._tokenizer.FREQ, self._tokenizer.total, self._tokenizer.initialized = counts, total, True

    def __contains__(self, word: str) -> bool:
        return bool(self._tokenizer.FREQ.get(word))

    def cut(self, text: str) -> list[Span]:
        """The words in order; together they cover the text."""
        spans, at = [], 0
        for word in self._tokenizer.cut(text, HMM=False):
            spans.append(Span(at, at + len(word)))
            at += len(word)
        return spans
