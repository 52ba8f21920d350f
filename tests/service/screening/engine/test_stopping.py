"""Runs that can't begin or have to stop: said in one sentence, and nothing of what was done is lost."""

from __future__ import annotations

import io
import signal
import stat
from dataclasses import replace

import pytest
from orders import count, fill, ordered, screened
from papers import NOTICE

from gongkai.model.errors import OutputError, RequestError
from gongkai.service.screening.engine import running
from gongkai.service.screening.engine.claiming import Stop, claimed
from gongkai.service.screening.engine.progress import Progress
from gongkai.service.screening.engine.running import run
from gongkai.service.screening.results.drafts import PREFIX
from gongkai.service.screening.store import Store


@pytest.fixture
def order(tmp_path):
    return ordered(tmp_path)


def test_a_source_that_vanishes_stops_the_run_and_it_goes_on_later(order):
    fill(order, **{f"文{n:03}_txt": f"{NOTICE}{n}" for n in range(120)})
    source = order.sources[0]
    away = source.with_name("移走")

    class Moved(Progress):
        def tick(self, tally):
            if tally.read and source.exists():
                source.rename(away)

    with pytest.raises(RequestError, match="同一条命令继续"):
        run(order, Moved(io.StringIO()))
    away.rename(order.sources[0])
    assert 0 < count(order) < 120
    ended = screened(order)
    assert (ended.failed, ended.records, ended.tally.unchanged > 0) == (0, 120, True)


def test_one_run_at_a_time(order):
    fill(order, 甲_txt=NOTICE)
    with claimed(order.out), pytest.raises(RequestError, match="正被另一次筛查使用"):
        screened(order)


def test_leftovers_of_a_killed_run_go(tmp_path):
    (tmp_path / ".spool-x" / "y").mkdir(parents=True)
    with claimed(tmp_path) as spool:
        assert [path.name for path in tmp_path.glob(".spool-*")] == [spool.name]
        assert stat.S_IMODE(spool.stat().st_mode) == 0o700
    assert not list(tmp_path.glob(".spool-*"))


def test_half_a_list_of_a_killed_run_goes(order):
    fill(order, 甲_txt=NOTICE)
    order.out.mkdir()
    (order.out / f"{PREFIX}x").write_text("关于停水的通告")
    screened(order)
    assert not list(order.out.glob(f"{PREFIX}*"))


def test_a_lock_that_leads_elsewhere_is_refused(tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / ".lock").symlink_to(tmp_path / "other")
    with pytest.raises(OutputError, match="用不了"), claimed(tmp_path / "out"):
        pass
    assert not (tmp_path / "other").exists()


@pytest.mark.parametrize(
    ("changed", "error", "words"),
    [
        ({"out": "档案/a.txt/out"}, OutputError, "可写"),
        ({"sources": "没有"}, RequestError, "没有"),
        ({"out": "档案"}, RequestError, "就是来源"),
        ({"published": "没有.csv"}, RequestError, "清单"),
        ({"known": "没有.csv"}, RequestError, "清单"),
    ],
)
def test_what_can_not_work_is_said_before_anything_is_read(order, tmp_path, changed, error, words, monkeypatch):
    fill(order, a_txt=NOTICE)
    monkeypatch.setattr(running, "Pool", None)
    (key, name), *_ = changed.items()
    value = (tmp_path / name,) if key == "sources" else tmp_path / name
    with pytest.raises(error, match=words):
        screened(replace(order, **{key: value}))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_asks_the_run_to_stop(number):
    before = signal.getsignal(number)
    with Stop() as stop:
        signal.raise_signal(number)
        assert stop.wanted
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(number)
    assert signal.getsignal(number) == before


def test_ctrl_c_keeps_what_is_done(order):
    fill(order, **{f"文{n:03}_txt": f"{NOTICE}{n}" for n in range(200)})

    class Impatient(Progress):
        asked = False

        def tick(self, tally):
            if tally.read >= 9 and not self.asked:  # several papers may come in between two ticks
                self.asked = True
                signal.raise_signal(signal.SIGINT)

    ended = run(order, Impatient(io.StringIO()))
    assert ended.stopped and 9 <= ended.tally.read < 200
    assert count(order) == ended.tally.read
    with Store(order.out) as store:
        assert (store.run, list(store.places())) == (0, [])
