"""The shipped encoder: passages in, scores by label and the passages that decided out. ONNX Runtime and arrays only."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from gongkai.model.document import Span
from gongkai.model.errors import ModelFolderError
from gongkai.model.passages import PAD, Passage, Pieces, chosen
from gongkai.model.reading import Reading
from gongkai.model.tablefile import Folder

Floats = NDArray[np.float64]
HEADS = ("attribute", "category", "clause")
_STOPS = "\n。;!?"
_DAMAGED = (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile)


@dataclass(frozen=True)
class Read:
    """What the encoder made of one document: scores by head, attention (labels, passages), shares of the pieces."""

    labels: dict[str, list[str]]
    scores: dict[str, Floats]
    passages: tuple[Passage, ...]
    attention: NDArray[np.float32]
    shares: NDArray[np.float32]

    def score(self, head: str, label: str) -> float:
        """One label's score; nothing for a label that the encoder was not taught."""
        return self.by_label(head).get(label, 0.0)

    def by_label(self, head: str) -> dict[str, float]:
        """Log odds of each clause; log probabilities of attributes and categories."""
        return dict(zip(self.labels[head], normalised(head, self.scores[head]).tolist(), strict=True))


@dataclass(frozen=True)
class Encoder:
    """Session, tokenizer and label weights; one instance serves all threads."""

    session: onnxruntime.InferenceSession
    pieces: Pieces
    card: dict[str, Any]
    weights: NDArray[np.float32]

    @classmethod
    def read(cls, folder: Folder, threads: int = 1) -> Encoder | None:
        """The encoder of a model folder; None when it holds none. Raises ModelFolderError when it is damaged."""
        if not (folder / "encoder.onnx").is_file():
            return None
        try:
            session = session_of(folder / "encoder.onnx", threads)
            card = json.loads((folder / "encoder.json").read_text("utf-8"))
            with (folder / "encoder.npz").open("rb") as file, np.load(file, allow_pickle=False) as stored:
                weights = stored["weights"].astype(np.float32)
            columns = sum(len(card["labels"][head]) for head in HEADS)
            if session.get_outputs()[0].shape != [columns] or len(weights) != columns or int(card["passages"]) < 1:
                raise ValueError("labels or passages")
        except _DAMAGED as error:
            raise ModelFolderError(
                "模型目录里的编码器读不出来：缺文件或者文件损坏，请重新安装或者重新训练。"
            ) from error
        return cls(session, Pieces.read(folder), card, weights)

    @property
    def most(self) -> int:
        """How many passages of a document are read."""
        return int(self.card["passages"])

    def _columns(self, head: str) -> slice:
        sizes = [len(self.card["labels"][name]) for name in HEADS]
        at = HEADS.index(head)
        return slice(sum(sizes[:at]), sum(sizes[: at + 1]))

    def __call__(self, reading: Reading, marks: Iterable[Span], most: int = 0) -> Read:
        """Read the passages that matter; `marks` are places of rules and signals."""
        picked = chosen(self.pieces.passages(reading), marks, most or self.most)
        ids = np.full((len(picked), max(len(p.ids) for p in picked)), PAD, dtype=np.int64)
        for row, passage in enumerate(picked):
            ids[row, : len(passage.ids)] = passage.ids
        kinds = np.array([passage.kind for passage in picked], dtype=np.int64)
        scores, attention, shares = self.session.run(None, {"ids": ids, "kinds": kinds})
        by_head = {head: np.asarray(scores[self._columns(head)], dtype=np.float64) for head in HEADS}
        return Read(self.card["labels"], by_head, tuple(picked), attention, shares)

    def evidence(self, read: Read, reading: Reading, head: str, label: str, most: int = 1) -> list[Span]:
        """The sentences with the largest share in a label's score, at most `most`, best first."""
        labels = self.card["labels"][head]
        if label not in labels:
            return []
        column = self._columns(head).start + labels.index(label)
        found: dict[Span, float] = {}
        for row, passage in enumerate(read.passages):
            shares = read.shares[row, 1 : 1 + len(passage.places)] @ self.weights[column]
            for (start, _), share in zip(passage.places, shares, strict=False):
                span = sentence(reading.text, start)
                found[span] = found.get(span, 0.0) + float(share) * float(read.attention[column, row])
        ranked = sorted(((share, span) for span, share in found.items() if share > 0), key=lambda pair: -pair[0])
        return [span for _, span in ranked[:most]]


def session_of(file: Folder, threads: int = 1) -> onnxruntime.InferenceSession:
    """A session on so many threads that do not spin. Raises OSError or, for a damaged file, ModelFolderError."""
    content = file.read_bytes()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.log_severity_level = threads, 3
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    slow = ["SkipLayerNormFusion"]  # its kernel takes five times as long as the two steps that it replaces
    try:
        return onnxruntime.InferenceSession(
            content, options, providers=["CPUExecutionProvider"], disabled_optimizers=slow
        )
    except Exception as error:  # ONNX Runtime's errors share no base of their own
        raise ModelFolderError(f"模型目录里的 {file.name} 损坏，请重新安装或者重新训练。") from error


def normalised(head: str, scores: Floats) -> Floats:
    """Raw scores of shape (…, labels) as log probabilities where one label excludes the others."""
    if head == "clause":
        return scores
    top = scores.max(axis=-1, keepdims=True)
    return np.asarray(scores - top - np.log(np.exp(scores - top).sum(axis=-1, keepdims=True)))


def sentence(text: str, at: int, longest: int = 60) -> Span:
    """The sentence around an offset, without blanks at its ends, cut to `longest` characters.

    A piece may begin with the blank before its word: blanks belong to what follows them.
    """
    while at < len(text) - 1 and text[at].isspace():
        at += 1
    start = max((text.rfind(stop, 0, at) for stop in _STOPS), default=-1) + 1
    ends = [place for stop in _STOPS if (place := text.find(stop, at)) >= 0]
    end = min(ends, default=len(text))
    while start < end - 1 and text[start].isspace():
        start += 1
    return Span(start, max(start + 1, min(end, start + longest)))
