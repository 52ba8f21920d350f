"""python -m gongkai.service: the command line."""

import sys

from gongkai.service.cli import main

sys.exit(main())
