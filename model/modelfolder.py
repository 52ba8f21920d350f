"""The shipped model folder: what training writes and `Screener.load` reads. No pickles: JSON, text and plain arrays.

model.json       version, labels of each head, temperature, thresholds, second-stage weights
vocabulary.txt   one feature name a line, in the order of the arrays' rows
linear.npz       `<head>` int8 (features, labels), `<head>.scale` and `<head>.bias` float32 (labels)
names.json       is a mention a name; stays.json: does the name stay
words.txt        jieba's dictionary without personal names
"""

from __future__ import annotations

import json
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gongkai.model.calibration import Thresholds
from gongkai.model.errors import ModelFolderError
from gongkai.model.linear import Logistic, read_logistic
from gongkai.model.tablefile import Folder

FORMAT = 1
_DAMAGED = (OSError, ValueError, KeyError, TypeError, AttributeError, EOFError, zipfile.BadZipFile, zlib.error)
HEADS = ("attribute", "category", "clause", "reason")
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class ModelFolder:
    """The linear models with their vocabulary."""

    folder: Folder
    card: dict[str, Any]
    vocabulary: dict[str, int]
    arrays: dict[str, NDArray[Any]]

    @classmethod
    def read(cls, folder: Folder) -> ModelFolder:
        """Raises ModelFolderError when a file is missing, damaged or of another format."""
        try:
            card = json.loads((folder / "model.json").read_text("utf-8"))
            names = (folder / "vocabulary.txt").read_text("utf-8").rstrip("\n").split("\n")
            with (folder / "linear.npz").open("rb") as file, np.load(file, allow_pickle=False) as stored:
                arrays = {key: stored[key] for key in stored.files}
            model = cls(folder, card, {name: place for place, name in enumerate(names)}, arrays)
            model.check()
        except _DAMAGED as error:
            raise ModelFolderError("模型目录读不出来：缺文件或者文件损坏，请重新安装或者重新训练。") from error
        return model

    def check(self) -> None:
        """Formats and shapes fit. Raises ModelFolderError."""
        if self.card.get("format") != FORMAT:
            raise ModelFolderError("模型目录的格式版本与程序不符，请用本版本程序重新训练。")
        _ = self.temperature, self.thresholds, self.stage("category"), self.stage("clause"), self.card["version"]
        for head in HEADS:
            columns = (len(self.labels(head)),)
            shapes = [self.arrays[head + part].shape for part in ("", ".scale", ".bias")]
            if shapes != [(len(self.vocabulary), *columns), columns, columns]:
                raise ModelFolderError(f"模型目录里 {head} 的大小与词表不符，请重新训练。")

    def labels(self, head: str) -> list[str]:
        """The labels of one head, in the order of its columns."""
        return list(self.card["labels"][head])

    def logits(self, vector: Mapping[str, float]) -> dict[str, Floats]:
        """The scores of every head for one feature vector; unknown features count nothing."""
        known = [(place, value) for name, value in vector.items() if (place := self.vocabulary.get(name)) is not None]
        rows = np.array([place for place, _ in known], dtype=np.int64)
        values = np.array([value for _, value in known], dtype=np.float64)
        scores = {}
        for head in HEADS:
            summed = values @ self.arrays[head][rows].astype(np.float64) if known else np.zeros(len(self.labels(head)))
            scores[head] = summed * self.arrays[head + ".scale"] + self.arrays[head + ".bias"]
        return scores

    def weight(self, head: str, label: str, name: str) -> float:
        """What one feature of value 1 adds to one label's score."""
        place = self.vocabulary.get(name)
        column = self.labels(head).index(label)
        return 0.0 if place is None else float(self.arrays[head][place, column] * self.arrays[head + ".scale"][column])

    @cached_property
    def temperature(self) -> float:
        """Divides the attribute's scores before they become probabilities."""
        return float(self.card["temperature"])

    @cached_property
    def thresholds(self) -> Thresholds:
        """Probability thresholds of the prediction set by coverage."""
        return Thresholds({str(k): float(v) for k, v in self.card["thresholds"].items()})

    def stage(self, name: str) -> dict[str, float]:
        """The weights of a second-stage model (`category` or `clause`)."""
        return {str(k): float(v) for k, v in self.card["stages"][name].items()}

    def logistic(self, file: str) -> Logistic:
        """One of the small logistic models beside it."""
        return read_logistic(self.folder, file)
