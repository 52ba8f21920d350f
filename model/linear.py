"""Linear models as plain tables: feature name -> weights. Applied without scikit-learn, stored without pickle."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from gongkai.model.errors import ModelFolderError
from gongkai.model.tablefile import Folder


@dataclass(frozen=True, slots=True)
class Logistic:
    """A binary logistic regression over named features of value 1."""

    weights: Mapping[str, float]
    bias: float

    def logit(self, features: Iterable[str]) -> float:
        """The log-odds; unknown features count nothing."""
        look, total = self.weights.get, self.bias
        for feature in features:
            total += look(feature, 0.0)
        return total

    def __call__(self, features: Iterable[str]) -> float:
        """The probability."""
        return sigmoid(self.logit(features))


def sigmoid(value: float) -> float:
    """Log-odds to probability, without overflow."""
    return 1 / (1 + math.exp(-max(-35.0, min(35.0, value))))


def read_logistic(folder: Folder, file: str) -> Logistic:
    """A model written by training. Raises ModelFolderError."""
    try:
        content = json.loads((folder / file).read_text("utf-8"))
        return Logistic({str(k): float(v) for k, v in content["weights"].items()}, float(content["bias"]))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelFolderError(f"模型文件 {file} 读不出来，请重新安装或者重新训练。") from error
