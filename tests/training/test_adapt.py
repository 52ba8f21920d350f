"""An agency's own model: better on what was kept out or not written at all, and in use without a restart."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace

import numpy as np
import pytest
from examples import AUTHORED

pytest.importorskip("sklearn", reason="training needs scikit-learn (pip install gongkai[training])")
pytest.importorskip("datasketch", reason="training needs datasketch (pip install gongkai[training])")

from gongkai.model.attribute import listed
from gongkai.model.document import Document
from gongkai.model.law import weighed
from gongkai.model.modelfolder import ModelFolder
from gongkai.model.screener import Screener
from gongkai.service.crew.following import Follower
from gongkai.service.house import opened
from gongkai.service.settings import Settings
from gongkai.training.adapt import Difference, GotWorse, adapt, add_codes, fit_differences, moved
from gongkai.training.adapt import _install as install
from gongkai.training.authored import CorpusError, read_example
from gongkai.training.config import Adapt, Config
from gongkai.training.described import Described, describe_all
from gongkai.training.fit import ATTRIBUTES
from gongkai.training.splits import clustered_folds

INSIDE = ("W-161", "W-162", "W-163", "W-165", "W-166", "W-167")


def shortest(attribute: str, count: int, *reasons: str):
    paths = sorted(AUTHORED.glob("*.txt"), key=lambda path: (path.stat().st_size, path.name))
    found = (read_example(path) for path in paths)
    return [
        e
        for e in found
        if e.attribute == attribute
        and e.handling != "stop_classified"
        and (not reasons or set(reasons) & set(e.reasons))
    ][:count]


def decided(example, attribute: str):
    return replace(example, attribute=attribute, acceptable=frozenset({attribute}))


@pytest.fixture(scope="module")
def usual():
    """Twenty papers from inside and twenty for the public, as the shipped model knows them."""
    return [*shortest("withheld", 20, *INSIDE), *shortest("proactive", 20)]


@pytest.fixture(scope="module")
def decisions(usual):
    """An agency that gives its inside papers out on request."""
    return [decided(e, "on_request" if e.attribute == "withheld" else e.attribute) for e in usual]


@pytest.fixture(scope="module")
def adapted(decisions, linear_folder, tmp_path_factory):
    out = tmp_path_factory.mktemp("agency") / "deep" / "model"
    before = {path.name: path.read_bytes() for path in linear_folder.iterdir() if path.is_file()}
    found = adapt(decisions, linear_folder, linear_folder, out, Config())
    after = {path.name: path.read_bytes() for path in linear_folder.iterdir() if path.is_file()}
    assert before == after
    return out, found


def test_the_agency_is_understood_better(adapted):
    out, found = adapted
    assert (found["decisions"], found["kept_out"]) == (40, 8)
    assert found["after"]["accuracy_strict"] > found["before"]["accuracy_strict"]
    assert found["after"]["accuracy_acceptable"] >= found["before"]["accuracy_acceptable"]


def test_the_folder_is_one_that_serving_reads(adapted, decisions, linear_folder):
    own, shipped = Screener.load(adapted[0]), Screener.load(linear_folder)
    right = [sum(s(e.document).opinion.label.value == e.attribute for e in decisions) for s in (own, shipped)]
    assert right[0] > right[1] + 5
    assert own.engine.model.startswith(shipped.engine.model.split("+")[0] + "+")
    card = json.loads((adapted[0] / "model.json").read_text("utf-8"))
    assert card["adapted_on"] == 32
    assert set(own.model.vocabulary) > set(shipped.model.vocabulary)
    assert own.model.thresholds != shipped.model.thresholds


def test_nothing_is_left_beside_it(adapted):
    assert [path.name for path in adapted[0].parent.iterdir()] == ["model"]


def test_no_text_of_a_decision_is_in_the_card(adapted, decisions):
    card = (adapted[0] / "model.json").read_text("utf-8")
    assert [e.document.id for e in decisions if e.document.id in card or e.document.title in card] == []


def worse(usual):
    """What is kept out is right, what is trained on is the opposite."""
    train, _ = clustered_folds(usual, Config().adapt.folds, Config().seed)[0]
    opposite = {"proactive": "withheld", "withheld": "proactive"}
    return [decided(e, opposite[e.attribute]) if place in train else e for place, e in enumerate(usual)]


def test_a_model_that_got_worse_is_not_written(usual, linear_folder, tmp_path):
    out = shutil.copytree(linear_folder, tmp_path / "model")
    before = {path.name: path.read_bytes() for path in out.iterdir() if path.is_file()}
    with pytest.raises(GotWorse, match="没有写出模型，请") as error:
        adapt(worse(usual), linear_folder, linear_folder, out, Config(adapt=Adapt(penalty=0.01)))
    assert {path.name: path.read_bytes() for path in out.iterdir() if path.is_file()} == before
    assert [path.name for path in tmp_path.iterdir()] == ["model"]
    assert "accuracy_acceptable" in str(error.value)


@pytest.mark.parametrize("place", ["model", "link", "model/../model"])
def test_the_base_is_never_written_over(decisions, linear_folder, tmp_path, place):
    base = shutil.copytree(linear_folder, tmp_path / "model")
    (tmp_path / "link").symlink_to(base)
    with pytest.raises(CorpusError, match="不能写回"):
        adapt(decisions, base, base, tmp_path / place, Config())


@pytest.mark.parametrize("make", [lambda path: path.mkdir(), lambda path: path.write_text("mine")])
def test_what_is_no_model_folder_is_never_replaced(decisions, linear_folder, tmp_path, make):
    make(tmp_path / "papers")
    with pytest.raises(CorpusError, match="papers 已经存在，又不是模型目录"):
        adapt(decisions, linear_folder, linear_folder, tmp_path / "papers", Config())
    assert (tmp_path / "papers").exists()


@pytest.mark.parametrize("count", [0, 29])
def test_too_few_decisions(decisions, linear_folder, tmp_path, count):
    with pytest.raises(CorpusError, match=f"只有 {count} 份"):
        adapt(decisions[:count], linear_folder, linear_folder, tmp_path / "out", Config())


def test_decisions_of_one_kind(decisions, linear_folder, tmp_path):
    with pytest.raises(CorpusError, match="一种公开属性"):
        adapt([decided(e, "proactive") for e in decisions], linear_folder, linear_folder, tmp_path / "out", Config())


def test_a_running_service_takes_the_new_model(adapted, linear_folder, tmp_path):
    place = shutil.copytree(linear_folder, tmp_path / "model")
    house = opened(Settings(model=place, workers=0, open=True, key="00" * 32))
    follower = Follower(house)
    follower.look()
    before = house.crew.engines[0]["model"]
    install(adapted[0], place)
    follower.look()
    assert before != house.crew.engines[0]["model"] == ModelFolder.read(adapted[0]).card["version"]
    assert [path.name for path in tmp_path.iterdir()] == ["model"]
    house.close()


# ---- the pieces ----


def described(scores: np.ndarray, *vectors: dict[str, float]) -> Described:
    return Described(
        list(vectors),
        {"attribute": scores, "category": np.zeros((len(vectors), 2)), "clause": np.zeros((len(vectors), 2))},
    )


def test_words_of_the_agency_come_in():
    rows = described(
        np.zeros((4, 3)), *[{"W:学位": 1.0, "W:一次": 0.1 * n} for n in range(2)], {"W:通知": 1.0}, {"W:函": 1.0}
    )
    found = fit_differences(rows, ["withheld", "withheld", "proactive", "proactive"], {"W:通知"}, 1.0, Adapt(least=2))
    assert set(found.names) == {"W:学位", "W:一次", "W:通知"}
    assert found.weights["attribute"][found.names["W:学位"], ATTRIBUTES.index("withheld")] > 0.1
    assert found.weights["attribute"][found.names["W:通知"], ATTRIBUTES.index("proactive")] > 0.05


def test_the_temperature_scales_the_difference():
    """Scores, vectors' weights and biases twice as large at temperature 2 make the same probabilities."""
    vectors = [{"a": 1.0}, {"b": 1.0}] * 5
    labels = ["withheld", "proactive"] * 5
    plain = fit_differences(described(np.zeros((10, 3)), *vectors), labels, set(), 1.0, Adapt(penalty=1e-4, least=1))
    warm = fit_differences(described(np.zeros((10, 3)), *vectors), labels, set(), 2.0, Adapt(penalty=1e-4, least=1))
    for place, vector in enumerate(vectors[:2]):
        row = [f.weights["attribute"][f.names[next(iter(vector))]] + f.biases["attribute"] for f in (plain, warm)]
        assert int(row[0].argmax()) == int(row[1].argmax()) == (2, 0)[place]
        assert np.ptp(row[1]) > np.ptp(row[0])


