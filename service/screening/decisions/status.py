"""Decisions, samples and estimates told in lines for a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from math import ceil, floor

from gongkai.model.estimates import Estimate
from gongkai.model.finding import Attribute
from gongkai.service.screening.decisions.conflicts import FIELDS, Agreement, Conflict, by_record, conflicts, standing
from gongkai.service.screening.decisions.deciding import Imported
from gongkai.service.screening.decisions.sampling import sample_names
from gongkai.service.screening.decisions.teaching import Order, noted_order
from gongkai.service.screening.decisions.trust import PileTrust, Trust
from gongkai.service.screening.records import Pile
from gongkai.service.screening.results.entries import label
from gongkai.service.screening.store import Store

#: Conflicts that a terminal lists; the workbook has them all.
MOST_SHOWN = 50
#: How decisions and estimates get into what people read.
RENEW = "再次运行同一条 gongkai screen 命令，审查清单、报告和待公开清单就会更新（没有变的文件不会重读）。"


def imported_lines(done: Imported) -> Iterator[str]:
    """What came of an import, and each row that was refused with its cell."""
    by_group = f"（其中适用整组 {done.applied} 件）" if done.applied else ""
    yield f"新的决定 {done.new} 件{by_group}，先前已有 {done.known} 件，填得不对 {len(done.wrong)} 处。"
    for wrong in done.wrong:
        yield f"{wrong.file} {wrong.cell}：{wrong.message}"
    if done.wrong:
        yield "改正以后把整份文件再导入一次，已经导入的不会重复。"
    if done.new:
        yield RENEW


def conflict_lines(store: Store, found: list[Conflict]) -> Iterator[str]:
    """Records on which reviewers differ, by title and opinion."""
    yield f"意见不一致 {len(found)} 件。"
    lines = Counter(_difference(store, conflict) for conflict in found)
    for line, count in list(lines.items())[:MOST_SHOWN]:
        yield f"  {line}" + (f"，标题相同的共 {count} 件" if count > 1 else "")
    if len(lines) > MOST_SHOWN:
        yield f"  还有 {sum(list(lines.values())[MOST_SHOWN:])} 件，用 -o 写成表格查看。"


def _difference(store: Store, conflict: Conflict) -> str:
    record = store.record(conflict.digest)
    fields = "、".join(FIELDS[field] for field in conflict.fields)
    told = "，".join(f"{d.by} {label(d.attribute)}" for d in conflict.opinions)
    return f"{record.title if record and record.title else '（无标题）'}：{told}（不同：{fields}）"


def agreement_lines(found: Iterable[Agreement]) -> Iterator[str]:
    """How far every two reviewers agree."""
    for number, one in enumerate(found):
        if not number:
            yield "两人的一致程度，只算两人各自逐件决定的（kappa：1 是完全一致，0 是和碰巧一样）："
        share = _share(one.same)
        yield f"  {one.first}和{one.second} {FIELDS[one.field]}：{one.cases} 件，一致 {share}，kappa {one.kappa:.2f}"


def status(store: Store) -> Iterator[str]:
    """How far the review has come."""
    piles = {place.digest: place.pile for place in store.places()}
    made = by_record(store)
    decided = Counter(piles[digest] for digest in made if digest in piles)
    of = Counter(piles.values())
    yield f"共 {len(piles)} 件，已决定 {sum(decided.values())} 件。"
    for pile in Pile:
        yield f"  {pile.label}：{decided[pile]}/{of[pile]} 件"
    labels = Counter(d.attribute if (d := standing(made[digest])) else "" for digest in made if digest in piles)
    counts = [f"{a.label} {labels[a]} 件" for a in Attribute]
    yield f"决定：{'、'.join(counts)}；公开属性意见不一致、还没有定的 {labels['']} 件。"
    if apart := len(conflicts(store)):
        yield f"意见不一致 {apart} 件（包括理由、目录不一致的），用 gongkai decisions conflicts 查看。"
    if gone := len(made.keys() - piles.keys()):
        yield f"另有 {gone} 件决定了以后文件改过或者移走了，不算在内；改过的须重新决定。"
    if people := Counter(decision.by for decisions in made.values() for decision in decisions):
        yield "审查人：" + "；".join(f"{name} {count} 次" for name, count in people.most_common()) + "。"
    yield from _samples(store)
    if order := noted_order(store):
        yield order_line(order)


def _samples(store: Store) -> Iterator[str]:
    audited = Counter(name for name, _ in {(d.sample, d.digest) for d in store.decisions() if d.sample})
    for name in sample_names(store):
        yield f"抽样 {name}：已审 {audited[name]}/{len(store.samples(name))} 件"


def order_line(order: Order) -> str:
    """What active learning says of going on."""
    advice = "可以停止逐件审查，用抽样核实" if order.stop else "建议接着审"
    found = f"估计已经找到 {order.recall:.0%} 的不予公开文件"
    return f"主动学习：已审 {order.reviewed} 件，还有 {order.waiting} 件，{found}，{advice}。"


def trust_lines(found: Trust) -> Iterator[str]:
    """Error rates of the piles and of all, and what is still wrong."""
    yield f"抽样 {found.sample}（{found.drawn}），置信度 {found.confidence:.0%}，已审 {found.audited} 件。"
    for pile in found.piles:
        yield f"  {_pile(pile)}"
    if not found.audited:
        yield "还没有抽查的决定：请填好抽样表，用 gongkai decisions import 导入。"
        return
    yield f"合计差错率 {_share(found.rate)}。"
    yield "改正抽查发现的以后，估计还有："
    for attribute, number in found.left.items():
        yield f"  误判为{label(attribute)}的 {_number(number)}"
    if found.since is None:
        yield "抽样以后档案有变化，估计只说抽样时的那些文件；要估计现在的，请重新抽样。"
    elif found.since:
        yield f"抽样以后另外决定的 {found.since} 件已经扣除。"
    yield RENEW


def _pile(pile: PileTrust) -> str:
    head = f"{pile.pile.label}：{pile.of} 件，抽 {pile.drawn}，审 {pile.audited}"
    if not pile.audited:
        return f"{head}，还没有审，不在合计之内"
    missing = f"（还有 {pile.drawn - pile.audited} 件没有审）" if pile.audited < pile.drawn else ""
    return f"{head}{missing}，错 {pile.wrong}，差错率 {_share(pile.rate)}"


def _share(share: Estimate) -> str:
    return f"{share.value:.1%}（{share.low:.1%} 到 {share.high:.1%}）"


def _number(number: Estimate) -> str:
    return f"约 {number.value:.0f} 件（{floor(number.low)} 到 {ceil(number.high - 1e-6)} 件）"
