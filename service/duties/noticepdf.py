"""The 退文通知 as .pdf."""

from __future__ import annotations

from gongkai.model.demands import Level
from gongkai.service.duties.returning import Notice
from gongkai.service.opinion.portable import Cell, Paper

_COLUMNS = (("序号", 0.09), ("缺什么", 0.36), ("依据", 0.25), ("怎样补正", 0.30))


def pdf(told: Notice) -> bytes:
    """The notice; the same notice gives the same bytes."""
    paper = Paper()
    paper.heading(told.name)
    paper.paragraph(f"{told.to or '报送单位'}：")
    paper.paragraph(told.opening, indent=True)
    if told.answer.gaps:
        paper.paragraph("")
        paper.row([Cell(name, share, centred=True) for name, share in _COLUMNS])
    for place, gap in enumerate(told.answer.gaps, 1):
        kind = "" if gap.level == Level.back else "（须补正）"
        texts = (str(place), f"{gap.says}{kind}", gap.basis, gap.mend)
        cells = [Cell(text, share) for text, (_, share) in zip(texts[1:], _COLUMNS[1:], strict=True)]
        paper.row([Cell(texts[0], _COLUMNS[0][1], centred=True), *cells])
    for place, remark in enumerate(told.answer.remarks):
        said = f"{remark.says}{remark.mend}"
        paper.paragraph(said if place else f"另请核对：{said}", indent=True)
    paper.paragraph("")
    paper.paragraph(told.by, right=True)
    paper.paragraph(told.date, right=True)
    return paper.packed(told.name)
