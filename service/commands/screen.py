"""The command screen: its options, and what it says when a run has ended."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from gongkai.service.screening.engine.orders import LOCAL, RAY, Ended, Order
from gongkai.service.screening.engine.progress import Progress
from gongkai.service.screening.engine.running import run
from gongkai.service.screening.results.outputs import filled
from gongkai.service.settings import Settings

SECONDS, SECONDS_WITH_OCR, MEMORY = 60.0, 600.0, 1536
_LEAST_MEMORY = 512
_MOST_JOBS = 64


def options(command: argparse.ArgumentParser) -> None:
    """What screen understands."""
    add = command.add_argument
    add("sources", type=Path, nargs="+", metavar="来源", help="文件夹、压缩包、邮件、登记表（CSV、XLSX）或 JSONL")
    add("-o", "--out", type=Path, required=True, metavar="目录", help="结果目录；再次运行时接着做，没变的文件不重读")
    add("--jobs", type=_jobs, default=_cores(), metavar="N", help="同时用几个进程，默认为处理器核数")
    add("--engine", choices=(LOCAL, RAY), default=LOCAL, help="在本机做，或者在 Ray 集群上做（需要 ray 扩展）")
    add("--fast", action="store_true", help="快速模式：不用编码器，不查姓名、住址和敏感信息")
    add("--ocr", action="store_true", help="识别图片和扫描件里的文字（需要 ocr 扩展）")
    add("--published", type=Path, metavar="清单", help="已公开文件的标题和文号（CSV、XLSX、TXT、JSONL），比对后标出")
    add("--sources-known", type=Path, metavar="清单", help="已知属性的来文（同上），转发件跟随来文的属性")
    most = f"每件最多用多少处理器时间，默认 {SECONDS:g}，用 --ocr 时 {SECONDS_WITH_OCR:g}"
    add("--seconds", type=_seconds, metavar="秒", help=most)
    add("--memory", type=_memory, default=MEMORY, metavar="MB", help=f"每个进程最多占用多少内存，默认 {MEMORY}")
    add("--restart", action="store_true", help="全部重新筛查（已有的决定保留）")
    add("--no-report", action="store_true", help="只筛查，不写清单和报告")


def order(given: argparse.Namespace, settings: Settings) -> Order:
    """The run that the options describe."""
    return Order(
        sources=tuple(given.sources),
        out=given.out,
        settings=settings,
        jobs=given.jobs,
        seconds=given.seconds or (SECONDS_WITH_OCR if given.ocr else SECONDS),
        memory=given.memory,
        ocr=given.ocr,
        published=given.published,
        known=given.sources_known,
        restart=given.restart,
        report=not given.no_report,
        engine=given.engine,
    )


def screen(given: argparse.Namespace, settings: Settings) -> bool:
    """Run it and say how it ended; whether every file gave a record and nothing was stopped."""
    ended = run(order(given, settings), Progress(sys.stderr))
    sys.stdout.write("".join(f"{line}\n" for line in said(ended, given.out, not given.no_report)))
    return not ended.failed and not ended.stopped


def said(ended: Ended, out: Path, report: bool) -> Iterator[str]:
    """What people read at the end of a run."""
    tally = ended.tally
    if ended.stopped:
        yield f"已停止：这次处理了 {tally.done} 个文件，都已保存；用同一条命令接着做。"
        return
    yield f"筛查完成：{tally.done} 个文件，{ended.records} 件记录，{ended.failed} 个没读成。"
    spared = [(tally.unchanged, "没有变化"), (tally.reused, "内容重复")]
    if told := "、".join(f"{count} 个{why}" for count, why in spared if count):
        yield f"其中 {told}，没有重新判断。"
    for reason, count in sorted(ended.left_out.items()):
        yield f"没有筛查：{reason} {count} 个。"
    if report:
        yield f"清单和报告在 {out}：worklist.xlsx 交审查人填写，report.html 看总体情况。"
        if ended.failed:
            yield "没读成的文件和办法，见 worklist.xlsx 的“没读成的文件”一表。"
        for kept in filled(out):
            yield (
                f"有人填写过的清单没有覆盖，另存为 {kept}；其中的决定还没有导入的，"
                f"请运行 gongkai decisions import {out} {out / kept}，再运行一次筛查；已经导入的可以删除。"
            )


def _cores() -> int:
    return min(_MOST_JOBS, os.cpu_count() or 1)


def _jobs(text: str) -> int:
    return _whole(text, 1, _MOST_JOBS)


def _memory(text: str) -> int:
    return _whole(text, _LEAST_MEMORY, 1024 * 1024)


def _seconds(text: str) -> float:
    return float(_whole(text, 1, 86_400))


def _whole(text: str, least: int, most: int) -> int:
    if not text.isdecimal() or not least <= int(text) <= most:
        raise argparse.ArgumentTypeError(f"应当是 {least} 到 {most} 的整数")
    return int(text)
