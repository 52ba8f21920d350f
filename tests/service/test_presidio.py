"""Ours in Presidio and Presidio's with us: names both ways, true offsets, what stays, nothing fetched."""

from __future__ import annotations

import importlib
import socket
import subprocess
import sys

import pytest

from gongkai.model.deid.redaction import redact
from gongkai.model.document import Document, Span
from gongkai.model.errors import ClassifiedDocument, RequestError
from gongkai.model.finding import Action, Finding
from gongkai.model.screener import Screener
from gongkai.model.tablerows import MASKS

HINT = "Presidio is missing (pip install 'gongkai[presidio]')"
theirs = Anonymizer = Result = presidio = None

TEXT = """关于给予张伟民临时救助的决定
申请人张伟民，男，身份证号330101199001010016，家住安州市河东区柳林街道槐荫路12号3单元502室，联系电话13812345678。
经办人：民政科李建国，电话0571-87654321。
安州市河东区民政局
2024年3月5日"""
SECRET = "机密★10年\n\n关于某项工作的通知\n\n联系人张伟民，身份证号330101199001010016。"
#: surface, entity, our type, stays
EXPECTED = [
    ("330101199001010016", "CN_ID_CARD", "ID_CARD", False),
    ("安州市河东区柳林街道槐荫路12号3单元502室", "LOCATION", "ADDR_HOME", False),
    ("13812345678", "PHONE_NUMBER", "PHONE_MOBILE", False),
    ("0571-87654321", "PHONE_NUMBER", "PHONE_FIX", True),
    ("李建国", "PERSON", "NAME", True),
]


@pytest.fixture(scope="module", autouse=True)
def loaded():
    """Not when tests are collected, which all workers do: Presidio takes seconds to load."""
    global theirs, Anonymizer, Result, presidio
    theirs = pytest.importorskip("presidio_analyzer", reason=HINT)
    Anonymizer = pytest.importorskip("presidio_anonymizer", reason=HINT).AnonymizerEngine
    Result, presidio = theirs.RecognizerResult, importlib.import_module("gongkai.service.presidio")


@pytest.fixture(scope="module")
def everything(screener):
    return presidio.analyzer(screener, kept=True)


@pytest.fixture(scope="module")
def screening(screener):
    return screener(Document("x", TEXT))


@pytest.fixture(scope="module")
def fast():
    return Screener.load(fast=True)


def said(results, text=TEXT):
    return {(text[r.start : r.end], r.entity_type) for r in results}


@pytest.mark.parametrize(("surface", "entity", "kind", "stays"), EXPECTED)
def test_analyzer_finds_and_decides(everything, screener, surface, entity, kind, stays):
    results = {r.start: r for r in everything.analyze(TEXT, "zh")}
    result = results[TEXT.index(surface)]
    assert (TEXT[result.start : result.end], result.entity_type) == (surface, entity)
    decision = result.recognition_metadata["gongkai"]
    assert (decision["type"], decision["action"]) == (kind, "keep" if stays else "mask")
    assert decision["why"] and decision["basis"]
    assert ((surface, entity) in said(presidio.analyzer(screener).analyze(TEXT, "zh"))) is not stays


def test_score_is_the_findings_own(everything, screening):
    scores = {f.span.start: f.score for f in screening.personal}
    assert {r.start: r.score for r in everything.analyze(TEXT, "zh")} == scores


def test_the_decision_process_says_why(everything):
    results = everything.analyze(TEXT, "zh", entities=["CN_ID_CARD"], return_decision_process=True)
    assert ["个人信息保护法" in r.analysis_explanation.textual_explanation for r in results] == [True]


def test_numbers_alone(fast):
    engine = presidio.analyzer(fast)
    assert said(engine.analyze(TEXT, "zh")) >= {("330101199001010016", "CN_ID_CARD"), ("13812345678", "PHONE_NUMBER")}
    assert {entity for _, entity in said(engine.analyze(TEXT, "zh"))} <= set(engine.get_supported_entities("zh"))
    assert not {"PERSON", "LOCATION"} & set(engine.get_supported_entities("zh"))


