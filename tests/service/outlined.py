"""Invented records for the order of a backlog."""

from __future__ import annotations

import hashlib
import random
from pathlib import Path

import numpy as np

from gongkai.model.finding import Attribute
from gongkai.model.likeness import SLOTS
from gongkai.service.screening.order.outlines import Outline
from gongkai.service.screening.records import Locator, Part, Record
from gongkai.service.screening.store import Store

ENGINE = {"version": "1", "model": "m", "rulebook": "r", "profile": "default"}


def digest(name: str) -> str:
    return "sha256:" + hashlib.sha256(name.encode()).hexdigest()


def scores(label: str, confidence: float) -> dict[str, float]:
    return {name.value: confidence if name == label else (1 - confidence) / 2 for name in Attribute}


def outline(name: str = "a", attribute: str = "proactive", confidence: float = 0.9, **known) -> Outline:
    given = {
        "digest": name,
        "title": f"青禾县人民政府关于{name}的通知",
        "number": "",
        "issued": "2020-05-01",
        "scores": tuple(scores(attribute, confidence).values()),
        "options": 1,
        "handling": "full",
        "needs_review": False,
        **known,
    }
    return Outline(attribute=attribute, confidence=confidence, **given)


def fingerprint(seed: int) -> bytes:
    draw = random.Random(seed)
    return np.array([draw.randrange(1, 1 << 16) for _ in range(SLOTS)], dtype="<u2").tobytes()


def like(made: bytes, share: float) -> bytes:
    """A fingerprint that agrees with another in this share of its slots."""
    slots = np.frombuffer(made, dtype="<u2").copy()
    other = np.arange(SLOTS) % 100 >= share * 100
    slots[other] += 1
    return slots.tobytes()


def record(name: str, attribute: str = "proactive", confidence: float = 0.9, **known) -> Record:
    result = {
        "engine": ENGINE,
        "attribute": {"label": attribute, "set": [attribute], "scores": scores(attribute, confidence)},
        "elements": {"annotation": known.pop("annotation", "")},
        "negative": [{"clause": clause} for clause in known.pop("clauses", ())],
    }
    given = {
        "title": f"青禾县人民政府关于{name}的通知",
        "number": "",
        "issuer": "青禾县人民政府",
        "issued": "2020-05-01",
        "genre": "通知",
        "handling": "full",
        "needs_review": False,
        **known,
    }
    return Record(digest=digest(name), attribute=attribute, confidence=confidence, result=result, **given)


def keep(store: Store, *records: Record, run: int = 1, fields: dict[str, dict[str, str]] | None = None) -> None:
    with store.batch():
        for row in records:
            part = Part(Locator(Path(f"/档案/{row.digest[7:15]}.txt")), fields=(fields or {}).get(row.digest, {}))
            store.put_record(row)
            store.put_file(part, run, part.locator.shown, row.digest, row.digest)
