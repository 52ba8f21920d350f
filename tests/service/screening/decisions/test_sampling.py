"""Audit samples: drawn from what nobody decided, blind, and what their decisions say of the rest."""

from __future__ import annotations

import json
import random
import re
import shutil
from datetime import datetime
from functools import partial
from itertools import pairwise

import openpyxl
import pytest
from backlogs import decision, filled

from gongkai.model.errors import RequestError
from gongkai.model.finding import Attribute
from gongkai.model.rulebook import Rulebook
from gongkai.service.screening.decisions.deciding import import_decisions
from gongkai.service.screening.decisions.rowchecks import Circumstances
from gongkai.service.screening.decisions.sampling import SHEET, Wanted, draw, frame, sample, write_sample
from gongkai.service.screening.decisions.status import status, trust_lines
from gongkai.service.screening.decisions.trust import KEY, estimate
from gongkai.service.screening.records import Decision, Pile
from gongkai.service.screening.store import Store

RULES = Rulebook.load()
DAY = "2026-11-22"
OPINIONS = "建议属性 把握 建议理由 证据 提示 处理方式 负面清单 须遮蔽（处） 建议目录 登记属性 风险 分组"
WANTED = Wanted(0.1, 0.95, 7)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A backlog to copy: making one takes longer than a test."""
    folder = tmp_path_factory.mktemp("made")
    filled(folder, 400, 20).close()
    return folder


@pytest.fixture
def backlog(made, tmp_path):
    with Store(shutil.copytree(made, tmp_path / "out")) as store:
        yield store


def machine(store):
    return {record.digest: record.attribute for record in store.records()}


def other(attribute):
    return next(a.value for a in Attribute if a != attribute)


def audited(drawn, wrong=(), by="审计人"):
    """Decisions of a whole sample: the machine's opinion but for the records named."""
    return [
        Decision(of, other(label) if of in wrong else label, by, DAY, "尚在讨论", sample=drawn.name)
        for of, label in drawn.machine.items()
    ]


def test_only_what_nobody_decided_is_drawn_and_the_same_seed_draws_the_same(backlog):
    decided = {made.digest for made in backlog.decisions()}
    one, again, else_ = (draw(backlog, Wanted(0.1, 0.95, seed), DAY) for seed in (7, 7, 8))
    assert len(decided) == 20
    assert not decided & set(one.machine)
    assert (one.machine, [one.name, again.name, else_.name]) == (again.machine, [f"S20261122-{n}" for n in (1, 2, 3)])
    assert set(else_.machine) != set(one.machine)
    assert sum(sum(counts.values()) for counts in one.frame.values()) == 372
    assert sample(backlog) == else_
    assert sample(backlog, one.name) == one
    assert {of for of, _ in backlog.samples(one.name)} == set(one.machine)


def test_a_finer_precision_draws_more_and_piles_can_be_chosen(backlog):
    coarse = draw(backlog, Wanted(0.2, 0.95, 1), DAY)
    fine = draw(backlog, Wanted(0.05, 0.95, 1, (Pile.confirm,)), DAY)
    assert set(fine.frame) == {Pile.confirm}
    assert {pile for _, pile in backlog.samples(fine.name)} == {Pile.confirm}
    share = {pile: sum(p == pile for _, p in backlog.samples(coarse.name)) for pile in Pile}
    assert share[Pile.confirm] < len(fine.machine) < sum(fine.frame[Pile.confirm].values())


def test_nothing_left_to_draw(tmp_path):
    with Store(tmp_path) as store, pytest.raises(RequestError, match="没有可以抽查"):
        draw(store, WANTED, DAY)


def test_no_sample_yet(backlog):
    with pytest.raises(RequestError, match="sample draw"):
        sample(backlog)


@pytest.fixture
def drawn(backlog, tmp_path):
    found = draw(backlog, Wanted(0.1, 0.95, 3), DAY)
    write_sample(backlog, found, tmp_path / "抽样.xlsx", RULES)
    return found


def test_the_form_is_blind(backlog, drawn, tmp_path):
    """No word of it is the machine's or the register's: nothing but what stands on the paper itself."""
    path = tmp_path / "抽样.xlsx"
    opened = openpyxl.load_workbook(path)
    assert opened.sheetnames[:3] == ["说明", SHEET, "选项"]
    assert "建议" in "".join(str(cell.value) for row in opened["说明"] for cell in row)
    rows = list(opened[SHEET].iter_rows(min_row=2, values_only=True))
    heads = [cell.value for cell in opened[SHEET][1]]
    assert not {
        "建议属性",
        "把握",
        "建议理由",
        "证据",
        "提示",
        "处理方式",
        "负面清单",
        "风险",
        "登记属性",
        "分组",
    } & set(heads)
    assert {row[heads.index("记录编号")] for row in rows} == set(drawn.machine)
    told = "".join(str(value) for row in rows for value in row)
    assert not re.search("主动公开|依申请公开|不予公开|拿不准|去标识化|条例第", told)
    assert path.stat().st_mode & 0o777 == 0o600


def test_the_form_is_in_random_order(backlog, drawn, tmp_path):
    opened = openpyxl.load_workbook(tmp_path / "抽样.xlsx")
    heads = [cell.value for cell in opened[SHEET][1]]
    order = [row[heads.index("记录编号")] for row in opened[SHEET].iter_rows(min_row=2, values_only=True)]
    ranks = {place.digest: n for n, place in enumerate(backlog.places())}
    rising = sum(ranks[one] < ranks[two] for one, two in pairwise(order))
    assert 0.3 < rising / len(order) < 0.7


