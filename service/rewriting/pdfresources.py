"""What the pages of a PDF draw with, reduced to what drawing needs: no private data, hidden layers or spare parts."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any, TypeAlias

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream

from gongkai.model.errors import ArchiveBomb, UnsupportedPart
from gongkai.service.limits import Limits
from gongkai.service.rewriting.pdfcontent import Walk
from gongkai.service.rewriting.pdffonts import Value
from gongkai.service.rewriting.pdfglyphs import IDENTITY
from gongkai.service.rewriting.pdfunicode import mend

Keys: TypeAlias = frozenset[str]
_PACKED: Keys = frozenset(("/Filter", "/DecodeParms", "/Length"))
_DRAWING: Keys = _PACKED | {"/Type", "/Subtype", "/BBox", "/Matrix", "/Resources"}
_FORM: Keys = _DRAWING | {"/FormType", "/Group"}
_PATTERN: Keys = _DRAWING | {"/PatternType", "/PaintType", "/TilingType", "/XStep", "/YStep", "/Shading", "/ExtGState"}
_IMAGE: Keys = _PACKED | {"/Type", "/Subtype", "/Width", "/Height", "/ColorSpace", "/BitsPerComponent", "/ImageMask"}
_IMAGE |= {"/Mask", "/SMask", "/SMaskInData", "/Decode", "/Interpolate", "/Intent", "/Matte"}
_STATE: Keys = frozenset(
    ("/Type", "/LW", "/LC", "/LJ", "/ML", "/D", "/RI", "/OP", "/op", "/OPM", "/Font", "/FL", "/SM")
)
_STATE |= {"/SA", "/BM", "/SMask", "/CA", "/ca", "/AIS", "/TK"}
_FONT: Keys = frozenset(("/Type", "/Subtype", "/BaseFont", "/FirstChar", "/LastChar", "/Widths", "/FontDescriptor"))
_FONT |= {"/Encoding", "/ToUnicode", "/DescendantFonts", "/CIDSystemInfo", "/DW", "/W", "/DW2", "/W2", "/CIDToGIDMap"}
_FONT |= {"/Name", "/FontBBox", "/FontMatrix", "/CharProcs", "/Resources"}
_DESCRIPTOR: Keys = frozenset(("/Type", "/FontName", "/Flags", "/FontBBox", "/ItalicAngle", "/Ascent", "/Descent"))
_DESCRIPTOR |= {"/Leading", "/StemV", "/CapHeight", "/XHeight", "/StemH", "/AvgWidth", "/MaxWidth", "/MissingWidth"}
_DESCRIPTOR |= {"/FontFile", "/FontFile2", "/FontFile3"}
_PROGRAM: Keys = _PACKED | {"/Length1", "/Length2", "/Length3", "/Subtype"}
_CMAP: Keys = _PACKED | {"/Type", "/CMapName", "/CIDSystemInfo", "/WMode", "/UseCMap"}
_PROFILE: Keys = _PACKED | {"/N", "/Alternate", "/Range"}
_CHUNK = 1 << 16
#: The name of the picture that stands for a whole page after it was redacted.
PAGE_PICTURE = "/GkPage"


def only(value: Value, keys: Collection[str]) -> None:
    """Take every other key out of a dictionary or stream."""
    for key in [key for key in value.keys() if key not in keys]:  # noqa: SIM118  # a view of pikepdf, not a dict
        del value[key]


def check_size(pdf: pikepdf.Pdf, limits: Limits) -> None:
    """Raises ArchiveBomb when the streams unpack to more than the limit."""
    left = limits.max_unpacked
    for value in pdf.objects:
        if not isinstance(value, Stream):
            continue
        filters = value.get("/Filter")
        names = [str(name) for name in filters] if isinstance(filters, Array) else [str(filters)]
        if names.count("/FlateDecode") + names.count("/LZWDecode") > 1:
            raise ArchiveBomb("PDF 内的数据被反复压缩，疑似压缩炸弹，已停止读取，请核对文件来源。")
        raw = _bare(value.read_raw_bytes(), names[0])
        left -= _unpacked(raw, left) if "/FlateDecode" in names[:2] else len(raw)
        if left < 0:
            raise ArchiveBomb("PDF 解压后过大，疑似压缩炸弹，已停止读取，请核对文件来源。")


def _bare(raw: bytes, written: str) -> bytes:
    """The packed bytes behind a spelling in letters."""
    if written == "/ASCII85Decode":
        return base64.a85decode(raw.strip().removeprefix(b"<~").removesuffix(b"~>"), ignorechars=b" \t\n\r\v\0")
    if written == "/ASCIIHexDecode":
        return bytes.fromhex(raw.partition(b">")[0].decode("ascii"))
    return raw


def _unpacked(raw: bytes, limit: int) -> int:
    engine, total, pending = zlib.decompressobj(), 0, raw
    try:
        while pending and total <= limit and not engine.eof:
            total += len(engine.decompress(pending, _CHUNK))
            pending = engine.unconsumed_tail
    except zlib.error:
        return total
    return total


@dataclass(frozen=True, slots=True)
class Look:
    """How a page is drawn: with how many curves, with text that can't be seen, as one picture that was made here."""

    curves: int
    unseen: bool
    pictured: bool


