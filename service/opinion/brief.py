"""What the 意见单 needs to know of a suggestion: codes and counts, no text but title and annotation."""

from __future__ import annotations

from collections import Counter
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from gongkai.model.errors import RequestError
from gongkai.service.wire import Json

Label = Literal["", "proactive", "on_request", "withheld"]
Short = Field(default="", max_length=500)


class Brief(BaseModel):
    """A suggestion in short, as pages and add-in send it; `attribute` is the person's choice where there is one."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str = Short
    number: str = Short
    issued: str = Short
    issuer: str = Short
    genre: str = Short
    annotation: str = Short
    suggested: Label = ""
    attribute: Label = ""
    needs_review: bool = True
    handling: str = Short
    reasons: list[str] = Field(default=[], max_length=50)
    categories: list[str] = Field(default=[], max_length=50)
    clauses: list[str] = Field(default=[], max_length=50)
    masked: dict[str, int] = Field(default={}, max_length=100)
    notes: list[str] = Field(default=[], max_length=50)

    @property
    def label(self) -> str:
        """The attribute that the form is filled in for."""
        return self.attribute or self.suggested

    @classmethod
    def read(cls, text: str) -> Brief:
        """From JSON. Raises RequestError."""
        try:
            return cls.model_validate_json(text)
        except ValidationError as error:
            raise RequestError("意见单的内容不完整，请回到起草页重新生成。") from error

    @classmethod
    def of(cls, result: Json, title: str = "", attribute: str = "", reason: str = "", category: str = "") -> Brief:
        """From a suggestion of the output contract and what a person decided of it."""
        found, elements = result["attribute"], result["elements"]
        reasons = [row["code"] for row in result["reasons"]]
        categories = [row["code"] for row in result["categories"]]
        return cls.model_validate(
            {
                **{key: elements.get(key, "")[:500] for key in ("number", "issued", "issuer", "genre", "annotation")},
                "title": (title or result.get("title", ""))[:500],
                "suggested": found["label"],
                "attribute": attribute,
                "needs_review": result["needs_review"] and not attribute,
                "handling": result["handling"],
                "reasons": ([reason] if reason else reasons)[:50],
                "categories": ([category] if category else categories)[:50],
                "clauses": list(dict.fromkeys(row["clause"] for row in result["negative"]))[:50],
                "masked": dict(Counter(row["type"] for row in result["personal"] if row["action"] == "mask")),
                "notes": result["notes"][:50],
            }
        )
