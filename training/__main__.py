"""python -m gongkai.training COMMAND: corpora in, a model folder or figures out."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from typing import Any

from gongkai.model.errors import GongkaiError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 done, 1 failed with one line, 2 wrong arguments, 130 stopped."""
    try:
        from gongkai.training.arguments import parser  # here, so that a missing library is named below
        from gongkai.training.commands import COMMANDS

        options = parser().parse_args(arguments)
        result: Any = COMMANDS[options.command](options)
    except GongkaiError as error:
        print(f"错误：{error}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"错误：文件读写不成功（{error.filename}：{error.strerror}），请检查路径和权限。", file=sys.stderr)
        return 1
    except ModuleNotFoundError as error:
        print(f"错误：没有安装 {error.name}，请先运行 pip install 'gongkai[training]'。", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("已停下：做完的部分已经保存，用同样的命令可以接着做。", file=sys.stderr)
        return 130
    if isinstance(result, str):
        print(result)
    else:
        print(json.dumps(result, ensure_ascii=False, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
