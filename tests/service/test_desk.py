"""Suggest, redact, verify."""

from __future__ import annotations

import os
from dataclasses import replace

import pytest
from papers import CLASSIFIED, LIST, NOTICE, NUMBERS, PAPERS, PRIVATE, VALUES

from gongkai.model.document import Document
from gongkai.model.errors import ClassifiedDocument, DocumentError, OversizedDocument, ProofFailed, RequestError
from gongkai.model.finding import Action
from gongkai.service.desk import Desk
from gongkai.service.limits import Limits
from gongkai.service.rewriting import plain
from gongkai.service.rewriting.slots import Rewritten


@pytest.mark.parametrize(
    ("text", "gone", "stays"),
    [
        (LIST, [*NUMBERS, "赵一鸣", "钱小川", "孙丽华"], ["0533-5550123", "青禾县民政局", "序号\t姓名"]),
        (PRIVATE, list(VALUES), ["青禾县民政局", "临时救助审核表", "2024年6月3日"]),
        (PAPERS["petition"], ["赵一鸣"], ["青禾县恒达建筑有限公司"]),
        (PAPERS["penalty"], [], ["孙国梁"]),
    ],
)
def test_redacted_copies(desk, text, gone, stays):
    copy = desk.redact(Document("a", text))
    assert [value for value in gone if value in copy.text] == []
    assert [piece for piece in stays if piece not in copy.text] == []
    assert {f.action for f in copy.hidden} <= {Action.mask}
    assert bool(gone) == bool(copy.hidden)


def test_a_paper_without_personal_data_stays_as_it_is(desk):
    assert desk.redact(Document("a", NOTICE)).text == NOTICE


def test_lines_stay_lines(desk):
    assert desk.redact(Document("a", LIST)).text.count("\n") == LIST.count("\n")


def test_a_classified_paper_is_refused(desk):
    with pytest.raises(ClassifiedDocument) as error:
        desk.redact(Document("a", CLASSIFIED))
    assert "赵一鸣" not in str(error.value)


def test_a_copy_that_still_holds_a_value_is_not_given_out(desk, monkeypatch):
    """Whatever goes wrong in masking, the verification reads the copy itself."""
    monkeypatch.setattr(plain.Plain, "rewrite", lambda self, edits: Rewritten(LIST.replace("孙丽华", "某某").encode()))
    with pytest.raises(ProofFailed, match="核验没有通过|仍有个人信息") as error:
        desk.redact(Document("a", LIST))
    assert [value for value in NUMBERS if value in str(error.value)] == []


def test_a_text_is_hidden_as_in_a_file_of_its_own(desk):
    text = PRIVATE + "\n备注：赵 一鸣来过电话。\n"
    assert desk.redact(Document("a", text)).text == desk.redact_upload(text.encode(), "a.txt").written.data.decode()


def test_a_pipe_is_not_waited_for(desk, tmp_path):
    os.mkfifo(tmp_path / "a.txt")
    for read in (desk.file, desk.redact_file):
        with pytest.raises(DocumentError, match="普通文件"):
            read(tmp_path / "a.txt")


def test_fast_mode_refuses_to_redact(desk):
    fast = Desk(replace(desk.screener, people=None), desk.limits)
    with pytest.raises(RequestError, match="全面模式"):
        fast.redact(Document("a", LIST))
    assert {f.kind for f in fast.screen(Document("a", LIST)).personal} == {"ID_CARD", "PHONE_MOBILE", "PHONE_FIX"}


def test_files_are_named_by_their_path(desk, tmp_path):
    path = tmp_path / "通告.txt"
    path.write_text(NOTICE, "utf-8")
    assert desk.file(path) == Document(str(path), NOTICE)
    assert desk.upload(NOTICE.encode("gb18030"), "通告.txt") == Document("通告.txt", NOTICE)


def test_limits_hold(desk):
    narrow = Desk(desk.screener, Limits(max_bytes=50))
    with pytest.raises(OversizedDocument):
        narrow.upload(NOTICE.encode(), "a.txt")


@pytest.mark.parametrize("name", ["没有.txt", "", "目录"])
def test_what_is_no_file(desk, tmp_path, name):
    (tmp_path / "目录").mkdir()
    with pytest.raises(DocumentError):
        desk.file(tmp_path / name)


def test_every_clause_has_its_reason_code(desk):
    assert set(desk.clause_reasons) == set(desk.screener.rules.clause)
    assert set(desk.clause_reasons.values()) <= {"", *desk.screener.rules.reason}
