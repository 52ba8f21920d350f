"""What the codes of a PDF font mean: mended where it is a radical, and forgotten where no page shows it any more."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

import pikepdf
from pikepdf import Dictionary, Stream

from gongkai.service.rewriting.pdffonts import Value

_BLOCK = re.compile(rb"begin(bfchar|bfrange)(.*?)end\1", re.DOTALL)
_ITEM = re.compile(rb"<([0-9A-Fa-f\s]*)>|(\[)|(\])")
#: Radicals of the supplement that look like a whole character, which Unicode does not map to it.
_RADICALS = dict(
    zip(
        "⺟⺠⻁⻄⻅⻆⻉⻋⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻬⻮⻰⻳",
        "母民虎西见角贝车长门青韦页风飞食马骨鬼鱼鸟卤麦黄齐齿龙龟",
        strict=True,
    )
)
_MOST, _AT_ONCE = 65_536, 100
_HEAD = """/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
{}endcmap
CMapName currentdict /CMap defineresource pop
end
end
"""


def meanings(program: bytes) -> dict[bytes, str]:
    """What each code means, ranges written out."""
    found: dict[bytes, str] = {}
    for kind, body in _BLOCK.findall(program):
        items = [_item(*item) for item in _ITEM.findall(body)]
        for first, last, texts in _pairs(items) if kind == b"bfchar" else _ranges(items):
            start, end = int.from_bytes(first, "big"), int.from_bytes(last, "big")
            for index in range(min(end - start + 1, _MOST - len(found))):
                code = (start + index).to_bytes(len(first), "big")
                found[code] = texts[index] if len(texts) > index else _later(texts[-1], index - len(texts) + 1)
    return found


def _item(digits: bytes, opened: bytes, closed: bytes) -> bytes | str:
    if opened or closed:
        return (opened or closed).decode("ascii")
    plain = b"".join(digits.split())
    return bytes.fromhex((plain + b"0" * (len(plain) % 2)).decode("ascii"))


def _text(raw: bytes | str) -> str:
    return raw.decode("utf-16-be", "replace") if isinstance(raw, bytes) else ""


def _later(text: str, steps: int) -> str:
    """The text so many steps behind the first of a range: its last character counts on."""
    return text[:-1] + chr(min(ord(text[-1]) + steps, 0x10FFFF)) if text else text


def _pairs(items: list[bytes | str]) -> Iterator[tuple[bytes, bytes, list[str]]]:
    for code, text in zip(items[::2], items[1::2], strict=False):
        if isinstance(code, bytes):
            yield code, code, [_text(text)]


def _ranges(items: list[bytes | str]) -> Iterator[tuple[bytes, bytes, list[str]]]:
    at = 0
    while at + 2 < len(items):
        first, last, third = items[at : at + 3]
        at += 3
        texts = [_text(third)]
        if third == "[":
            end = items.index("]", at) if "]" in items[at:] else len(items)
            texts, at = [_text(item) for item in items[at:end]], end + 1
        if isinstance(first, bytes) and isinstance(last, bytes) and texts:
            yield first, last, texts


def program(known: dict[bytes, str]) -> bytes:
    """A CMap that says this."""
    lengths = sorted({len(code) for code in known}) or [2]
    spaces = "".join(f"<{'00' * length}> <{'ff' * length}>\n" for length in lengths)
    body = f"{len(lengths)} begincodespacerange\n{spaces}endcodespacerange\n"
    rows = [
        f"<{code.hex()}> <{text.encode('utf-16-be', 'surrogatepass').hex()}>\n" for code, text in sorted(known.items())
    ]
    for start in range(0, len(rows), _AT_ONCE):
        part = rows[start : start + _AT_ONCE]
        body += f"{len(part)} beginbfchar\n{''.join(part)}endbfchar\n"
    return _HEAD.format(body).encode("ascii")


def mend(font: Dictionary) -> None:
    """Radicals that stand for whole characters (⽂ for 文) become those: one glyph, one meaning."""
    stream = font.get("/ToUnicode")
    if isinstance(stream, Stream):
        known = meanings(stream.read_bytes())
        better = {code: "".join(map(_whole, text)) for code, text in known.items()}
        if better != known:
            stream.write(program(better))


def _whole(char: str) -> str:
    if "\u2f00" <= char <= "\u2fd5":
        return unicodedata.normalize("NFKC", char)
    return _RADICALS.get(char, char)


def forget(font: Dictionary, used: Iterable[bytes]) -> None:
    """Keep only the meanings of the codes that are still shown."""
    stream: Value = font.get("/ToUnicode")
    if isinstance(stream, Stream):
        stay = set(used)
        known = meanings(stream.read_bytes())
        stream.write(program({code: text for code, text in known.items() if code in stay}))
        for key in ("/UseCMap", "/CMapName"):
            if key in stream:
                del stream[key]


def forget_names(font: Dictionary, used: Iterable[bytes]) -> None:
    """Keep only the glyph names of a one-byte font that are still shown, and only those drawings of a Type 3 font.

    `/Differences` names them in the order of their first use: uni6B27 uni9633 … is a person's name.
    """
    drawings, encoding, descriptor = font.get("/CharProcs"), font.get("/Encoding"), font.get("/FontDescriptor")
    if isinstance(descriptor, Dictionary) and "/CharSet" in descriptor:
        del descriptor["/CharSet"]
    changes = encoding.get("/Differences") if isinstance(encoding, Dictionary) else None
    if not isinstance(encoding, Dictionary) or not isinstance(changes, pikepdf.Array):
        return
    stay, code, names = {int.from_bytes(raw, "big") for raw in used}, 0, dict[int, str]()
    for item in changes:
        if isinstance(item, int):
            code = item
            continue
        if code in stay:
            names[code] = str(item)
        code += 1
    kept = {key: value for key, value in encoding.items() if key != "/Differences"}
    rows = [part for number, name in sorted(names.items()) for part in (number, pikepdf.Name(name))]
    font.Encoding = Dictionary({**kept, "/Differences": pikepdf.Array(rows)})
    if isinstance(drawings, Dictionary):
        for name in [name for name, _ in drawings.items() if name not in names.values()]:
            del drawings[name]
