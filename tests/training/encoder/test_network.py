"""The judging network: targets, batches, losses, and what a taught one says and shows."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import numpy as np
import pytest
from examples import labelled
from papers import NOTICE
from tinyencoder import LAYERS

pytest.importorskip("torch", reason="the encoder's training needs torch (pip install gongkai[training])")
pytest.importorskip("transformers", reason="the encoder's training needs transformers (pip install gongkai[training])")

import torch

from gongkai.model.document import Document, Span
from gongkai.model.encoder import Encoder
from gongkai.model.passages import FIELDS, FIRST, LAST, MIDDLE, PAD, Passage, Pieces
from gongkai.training.config import Teach
from gongkai.training.encoder import teach as module
from gongkai.training.encoder.backbone import backbone
from gongkai.training.encoder.batches import Item, Labels, batches, sampled, tensors
from gongkai.training.encoder.even import even_out
from gongkai.training.encoder.export import difference, write
from gongkai.training.encoder.items import by_head
from gongkai.training.encoder.narrow import narrow
from gongkai.training.encoder.network import SCALE, Judge
from gongkai.training.encoder.teach import (
    MOST_MEANS,
    all_means,
    label_loss,
    scores_from,
    scores_of,
    teach,
    warm_heads,
)
from gongkai.training.encoder.unpadded import Unpadded
from gongkai.training.encoder.vocabulary import SPECIAL, counted, pruned, save_tokenizer, small_tokenizer
from gongkai.training.runlog import RunLog

LABELS = Labels(("G01", "G02", "G99"), ("NL-09", "NL-21"))
RUN = Teach(epochs=2, rate=1e-3, head_rate=1e-2, most=4, size=999, warm_epochs=30, warm_rate=2e-2)


@pytest.mark.parametrize(
    ("attribute", "others", "categories", "negative", "expected"),
    [
        ("proactive", (), (), (), [1, 0, 0, 0, 0, 0, 0, 0]),
        ("withheld", ("on_request",), ("G02",), ("NL-21",), [0, 0.2, 0.8, 0, 1, 0, 0, 1]),
        ("on_request", ("withheld", "proactive"), ("G99", "G01"), (), [0.1, 0.8, 0.1, 0.5, 0, 1, 0, 0]),
        ("proactive", (), ("G02", "G01", "G99"), ("NL-09", "NL-21", "NL-30"), [1, 0, 0, 0.5, 1, 0.3, 1, 1]),
        ("proactive", (), ("N01", "N02", "N03", "G01"), (), [1, 0, 0, 0.3, 0, 0, 0, 0]),
    ],
)
def test_targets(attribute, others, categories, negative, expected):
    row = LABELS.targets(labelled("a", NOTICE, attribute, *others, categories=categories, negative=negative))
    assert row.tolist() == pytest.approx(expected)


def item(passages: int, marks: tuple[Span, ...] = (), **fields) -> Item:
    """A document of so many passages of ten characters, the fields among them."""
    kinds = [FIELDS, FIRST, *[MIDDLE] * max(0, passages - 3), LAST][:passages]
    rows = [
        Passage(kind, (0, *[5 + at] * (at + 1)), ((10 * at, 10 * at + 10),) if kind else ())
        for at, kind in enumerate(kinds)
    ]
    return Item(rows, marks, LABELS.targets(labelled("a", NOTICE, "proactive")), **fields)


def test_a_batch_is_padded_and_knows_its_rows():
    batch = tensors([item(2).passages, item(3).passages[1:]], [4, 9])
    assert batch.ids.tolist() == [[0, 5, PAD, PAD], [0, 6, 6, PAD], [0, 6, 6, PAD], [0, 7, 7, 7]]
    assert (batch.kinds.tolist(), batch.places.tolist(), batch.rows) == ([0, 1, 1, 3], [[1, 2], [3, 4]], [4, 9])


@pytest.mark.parametrize(
    ("sizes", "most", "size", "rows"),
    [
        ([2, 3, 4], 9, 5, [[0, 1], [2]]),
        ([2, 3, 4], 9, 9, [[0, 1, 2]]),
        ([9, 9], 4, 8, [[0, 1]]),
        ([9, 9], 4, 2, [[0], [1]]),
        ([], 4, 2, []),
    ],
)
def test_batches_in_order(sizes, most, size, rows):
    found = list(batches([item(count) for count in sizes], most, size, None))
    assert [batch.rows for batch in found] == rows


def test_batches_for_training_are_shuffled_and_whole():
    items = [item(2 + place % 7) for place in range(40)]
    orders = [[row for b in batches(items, 4, 16, np.random.default_rng(seed)) for row in b.rows] for seed in (1, 1, 2)]
    assert orders[0] == orders[1] != orders[2]
    assert [sorted(order) for order in orders] == [list(range(40))] * 3


def test_training_sees_other_passages_as_well():
    whole = item(12, (Span(55, 56),))
    seen = [sampled(whole, 4, np.random.default_rng(seed)) for seed in range(60)]
    assert all(1 <= len(passages) <= 4 for passages in seen)
    assert all([whole.passages.index(p) for p in ps] == sorted(whole.passages.index(p) for p in ps) for ps in seen)
    assert {whole.passages.index(p) for ps in seen for p in ps} == set(range(12))
    assert 30 < sum(ps[0].kind == FIELDS for ps in seen) < 60


def test_the_loss_of_knowing_nothing():
    """Even odds: log 3 for the attribute, half of log 3 for the category, clauses log 2 each, three times where hit."""
    targets = LABELS.targets(labelled("a", NOTICE, "withheld", categories=["G01"], negative=["NL-21"]))
    scores, attribute = torch.zeros(1, 8), math.log(3)
    whole = attribute + 0.5 * math.log(3) + 0.7 * (3 + 1) * math.log(2)
    for item_, expected in (
        (Item([], (), targets), whole),
        (Item([], (), targets, known=False), attribute),
        (Item([], (), targets, 0.3, known=False), 0.3 * attribute),
        (Item([], (), targets, 0.3), whole - 0.7 * attribute),
    ):
        assert label_loss(scores, [item_], LABELS).item() == pytest.approx(expected)
    both = [Item([], (), targets), Item([], (), targets, known=False)]
    assert label_loss(torch.zeros(2, 8), both, LABELS).item() == pytest.approx((whole + attribute) / 2)


@pytest.fixture(scope="module")
def kept(packed):
    return pruned(packed, counted(packed, [NOTICE]), 1)


@pytest.fixture
def judge(packed, kept):
    torch.manual_seed(3)
    return Judge(backbone(packed, kept, range(LAYERS)), LABELS.count)


def test_a_score_is_the_sum_of_its_shares(judge):
    judge.eval()
    judge.settle(torch.randn(50, 32, generator=torch.Generator().manual_seed(2)) + 1)
    batch = tensors([item(4).passages, item(2).passages], [0, 1])
    with torch.inference_mode():
        found = judge(batch.ids, batch.kinds, batch.places)
        alone = judge(*(getattr(tensors([item(2).passages], [0]), name) for name in ("ids", "kinds", "places")))
    assert found.attention.sum(dim=-1).numpy() == pytest.approx(np.ones((2, 8)), abs=1e-5)
    assert found.attention[1, :, 2:].abs().max() == 0
    assert found.shares[(batch.ids == PAD)].abs().max() == 0
    sums = torch.stack([found.shares.sum(dim=1)[:4].T @ found.attention[0, label] for label in range(8)])
    assert found.scores[0].numpy() == pytest.approx(
        ((sums * judge.weights).sum(dim=-1) + judge.bias).detach().numpy(), abs=1e-5
    )
    assert found.scores[1].numpy() == pytest.approx(alone.scores[0].numpy(), abs=1e-5)


@pytest.mark.parametrize("evened", [False, True])
def test_without_padding_the_network_says_the_same(judge, evened):
    """The scores and attention of each alone, the shares of its pieces; nothing where there is no piece."""
    judge.eval()
    judge.settle(torch.randn(50, 32, generator=torch.Generator().manual_seed(2)) + 1)
    batch = tensors([item(4).passages], [0])
    if evened:
        even_out(judge.backbone, [batch.ids], 0.01)
    narrow(judge.backbone, [1, 0], [0, 0], [batch.ids])
    with torch.inference_mode():
        wanted = judge(batch.ids, batch.kinds, batch.places)
        scores, attention, shares = Unpadded(judge).eval()(batch.ids, batch.kinds)
    assert scores.numpy() == pytest.approx(wanted.scores[0].numpy(), abs=1e-5)
    assert attention.numpy() == pytest.approx(wanted.attention[0].numpy(), abs=1e-6)
    assert shares.numpy() == pytest.approx(wanted.shares.numpy(), abs=1e-6)


def test_settling_takes_the_common_part_out(judge):
    means = torch.randn(500, 32, generator=torch.Generator().manual_seed(2)) * 3 + 7
    judge.settle(means)
    normal = judge.normal(means)
    assert normal.mean(dim=0).numpy() == pytest.approx(np.zeros(32), abs=1e-5)
    assert normal.std(dim=0).numpy() == pytest.approx(np.full(32, SCALE / 32**0.5), rel=1e-4)
    assert {"centre", "spread"} <= set(judge.state_dict())


def test_scores_go_on_by_head():
    scores = np.array([[0.0, 0.0, 0.0, 5.0, 5.0, -900.0, -2.0, 3.0]], np.float32)
    found = by_head(scores, LABELS)
    assert found["attribute"] == pytest.approx(np.full((1, 3), -math.log(3)))
    assert found["category"][0, :2] == pytest.approx([-math.log(2)] * 2)
    assert found["clause"].tolist() == [[-2.0, 3.0]]


# ---- a task that can be learned: one sentence carries the clause and the attribute ----

TELL = "本资料属工作秘密，不得外传。"
OTHERS = (
    "请各乡镇人民政府认真组织实施。",
    "因管网检修，沿线停水。",
    "公示期为五日。",
    "请提前储水。",
    "现予公布。",
    "县住建局负责办理。",
)


def text_of(place: int, told: bool) -> str:
    sentences = [OTHERS[(place + step) % len(OTHERS)] for step in range(3)]
    return "\n".join([*sentences[: place % 3 + 1], *([TELL] if told else []), *sentences[place % 3 + 1 :]]) + "\n"


@pytest.fixture(scope="module")
def pieces(packed, kept, tmp_path_factory):
    folder = tmp_path_factory.mktemp("pieces")
    save_tokenizer(small_tokenizer(packed, kept), folder / "tokenizer.json")
    return Pieces.read(folder)


@pytest.fixture(scope="module")
def items(screener, pieces):
    found = []
    for place in range(24):
        told = place % 2 == 1
        label = "withheld" if told else "proactive"
        example = labelled(
            "a", text_of(place // 2, told), label, categories=["G01"], negative=["NL-21"] if told else []
        )
        reading = screener.reading(example.document)
        found.append(Item(pieces.passages(reading), (), LABELS.targets(example)))
    return found


def fresh(packed, kept) -> Judge:
    torch.manual_seed(3)
    return Judge(backbone(packed, kept, range(LAYERS)), LABELS.count)


@pytest.fixture(scope="module")
def warm(packed, kept, items):
    """The heads alone, on the means of the untouched backbone."""
    model = fresh(packed, kept)
    before = {name: value.clone() for name, value in model.backbone.state_dict().items()}
    warm_heads(model, items, all_means(model, items), LABELS, RUN, 1)
    assert all(torch.equal(value, before[name]) for name, value in model.backbone.state_dict().items())
    return model


@pytest.fixture(scope="module")
def taught(packed, kept, warm, items, tmp_path_factory):
    """The whole network, from warm heads."""
    folder, model = tmp_path_factory.mktemp("taught"), fresh(packed, kept)
    model.load_state_dict(warm.state_dict())
    run = replace(RUN, epochs=25)
    return teach(model, items, LABELS, run, 1, folder / "a.safetensors", RunLog(folder / "run.jsonl")), folder


def loss_of(model: Judge, items) -> float:
    return label_loss(torch.from_numpy(scores_of(model, items, LABELS, 4)), items, LABELS).item()


def test_warm_heads_know_more_than_cold_ones(packed, kept, warm, items):
    assert loss_of(warm, items) < 0.7 * loss_of(fresh(packed, kept), items)


def test_stored_means_give_the_same_scores(warm, items):
    means = all_means(warm, items)
    assert [len(mean) for mean in means] == [min(len(item.passages), MOST_MEANS) for item in items]
    stored, read = scores_from(warm, items, means, 4), scores_of(warm, items, LABELS, 4)
    assert np.abs(stored - read).max() < 0.05 * np.abs(read).max()


def test_stored_means_are_picked_as_serving_picks(judge):
    """Of twelve passages eight are stored, of these three are judged: fields, first and last, or the marked one."""
    items = [item(12, (Span(55, 56),)), item(2), item(12)]
    means = all_means(judge, items)
    assert [len(mean) for mean in means] == [8, 2, 8]
    assert scores_from(judge, items, means, 4) == pytest.approx(scores_of(judge, items, LABELS, 4), abs=0.02)
    for most in (1, 3, 99):
        wanted = scores_of(judge, items, LABELS, min(most, MOST_MEANS))
        assert scores_from(judge, items, means, most) == pytest.approx(wanted, abs=0.02)


def test_the_same_seed_warms_the_same_heads(packed, kept, warm, items):
    again = fresh(packed, kept)
    warm_heads(again, items, all_means(again, items), LABELS, RUN, 1)
    assert all(torch.equal(value, again.state_dict()[name]) for name, value in warm.state_dict().items())


def test_teaching_lowers_the_loss(taught):
    log = [json.loads(line) for line in (taught[1] / "run.jsonl").read_text("utf-8").splitlines()]
    assert [row["epoch"] for row in log] == list(range(1, 26))
    assert log[-1]["loss"] < 0.5 * log[0]["loss"]


def test_what_was_taught_is_said(taught, items):
    scores = scores_of(taught[0], items, LABELS, 4)
    assert [int(row[:3].argmax()) for row in scores] == [0, 2] * 12
    assert [bool(row[7] > 0) for row in scores] == [False, True] * 12


def test_a_stopped_teaching_goes_on_where_it_stood(packed, kept, warm, items, tmp_path, monkeypatch):
    """Each epoch is one batch here, so that the rates of both runs are the same."""

    def run(name: str) -> Judge:
        model = fresh(packed, kept)
        model.load_state_dict(warm.state_dict())
        return teach(model, items, LABELS, RUN, 1, tmp_path / name, RunLog())

    whole, real, steps = run("whole.safetensors"), module.answer, []

    def stopping(*arguments):
        if steps:
            raise KeyboardInterrupt
        steps.append(1)
        return real(*arguments)

    with monkeypatch.context() as patch:
        patch.setattr(module, "answer", stopping)
        with pytest.raises(KeyboardInterrupt):
            run("half.safetensors")
    going = run("half.safetensors")
    assert all(torch.equal(one, going.state_dict()[name]) for name, one in whole.state_dict().items())


@pytest.fixture(scope="module")
def exported(taught, pieces, tmp_path_factory):
    pytest.importorskip("onnx", reason="the export needs onnx (pip install gongkai[training])")
    folder = tmp_path_factory.mktemp("exported")
    write(taught[0], LABELS, folder, {"format": 1, "passages": 4})
    (folder / "tokenizer.json").write_text(pieces.tokenizer.to_str(), "utf-8")
    return folder


def test_eight_bits_are_near_the_network(taught, exported, items, screener):
    encoder = Encoder.read(exported)
    assert sorted(path.name for path in exported.iterdir()) == [
        "encoder.json",
        "encoder.npz",
        "encoder.onnx",
        "tokenizer.json",
    ]
    wanted = scores_of(taught[0], items, LABELS, 4)
    found = []
    for place in range(24):
        read = encoder(screener.reading(Document("", text_of(place // 2, place % 2 == 1))), ())
        found.append(np.concatenate([read.scores[head] for head in ("attribute", "category", "clause")]))
    assert np.abs(np.array(found) - wanted).max() < 0.1 * np.abs(wanted).max()
    assert difference(taught[0], exported / "encoder.onnx") < 0.1 * np.abs(wanted).max()


@pytest.mark.parametrize("place", range(6))
def test_the_exported_network_shows_the_sentence(exported, screener, place):
    encoder, text = Encoder.read(exported), text_of(place, True)
    reading = screener.reading(Document("", text))
    read = encoder(reading, ())
    for head, label in (("clause", "NL-21"), ("attribute", "withheld")):
        (span,) = encoder.evidence(read, reading, head, label)
        assert span.of(text) + "。" == TELL
    assert read.score("clause", "NL-21") > 0 > read.score("clause", "NL-09")


def test_special_pieces_keep_their_places():
    assert (SPECIAL.index("<pad>"), SPECIAL[0]) == (PAD, "<s>")
