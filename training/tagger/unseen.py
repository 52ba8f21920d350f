"""What taggers say of documents that they never saw: the fold's network where one was trained, else the shipped one."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from gongkai.model.mentions.tagger import PersonTagger, Tags
from gongkai.model.reading import Reading


class Unseen:
    """Stands in for the shipped tagger while the models behind names are fitted; `path` is tags.npz, if it is there."""

    def __init__(self, path: Path, tagger: PersonTagger) -> None:
        self._tagger, self._scores = tagger, {}
        if path.is_file():
            with np.load(path, allow_pickle=False) as stored:
                self._scores = {name: stored[name] for name in stored.files}

    def __call__(self, reading: Reading) -> Tags:
        """Probabilities for one document."""
        scores = self._scores.get(reading.document.id)
        if scores is None or len(scores) != len(reading.text):
            return self._tagger(reading)
        return Tags.of(scores.astype(np.float32))
