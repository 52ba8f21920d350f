"""What anybody would try first for the attribute: TF-IDF of characters and a logistic regression."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline

from gongkai.training.fit import ATTRIBUTES

NAME = "TF-IDF + logistic regression"


def fitted(texts: Sequence[str], labels: Sequence[str]) -> Pipeline:
    """Single characters and pairs, sublinear counts, L2."""
    vectors = TfidfVectorizer(analyzer="char", ngram_range=(1, 2), sublinear_tf=True, min_df=2)
    return make_pipeline(vectors, LogisticRegression(C=10.0, max_iter=1000)).fit(texts, labels)


def probabilities(model: Pipeline, texts: Sequence[str]) -> NDArray[np.float64]:
    """Shape (texts, attributes), in the product's order; zero for an attribute that the model never saw."""
    found = np.zeros((len(texts), len(ATTRIBUTES)))
    found[:, [ATTRIBUTES.index(name) for name in model.classes_]] = model.predict_proba(texts)
    return found