def test_a_difference_is_added_to_the_heads(linear_folder):
    model = ModelFolder.read(linear_folder)
    known = next(name for name in model.vocabulary if name.startswith("W:"))
    weights, biases = np.array([[0.5, 0.0, -0.5], [9.0, 0.0, 0.0]]), np.array([0.25, 0.0, 0.0])
    heads = moved(model, Difference({known: 0, "W:本机关专用词": 1}, {"attribute": weights}, {"attribute": biases}))
    assert list(heads.names) == [*model.vocabulary, "W:本机关专用词"]
    vector = {known: 1.0, "W:本机关专用词": 2.0}
    before, after = model.logits(vector), heads.logits([vector])
    assert after["attribute"][0] - before["attribute"] == pytest.approx([0.5 + 18 + 0.25, 0.0, -0.5], abs=1e-5)
    for head in ("category", "clause", "reason"):
        assert after[head][0] == pytest.approx(before[head], abs=1e-5)


@pytest.mark.parametrize(("times", "known", "moves"), [(5, True, True), (4, True, False), (5, False, False)])
def test_only_codes_that_are_named_often_move(linear_folder, usual, times, known, moves):
    model = ModelFolder.read(linear_folder)
    labels = {head: model.labels(head) for head in ("category", "clause")}
    examples = [
        replace(
            e,
            categories=(labels["category"][3],),
            negative=frozenset({"NL-13"} if n < times else ()),
            clauses_known=known,
        )
        for n, e in enumerate(usual[:10])
    ]
    scores = {"attribute": np.zeros((10, 3))} | {
        head: np.full((10, len(names)), -2.0) for head, names in labels.items()
    }
    rows = Described([{"W:值班": 1.0} if n < times else {"W:通知": 1.0} for n in range(10)], scores)
    found = add_codes(Difference({"W:值班": 0, "W:通知": 1}, {}, {}), rows, examples, model, Adapt())
    column = labels["clause"].index("NL-13")
    assert bool(found.weights["clause"][0, column] > 0.1) is moves
    assert np.flatnonzero(found.weights["clause"].any(axis=0)).tolist() == ([column] if moves else [])
    assert found.biases["category"][3] > 0
    assert found.weights["category"].any(axis=0).sum() == 1


def test_documents_as_the_model_sees_them(screener):
    texts = ["关于停水的通告\n停水。", "青禾县水务局关于值班工作的请示\n妥否，请批示。"]
    found = describe_all(screener, [Document("", text) for text in texts])
    for row, text in enumerate(texts):
        case, _ = screener.case(screener.reading(Document("", text)))
        law = weighed(case.grounds)
        wanted = {a.value: score + law.get(a.value, 0.0) for a, score in case.judged.items()}
        wanted["withheld"] += listed(screener.odds(case, case.hits))
        assert dict(zip(ATTRIBUTES, found.scores["attribute"][row], strict=True)) == pytest.approx(wanted)
        assert found.scores["clause"][row] == pytest.approx(case.logits["clause"])
        assert found.vectors[row] == case.vector
    assert found.rows([1]).vectors == found.vectors[1:]
    assert found.rows([1]).scores["category"].shape[0] == 1
