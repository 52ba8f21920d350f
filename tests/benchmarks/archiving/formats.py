"""Files of every format from a text: the same text gives the same bytes."""

from __future__ import annotations

import io
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from email.message import EmailMessage
from email.policy import SMTP
from functools import cache
from pathlib import Path
from types import ModuleType
from xml.sax.saxutils import escape

_LINE, _LINES = 30, 24
_LONGEST_DOC = 28_000
_SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


@cache
def _files() -> ModuleType:
    """The builders of the tests."""
    sys.path.append(str(Path(__file__).resolve().parents[2] / "service"))
    import files
    from reportlab import rl_config

    rl_config.invariant = 1
    return files


def zipped(parts: Mapping[str, bytes]) -> bytes:
    """A zip whose members all have the same day."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as box:
        for name, data in parts.items():
            box.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED, 4)
    return target.getvalue()


def txt(text: str) -> bytes:
    """UTF-8."""
    return text.encode()


def gbk(text: str) -> bytes:
    """GB18030 with the line ends of Windows."""
    return text.replace("\n", "\r\n").encode("gb18030")


def html(text: str) -> bytes:
    """A page of an old web site."""
    body = "".join(f"<p>{escape(line)}</p>\n" for line in text.splitlines())
    return (
        '<!DOCTYPE html><html><head><meta charset="utf-8"><title>政务公开</title></head><body>'
        f'<div class="nav">首页 | 政务公开</div><div id="zoom">{body}</div><div>版权所有</div></body></html>'
    ).encode()


def docx(text: str) -> bytes:
    """Word, with lines of tab stops as a table."""
    body = "".join(map(_paragraph, text.splitlines()))
    return _package("word/document.xml", f'<w:document xmlns:w="{_W}"><w:body>{body}</w:body></w:document>', {})


def _paragraph(line: str) -> str:
    if "\t" not in line:
        return f'<w:p><w:r><w:rPr><w:sz w:val="32"/></w:rPr><w:t xml:space="preserve">{_clean(line)}</w:t></w:r></w:p>'
    cells = "".join(f"<w:tc><w:p><w:r><w:t>{_clean(cell)}</w:t></w:r></w:p></w:tc>" for cell in line.split("\t"))
    return f"<w:tbl><w:tr>{cells}</w:tr></w:tbl>"


def xlsx(text: str) -> bytes:
    """Excel: a row a line, cells where the line has tab stops or wide gaps."""
    return rows_xlsx([line.replace("  ", "\t").split("\t") for line in text.splitlines() if line.strip()])


def rows_xlsx(rows: Iterable[Sequence[str]]) -> bytes:
    """Excel with rows of words."""
    data = "".join(
        "<row>" + "".join(f'<c t="inlineStr"><is><t>{_clean(cell)}</t></is></c>' for cell in row) + "</row>"
        for row in rows
    )
    listed = '<sheets><sheet name="表" sheetId="1" r:id="r1"/></sheets>'
    book = f'<workbook xmlns="{_SHEET}" xmlns:r="{_OFFICE}">{listed}</workbook>'
    sheet = f'<worksheet xmlns="{_SHEET}"><sheetData>{data}</sheetData></worksheet>'
    return _package("xl/workbook.xml", book, {"worksheet": ("worksheets/sheet1.xml", sheet)})


def _package(main: str, content: str, others: Mapping[str, tuple[str, str]]) -> bytes:
    folder, name = main.split("/")
    word = "wordprocessingml.document" if folder == "word" else "spreadsheetml.sheet"
    kind = f"application/vnd.openxmlformats-officedocument.{word}.main+xml"
    kinds = f'<Types xmlns="{_TYPES}"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/{main}" ContentType="{kind}"/>'  # noqa: E501  # one element
    for _, (path, _) in others.items():
        kinds += f'<Override PartName="/{folder}/{path}" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'  # noqa: E501  # one element
    related = "".join(
        f'<Relationship Id="r{n}" Type="{_OFFICE}/{kind}" Target="{path}"/>'
        for n, (kind, (path, _)) in enumerate(others.items(), 1)
    )
    first = f'<Relationship Id="r1" Type="{_OFFICE}/officeDocument" Target="{main}"/>'
    parts = {
        "[Content_Types].xml": f"{kinds}</Types>",
        "_rels/.rels": f'<Relationships xmlns="{_RELS}">{first}</Relationships>',
        main: content,
        f"{folder}/_rels/{name}.rels": f'<Relationships xmlns="{_RELS}">{related}</Relationships>',
        **{f"{folder}/{path}": inner for path, inner in others.values()},
    }
    return zipped({name: ('<?xml version="1.0" encoding="UTF-8"?>' + part).encode() for name, part in parts.items()})


def _clean(text: str) -> str:
    return escape("".join(sign for sign in text if sign >= " "))


def doc(text: str) -> bytes:
    """Word of 1997."""
    made: bytes = _files().word_binary([text[:_LONGEST_DOC].replace("\n", "\r")])
    return made


def pdf(text: str) -> bytes:
    """PDF with a text layer, 24 lines a page."""
    made: bytes = _files().pdf(*_pages(text))
    return made


def ofd(text: str) -> bytes:
    """OFD, 24 lines a page."""
    with zipfile.ZipFile(io.BytesIO(_files().ofd(*([escape(line) for line in page] for page in _pages(text))))) as box:
        return zipped({name: box.read(name) for name in box.namelist()})


def _pages(text: str) -> list[list[str]]:
    lines = [
        line[at : at + _LINE].replace("\t", " ") for line in text.splitlines() for at in range(0, len(line), _LINE)
    ]
    lines = [line for line in lines if line.strip()] or ["　"]
    return [lines[at : at + _LINES] for at in range(0, len(lines), _LINES)]


#: What a readable document may be written as; `.txt` comes in two encodings.
WRITERS: dict[str, Callable[[str], bytes]] = {
    ".docx": docx, ".doc": doc, ".pdf": pdf, ".txt": txt, ".gbk.txt": gbk, ".html": html, ".xlsx": xlsx, ".ofd": ofd,
    ".wps": doc,
}  # fmt: skip


def scanned_pdf(text: str) -> bytes:
    """Pages that are pictures only; as many as the text is long."""
    made: bytes = _files().pdf(*([] for _ in range(1 + len(text) // 2_000)))
    return made


def locked_pdf(text: str) -> bytes:
    """PDF that asks for a password."""
    made: bytes = _files().pdf(_pages(text)[0], password="geheim")
    return made


def locked_docx(text: str) -> bytes:
    """What Word writes for a document with a password; nothing in it is readable."""
    hidden = zlib.compress(text.encode())[:20_000]
    made: bytes = _files().ole({"EncryptionInfo": b"\x04\x00\x04\x00" + bytes(60), "EncryptedPackage": hidden})
    return made


def picture(text: str) -> bytes:
    """A photograph of nothing; its size depends on the text."""
    from PIL import Image

    target = io.BytesIO()
    Image.new("L", (64 + len(text) % 64, 64), len(text) % 200).save(target, "PNG")
    return target.getvalue()


def locked_zip(name: str, data: bytes) -> bytes:
    """A zip that says that its one member is encrypted."""
    return _stored({name: data}, 1)


def old_zip(parts: Mapping[str, bytes]) -> bytes:
    """A zip as programs of the time wrote it: names in GBK, and nothing that says so."""
    return _stored(parts, 0)


def _stored(parts: Mapping[str, bytes], flags: int) -> bytes:
    _files()
    import containers

    made: bytes = containers.old_zip({name.encode("gb18030"): data for name, data in parts.items()}, flags=flags)
    return made


def mail(subject: str, body: str, attached: Mapping[str, bytes], year: int) -> bytes:
    """A mail with attachments."""
    message = EmailMessage(SMTP)
    message["Subject"], message["From"], message["To"] = subject, "office@example.gov.cn", "archive@example.gov.cn"
    message["Date"] = f"Mon, 06 Mar {year} 09:00:00 +0800"
    message.set_content(body)
    for name, data in attached.items():
        message.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    if attached:
        message.set_boundary("=_gongkai_archive_=")
    return message.as_bytes()