@pytest.mark.parametrize("text", ["", " \n\t"])
def test_nothing_in_an_empty_text(everything, text):
    assert everything.analyze(text, "zh") == []


def test_a_secrecy_mark_stops(everything, screener):
    with pytest.raises(ClassifiedDocument) as raised:
        everything.analyze(SECRET, "zh")
    assert "张伟民" not in str(raised.value)
    with pytest.raises(ClassifiedDocument):
        presidio.to_results(screener(Document("x", SECRET)))


def test_others_recognizers_find_their_context_words(screener):
    engine = presidio.analyzer(screener)
    pattern = theirs.Pattern("number", r"(?<!\d)\d{8}(?!\d)", 0.3)
    own = theirs.PatternRecognizer("FILE_NUMBER", patterns=[pattern], context=["档案"], supported_language="zh")
    engine.registry.add_recognizer(own)
    scores = [
        engine.analyze(text, "zh", entities=["FILE_NUMBER"])[0].score for text in ("档案 20240001", "共 20240001")
    ]
    assert scores == [pytest.approx(0.65), 0.3]


def test_words_have_true_offsets(screener):
    text = "张　伟民\n１２３\ud83d 身份证号"
    artifacts = presidio.Words(screener.segmenter).process_text(text, "zh")
    assert artifacts.tokens_indices[0] == 0
    assert [at + len(word) for at, word in zip(artifacts.tokens_indices, artifacts.lemmas, strict=True)] == [
        *artifacts.tokens_indices[1:],
        len(text),
    ]


def test_every_type_has_an_entity_and_every_entity_a_type(screener):
    assert set(presidio.ENTITIES) == set(screener.rules.type)
    assert set(presidio.TYPES.values()) <= set(screener.rules.type)
    assert set(presidio.ENTITIES.values()) <= set(presidio.TYPES)


@pytest.mark.parametrize("kept", [False, True])
def test_there_and_back(screening, kept):
    there = presidio.to_results(screening, kept)
    assert presidio.from_results(there, TEXT) == tuple(f for f in screening.personal if kept or f.action == Action.mask)


@pytest.mark.parametrize(
    ("surface", "entity", "kind"),
    [
        ("张伟民", "PERSON", "NAME"),
        ("13812345678", "PHONE_NUMBER", "PHONE_MOBILE"),
        ("0571-87654321", "PHONE_NUMBER", "PHONE_FIX"),
        ("330101199001010016", "CREDIT_CARD", "BANK"),
        ("民政科", "ORGANIZATION", "FAMILY"),
    ],
)
def test_others_results_are_masked(surface, entity, kind):
    at = TEXT.index(surface)
    result = Result(entity, at, at + len(surface), 0.6, recognition_metadata={"recognizer_name": "Other"})
    (finding,) = presidio.from_results([result], TEXT, {"ORGANIZATION": "FAMILY"})
    assert (finding.span.of(TEXT), finding.kind, finding.score) == (surface, kind, 0.6)
    assert (finding.action, finding.source) == (Action.mask, "presidio:Other")


def test_overlaps_lose_no_character():
    results = [Result("PERSON", 4, 7, 0.5), Result("LOCATION", 6, 9, 0.9)]
    assert [f.span for f in presidio.from_results(results, TEXT)] == [Span(4, 7), Span(7, 9)]


def test_an_entity_can_be_left_out():
    assert presidio.from_results([Result("DATE_TIME", 0, 4, 0.9)], TEXT, {"DATE_TIME": ""}) == ()


@pytest.mark.parametrize(
    ("entity", "start", "end", "words"),
    [("DATE_TIME", 0, 4, "DATE_TIME"), ("PERSON", 0, 9999, "超出文本"), ("PERSON", 3, 3, "超出文本")],
)
def test_what_does_not_fit_is_refused(entity, start, end, words):
    with pytest.raises(RequestError, match=words):
        presidio.from_results([Result(entity, start, end, 0.9)], TEXT)


@pytest.mark.parametrize(
    ("score", "decision"),
    [(1.7, {}), (-0.1, {}), (float("nan"), {}), (0.9, {"action": "mask"}), (0.9, {"type": "NAME", "action": "shred"})],
)
def test_what_was_changed_on_the_way_is_refused(score, decision):
    result = Result("PERSON", 4, 7, score, recognition_metadata={"gongkai": decision})
    with pytest.raises(RequestError, match="读不懂"):
        presidio.from_results([result], TEXT)


