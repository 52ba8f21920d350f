"""What was hidden and how, what stayed and why, what a person must look at: JSON (redaction.schema.json) and a page."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime

from jinja2 import Environment, PackageLoader

from gongkai.model.deid.hiding import OMITTED, TERMS
from gongkai.model.deid.proof import PERSONS, Values, normal
from gongkai.model.deid.redaction import union
from gongkai.model.deid.smallcells import singled_out, standing_out
from gongkai.model.finding import Action, Finding
from gongkai.model.folding import fold
from gongkai.model.mentions.signing import inked
from gongkai.model.rulebook import Rulebook
from gongkai.model.tablerows import PARTS
from gongkai.service.redacting import Copy
from gongkai.service.rulings import RULED
from gongkai.service.settings import ZONE
from gongkai.service.wire import Json

SCHEMA = 1
DOUBT = 0.6


def sha256(data: bytes) -> str:
    """`sha256:` and the hexadecimal digest of a file."""
    return "sha256:" + hashlib.sha256(data).hexdigest()


def report(copy: Copy, rules: Rulebook, output: str, made: str = "", show_kept: bool = False) -> Json:
    """The report of one file. `made` is the time, as the caller tells it; `show_kept` shows the values that stay."""
    engine = copy.screening.engine
    values = Values.of(copy.findings, copy.judged.text)
    told: Json = {
        "schema": SCHEMA,
        "made": made,
        "source": {"name": _named(copy.name, values), "bytes": len(copy.source), "sha256": sha256(copy.source)},
        "copy": {"name": _named(output, values), "bytes": len(copy.written.data), "sha256": sha256(copy.written.data)},
        "engine": {"version": engine.version, "model": engine.model, "rulebook": engine.rulebook},
        "profile": engine.profile,
        "style": copy.style.name,
        "hidden": [*_hidden(copy, rules)],
        "kept": [*_kept(copy, rules, show_kept)],
        "look": [*of_name(copy, output, rules), *_look(copy, rules)],
        "dropped": list(copy.written.dropped),
        "proof": {"passed": True, "values": copy.values, "parts": copy.parts},
    }
    ruled = Counter(f.action.value for f in copy.findings if f.source == RULED)
    return told | ({"ruled": {action.value: ruled[action.value] for action in Action}} if ruled else {})


def _named(name: str, values: Values) -> str:
    """A file name without the hidden values in it: a report is kept and shown beside the copy."""
    shown = name.encode(errors="replace").decode()
    for span in reversed(union(hit.span for hit in values.hits(shown))):
        shown = shown[: span.start] + OMITTED + shown[span.end :]
    return shown


def renamed(copy: Copy, name: str) -> str:
    """A file name with what stands in the copy instead of each hidden value; 〔略〕 for what no name may hold."""
    hits = Values.of(copy.findings, copy.judged.text).hits(name)
    instead = {hit.span: OMITTED if "*" in hit.value.replacement else hit.value.replacement for hit in hits}
    for span in reversed(union(instead, touching=False)):
        name = name[: span.start] + (instead.get(span) or OMITTED) + name[span.end :]
    return name


def of_name(copy: Copy, name: str, rules: Rulebook) -> Iterator[str]:
    """What only a person can change: the copy is called as its original is."""
    hits = Values.of(copy.findings, copy.judged.text).hits(name)
    if kinds := dict.fromkeys(rules.type[hit.value.kind].name for hit in hits):
        yield f"文件名里有已遮蔽的{'、'.join(kinds)}，公开前请改名"


def _hidden(copy: Copy, rules: Rulebook) -> Iterator[Json]:
    """Counts by type: how it was hidden, in GB/T 37964's words, and where."""
    for kind in sorted({f.kind for f in copy.hidden}):
        found = [f for f in copy.hidden if f.kind == kind]
        way = copy.style.way(kind, rules)
        values = len({normal(kind, f.span.of(copy.judged.text)) for f in found})
        places = Counter(copy.judged.place(f.span.start) for f in found)
        yield {
            "type": kind,
            "name": rules.type[kind].name,
            "count": len(found),
            "values": values,
            "way": TERMS[way.mask],
            "basis": way.basis,
            "places": [{"place": place, "count": count} for place, count in places.items()],
        }


def _kept(copy: Copy, rules: Rulebook, show: bool) -> Iterator[Json]:
    """Personal data that stays, one entry for each type, place and reason."""
    groups: dict[tuple[str, str, str, str], list[str]] = {}
    for f in copy.kept:
        key = (f.kind, copy.judged.place(f.span.start), f.why, f.basis)
        groups.setdefault(key, []).append(f.span.of(copy.judged.text))
    for (kind, place, why, basis), values in groups.items():
        entry: Json = {"type": kind, "name": rules.type[kind].name, "place": place, "count": len(values)}
        entry |= {"why": why, "basis": basis}
        yield entry | {"shown": sorted(set(values))} if show else entry


