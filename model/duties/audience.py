"""公开对象和方式: the public, an area, a group, the house, a special query; and which fields of a list stay."""

from __future__ import annotations

from gongkai.model.document import Document
from gongkai.model.duties.flagging import Flag, Page, stand
from gongkai.model.elements import Elements
from gongkai.model.finding import Attribute
from gongkai.model.flagrows import AudienceRow
from gongkai.model.rulebook import Rulebook

#: Reaches as people call them.
REACHES = {
    "public": "向社会公开",
    "area": "面向特定区域和人群（定点、定向公开）",
    "group": "面向特定群体",
    "inside": "内部公开",
    "query": "按专门规定查询",
}


def audience(document: Document, elements: Elements, rules: Rulebook) -> AudienceRow:
    """The first row of the table whose signs stand; the last one holds for the rest."""
    page = Page(document, elements)
    fitting = (row for row in rules.audiences if row.signs and stand(page, row.signs, row.unless))
    return next(fitting, rules.audiences[-1])


def advice(document: Document, elements: Elements, rules: Rulebook, label: Attribute | None = None) -> tuple[Flag, ...]:
    """The suggestion as a hint; what is for everybody is said of 主动公开 alone, special audiences of any paper."""
    row = audience(document, elements, rules)
    if not row.signs and label != Attribute.proactive:
        return ()
    spans = tuple(span for span, _ in stand(Page(document, elements), row.signs, row.unless))
    kept = next((one.name for one in rules.exceptions if one.id == row.exception), "")
    ground = f"按“{kept}”" if kept else ""
    listed = f"{ground}可以列：{'、'.join(row.keep)}。" if row.keep else ""
    hidden = f"仍须遮蔽：{'、'.join(row.hide)}。" if row.hide else ""
    says = f"{row.name}：{REACHES[row.reach]}。"
    return (Flag("audience", row.id, says, f"{row.how}{listed}{hidden}", row.basis, REACHES[row.reach], spans),)