def test_types_of_ones_own(screener):
    phone = Result("PHONE_NUMBER", 4, 7, 0.9)
    assert presidio.from_results([phone], TEXT, {"PHONE_NUMBER": ""}) == ()
    assert presidio.from_results([phone], TEXT, {"PHONE_NUMBER": "EDU"})[0].kind == "EDU"
    with pytest.raises(RequestError, match="没有名为 NOBODY"):
        presidio.from_results([phone], TEXT, {"PHONE_NUMBER": "NOBODY"})
    with pytest.raises(RequestError, match="strict"):
        presidio.operators(screener.rules, "strikt")


def test_anonymizer_writes_what_redact_writes(everything, screening):
    results = presidio.to_hide(everything.analyze(TEXT, "zh"))
    ours = presidio.operators_of(screening.personal, TEXT)
    assert Anonymizer().anonymize(TEXT, results, ours).text == redact(TEXT, screening.personal)


@pytest.mark.parametrize(
    ("style", "expected"),
    [
        ("", "张某某，3301**********0016，138****5678，安州市河东区柳林街道***"),
        ("strict", "***，********，********，********"),
        ("pseudonym", "张某某，********，********，********"),
    ],
)
def test_operators_hide_in_our_ways(screener, style, expected):
    text = "张伟民，330101199001010016，13812345678，安州市河东区柳林街道槐荫路12号"
    spans = [(0, 3, "PERSON"), (4, 22, "CN_ID_CARD"), (23, 34, "PHONE_NUMBER"), (35, len(text), "LOCATION")]
    results = [Result(entity, start, end, 0.9) for start, end, entity in spans]
    assert Anonymizer().anonymize(text, results, presidio.operators(screener.rules, style)).text == expected


@pytest.mark.parametrize(
    ("surfaces", "value", "expected"),
    [
        (["张伟民", "李红"], "张伟民 李红", "<0> <1>"),
        (["张伟", "张伟民"], "张伟民", "<1>"),
        (["张伟民"], "张伟民等", "****"),
        (["张伟民"], "王五", "**"),
    ],
)
def test_neighbours_that_presidio_joins_are_hidden_each(surfaces, value, expected):
    text, findings = "，".join(surfaces), []
    for number, surface in enumerate(surfaces):
        at = text.rindex(surface)
        findings.append(Finding(Span(at, at + len(surface)), "NAME", 0.9, "x", replacement=f"<{number}>"))
    assert presidio.operators_of(findings, text)["PERSON"].params["lambda"](value) == expected


def test_operators_are_those_of_presidio():
    """But for the one that asks a service of Azure."""
    assert {row.operator for row in presidio.OPERATORS} == {*Anonymizer().get_anonymizers()} - {"surrogate_ahds"}
    assert {row.way for row in presidio.OPERATORS} <= set(MASKS)
    assert (presidio.way("mask"), presidio.way("keep")) == ("ends", "none")
    with pytest.raises(RequestError, match="replace"):
        presidio.way("shred")


def test_nothing_is_fetched(screener, monkeypatch):
    def refuse(*_, **__):
        raise AssertionError("something asked for a network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    assert presidio.analyzer(screener).analyze(TEXT, "zh")


def run(code, at=None):
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, encoding="utf-8", cwd=at)
    return done.returncode, done.stdout.strip(), done.stderr


def test_serving_does_without_it(tmp_path):
    code = """
import sys
from gongkai.service import cli
from gongkai.service.app import create_app
from gongkai.service.settings import Settings
create_app(Settings(fast=True))
print(sorted({"presidio_analyzer", "presidio_anonymizer", "spacy"} & set(sys.modules)))
"""
    assert run(code, tmp_path)[:2] == (0, "[]")


def test_without_the_extra_the_error_says_what_to_install():
    code = "import sys; sys.modules['presidio_analyzer'] = None; import gongkai.service.presidio"
    status, _, error = run(code)
    assert (status, "gongkai[presidio]" in error) == (1, True)
