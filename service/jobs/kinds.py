"""What jobs there are. A kind's code is loaded when it is first needed; a new kind is a line here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module

from gongkai.model.errors import RequestError
from gongkai.service.jobs.work import Work
from gongkai.service.wire import Json


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of job: its Chinese name, the action (roles.toml) that its owner must be allowed, and the function that
    does it, as `module:function` below gongkai.service. It gets a Work and returns the job's `result`.

    `files` says how many files may come with it, none where it works on what the store has.
    """

    name: str
    action: str
    does: str
    files: int = 200

    @property
    def run(self) -> Callable[[Work], Json]:
        """The function, imported."""
        module, _, function = self.does.partition(":")
        found: Callable[[Work], Json] = getattr(import_module(f"gongkai.service.{module}"), function)
        return found


KINDS: dict[str, Kind] = {
    "suggest": Kind("建议公开属性", "suggest", "jobs.files:suggest"),
    "redact": Kind("遮蔽文件", "redact", "jobs.files:redact"),
    "check": Kind("检查文件", "check", "jobs.files:check"),
    "screen": Kind("筛查存量文件", "backlogs", "jobs.screening:screen", files=1),
    "bring": Kind("导入筛查结果", "backlogs", "jobs.bringing:bring", files=0),
    "export": Kind("导出审查清单", "backlogs", "jobs.exchanging:export", files=0),
    "import": Kind("导入填好的清单", "backlogs", "jobs.exchanging:take_in", files=1),
    "patrol": Kind("巡查已公开的文件", "patrol", "masking.patrolling:patrol"),
    "preview": Kind("预演规则表的改动", "rules", "rules.previewing:preview", files=0),
    "rescreen": Kind("负面清单变动后重新判断", "rules", "rules.rescreening:rescreen", files=0),
}


def kind_of(name: str) -> Kind:
    """Raises RequestError, which lists the kinds, for one that there isn't."""
    if name not in KINDS:
        raise RequestError(f"没有名为 {name[:30]} 的任务，可用的有：{'、'.join(KINDS)}。")
    return KINDS[name]