def test_papers_with_a_secrecy_mark_are_not_drawn(backlog):
    drawn = draw(backlog, Wanted(0.001, 0.95, 1), DAY)
    handlings = {record.handling: record.digest in drawn.machine for record in backlog.records()}
    assert (handlings["stop_classified"], handlings["out_of_scope"]) == (False, True)


def test_the_form_comes_back_as_decisions_of_the_sample(backlog, drawn, tmp_path):
    path = tmp_path / "抽样.xlsx"
    opened = openpyxl.load_workbook(path)
    sheet = opened[SHEET]
    heads = {cell.value: cell.column for cell in sheet[1]}
    for place in range(2, sheet.max_row + 1):
        sheet.cell(place, heads["决定"], "主动公开")
        sheet.cell(place, heads["审查人"], "审计人")
    opened.save(path)
    done = import_decisions([path], Circumstances(backlog, RULES, "", datetime(2026, 11, 22)))
    assert (done.new, done.wrong) == (sheet.max_row - 1, ())
    assert {made.sample for made in backlog.decisions() if made.by == "审计人"} == {drawn.name}
    assert f"抽样 {drawn.name}：已审 {done.new}/{len(drawn.machine)} 件" in list(status(backlog))


def test_without_decisions_nothing_is_said(backlog, drawn):
    found = estimate(backlog, drawn)
    assert (found.audited, found.since) == (0, 0)
    assert "还没有抽查的决定" in list(trust_lines(found))[-1]


def test_errors_that_were_found_are_corrected_and_count_no_more(backlog, drawn):
    """A census: every record of the frame is drawn, so nothing is estimated and nothing is left."""
    everything = draw(backlog, Wanted(0.001, 0.95, 1), DAY)
    assert len(everything.machine) == 372
    proactive = [of for of, label in everything.machine.items() if label == "proactive"]
    backlog.add_decisions(audited(everything, proactive[:4]))
    found = estimate(backlog, everything)
    assert found.rate.value == found.rate.low == found.rate.high == pytest.approx(4 / 372)
    assert {key: (e.value, e.low, e.high) for key, e in found.left.items()} == {
        "proactive": (0, 0, 0),
        "withheld": (0, 0, 0),
    }


def test_what_is_left(backlog, drawn):
    proactive = sorted(of for of, label in drawn.machine.items() if label == "proactive")
    backlog.add_decisions(audited(drawn, proactive[:3]))
    found = estimate(backlog, drawn)
    of = sum(counts.get("proactive", 0) for counts in drawn.frame.values())
    left = found.left["proactive"]
    assert found.audited == len(drawn.machine)
    assert 0 <= left.low < left.value < left.high <= of - len(proactive)
    assert left.value == pytest.approx(3 * of / len(proactive) - 3, rel=0.5)
    assert json.loads(backlog.meta(KEY))["left"]["proactive"]["high"] == left.high
    text = "\n".join(trust_lines(found))
    assert "误判为主动公开的 约" in text
    assert "快速确认" in text


def test_what_was_decided_since_is_taken_off(backlog, drawn):
    backlog.add_decisions(audited(drawn))
    before = estimate(backlog, drawn)
    now = frame(backlog)
    rest = [of for pile in (Pile.confirm, Pile.decide) for of in now.open[pile] if now.all[of][1] == "proactive"][:30]
    backlog.add_decisions([Decision(of, "proactive", "赵一鸣", DAY) for of in rest])
    after = estimate(backlog, drawn)
    of = sum(counts.get("proactive", 0) for counts in drawn.frame.values())
    seen = sum(label == "proactive" for label in drawn.machine.values())
    assert (before.since, after.since) == (0, 30)
    assert before.left["proactive"].high <= of - seen
    assert after.left["proactive"].high <= of - seen - 30


def test_an_archive_that_changed_is_said(backlog, drawn):
    known = backlog.record(next(iter(frame(backlog).all)))
    backlog.put_record(
        type(known)(**{f: getattr(known, f) for f in known.__slots__} | {"attribute": other(known.attribute)})
    )
    backlog.add_decisions(audited(drawn))
    found = estimate(backlog, drawn)
    assert found.since is None
    assert "重新抽样" in list(trust_lines(found))[-2]


def test_auditors_who_differ_settle_nothing(backlog, drawn):
    backlog.add_decisions(audited(drawn))
    one = next(iter(drawn.machine))
    backlog.add_decisions([Decision(one, other(drawn.machine[one]), "第二人", DAY, sample=drawn.name)])
    assert estimate(backlog, drawn).audited == len(drawn.machine) - 1


def test_a_decision_outside_the_sample_is_no_audit(backlog, drawn):
    backlog.add_decisions([decision(of) for of in drawn.machine])
    assert estimate(backlog, drawn).audited == 0


def test_the_truth_lies_in_the_interval(backlog, monkeypatch):
    """Archives with known errors: drawn, audited and estimated from end to end."""
    held, labels = 0, machine(backlog)
    for seed in range(25):
        drawn = draw(backlog, Wanted(0.12, 0.95, seed, (Pile.confirm, Pile.decide)), DAY)
        dice = random.Random(seed + 100)
        wrong = {of for pile in drawn.frame for of in frame(backlog).open[pile] if dice.random() < 0.1}
        with monkeypatch.context() as patch:
            patch.setattr(backlog, "decisions", partial(iter, audited(drawn, wrong)))
            found = estimate(backlog, drawn)
        truth = sum(labels[of] == "proactive" for of in wrong - set(drawn.machine))
        held += found.left["proactive"].low <= truth <= found.left["proactive"].high
    assert held >= 22
