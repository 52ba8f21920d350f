"""退文通知: what a return told then, and again later."""

from __future__ import annotations

import io

import docx as reader
import pytest
from walking import CLOSED, OPEN, SECRECY

from gongkai.model.errors import RequestError
from gongkai.service.errors import NotFound
from gongkai.service.passages.noticing import last_return, notice_file, notice_of
from gongkai.service.store.tables import Kept

SUBMIT = ("drafter", "submit", {})


def test_a_return_lists_every_gap_with_its_basis_and_what_the_reviewer_wrote(walk, shared):
    one = walk({**CLOSED, "reason": "", "basis": ""}, SUBMIT, ("reviewer", "return", {"note": "标题写全称。"}))
    with shared.reading() as session:
        kept = session.get(Kept, one.id)
        told = notice_of(session, kept, last_return(session, kept))
        name, content = notice_file(session, kept)
    assert (told.name, told.to, told.by, told.date) == ("退文通知", "青禾县水务局", "青禾县水务局", "2026年5月6日")
    assert [gap.code for gap in told.answer.gaps] == ["reason-missing", "basis-missing", "note"]
    assert all(gap.basis and gap.mend for gap in told.answer.gaps)
    rows = reader.Document(io.BytesIO(content)).tables[0].rows
    assert (name, rows[1].cells[1].text, rows[3].cells[3].text) == (
        "退文通知.docx", "拟不予公开，没有说明理由。", "标题写全称。",
    )  # fmt: skip


def test_the_notice_stays_what_it_was_after_the_form_was_mended(walk, shared):
    one = walk({**CLOSED, "reason": ""}, SUBMIT, ("reviewer", "return", {}))
    one.form(CLOSED)
    with shared.reading() as session:
        kept = session.get(Kept, one.id)
        told = notice_of(session, kept, last_return(session, kept))
    assert [gap.code for gap in told.answer.gaps] == ["reason-missing"]


def test_nothing_is_returned_without_a_word_of_why(walk):
    with pytest.raises(RequestError, match="没有查出缺项"):
        walk(OPEN, SUBMIT, ("reviewer", "secrecy", SECRECY)).take("reviewer", "return")


def test_what_never_came_back_has_no_notice(walk, shared):
    one = walk(OPEN, SUBMIT)
    with shared.reading() as session, pytest.raises(NotFound, match="没有退过文"):
        notice_file(session, session.get(Kept, one.id))
