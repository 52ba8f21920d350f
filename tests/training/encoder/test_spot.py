"""Marked text as pieces with kinds, and the spotter's training from a backbone of two layers."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from random import Random

import numpy as np
import pytest
from examples import labelled
from tinyencoder import write_tokenizer

pytest.importorskip("torch", reason="the encoder's training needs torch (pip install gongkai[training])")
pytest.importorskip("transformers", reason="the encoder's training needs transformers (pip install gongkai[training])")
pytest.importorskip("onnx", reason="the export needs onnx (pip install gongkai[training])")

import torch
from transformers import BertConfig, BertModel

from gongkai.model.document import Document, Span
from gongkai.model.facts.spotter import BODY, HEADING, KINDS, STEP, Spotter, heading
from gongkai.model.finding import Attribute
from gongkai.model.passages import Pieces
from gongkai.training.authored import CorpusError, Marked, unmarked
from gongkai.training.config import Pupil, Spot
from gongkai.training.encoder.even import even_out
from gongkai.training.encoder.marks import IGNORED, batch, headed, kind_of, lessons, read_snippets, strips, windows
from gongkai.training.encoder.marks import labelled as as_pieces
from gongkai.training.encoder.pupil import in_order, narrowed, teach_pupil
from gongkai.training.encoder.renaming import Renaming
from gongkai.training.encoder.slight import Packed, slight
from gongkai.training.encoder.spot import spot
from gongkai.training.encoder.spotting import LONGEST, Alone, Spotting, write_spotter
from gongkai.training.runlog import RunLog
from gongkai.training.tagger.naming import Namer

SAYS = [
    "申请人⟦NAME|李三⟧患⟦HEALTH|停水⟧，请核实",
    "局⟦NAME!keep|李四⟧主持会议",
    "会议⟦FIN|730元⟧已付",
    "通知有关单位",
]


@pytest.fixture(scope="module")
def pieces(tmp_path_factory):
    at = tmp_path_factory.mktemp("pieces")
    write_tokenizer(at)
    return Pieces.read(at)


@pytest.fixture(scope="module")
def read(screener):
    return lambda text: screener.reading(Document("a", text))


@pytest.mark.parametrize(
    ("type_", "keep", "kind"),
    [
        ("NAME", False, "NAME"),
        ("NAME", True, "NAME!"),
        ("HEALTH", False, "HEALTH"),
        ("HEALTH", True, "OTHER!"),
        ("ID_CARD", False, "OTHER"),
        ("PHONE_FIX", True, "OTHER!"),
        ("REPORTER", False, "REPORTER"),
    ],
)
def test_columns(type_, keep, kind):
    assert KINDS[kind_of(Marked(Span(0, 1), type_, keep))] == kind


def test_a_piece_with_any_marked_character_is_of_its_kind(pieces):
    text, marks = unmarked("通知⟦NAME|工作⟧公告")
    found = as_pieces(text, marks, pieces)
    places = pieces.tokenizer.encode(text, add_special_tokens=False).offsets
    kinds = {text[a:b]: KINDS[k] for (a, b), k in zip(places, found.kinds, strict=True)}
    assert {char: kind for char, kind in kinds.items() if kind} == {"工": "NAME", "作": "NAME"}


@pytest.mark.parametrize("size", [1, BODY, BODY + 1, BODY + STEP, 4 * BODY])
def test_windows_cover_everything(pieces, size):
    whole = as_pieces("的" * size, (), pieces)
    cut = list(strips(whole))
    assert all(0 < len(part.ids) <= BODY for part in cut)
    assert sum(len(part.ids) for part in cut) >= len(whole.ids)
    assert cut[-1].ids.tolist() == whole.ids[-len(cut[-1].ids) :].tolist()


def test_start_and_padding_teach_nothing(pieces):
    short, long = (as_pieces(text, (), pieces) for text in ("的", "的的的"))
    ids, kinds = batch([short, long])
    assert ids.shape == kinds.shape == (2, len(long.ids) + 1)
    assert (kinds[:, 0] == IGNORED).all()
    assert (kinds[0, len(short.ids) + 1 :] == IGNORED).all()


def test_documents_that_nobody_marked_teach_nothing(pieces, read):
    known = labelled("a", "李三", "proactive")
    reading = read(known.document.text)
    assert len(lessons([reading], [known], [], pieces)) == 1
    assert lessons([reading], [replace(known, personal_known=False)], [], pieces) == []


@pytest.mark.parametrize("shift", [0, 1, STEP - 1])
def test_a_shift_leaves_nothing_out(pieces, shift):
    whole = as_pieces("的" * (3 * BODY), (), pieces)
    cut = list(strips(whole, shift))
    assert len(cut[0].ids) == BODY - shift
    assert sum(len(part.ids) for part in cut) >= len(whole.ids)


@pytest.mark.parametrize(
    ("label", "title", "said"),
    [
        (Attribute.withheld, "通知", "不予公开 通知"),
        (None, "通知", " 通知"),
        (Attribute.proactive, "", "主动公开 "),
        (None, "", ""),
    ],
)
def test_a_heading_says_attribute_and_title(pieces, label, title, said):
    assert heading(label, title, pieces) == pieces.of(said)[0]


def test_a_heading_is_short_and_teaches_nothing(pieces):
    before = heading(Attribute.withheld, "通知公告" * 30, pieces)
    assert len(before) == HEADING
    strip = headed(as_pieces("李三", (), pieces), before)
    assert strip.ids[:HEADING].tolist() == before
    assert (strip.kinds[:HEADING] == IGNORED).all()
    assert (strip.kinds[HEADING:] == 0).all()


def test_short_excerpts_share_windows_and_none_is_lost(pieces):
    taught = lessons([], [], [unmarked(text) for text in SAYS] * 20, pieces)
    found = windows(taught, pieces, np.random.default_rng(3))
    assert len(found) < len(taught)
    assert max(len(strip.ids) for strip in found) <= BODY
    assert sum(len(strip.ids) for strip in found) == sum(len(lesson.whole.ids) for lesson in taught)


def test_epochs_cut_documents_elsewhere(pieces, read):
    example = labelled("a", "的" * (3 * BODY), "withheld")
    taught = lessons([read(example.document.text)], [example], [], pieces)
    sizes = {len(windows(taught, pieces, np.random.default_rng(seed))[0].ids) for seed in range(8)}
    assert len(sizes) > 2


def test_snippets(tmp_path):
    (tmp_path / "a.txt").write_text("⟦NAME|李三⟧患停\n%%\n通知\n第二行\n", "utf-8")
    (tmp_path / "b.txt").write_text("公告\n%%\n", "utf-8")
    found = read_snippets(tmp_path)
    assert [text for text, _ in found] == ["李三患停", "通知\n第二行", "公告"]
    assert [[(m.span, m.type) for m in marks] for _, marks in found] == [[(Span(0, 2), "NAME")], [], []]


def test_a_broken_snippet_is_named(tmp_path):
    (tmp_path / "a.txt").write_text("⟦NAME|李三患停", "utf-8")
    with pytest.raises(CorpusError, match=r"a\.txt"):
        read_snippets(tmp_path)


def small(pieces: Pieces) -> BertModel:
    size = pieces.tokenizer.get_vocab_size()
    config = BertConfig(
        vocab_size=size,
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        pad_token_id=1,
    )
    return BertModel(config, add_pooling_layer=False)


RUN = Spot(epochs=30, rate=3e-3, head_rate=1e-2, batch=4)


@pytest.fixture(scope="module")
def taught(pieces, tmp_path_factory):
    torch.manual_seed(1)
    taught = lessons([], [], [unmarked(text) for text in SAYS], pieces)
    return spot(
        Spotting(small(pieces), 0.0),
        taught,
        pieces,
        RUN,
        1,
        tmp_path_factory.mktemp("spot") / "spot.safetensors",
        RunLog(),
    )


def test_it_learns_what_it_is_told(taught, pieces):
    for text in SAYS:
        strip = as_pieces(*unmarked(text), pieces)
        ids, kinds = batch([strip])
        taught.eval()
        with torch.inference_mode():
            assert taught.scores(ids).argmax(dim=-1)[0, 1:].tolist() == kinds[0, 1:].tolist()


def test_a_run_that_was_stopped_goes_on(pieces, tmp_path):
    told = lessons([], [], [unmarked(text) for text in SAYS], pieces)

    def run(name: str, epochs: int) -> Spotting:
        torch.manual_seed(1)
        return spot(
            Spotting(small(pieces), 0.0), told, pieces, replace(RUN, epochs=epochs), 1, tmp_path / name, RunLog()
        )

    done = run("a.safetensors", 3)
    again = run("a.safetensors", 3)
    assert all(torch.equal(one, again.state_dict()[name]) for name, one in done.state_dict().items())


def test_evening_out_changes_nothing_in_full_precision(pieces):
    torch.manual_seed(1)
    model = Spotting(small(pieces), 0.0).eval()
    ids = torch.randint(5, 30, (2, 12))
    with torch.inference_mode():
        before = model.scores(ids)
    even_out(model.backbone, [ids], 0.01)
    assert all((layer.output.dense.scale < 1).any() for layer in model.backbone.encoder.layer)
    with torch.inference_mode():
        assert torch.allclose(model.scores(ids), before, atol=1e-5)


def test_the_exported_file_says_the_same(taught, pieces, tmp_path):
    shown = as_pieces(*unmarked(SAYS[0]), pieces)
    assert write_spotter(deepcopy(taught), [batch([shown])[0]], 4.0, tmp_path)["megabytes"] < 1
    (tmp_path / "tokenizer.json").write_text(pieces.tokenizer.to_str(), "utf-8")
    text, marks = unmarked(SAYS[0])
    found = Spotter.read(tmp_path)(text, [Span(0, len(text))])
    wanted = as_pieces(text, marks, pieces).kinds
    assert np.array_equal(found.chances.argmax(axis=1), wanted)


AS_PUPIL = Pupil(heads=(1, 2), inner=(16, 0), columns=16, steps=12, batch=2, rate=3e-3, head_rate=1e-2, save_every=5)


def as_pupil(taught, pieces, path, steps):
    told = lessons([], [], [unmarked(text) for text in SAYS], pieces)
    shown = [batch([as_pieces(*unmarked(text), pieces)])[0] for text in SAYS]
    counts = torch.ones(taught.backbone.config.vocab_size)
    pupil = narrowed(taught, shown, counts, AS_PUPIL, 1)
    run = replace(AS_PUPIL, steps=steps)
    return teach_pupil(pupil, taught, lambda seed: told_windows(told, pieces, seed), run, 1, path, RunLog())


def told_windows(told, pieces, seed):
    return windows(told, pieces, np.random.default_rng(seed))


def test_the_narrow_pupil_says_what_its_teacher_says(taught, pieces, tmp_path):
    before = {name: value.clone() for name, value in taught.state_dict().items()}
    pupil = as_pupil(taught, pieces, tmp_path / "a.safetensors", AS_PUPIL.steps)
    first, second = pupil.backbone.encoder.layer
    assert (first.attention.self.num_attention_heads, first.intermediate.dense.out_features) == (1, 16)
    assert (second.attention.self.num_attention_heads, second.intermediate.dense.out_features) == (2, 64)
    assert all(torch.equal(value, before[name]) for name, value in taught.state_dict().items())
    again = as_pupil(taught, pieces, tmp_path / "a.safetensors", AS_PUPIL.steps)
    assert all(torch.equal(one, again.state_dict()[name]) for name, one in pupil.state_dict().items())
    pupil.eval()
    for text in SAYS:
        ids, kinds = batch([as_pieces(*unmarked(text), pieces)])
        with torch.inference_mode():
            assert pupil.scores(ids).argmax(dim=-1)[0, 1:].tolist() == kinds[0, 1:].tolist()


def test_the_shipped_form_says_the_same_of_a_window_of_any_length(taught, pieces, tmp_path):
    pupil = as_pupil(taught, pieces, tmp_path / "a.safetensors", 2).eval()
    for model in (taught, pupil):
        shipped = Alone(model.eval())
        for size in (1, 7, LONGEST):
            ids = torch.randint(5, 30, (1, size), generator=torch.Generator().manual_seed(size))
            with torch.inference_mode():
                assert torch.allclose(shipped(ids), model.scores(ids).softmax(dim=-1), atol=1e-5)


def test_a_word_table_in_few_bytes_tells_the_pieces_apart():
    random = torch.Generator().manual_seed(3)
    words = torch.randn(60, 8, generator=random) @ torch.randn(8, 32, generator=random)  # no more than 8 directions
    counts = torch.arange(60).float()
    ids = torch.arange(60)
    for columns in (8, 32):
        lost = (slight(words, counts, columns, 1)(ids) - words).square().sum() / words.square().sum()
        assert lost < 0.02
    table = slight(words, counts, 8, 1)
    packed = Packed(table)
    assert packed.rows.shape == (60, 5) and packed.rows.dtype == torch.uint8
    assert torch.allclose(packed(ids), table(ids), atol=1e-4)
    table(ids).square().sum().backward()
    assert table.codes.weight.grad.abs().sum() > 0


def test_few_columns_keep_what_text_uses():
    random = torch.Generator().manual_seed(3)
    words = torch.randn(40, 16, generator=random)
    often = torch.tensor([10_000.0] * 4 + [0.0] * 36)
    ids = torch.arange(40)
    lost = (slight(words, often, 4, 1)(ids) - words).square().sum(dim=1)
    assert lost[:4].max() < 0.1 * lost[4:].min()


def test_batches_hold_every_window_once_and_like_with_like():
    lengths = np.random.default_rng(2).integers(1, 100, 70).tolist()
    found = in_order(lengths, 8, np.random.default_rng(1))
    assert sorted(np.concatenate(found).tolist()) == list(range(70))
    assert max(map(len, found)) == 8
    padded = sum(len(rows) * max(lengths[row] for row in rows) for rows in found)
    assert padded < 1.2 * sum(lengths)


def test_other_names_stand_where_the_marks_say():
    text, marks = unmarked("申请人⟦NAME|李三⟧患⟦HEALTH|停水⟧,⟦NAME!keep|赵四⟧与李三、⟦NAME|李三⟧谈话")
    said, found = Renaming(Namer(["王小明"], []), 1.0, Random(1))(text, marks)
    names = [mark.span.of(said) for mark in found if mark.type == "NAME"]
    assert names[0] == names[2]
    assert {"李三", "赵四"}.isdisjoint(names)
    assert said == f"申请人{names[0]}患停水,{names[1]}与李三、{names[0]}谈话"
    assert [(mark.type, mark.keep) for mark in found] == [(mark.type, mark.keep) for mark in marks]
    assert Renaming(Namer(["王小明"], []), 0.0, Random(1))(text, marks) == (text, marks)
