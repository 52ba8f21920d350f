"""What a person writes down with a step: held against the fields of the step."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from gongkai.model.errors import RequestError
from gongkai.service.duties.terms import moment
from gongkai.service.passages.passing import Act, Field

LONGEST = 2000
YES = "是"


def recorded(act: Act, given: Mapping[str, object]) -> dict[str, str]:
    """The fields of a step with what was given, empty ones left out. Raises RequestError, which names the field."""
    known = {field.key for field in act.fields}
    if unknown := sorted(set(given) - known):
        raise RequestError(f"“{act.name}”没有 {unknown[0][:30]} 这一栏，可用的有：{'、'.join(sorted(known)) or '无'}。")
    values = {field.key: _value(act, field, given.get(field.key, "")) for field in act.fields}
    return {key: value for key, value in values.items() if value}


def _value(act: Act, field: Field, given: object) -> str:
    value = str(given).replace("\0", "").strip()
    if field.kind == "check":
        value = YES if value in (YES, "on", "true", "True", "1") else ""
    if not value and field.required:
        raise RequestError(f"“{act.name}”的“{field.name}”没有填，请补上。")
    if len(value) > LONGEST:
        raise RequestError(f"“{act.name}”的“{field.name}”超过{LONGEST}字，请写短一些。")
    if value and field.kind in _CHECKS:
        _CHECKS[field.kind](act, field, value)
    return value


def _choice(act: Act, field: Field, value: str) -> None:
    if value not in field.choices:
        raise RequestError(f"“{act.name}”的“{field.name}”应当是 {'、'.join(field.choices)} 之一，请改正。")


def _day(act: Act, field: Field, value: str) -> None:
    if len(value) != len("2026-03-31") or not isinstance(moment(value), date):
        raise RequestError(f"“{act.name}”的“{field.name}”应当写成 2026-03-31 这样的日期，请改正。")


def _link(act: Act, field: Field, value: str) -> None:
    if not value.lower().startswith(("http://", "https://")) or any(sign.isspace() for sign in value):
        raise RequestError(f"“{act.name}”的“{field.name}”应当以 http:// 或 https:// 开头，请改正。")


_CHECKS = {"choice": _choice, "day": _day, "link": _link}
