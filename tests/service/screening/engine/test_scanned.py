"""Pictures and scanned pages read for those who ask for it."""

from __future__ import annotations

import io

import pytest
from files import pdf

from gongkai.model.errors import CorruptDocument, EmptyDocument, OversizedDocument, RequestError
from gongkai.service.limits import Limits
from gongkai.service.screening.engine import scanned
from gongkai.service.screening.engine.tasks import Means, Screen
from gongkai.service.screening.engine.working import Work
from gongkai.service.screening.records import Bundle, Locator, Part
from gongkai.service.settings import Settings

LIMITS = Limits()


class Line:
    def ask(self, question):
        return False

    def step(self, number):
        pass


def page(*lines):
    """A picture of a page with those words on it."""
    import pypdfium2

    return pypdfium2.PdfDocument(pdf(list(lines)))[0].render(scale=1.4).to_pil()


def saved(picture, kind):
    picture.save(target := io.BytesIO(), kind)
    return target.getvalue()


@pytest.fixture(scope="module")
def words():
    pytest.importorskip("rapidocr", reason="needs the extra ocr")
    return page("关于停水检修的通告", "现将有关事项通告如下")


@pytest.mark.parametrize(
    ("name", "kind", "slug"), [("a.png", "PNG", "unsupported-format"), ("a.pdf", "PDF", "no-text-layer")]
)
def test_only_who_asks_gets_the_words(desk, words, tmp_path, name, kind, slug):
    (tmp_path / name).write_bytes(saved(words, kind))
    task = Screen(Bundle((Part(Locator(tmp_path / name)),)))
    blind, seeing = (Work(desk, Means(Settings(), tmp_path, ocr)) for ocr in (False, True))
    assert blind(task, Line()).parts[0][1].slug == slug
    assert "停水检修" in seeing(task, Line()).record.title


def test_a_picture_without_words_is_empty(words):
    with pytest.raises(EmptyDocument):
        scanned.picture_text(saved(page(""), "PNG"), LIMITS)


@pytest.mark.parametrize(
    ("data", "limits", "error"),
    [(b"%PDF-1.4 broken", LIMITS, CorruptDocument), (pdf(["甲"], ["乙"]), Limits(max_pages=1), OversizedDocument)],
)
def test_pages_that_can_not_be_drawn(data, limits, error):
    with pytest.raises(error):
        scanned.pages_text(data, limits)


def test_reading_pictures_needs_the_extra(monkeypatch):
    monkeypatch.setattr(scanned, "ocr_available", lambda: False)
    with pytest.raises(RequestError, match="gongkai\\[ocr\\]"):
        scanned.need_reader()
