"""PDF without its personal data: glyphs taken out of the pages, everything that is not a page taken off."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import pikepdf

from gongkai.model.errors import CorruptDocument, DocumentError, EncryptedDocument
from gongkai.service.limits import Limits
from gongkai.service.rewriting import pdfpages
from gongkai.service.rewriting.pdfopening import Opening, Target, extras, reduced
from gongkai.service.rewriting.pdfremains import remains_pdf
from gongkai.service.rewriting.pdfwriting import Writing
from gongkai.service.rewriting.slots import Edit, Rewritten, Slot

__all__ = ["open_pdf", "remains_pdf"]


@dataclass(frozen=True)
class _OpenPdf:
    """The reduced file, which of its pictures show no words, what is said about it, and where each slot stands."""

    data: bytes = field(repr=False)
    wordless: frozenset[int]
    slots: list[Slot] = field(repr=False)
    targets: list[Target] = field(repr=False)
    dropped: tuple[str, ...]
    by_eye: tuple[str, ...]

    def rewrite(self, edits: Mapping[int, Sequence[Edit]]) -> Rewritten:
        with _damage_told():
            writing = Writing(self.data, self.wordless)
            for index, changes in edits.items():
                target, text = self.targets[index], self.slots[index].text
                if target.line:
                    writing.line(target.page, target.line, changes)
                elif target.picture:
                    writing.words(target.picture, target.number, changes)
                else:
                    writing.beside(target.number, text, changes)
            data = writing.done(extras)
        return Rewritten(data, (*self.dropped, *writing.dropped), (*self.by_eye, *writing.by_eye))


def open_pdf(data: bytes, limits: Limits, *, pictures: str = "blank") -> _OpenPdf:
    """Take a PDF apart.

    `pictures`: with "blank" what the extra `ocr` reads is redacted in its pixels, without it pictures become grey
    and a scanned page raises UnsupportedPart; "grey" makes all of them grey; "keep" leaves them to a person.
    Raises EncryptedDocument, CorruptDocument, OversizedDocument, ArchiveBomb.
    """
    with _damage_told():
        pages, dropped, looks = reduced(data, limits)
        opening = Opening(pages, pdfpages.sheets(pages, limits), looks, pictures, limits)
        slots, targets = opening.opened()
    return _OpenPdf(
        opening.data, frozenset(opening.wordless), slots, targets, (*dropped, *opening.dropped), tuple(opening.by_eye)
    )


@contextmanager
def _damage_told() -> Iterator[None]:
    try:
        yield
    except (DocumentError, MemoryError):
        raise
    except pikepdf.PasswordError as error:
        raise EncryptedDocument("PDF 文件已加密，请去掉密码后再提交。") from error
    except Exception as error:
        raise CorruptDocument("PDF 已损坏或不完整，请重新获取或重新导出后再试。") from error