class Resources:
    """Goes through everything that pages draw, once each.

    `images` holds the pictures by object number, `concealed` counts what hidden layers drew, `patterned` the text
    that a reader of text can't see because it stands in a pattern or a mask.
    """

    def __init__(self, pdf: pikepdf.Pdf, off: Callable[[Any], bool]) -> None:
        self._pdf = pdf
        self._seen: set[tuple[int, int]] = set()
        self._walk = Walk(pdf, off=off, form=self._form)
        self._mute = Walk(pdf, off=off, form=self._mute_form, text=False)
        self._glyphs = Walk(pdf, off=off, form=self._mute_form, text=False, inline=True)
        self.images: dict[tuple[int, int], Stream] = {}

    @property
    def concealed(self) -> int:
        """How many drawings of hidden layers were left out."""
        return self._walk.concealed

    @property
    def patterned(self) -> int:
        """How many pieces of text in patterns and masks were left out."""
        return self._mute.concealed

    def page(self, page: Value) -> Look:
        """Rewrite a page with only what it uses."""
        curves, unseen = self._walk.curves, self._walk.unseen
        job = self._walk.stream(page, page.Resources, IDENTITY)
        page.Contents = self._pdf.make_stream(job.data())
        page.Resources = job.resources()
        self._clean(page.Resources)
        made = set(page.Resources.get("/XObject", Dictionary()).keys()) == {PAGE_PICTURE}
        return Look(self._walk.curves - curves, self._walk.unseen > unseen, made)

    def _once(self, value: Value) -> bool:
        """Whether this object is met for the first time."""
        if value.objgen == (0, 0):
            return True
        fresh = value.objgen not in self._seen
        self._seen.add(value.objgen)
        return fresh

    def _form(self, form: Stream, resources: Dictionary) -> None:
        self._drawn(form, resources, self._walk, _FORM)

    def _mute_form(self, form: Stream, resources: Dictionary) -> None:
        self._drawn(form, resources, self._mute, _FORM)

    def _drawn(self, value: Stream, resources: Value, walk: Walk, keys: Keys) -> None:
        if not self._once(value):
            return
        resources = value.get("/Resources", resources)
        job = walk.stream(value, resources if isinstance(resources, Dictionary) else Dictionary(), IDENTITY)
        value.write(job.data())
        value.Resources = job.resources()
        only(value, keys)
        self._clean(value.Resources)

    def _clean(self, resources: Dictionary) -> None:
        for kind, clean in _CLEANERS.items():
            for value in list(resources.get(kind, Dictionary()).as_dict().values()):
                clean(self, value, resources)

    def _object(self, value: Value, _: Dictionary) -> None:
        if isinstance(value, Stream) and value.get("/Subtype") == Name.Image and self._once(value):
            only(value, _IMAGE)
            for key in ("/SMask", "/Mask"):
                if isinstance(mask := value.get(key), Stream):
                    only(mask, _IMAGE)
            self._space(value.get("/ColorSpace"))
            self.images[value.objgen] = value

    def _space(self, value: Value, _: Value = None) -> None:
        if isinstance(value, Array) and len(value) > 1 and value[0] == Name.ICCBased and isinstance(value[1], Stream):
            only(value[1], _PROFILE)

    def _state(self, value: Value, resources: Dictionary) -> None:
        if not isinstance(value, Dictionary) or not self._once(value):
            return
        only(value, _STATE)
        mask = value.get("/SMask")
        if isinstance(mask, Dictionary) and isinstance(group := mask.get("/G"), Stream):
            self._drawn(group, resources, self._mute, _FORM)
        if isinstance(chosen := value.get("/Font"), Array) and len(chosen):
            self._font(chosen[0], resources)

    def _pattern(self, value: Value, resources: Dictionary) -> None:
        if isinstance(value, Stream):
            self._drawn(value, resources, self._mute, _PATTERN)
        elif isinstance(value, Dictionary):
            only(value, _PATTERN)
            if "/ExtGState" in value:
                self._state(value.ExtGState, resources)

    def _font(self, value: Value, resources: Dictionary) -> None:
        if not isinstance(value, Dictionary) or not self._once(value):
            return
        only(value, _FONT)
        self._descriptor(value.get("/FontDescriptor"))
        for below in value.get("/DescendantFonts", Array()):
            only(below, _FONT)
            self._descriptor(below.get("/FontDescriptor"))
        if isinstance(unicode := value.get("/ToUnicode"), Stream):
            only(unicode, _PACKED)
            mend(value)
        if isinstance(encoding := value.get("/Encoding"), Stream):
            only(encoding, _CMAP)
        if isinstance(drawings := value.get("/CharProcs"), Dictionary):
            self._drawings(value, drawings, value.get("/Resources", resources))
        elif "/Resources" in value:
            del value["/Resources"]

    def _drawings(self, font: Dictionary, drawings: Dictionary, resources: Value) -> None:
        """The glyphs of a Type 3 font, which are little pages of their own."""
        kept = Dictionary()
        for drawing in list(drawings.as_dict().values()):
            if isinstance(drawing, Stream) and self._once(drawing):
                job = self._glyphs.stream(drawing, resources, IDENTITY)
                drawing.write(job.data())
                only(drawing, _PACKED)
                _merge(kept, job.resources())
                if self._glyphs.concealed:
                    raise UnsupportedPart("PDF 的字体里嵌套了另一种字体，无法安全遮蔽，请重新导出为普通 PDF 后再试。")
        font.Resources = kept
        self._clean(kept)

    def _descriptor(self, value: Value) -> None:
        if isinstance(value, Dictionary) and self._once(value):
            only(value, _DESCRIPTOR)
            for key in ("/FontFile", "/FontFile2", "/FontFile3"):
                if isinstance(program := value.get(key), Stream):
                    only(program, _PROGRAM)


def _merge(kept: Dictionary, more: Dictionary) -> None:
    for kind, group in more.items():
        if kind not in kept:
            kept[kind] = Dictionary()
        kept[kind].update(group)


_CLEANERS: dict[str, Callable[[Resources, Any, Dictionary], None]] = {
    "/XObject": Resources._object,
    "/ColorSpace": Resources._space,
    "/ExtGState": Resources._state,
    "/Pattern": Resources._pattern,
    "/Font": Resources._font,
}
