"""The shipped model folder: what training writes and `Screener.load` reads. No pickles: JSON, text and plain arrays.

model.json       version, labels of each head; calibrations `linear` and `combined` (with the encoder's scores)
encoder.*        the encoder, read by `encoder.py`; a folder may go without
vocabulary.txt   one feature name a line, in the order of the arrays' rows
linear.npz       `<head>` int8 (features, labels), `<head>.scale` and `<head>.bias` float32 (labels)
names.json       is a mention a name; stays.npz: does the name stay, in 8 bits
words.txt        jieba's dictionary without personal names
"""

from __future__ import annotations

import json
import operator
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gongkai.model.calibration import Thresholds
from gongkai.model.errors import ModelFolderError
from gongkai.model.linear import DAMAGED, Logistic, read_logistic, read_packed
from gongkai.model.tablefile import Folder
from gongkai.model.vector import Vector, Vocabulary

FORMAT = 2
HEADS = ("attribute", "category", "clause", "reason")
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Seen:
    """Genres and kinds of agencies in training, and the share of known words that nearly all documents reach."""

    genres: frozenset[str]
    agencies: frozenset[str]
    known_words: float


@dataclass(frozen=True)
class ModelFolder:
    """The linear models with their vocabulary."""

    folder: Folder
    card: dict[str, Any]
    vocabulary: dict[str, int]
    arrays: dict[str, NDArray[Any]]
    judged: str = "linear"

    @classmethod
    def read(cls, folder: Folder, judged: str = "linear") -> ModelFolder:
        """`judged` names the calibration to use.

        Raises ModelFolderError when a file is missing, damaged or of another format.
        """
        try:
            card = json.loads((folder / "model.json").read_text("utf-8"))
            names = (folder / "vocabulary.txt").read_text("utf-8").rstrip("\n").split("\n")
            with (folder / "linear.npz").open("rb") as file, np.load(file, allow_pickle=False) as stored:
                arrays = {key: stored[key] for key in stored.files}
            model = cls(folder, card, {name: place for place, name in enumerate(names)}, arrays, judged)
            model.check()
        except DAMAGED as error:
            raise ModelFolderError("模型目录读不出来：缺文件或者文件损坏，请重新安装或者重新训练。") from error
        return model

    def check(self) -> None:
        """Formats and shapes fit. Raises ModelFolderError."""
        if self.card.get("format") != FORMAT:
            raise ModelFolderError("模型目录的格式版本与程序不符，请用本版本程序重新训练。")
        _ = self.temperature, self.mix, self.thresholds, self.confirmed, self.card["version"]
        _ = self.stage("category"), self.stage("clause"), self.seen
        for head in HEADS:
            columns = (len(self.labels(head)),)
            shapes = [self.arrays[head + part].shape for part in ("", ".scale", ".bias")]
            if shapes != [(len(self.vocabulary), *columns), columns, columns]:
                raise ModelFolderError(f"模型目录里 {head} 的大小与词表不符，请重新训练。")

    def labels(self, head: str) -> list[str]:
        """The labels of one head, in the order of its columns."""
        return list(self.card["labels"][head])

    @cached_property
    def _weights(self) -> NDArray[np.int8]:
        """The weights of all heads side by side, so that the rows of a document are gathered once."""
        return np.concatenate([self.arrays[head] for head in HEADS], axis=1)

    @cached_property
    def _known(self) -> Vocabulary:
        return Vocabulary(self.vocabulary)

    def logits(self, vector: Mapping[str, float]) -> dict[str, Floats]:
        """The scores of every head for one feature vector; unknown features count nothing."""
        places, values = self._known.of(vector if isinstance(vector, Vector) else Vector(vector, {}))
        summed, at = values @ self._weights.take(places, axis=0).astype(np.float64), 0
        scores = {}
        for head in HEADS:
            size = len(self.arrays[head + ".scale"])
            scores[head] = summed[at : at + size] * self.arrays[head + ".scale"] + self.arrays[head + ".bias"]
            at += size
        return scores

    def places(self, names: Sequence[str]) -> NDArray[np.int64]:
        """Where features stand in the vocabulary; -1 for an unknown one."""
        return self._known.places(names)

    def weight(self, head: str, label: str, name: str) -> float:
        """What one feature of value 1 adds to one label's score."""
        place = self.vocabulary.get(name)
        column = self.labels(head).index(label)
        return 0.0 if place is None else float(self.arrays[head][place, column] * self.arrays[head + ".scale"][column])

    def contributions(self, head: str, label: str, vector: Mapping[str, float], names: Sequence[str]) -> list[float]:
        """What each of some features adds to one label's score in a feature vector."""
        column = self.labels(head).index(label)
        places = self.places(names)
        weights = np.where(places < 0, 0.0, self.arrays[head][places, column] * self.arrays[head + ".scale"][column])
        return list(map(operator.mul, map(vector.__getitem__, names), weights.tolist()))

    @property
    def _calibration(self) -> dict[str, Any]:
        found: dict[str, Any] = self.card["calibrations"][self.judged]
        return found

    @cached_property
    def temperature(self) -> float:
        """Divides the attribute's scores before they become probabilities."""
        return float(self._calibration["temperature"])

    @cached_property
    def mix(self) -> float:
        """How much the encoder's scores of the attribute count beside the linear model's and the law's."""
        return float(self._calibration["mix"])

    @cached_property
    def thresholds(self) -> Thresholds:
        """Probability thresholds of the prediction set by coverage."""
        return Thresholds({str(k): float(v) for k, v in self._calibration["thresholds"].items()})

    @cached_property
    def confirmed(self) -> dict[str, float]:
        """Confidence over which documents may be confirmed quickly, by the share of wrong 主动公开 that is risked."""
        return {str(k): float(v) for k, v in self._calibration["confirmed"].items()}

    def confirm_over(self, risk: float) -> float:
        """The confidence over which at most `risk` of documents would be wrongly called 主动公开; 1 when unknown."""
        fits = [value for key, value in self.confirmed.items() if float(key) <= risk + 1e-9]
        return min(fits, default=1.0)

    @cached_property
    def seen(self) -> Seen:
        """What the training documents were like."""
        row = self.card["seen"]
        return Seen(frozenset(row["genres"]), frozenset(row["agencies"]), float(row["known_words"]))

    def stage(self, name: str) -> dict[str, float]:
        """The weights of a second-stage model (`category` or `clause`)."""
        return {str(k): float(v) for k, v in self._calibration["stages"][name].items()}

    def weigh(self, name: str, inputs: Mapping[str, float]) -> float:
        """What a second-stage model makes of its inputs, which always come in the same order."""
        score: float = sum(map(operator.mul, self._weights_of(name, inputs), inputs.values()))
        return score

    def weigh_all(self, name: str, inputs: Mapping[str, Floats]) -> Floats:
        """The same for many rows at once: each input an array."""
        return np.asarray(sum(map(operator.mul, self._weights_of(name, inputs), inputs.values())), dtype=np.float64)

    def _weights_of(self, name: str, inputs: Iterable[str]) -> list[float]:
        if name not in self._ordered:
            weights = self.stage(name)
            self._ordered[name] = [weights.get(key, 0.0) for key in inputs]
        return self._ordered[name]

    @cached_property
    def _ordered(self) -> dict[str, list[float]]:
        return {}

    def logistic(self, file: str) -> Logistic:
        """One of the small logistic models beside it."""
        return (read_packed if file.endswith(".npz") else read_logistic)(self.folder, file)
