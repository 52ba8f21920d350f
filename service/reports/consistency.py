"""Do the figures of a yearly report agree with each other (勾稽关系): each contradiction as a sentence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from gongkai.service.afterwards.outcomes import codes
from gongkai.service.reports.national import CARRIED, LEFT, NEW, Counts


def faults(
    counts: Counts, told: Mapping[str, float], before: Counts | None, earlier: Mapping[str, float]
) -> tuple[str, ...]:
    """What contradicts what, and what to look at; `before` and `earlier` are the year before, where it is known."""
    found = [*_balance(counts), *_carried(counts, before), *_valid(told, earlier), *_disputes(counts)]
    if counts.unnamed:
        found.append(
            f"有 {counts.unnamed} 件申请已经办结但没有办理结果，没有计入“本年度办理结果”。请到依申请公开登记里补上。"
        )
    if counts.unplaced:
        found.append(f"有 {counts.unplaced} 件申请没有写明申请人类型，暂计入“其他”。请到依申请公开登记里补上。")
    return tuple(found)


def _balance(counts: Counts) -> Iterator[str]:
    for kind, one in codes().applicants.items():
        received, done = counts.of(kind, NEW, CARRIED), counts.of(kind, *codes().outcomes, LEFT)
        if received != done:
            yield (
                f"“{one.name}”一列不平：新收加结转是 {received} 件，办理结果加结转下年度是 {done} 件。"
                "请核对申请登记和填报的数。"
            )


def _carried(counts: Counts, before: Counts | None) -> Iterator[str]:
    if before is None:
        return
    for kind, one in codes().applicants.items():
        left, now = before.of(kind, LEFT), counts.of(kind, CARRIED)
        if left != now:
            yield f"“{one.name}”上年结转是 {now} 件，与上一年度报告的“结转下年度继续办理”{left} 件不一致，请核对。"


def _valid(told: Mapping[str, float], earlier: Mapping[str, float]) -> Iterator[str]:
    for key, name in (("rules", "规章"), ("normative", "行政规范性文件")):
        made, gone, valid = (told.get(f"{key}_{part}") for part in ("made", "repealed", "valid"))
        was = earlier.get(f"{key}_valid")
        if made is None or gone is None or valid is None:
            continue
        if was is not None and valid != was + made - gone:
            yield (
                f"{name}现行有效 {valid:g} 件，按上年有效 {was:g} 件、本年制发 {made:g} 件、废止 {gone:g} 件"
                f"应为 {was + made - gone:g} 件，请核对。"
            )


def _disputes(counts: Counts) -> Iterator[str]:
    replies = counts.line(NEW) + counts.line(CARRIED)
    if counts.disputed("reviews") and not replies:
        yield "有因申请引发的行政复议，但没有一件申请，请核对申请登记。"
