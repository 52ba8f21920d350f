"""Word text as it will be published: tracked changes accepted, hidden text and wrappers without a look gone.

Accepting follows ECMA-376 part 1, 17.13.5; hidden text is w:vanish (17.3.2.41), set on a run or by its styles.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from lxml.etree import _Element as Element

from gongkai.service.formats.word import attribute, child_named
from gongkai.service.rewriting.officexml import remove, unwrap
from gongkai.service.rewriting.strands import local

_GONE = "修订中已删除或移走的内容{n}处已彻底清除"
_ACCEPTED = "修订标记{n}处已按接受处理，作者和时间已清除"
_HIDDEN = "隐藏文字{n}处已删除"
_ORPHANS = "正文没有引用的脚注、尾注、批注{n}条已删除"
_CONTROLS = "内容控件{n}个已转为普通文字"
_CHANGES = tuple(
    f"{{*}}{name}"
    for name in (
        *("rPrChange", "pPrChange", "sectPrChange", "tblPrChange", "tblPrExChange", "tblGridChange", "trPrChange"),
        *("tcPrChange", "numberingChange", "cellIns", "cellMerge", "moveFromRangeStart", "moveFromRangeEnd"),
        *("moveToRangeStart", "moveToRangeEnd", "customXmlInsRangeStart", "customXmlInsRangeEnd"),
        *("customXmlDelRangeStart", "customXmlDelRangeEnd", "customXmlMoveFromRangeStart", "customXmlMoveFromRangeEnd"),
        *("customXmlMoveToRangeStart", "customXmlMoveToRangeEnd"),
    )
)
#: Marks of a program or a person at work.
_TRACES = ("proofErr", "permStart", "permEnd", "lastRenderedPageBreak", "fldData", "binData", "contentPart")
_PROPERTIES = ("rPr", "trPr", "tcPr", "numPr", "ctrlPr")


def settle_revisions(root: Element, gone: Counter[str]) -> None:
    """Accept every tracked change in a part; counts what was taken out, never says who did it.

    The last deletion comes first: where many paragraphs run into one, each moves only once.
    """
    deletions = ("{*}del", "{*}moveFrom", "{*}delText", "{*}delInstrText", "{*}cellDel")
    for element in reversed(list(root.iter(*deletions))):
        _delete(element, gone)
    for element in list(root.iter("{*}ins", "{*}moveTo")):
        gone[_ACCEPTED] += 1
        (remove if local(element.getparent()) in _PROPERTIES else unwrap)(element)
    for element in list(root.iter(*_CHANGES)):
        gone[_ACCEPTED] += local(element).endswith("Change")
        remove(element)
    for table in [table for table in root.iter("{*}tbl") if next(table.iter("{*}tr"), None) is None]:
        remove(table)


def _delete(element: Element, gone: Counter[str]) -> None:
    group = element.getparent()
    if group is None:
        return
    gone[_GONE] += not local(element).startswith("del") or local(element) == "del"
    if local(group) == "trPr" or local(element) == "cellDel":
        remove(group.getparent())
    elif local(group) == "rPr" and local(group.getparent()) == "pPr":
        remove(element)
        _run_on(group.getparent().getparent())
    else:
        remove(element)


def _run_on(paragraph: Element) -> None:
    """A paragraph whose mark is deleted becomes the beginning of the next one."""
    following = paragraph.getnext()
    while following is not None and local(following) not in ("p", "tbl", "sdt", "sectPr"):
        following = following.getnext()
    if local(following) != "p":
        return
    content = [child for child in paragraph if local(child) != "pPr"]
    at = 1 if len(following) and local(following[0]) == "pPr" else 0
    following[at:at] = content
    remove(paragraph)


def unwrap_controls(root: Element, gone: Counter[str]) -> None:
    """Content controls, smart tags and custom XML leave their text; what they know about it goes."""
    for name in ("sdtPr", "sdtEndPr", "smartTagPr", "customXmlPr", *_TRACES):
        for element in list(root.iter(f"{{*}}{name}")):
            remove(element)
    for element in list(root.iter("{*}sdt", "{*}smartTag", "{*}customXml")):
        gone[_CONTROLS] += local(element) == "sdt"
        content = next((child for child in element if local(child) == "sdtContent"), None)
        unwrap(element, content)


def remove_orphans(stories: Sequence[Element], notes: Sequence[Element], gone: Counter[str]) -> None:
    """Notes and comments that nothing refers to, such as those of deleted text, are not shown and go."""
    used = {
        (local(mark).removesuffix("Reference"), attribute(mark, "id"))
        for root in stories
        for mark in root.iter("{*}footnoteReference", "{*}endnoteReference", "{*}commentReference")
    }
    for root in notes:
        for note in list(root.iterchildren("{*}footnote", "{*}endnote", "{*}comment")):
            separator = attribute(note, "type") not in (None, "normal")
            if not separator and (local(note), attribute(note, "id")) not in used:
                gone[_ORPHANS] += 1
                remove(note)


def hidden_styles(styles: Element | None) -> frozenset[str]:
    """Ids of the styles that hide their text, by themselves or by the style they are based on."""
    if styles is None:
        return frozenset()
    own: dict[str, bool | None] = {}
    based: dict[str, str] = {}
    for style in styles.iter("{*}style"):
        name = attribute(style, "styleId") or ""
        own[name] = _vanish(child_named(style, "rPr"))
        base = child_named(style, "basedOn")
        based[name] = attribute(base, "val") or "" if base is not None else ""
    return frozenset(name for name in own if _inherited(name, own, based))


def _inherited(name: str, own: dict[str, bool | None], based: dict[str, str]) -> bool:
    for _ in range(len(own) + 1):
        if name not in own:
            return False
        found = own[name]
        if found is not None:
            return found
        name = based[name]
    return False


def remove_hidden(root: Element, hidden: frozenset[str], gone: Counter[str]) -> None:
    """Take hidden text out of its runs; marks of fields stay, so that they stay in pairs."""
    for run in list(root.iter("{*}r")):
        if _is_hidden(run, hidden):
            content = [child for child in run if local(child) not in ("rPr", "fldChar")]
            gone[_HIDDEN] += any(local(child) in ("t", "sym", "drawing", "pict", "object") for child in content)
            for child in content:
                run.remove(child)


def _is_hidden(run: Element, hidden: frozenset[str]) -> bool:
    properties = child_named(run, "rPr")
    found = _vanish(properties)
    if found is None and properties is not None:
        style = child_named(properties, "rStyle")
        found = True if style is not None and attribute(style, "val") in hidden else None
    if found is None and hidden:
        paragraph = next(run.iterancestors("{*}p"), None)
        above = child_named(paragraph, "pPr") if paragraph is not None else None
        style = child_named(above, "pStyle") if above is not None else None
        found = style is not None and attribute(style, "val") in hidden
    return bool(found)


def _vanish(properties: Element | None) -> bool | None:
    """None where the properties don't say."""
    mark = child_named(properties, "vanish") if properties is not None else None
    return None if mark is None else attribute(mark, "val") not in ("0", "false", "off")
