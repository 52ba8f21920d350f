"""A PDF reduced to its pages: what hangs on the document besides them is flattened, kept as plain text, or dropped."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream, String

from gongkai.service.rewriting.pdffonts import Value
from gongkai.service.rewriting.pdfresources import only

_PAGE = {"/Type", "/Parent", "/MediaBox", "/CropBox", "/Rotate", "/UserUnit", "/Group", "/Contents", "/Resources"}
_PAGE |= {"/Annots"}
_ROOT = {"/Type", "/Pages", "/Outlines", "/PageLabels", "/Lang", "/PageLayout"}
#: Kinds of annotations whose picture becomes part of the page; the rest says nothing that the page shows.
_SHOWN = {"FreeText", "Line", "Square", "Circle", "Polygon", "PolyLine", "Highlight", "Underline", "Squiggly"}
_SHOWN |= {"StrikeOut", "Stamp", "Ink", "Widget", "Watermark"}
_NOTES = {
    "notes": "批注{}条已去除",
    "fields": "表单域{}个已改为页面文字",
    "bare": "没有外观的表单域{}个已去除",
    "signatures": "数字签名{}个已去除",
    "files": "附件{}个已去除",
    "xfa": "XFA 表单已去除",
    "scripts": "脚本和动作已去除",
    "tags": "结构标签和替代文字已去除",
    "metadata": "元数据已去除，只保留标题",
    "links": "邮箱、电话等链接{}个已去除",
    "locked": "限制编辑的加密已去除",
    "revisions": "以前的修订已去除",
    "layers": "隐藏图层的内容已去除",
    "patterns": "图案和蒙版里的文字已去除",
    "private": "应用程序的私有数据已去除",
    "thumbnails": "缩略图{}张已去除",
}
_WEB = re.compile(r"https?://", re.IGNORECASE)
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_FITS = frozenset(("/XYZ", "/Fit", "/FitH", "/FitV", "/FitR", "/FitB", "/FitBH", "/FitBV"))
_DEEPEST = 50


def sentences(counts: Counter[str]) -> tuple[str, ...]:
    """What was taken out, one Chinese sentence each."""
    return tuple(text.format(counts[kind]) for kind, text in _NOTES.items() if counts[kind])


def layers_off(pdf: pikepdf.Pdf) -> set[tuple[int, int]]:
    """Object numbers of the layers that are switched off when the file is opened."""
    properties = pdf.Root.get("/OCProperties")
    usual = properties.get("/D") if isinstance(properties, Dictionary) else None
    if not isinstance(properties, Dictionary) or not isinstance(usual, Dictionary):
        return set()
    numbers = {group.objgen for group in properties.get("/OCGs", Array())}
    named = {key: {group.objgen for group in usual.get(key, Array())} for key in ("/ON", "/OFF")}
    return numbers - named["/ON"] if usual.get("/BaseState") == Name.OFF else named["/OFF"]


def is_off(membership: Value, off: set[tuple[int, int]]) -> bool:
    """Whether a layer, or a membership of several under its rule, is switched off."""
    if not isinstance(membership, Dictionary):
        return False
    if membership.get("/Type") != Name.OCMD:
        return membership.objgen in off
    groups = membership.get("/OCGs", Array())
    states = [group.objgen in off for group in ([groups] if isinstance(groups, Dictionary) else groups)]
    rule = str(membership.get("/P", "/AnyOn"))
    if not states or "/VE" in membership:
        return False
    hidden = {"/AllOn": any(states), "/AnyOff": not any(states), "/AllOff": not all(states)}
    return hidden.get(rule, all(states))


def reduce(pdf: pikepdf.Pdf, off: set[tuple[int, int]]) -> Counter[str]:
    """Strip the document around its pages; returns how much of each kind was taken out."""
    counts: Counter[str] = Counter()
    targets = dict(_named(pdf))
    _count_document(pdf, counts)
    links = [list(_links(page, targets, counts)) for page in pdf.pages]
    for page in pdf.pages:
        _keep_shown(page.obj, off, counts)
    if "/AcroForm" in pdf.Root and "/NeedAppearances" in pdf.Root.AcroForm:
        del pdf.Root.AcroForm["/NeedAppearances"]
    pdf.flatten_annotations("all")
    _outlines(pdf, targets)
    _labels(pdf)
    title = _title(pdf)
    only(pdf.Root, _ROOT)
    if not _LANGUAGE.fullmatch(str(pdf.Root.get("/Lang", "zh"))):
        del pdf.Root["/Lang"]
    only(pdf.trailer, ("/Root", "/Size"))
    if title:
        pdf.docinfo["/Title"] = String(title)
    for page, kept in zip(pdf.pages, links, strict=True):
        _flat_page(page, kept, counts)
    _flat_tree(pdf)
    return counts


def _count_document(pdf: pikepdf.Pdf, counts: Counter[str]) -> None:
    root, info = pdf.Root, pdf.trailer.get("/Info")
    form = root.get("/AcroForm", Dictionary())
    counts["xfa"] = int("/XFA" in form)
    acts = isinstance(root.get("/OpenAction"), Dictionary) or "/AA" in root
    counts["scripts"] = int(acts or "/JavaScript" in root.get("/Names", {}))
    counts["tags"] = int("/StructTreeRoot" in root)
    more = isinstance(info, Dictionary) and any(key != "/Title" for key, _ in info.items())
    counts["metadata"] = int("/Metadata" in root or more)
    counts["files"] = len(pdf.attachments)
    counts["locked"] = int(pdf.is_encrypted)
    counts["revisions"] = int("/Prev" in pdf.trailer and not pdf.is_linearized)
    counts["private"] = int("/PieceInfo" in root)


def _annotations(page: Dictionary) -> list[Dictionary]:
    listed = page.get("/Annots")
    return [value for value in listed if isinstance(value, Dictionary)] if isinstance(listed, Array) else []


def _keep_shown(page: Dictionary, off: set[tuple[int, int]], counts: Counter[str]) -> None:
    """Leave only those annotations that are to be drawn into the page."""
    kept = []
    for note in _annotations(page):
        kind = str(note.get("/Subtype", "")).lstrip("/")
        drawn = "/N" in note.get("/AP", Dictionary())
        counts[_kind_of(note, kind, drawn)] += 1
        if kind in _SHOWN and drawn and not is_off(note.get("/OC"), off):
            kept.append(note)
    page.Annots = Array(kept)


def _kind_of(note: Dictionary, kind: str, drawn: bool) -> str:
    if kind == "Widget":
        field = note.get("/FT") or note.get("/Parent", Dictionary()).get("/FT")
        if field == Name.Sig:
            return "signatures"
        return "fields" if drawn else "bare"
    if kind == "FileAttachment":
        return "files"
    return "" if kind in ("Link", "Popup") else "notes"


def _links(page: pikepdf.Page, targets: dict[str, Any], counts: Counter[str]) -> Iterator[Dictionary]:
    """Links to pages of this document and to the web; all others go."""
    for note in _annotations(page.obj):
        if note.get("/Subtype") != Name.Link:
            continue
        made = Dictionary(Type=Name.Annot, Subtype=Name.Link)
        for key, most in (("/Rect", 4), ("/Border", 3), ("/C", 4)):
            if isinstance(numbers := note.get(key), Array):
                made[key] = Array([float(number) for number in list(numbers)[:most]])
        action = note.get("/A", Dictionary())
        target = _target(note.get("/Dest", action.get("/D") if action.get("/S") == Name.GoTo else None), targets)
        address = str(action.get("/URI", "")) if action.get("/S") == Name.URI else ""
        if target is not None:
            made.Dest = target
        elif _WEB.match(address):
            made.A = Dictionary(S=Name.URI, URI=String(address))
        else:
            counts["links"] += 1
            continue
        yield made


def _named(pdf: pikepdf.Pdf) -> Iterator[tuple[str, Any]]:
    """Named destinations, from the old dictionary and the name tree."""
    old, names = pdf.Root.get("/Dests"), pdf.Root.get("/Names")
    if isinstance(old, Dictionary):
        yield from ((name.lstrip("/"), value) for name, value in old.items())
    if isinstance(names, Dictionary) and isinstance(names.get("/Dests"), Dictionary):
        yield from ((str(name), value) for name, value in pikepdf.NameTree(names.Dests).items())


def _target(value: Value, targets: dict[str, Any]) -> Array | None:
    """An explicit destination: a page and how to show it."""
    if isinstance(value, (String, Name)):
        value = targets.get(str(value).lstrip("/"))
    if isinstance(value, Dictionary):
        value = value.get("/D")
    if not isinstance(value, Array) or not len(value) or not isinstance(value[0], Dictionary):
        return None
    if value[0].get("/Type") != Name.Page or len(value) < 2 or str(value[1]) not in _FITS:
        return None
    numbers = [None if number is None else float(number) for number in list(value)[2:6]]
    return Array([value[0], value[1], *numbers])


def _outlines(pdf: pikepdf.Pdf, targets: dict[str, Any]) -> None:
    """Bookmarks keep their titles and their places, nothing else; the titles are slots."""
    seen: set[tuple[int, int]] = set()
    if not isinstance(pdf.Root.get("/Outlines"), Dictionary):
        return
    only(pdf.Root.Outlines, ("/Type", "/First", "/Last", "/Count"))
    for item in outline_items(pdf):
        if item.objgen in seen:
            continue
        seen.add(item.objgen)
        action = item.get("/A", Dictionary())
        target = _target(item.get("/Dest", action.get("/D") if action.get("/S") == Name.GoTo else None), targets)
        only(item, ("/Title", "/Parent", "/Prev", "/Next", "/First", "/Last", "/Count", "/F"))
        if target is not None:
            item.Dest = target


def outline_items(pdf: pikepdf.Pdf) -> Iterator[Dictionary]:
    """The bookmarks in order, each once."""
    seen: set[tuple[int, int]] = set()
    pending = [(pdf.Root.get("/Outlines", Dictionary()).get("/First"), 0)]
    while pending:
        item, depth = pending.pop()
        if not isinstance(item, Dictionary) or item.objgen in seen or depth > _DEEPEST:
            continue
        seen.add(item.objgen)
        pending += [(item.get("/Next"), depth), (item.get("/First"), depth + 1)]
        yield item


def _labels(pdf: pikepdf.Pdf) -> None:
    """Page labels as one flat list; their prefixes are slots."""
    if not isinstance(pdf.Root.get("/PageLabels"), Dictionary):
        return
    rows: list[Any] = []
    for first, label in pikepdf.NumberTree(pdf.Root.PageLabels).items():
        if isinstance(label, Dictionary):
            made = Dictionary({key: label[key] for key in ("/S", "/P", "/St") if key in label})
            rows += [int(first), pdf.make_indirect(made)]
    pdf.Root.PageLabels = Dictionary(Nums=Array(rows))


def label_items(pdf: pikepdf.Pdf) -> Iterator[Dictionary]:
    """The page labels that have a prefix."""
    labels = pdf.Root.get("/PageLabels", Dictionary()).get("/Nums", Array())
    yield from (label for label in labels if isinstance(label, Dictionary) and "/P" in label)


def link_items(pdf: pikepdf.Pdf) -> Iterator[tuple[pikepdf.Page, Dictionary]]:
    """The links to the web, with their pages."""
    for page in pdf.pages:
        yield from ((page, note) for note in _annotations(page.obj) if "/A" in note)


def _title(pdf: pikepdf.Pdf) -> str:
    info = pdf.trailer.get("/Info")
    return str(info.get("/Title", "")).strip() if isinstance(info, Dictionary) else ""


def _flat_page(page: pikepdf.Page, links: list[Dictionary], counts: Counter[str]) -> None:
    """A page that inherits nothing and carries nothing but what is drawn, and its links."""
    value = page.obj
    counts["thumbnails"] += "/Thumb" in value
    counts["private"] = counts["private"] or int("/PieceInfo" in value)
    counts["scripts"] = counts["scripts"] or int("/AA" in value)
    value.MediaBox, value.CropBox = Array(page.mediabox), Array(page.cropbox)
    if page.rotation:
        value.Rotate = page.rotation
    value.Resources = page.resources
    only(value, _PAGE)
    if isinstance(group := value.get("/Group"), (Dictionary, Stream)):
        only(group, ("/Type", "/S", "/CS", "/I", "/K"))
    value.Annots = Array(links)
    if not links:
        del value["/Annots"]


def _flat_tree(pdf: pikepdf.Pdf) -> None:
    pages = [page.obj for page in pdf.pages]
    root = pdf.Root.Pages
    only(root, ("/Type", "/Kids", "/Count"))
    for page in pages:
        page.Parent = root
    root.Kids, root.Count = Array(pages), len(pages)