def _look(copy: Copy, rules: Rulebook) -> Iterator[str]:
    """What only a person can judge, one sentence each."""
    yield from copy.written.by_eye
    yield from _signatures(copy)
    yield from _doubtful(copy, rules)
    yield from _both_ways(copy, rules)
    names = [copy.edited.moved(f.span) for f in copy.hidden if f.kind in PERSONS]
    now = copy.edited.now
    rows: dict[str, set[int]] = {}
    for place, number in map(now.numbered, singled_out(now.text, names)):
        rows.setdefault(place, set()).add(number)
    for place, numbers in rows.items():
        yield f"{place}第{_runs(numbers)}{now.unit(place)}仍可由单位、日期和事由认出一人，请人工判断"
    yield from _combined(copy, rules, names)


def _combined(copy: Copy, rules: Rulebook, names: Iterable[int]) -> Iterator[str]:
    """Quasi-identifiers that together still single out somebody, one sentence a place of the file (GB/T 42460)."""
    now = copy.edited.now
    lines: dict[str, list[int]] = {}
    parts: dict[str, set[str]] = {}
    for found in standing_out(now.text, names, rules.traits):
        place, number = now.numbered(found.at)
        lines.setdefault(place, []).append(number)
        parts.setdefault(place, set()).update(found.parts)
    for place, numbers in lines.items():
        told = "、".join(PARTS[part] for part in PARTS if part in parts[place])
        yield (
            f"{place}第{_runs(numbers)}{now.unit(place)}有{len(numbers)}处由准标识符（{told}）合起来仍可能认出一人，有重标识风险，"
            "请人工判断是否再泛化或者删去"
        )


def _signatures(copy: Copy) -> Iterator[str]:
    """Ink that no text shows: only a person can see whether it is gone."""
    places = Counter(copy.judged.place(at) for at in inked(fold(copy.judged.text)))
    for place, count in places.items():
        yield f"{place}有{count}处提到手写签名、印章、手印或者照片，文字之外的部分请人工查看"


def _doubtful(copy: Copy, rules: Rulebook) -> Iterator[str]:
    """Findings of which the machine is not sure, by the line of their place."""
    for action, done in ((Action.mask, "已遮蔽"), (Action.keep, "保留")):
        doubtful = [f for f in copy.findings if f.action == action and f.score < DOUBT]
        for kind, lines in _lines(copy, doubtful):
            yield f"{lines}的{rules.type[kind].name}{done}，但把握不大，请人工核对"


def _lines(copy: Copy, findings: Iterable[Finding]) -> Iterator[tuple[str, str]]:
    """Each type with the lines of each place that hold it."""
    groups: dict[tuple[str, str], set[int]] = {}
    for finding in findings:
        place, number = copy.judged.numbered(finding.span.start)
        groups.setdefault((finding.kind, place), set()).add(number)
    for (kind, place), numbers in groups.items():
        yield kind, f"{place}第{_runs(numbers)}{copy.judged.unit(place)}"


def _runs(numbers: Iterable[int]) -> str:
    """Numbers in order, three and more that follow each other as one: 1、4—9."""
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return "、".join(f"{run[0]}—{run[-1]}" if len(run) > 2 else "、".join(map(str, run)) for run in runs)


def _both_ways(copy: Copy, rules: Rulebook) -> Iterator[str]:
    """Values that stay at one place and are hidden at another, and numbers that would have stayed but for another."""
    text = copy.judged.text
    hidden = {(f.kind, normal(f.kind, f.span.of(text))) for f in copy.hidden}
    machine = (f for f in copy.kept if f.source != RULED)
    both = [f for f in machine if (f.kind, normal(f.kind, f.span.of(text))) in hidden]
    for kind, lines in _lines(copy, both):
        yield f"{lines}保留的{rules.type[kind].name}在别处已遮蔽，请人工核对是否一致"
    spans = {f.span for f in copy.hidden if not f.source.startswith(RULED)}
    overruled = [f for f in copy.screening.personal if f.action == Action.keep and f.span in spans]
    for kind, lines in _lines(copy, overruled):
        yield f"{lines}的{rules.type[kind].name}本可保留，因在别处须遮蔽而一并遮蔽，请人工核对"


def page(reports: Iterable[Json]) -> str:
    """Reports as one Chinese page to print: everything it needs is inside it."""
    environment = Environment(loader=PackageLoader("gongkai.service"), autoescape=True)
    environment.filters["when"] = lambda told: f"{datetime.fromisoformat(told).astimezone(ZONE):%Y-%m-%d %H:%M}"
    return environment.get_template("redaction.html").render(reports=list(reports))


def pairs(copy: Copy) -> Iterator[tuple[str, str, str, int]]:
    """Type, value, replacement and count of everything hidden: for the encrypted mapping only."""
    text = copy.judged.text
    counts = Counter((f.kind, f.span.of(text), f.replacement) for f in copy.hidden)
    yield from ((kind, value, shown, count) for (kind, value, shown), count in counts.items())
