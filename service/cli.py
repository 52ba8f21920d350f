"""gongkai COMMAND: arguments -> one call, exit codes."""

from __future__ import annotations

import argparse
import errno
import os
import sys
import traceback
from collections.abc import Iterable, Sequence
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

from gongkai.model.errors import GongkaiError
from gongkai.service.commands.engine import engine_options
from gongkai.service.commands.failing import Usage, in_chinese
from gongkai.service.settings import Settings

DONE, FAILED, USAGE = 0, 1, 2
_FULL = frozenset((errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO))
_LOST = "结果无法写出：输出没有写完，请确认磁盘没有满，再运行一次。"


class Command(NamedTuple):
    """A command: what it is for, its module in service/commands, the names of what adds its options and of what does
    it, and whether it takes a model and tables of one's own."""

    says: str
    module: str
    options: str = "options"
    run: str = "run"
    engine: bool = False

    def part(self, name: str) -> Any:  # noqa: ANN401
        """A function of its module, which is loaded now."""
        return getattr(import_module(f"gongkai.service.commands.{self.module}"), name)


COMMANDS = {
    "suggest": Command("建议公开属性、目录、负面清单、个人信息", "suggest", engine=True),
    "redact": Command("写出遮蔽了个人信息的副本（保持原格式），并核验", "redact", engine=True),
    "fields": Command("看公文有没有目录事项要求的要素；认出工作方案、清单里的目录事项", "fields", engine=True),
    "check": Command("检查已遮蔽或已公开的文件：漏遮、能恢复、不该遮、遮法不一致", "check", engine=True),
    "screen": Command("无人值守筛查成批的旧文件，给出按轻重排好的清单和报告", "screen", run="screen", engine=True),
    "decisions": Command("审查清单填好后的决定：导入、不一致、导出、进度", "decisions"),
    "sample": Command("抽样核查：抽出样本，估计还有多少判错的", "decisions", "sample_options"),
    "mapping": Command("读出加密的对照表（遮蔽前后的值）", "redact", "mapping_options", "mapping_run"),
    "serve": Command("启动网页和接口服务", "serve", engine=True),
    "config": Command("列出全部设置：现值、来源、说明，并检查有没有问题", "config"),
    "user": Command("用户：新增、停用、重设口令、解锁（直接改数据库）", "access", "user_options"),
    "key": Command("接口密钥：新增、列出、撤销（直接改数据库）", "access", "key_options"),
    "backlog": Command("存量清单：把筛查结果导入服务、列出、导出", "backlog"),
    "report": Command("年度报告、月度通报等报表：按记录编制，写成 .xlsx 或者 .docx", "report"),
    "precedents": Command("先例：导入以前的决定", "precedents", engine=True),
    "addin": Command("Word、WPS 加载项：写出登记用的清单文件", "addin"),
    "audit": Command("核验留痕：有没有被改动、删除", "store", "audit_options", "audit"),
    "backup": Command("把服务的数据备份成一个文件", "store", "backup_options", "back_up"),
    "restore": Command("从备份恢复到空的数据库", "store", "restore_options", "restore"),
    "database": Command("数据库的表结构：查看、升级", "store", "database_options", "database"),
    "vault": Command("加密保存的内容：查看用的是哪把密钥、换密钥", "vault"),
    "clock": Command("公开时限：怎样计算到哪一天，核对清单里超期补录的", "clock", engine=True),
    "validity": Command("文件效力：废止、宣布失效、继续有效了哪些文件，自己有效到哪一天", "validity"),
    "rulebook": Command("规则表：检查、列出版本、导出、导入草稿", "rulebook"),
    "meeting": Command("会议：检查会议方案，把纪要分成议定事项和讨论记录", "meeting", engine=True),
    "version": Command("版本", "", "", ""),
}


class _Form(argparse.HelpFormatter):
    def add_usage(
        self,
        usage: str | None,
        actions: Iterable[argparse.Action],
        groups: Iterable[argparse._MutuallyExclusiveGroup],
        prefix: str | None = None,
    ) -> None:
        super().add_usage(usage, actions, groups, "用法：" if prefix is None else prefix)


class _Parser(argparse.ArgumentParser):
    """A command line that speaks Chinese, where argparse would not."""

    def __init__(self, **given: Any) -> None:  # noqa: ANN401
        super().__init__(**{"formatter_class": _Form, **given, "add_help": False})
        self._positionals.title, self._optionals.title = "参数", "选项"
        self.add_argument("-h", "--help", action="help", help="显示这份说明")

    def error(self, message: str) -> None:  # type: ignore[override]
        self.print_usage(sys.stderr)
        self.exit(USAGE, f"用法不对：{in_chinese(message)}。运行 {self.prog} --help 查看说明。\n")


def parser(wanted: str | None = None) -> argparse.ArgumentParser:
    """The command line; with `wanted`, the options of that command alone, as the others need not be loaded."""
    top = _Parser(
        prog="gongkai", description="公开：为政府公文建议公开属性，查找并遮蔽个人信息。机器只建议，由人决定。"
    )
    commands = top.add_subparsers(dest="command", required=True, metavar="命令", parser_class=_Parser)
    for name, command in COMMANDS.items():
        one = commands.add_parser(name, help=command.says)
        if command.options and wanted in (None, name):
            command.part(command.options)(one)
            if command.engine:
                engine_options(one)
    return top


def _settings(options: argparse.Namespace) -> Settings:
    settings = Settings.from_environment(os.environ)
    names = ("profile", "tables", "model", "fast", "open")
    return replace(settings, **{name: value for name in names if (value := getattr(options, name, None))})


def _done(options: argparse.Namespace) -> int:
    command = COMMANDS[options.command]
    if not command.module:
        from gongkai.model.screener import product_version

        print(product_version())
        return DONE
    done = DONE if command.part(command.run)(options, _settings(options)) else FAILED
    sys.stdout.flush()  # here, where it can be told that it fails
    return done


def _place(error: BaseException) -> str:
    """What went wrong and where in the code; an exception's own words may hold document text."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__}（{Path(last.filename).name} 第 {last.lineno} 行）"


def _silent() -> None:
    """What is left for standard output goes nowhere, or it would be tried again at the end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _unforeseen(error: Exception) -> str:
    return f"程序出错：{_place(error)}。后面的文件没有处理；请把这一行告诉开发者。"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command: 0 done, 1 some files failed or are not clean, 2 usage."""
    words = sys.argv[1:] if arguments is None else arguments
    wanted = next((word for word in words if word in COMMANDS), "")
    try:
        return _done(parser(wanted).parse_args(words))
    except Usage as error:
        print(f"{error.title}：{error.message}", file=sys.stderr)
        return USAGE
    except GongkaiError as error:
        print(f"{error.title}：{error.message}", file=sys.stderr)
        return FAILED
    except BrokenPipeError:
        _silent()
        return DONE
    except KeyboardInterrupt:
        print("已停止；停止前输出的结果有效。", file=sys.stderr)
        return FAILED
    except OSError as error:
        if error.errno in _FULL:
            _silent()
        print(_LOST if error.errno in _FULL else _unforeseen(error), file=sys.stderr)
        return FAILED
    except Exception as error:
        print(_unforeseen(error), file=sys.stderr)
        return FAILED


if __name__ == "__main__":
    sys.exit(main())
