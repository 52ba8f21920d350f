"""Content streams of a PDF, rewritten operation by operation, forms inside them included."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, TypeAlias

import pikepdf
from pikepdf import Dictionary, Name, Operator

from gongkai.model.errors import OversizedDocument
from gongkai.service.rewriting.pdffonts import Face, Value, face
from gongkai.service.rewriting.pdfglyphs import Cover, Matrix, Shown, TextState, matrix_of, times
from gongkai.service.rewriting.pdfmarks import font as mark_font

_DEEPEST = 12
_MOST_OPERATIONS = 20_000_000
_SHOWS = frozenset(("Tj", "TJ", "'", '"'))
_DEFAULTS = ("/DefaultGray", "/DefaultRGB", "/DefaultCMYK")
_PAINTS = frozenset(("f", "F", "f*", "B", "B*", "b", "b*", "S", "s"))
#: Which dictionary of the resources an operation names something in.
_NAMES = {"Tf": "/Font", "Do": "/XObject", "gs": "/ExtGState", "cs": "/ColorSpace", "CS": "/ColorSpace"}
_NAMES |= {"scn": "/Pattern", "SCN": "/Pattern", "sh": "/Shading"}
#: Marked content says nothing that is drawn; what else is not in this list no reader knows.
_DRAWN = _SHOWS | _PAINTS | frozenset(_NAMES) | {"q", "Q", "cm", "w", "J", "j", "M", "d", "ri", "i", "m", "l", "c", "v"}
_DRAWN |= {"y", "h", "re", "n", "W", "W*", "BT", "ET", "Tc", "Tw", "Tz", "TL", "Tr", "Ts", "Td", "TD", "Tm", "T*"}
_DRAWN |= {"d0", "d1", "SC", "sc", "G", "g", "RG", "rg", "K", "k"}
#: Codes with their character ids, by the object number of their font.
Codes: TypeAlias = dict[tuple[int, int], set[tuple[bytes, int]]]


@dataclass(slots=True)
class Walk:
    """What one walk through the content of a page needs, and what it leaves behind.

    `cover` tells which glyphs are hidden; without it glyphs are not located. `off` tells of an optional-content
    dictionary whether it is switched off. `form` tidies a form once for all places where it is drawn. Without
    `text` every glyph goes, without `inline` every picture written into the stream. `pictures` receives each picture
    (with `deep` those in patterns and masks too) with the matrix that places it, `shown` the codes that stay, `lost`
    those that go. `concealed` counts what was left out, `curves` and `unseen` (invisible text) what was drawn.
    """

    pdf: pikepdf.Pdf
    cover: Cover | None = None
    off: Callable[[Any], bool] | None = None
    form: Callable[[pikepdf.Stream, Dictionary], None] | None = None
    text: bool = True
    inline: bool = False
    deep: bool = False
    pictures: list[tuple[pikepdf.Stream, Matrix]] = field(default_factory=list)
    concealed: int = 0
    curves: int = 0
    unseen: int = 0
    faces: dict[tuple[int, int], Face] = field(default_factory=dict)
    shown: Codes | None = None
    lost: Codes = field(default_factory=lambda: defaultdict(set))
    copies: int = 0
    spent: int = 0

    def stream(self, source: Value, resources: Value, ctm: Matrix, depth: int = 0) -> Rewriting:
        """The content of one stream (a page or a form) rewritten."""
        job = Rewriting(self, resources, ctm, depth)
        for instruction in pikepdf.parse_content_stream(source):
            self.spent += 1
            if self.spent > _MOST_OPERATIONS:
                raise OversizedDocument("PDF 页面内容过多，请拆分成几个文件后再提交。")
            job.step(list(instruction.operands), str(instruction.operator), instruction)
        job.finish()
        return job

    def face_of(self, font: Value) -> Face:
        """The face of a font, kept for the next time when the font is an object of its own."""
        key = _number(font)
        if key == (0, 0):
            return face(font)
        if key not in self.faces:
            self.faces[key] = face(font)
        return self.faces[key]


def _number(value: Value) -> tuple[int, int]:
    return value.objgen if isinstance(value, pikepdf.Object) else (0, 0)


class Rewriting:
    """One content stream on its way; `changed` tells whether a glyph or a form in it was replaced."""

    def __init__(self, walk: Walk, resources: Value, ctm: Matrix, depth: int) -> None:
        self._walk, self._state, self._depth, self._start = walk, TextState(ctm), depth, ctm
        self._source = resources
        self._out: list[Any] = []
        self._saved: list[TextState] = []
        self._off: list[bool] = []
        self._used: dict[tuple[str, str], Any] = {}
        self.changed = False

    def data(self) -> bytes:
        """The rewritten operations."""
        return pikepdf.unparse_content_stream(self._out)

    def resources(self) -> Dictionary:
        """Only what the rewritten operations name."""
        spaces = {("/ColorSpace", name): self._resource("/ColorSpace", name) for name in _DEFAULTS}
        kept: dict[str, Dictionary] = {}
        for (kind, name), value in (self._used | spaces).items():
            if value is not None:
                kept.setdefault(kind, Dictionary())[name] = value
        return Dictionary(kept)

    def finish(self) -> None:
        """Close what the stream left open."""
        self._out += [([], Operator("Q"))] * len(self._saved)

    def step(self, operands: list[Any], operator: str, whole: Value) -> None:
        """Take one operation over, changed where need be."""
        if operator in ("BDC", "BMC"):
            self._off.append(operator == "BDC" and self._switched_off(operands))
        elif operator == "EMC":
            del self._off[-1:]
        elif operator == "INLINE IMAGE":
            self._out += [whole] if self._walk.inline else []
        elif operator in _DRAWN and (operator != "Q" or self._saved):
            self._drawn(operands, operator, whole)

    def _switched_off(self, operands: list[Any]) -> bool:
        if not self._walk.off or len(operands) < 2 or operands[0] != Name.OC:
            return False
        return self._walk.off(self._resource("/Properties", str(operands[1])))

    def _resource(self, kind: str, name: str) -> Value:
        group = self._source.get(kind)
        return group.get(name) if isinstance(group, Dictionary) else None

    def _drawn(self, operands: list[Any], operator: str, whole: Value) -> None:
        hidden = any(self._off)
        if operator in _SHOWS:
            self._text(operands, operator, whole, hidden or not self._walk.text)
        elif hidden and operator in ("Do", "sh"):
            self._walk.concealed += 1
        elif operator == "Do":
            self._object(operands, whole)
        else:
            self._walk.curves += operator in ("c", "v", "y")
            self._walk.unseen += operator == "Tr" and operands[:1] in ([3], [7])
            drop = hidden and operator in _PAINTS
            self._walk.concealed += drop
            self._out.append(([], Operator("n")) if drop else whole)
            self._name(operands, operator)
            self._follow(operands, operator)

    def _name(self, operands: list[Any], operator: str) -> None:
        kind = _NAMES.get(operator)
        name = (operands[0] if operator == "Tf" else operands[-1]) if kind and operands else None
        if kind and isinstance(name, Name):
            value = self._resource(kind, str(name))
            if value is not None:
                self._used[kind, str(name)] = value
                if self._walk.deep and self._depth < _DEEPEST:
                    self._below(value)

    def _below(self, value: Value) -> None:
        """Go through the pattern, or the group of the mask, that is drawn with from now on."""
        mask = value.get("/SMask") if isinstance(value, Dictionary) else None
        source: Value = mask.get("/G") if isinstance(mask, Dictionary) else value
        if isinstance(source, pikepdf.Stream) and "/BBox" in source:
            ctm = times(matrix_of(source.get("/Matrix")), self._state.ctm if mask else self._start)
            self._walk.stream(source, source.get("/Resources", self._source), ctm, self._depth + 1)

    def _follow(self, operands: list[Any], operator: str) -> None:
        """Keep track of the graphics and text state."""
        if operator == "q":
            self._saved.append(dataclasses.replace(self._state))
        elif operator == "Q":
            self._state = self._saved.pop()
        elif operator in _SETTERS:
            name, scale = _SETTERS[operator]
            setattr(self._state, name, float(operands[0]) * scale)
        elif operator in _FOLLOW:
            _FOLLOW[operator](self, operands)

    def _concat(self, operands: list[Any]) -> None:
        self._state.ctm = times(matrix_of(operands), self._state.ctm)

    def _set_matrix(self, operands: list[Any]) -> None:
        self._state.matrix = self._state.line = matrix_of(operands)

    def _move(self, operands: list[Any]) -> None:
        self._state.move(float(operands[0]), float(operands[1]))

    def _move_leading(self, operands: list[Any]) -> None:
        self._state.leading = -float(operands[1])
        self._move(operands)

    def _next_line(self, _: list[Any]) -> None:
        self._state.move(0, -self._state.leading)

    def _font(self, operands: list[Any]) -> None:
        self._choose(operands[0], self._resource("/Font", str(operands[0])), float(operands[1]))

    def _graphics(self, operands: list[Any]) -> None:
        state = self._resource("/ExtGState", str(operands[0]))
        chosen = state.get("/Font") if isinstance(state, Dictionary) else None
        if isinstance(chosen, pikepdf.Array) and len(chosen) == 2:
            self._choose(None, chosen[0], float(chosen[1]))

    def _choose(self, name: Name | None, font: Value, size: float) -> None:
        self._state.font, self._state.source, self._state.size = name, font, size

    def _object(self, operands: list[Any], whole: Value) -> None:
        name = str(operands[0])
        value = self._resource("/XObject", name)
        if not isinstance(value, pikepdf.Stream):
            return
        if self._walk.off and self._walk.off(value.get("/OC")):
            self._walk.concealed += 1
            return
        if value.get("/Subtype") == Name.Image:
            self._walk.pictures.append((value, self._state.ctm))
        elif value.get("/Subtype") == Name.Form and self._depth < _DEEPEST:
            if (inner := self._inner(value)) is not None:
                self._walk.copies += 1
                name, value = f"/GkForm{self._walk.copies}", inner
                whole = ([Name(name)], Operator("Do"))
        else:
            return
        self._used["/XObject", name] = value
        self._out.append(whole)

    def _inner(self, form: pikepdf.Stream) -> pikepdf.Stream | None:
        """A copy of a form without the glyphs that are hidden where it is drawn here; None when all stay."""
        resources: Value = form.get("/Resources", self._source)
        if self._walk.form:
            self._walk.form(form, resources)
            return None
        matrix = times(matrix_of(form.get("/Matrix")), self._state.ctm)
        job = self._walk.stream(form, resources, matrix, self._depth + 1)
        if not job.changed:
            return None
        self.changed = True
        copy = self._walk.pdf.make_stream(job.data())
        for key in ("/Type", "/Subtype", "/FormType", "/BBox", "/Matrix", "/Group"):
            if key in form:
                copy[key] = form[key]
        copy.Resources = job.resources()
        return copy

    def _text(self, operands: list[Any], operator: str, whole: Value, everything: bool) -> None:
        if not everything and not self._walk.cover:
            self._note(operands[-1] if operator == "TJ" else operands[-1:])
            self._out.append(whole)
            return
        self._state.face = self._walk.face_of(self._state.source)
        if operator in ("'", '"'):
            for setting, value in zip(("Tw", "Tc"), operands[:-1], strict=False):
                self._add(setting, value)
            self._add("T*")
            whole = ([operands[-1]], Operator("Tj"))
        cover = None if everything else self._walk.cover
        shown = Shown(self._state, cover, self._walk.cover.told if self._walk.cover else set())
        for item in operands[-1] if operator == "TJ" else operands[-1:]:
            if isinstance(item, (int, float, Decimal)):
                shown.number(float(item))
            else:
                shown.string(bytes(item))
        self._out += shown.operations() if shown.hidden else [whole]
        self._walk.concealed += everything and shown.hidden
        self.changed = self.changed or shown.hidden
        self._walk.lost[_number(self._state.source)] |= shown.lost
        for name in shown.fonts:
            self._used["/Font", str(name)] = mark_font(self._walk.pdf, name)

    def _note(self, items: Iterable[Any]) -> None:
        """Remember the codes of a show operation, when they are wanted."""
        if self._walk.shown is not None:
            used = self._walk.face_of(self._state.source)
            strings = (bytes(item) for item in items if not isinstance(item, (int, float, Decimal)))
            codes = ((code.raw, code.cid) for string in strings for code in used.codes(string))
            self._walk.shown[_number(self._state.source)].update(codes)

    def _add(self, operator: str, *operands: Value) -> None:
        self._out.append((list(operands), Operator(operator)))
        self._follow(list(operands), operator)


_SETTERS = {"Tc": ("char", 1.0), "Tw": ("word", 1.0), "Tz": ("stretch", 0.01), "TL": ("leading", 1.0)}
_SETTERS |= {"Ts": ("rise", 1.0)}
_FOLLOW: dict[str, Callable[[Rewriting, list[Any]], None]] = {
    "cm": Rewriting._concat,
    "BT": Rewriting._set_matrix,
    "Tm": Rewriting._set_matrix,
    "Td": Rewriting._move,
    "TD": Rewriting._move_leading,
    "T*": Rewriting._next_line,
    "Tf": Rewriting._font,
    "gs": Rewriting._graphics,
}
