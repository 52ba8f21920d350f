"""A second run: only what is new is read, copies are judged once, what is gone leaves the worklist."""

from __future__ import annotations

from dataclasses import replace

from orders import fill, ordered, screened, slugs
from papers import APPROVAL, NOTICE, PENALTY, REQUEST

from gongkai.service.screening.records import Decision
from gongkai.service.screening.store import Store


def test_only_what_changed_is_read_again(tmp_path):
    order = ordered(tmp_path, jobs=1, seconds=4)
    fill(order, 甲_txt=NOTICE, 乙_txt=REQUEST, 丙_txt=APPROVAL, 丁_txt=NOTICE, 戊_loop=b"x", 己_txt="")
    first = screened(order).tally
    assert (first.read, first.unchanged, first.failed) == (6, 0, 2)
    again = screened(order).tally
    assert (again.read, again.unchanged, again.reused, again.failed) == (0, 6, 0, 0)

    with Store(order.out) as store:
        (gone,) = [row.record for row in store.files() if "丙" in row.path]
        store.add_decisions([Decision(gone, "proactive", "周明远", "2024-05-01")])
    (order.sources[0] / "丙.txt").unlink()
    fill(order, 乙_txt=PENALTY, 庚_txt=PENALTY)
    after = screened(replace(order, seconds=3))
    assert (after.tally.unchanged, after.tally.read, after.records) == (2, 4, 2), "another limit: what failed is tried"
    assert set(slugs(order)) == {"甲.txt", "乙.txt", "丁.txt", "戊.loop", "己.txt", "庚.txt"}
    with Store(order.out) as store:
        assert [decision.digest for decision in store.decisions(gone)] == [gone]
        assert gone not in {record.digest for record in store.records()}


def test_copies_are_judged_once_and_restart_judges_all(tmp_path):
    order = ordered(tmp_path)
    fill(order, **{f"份{n:02}_txt": NOTICE for n in range(30)})
    first = screened(order)
    assert (first.records, first.tally.read) == (1, 30)
    assert first.tally.reused >= 28, "two may be under way at once"
    anew = screened(replace(order, restart=True)).tally
    assert (anew.read, anew.unchanged) == (30, 0)
