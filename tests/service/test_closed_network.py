"""Nothing ever calls out: a whole day's work with a guard on every socket, and the same where there is no network."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
WORK = HERE / "closedwork.py"


def guarded(folder, *before):
    """Do the day's work; what the guard wrote down."""
    noted = folder / "calls"
    noted.touch()
    paths = os.pathsep.join(filter(None, (str(HERE / "guard"), os.environ.get("PYTHONPATH", ""))))
    environment = os.environ | {"PYTHONPATH": paths, "GUARD_FILE": str(noted)}
    data = folder / "data"
    data.mkdir(mode=0o700)
    done = subprocess.run(
        [*before, sys.executable, str(WORK), str(data)], env=environment, capture_output=True, text=True, timeout=600
    )
    assert done.returncode == 0, done.stdout + done.stderr[-2000:]
    assert done.stdout.startswith("done")
    return noted.read_text()


def test_the_guard_sees_a_call(tmp_path):
    """Else the next tests could not fail."""
    noted = tmp_path / "calls"
    environment = os.environ | {"PYTHONPATH": str(HERE / "guard"), "GUARD_FILE": str(noted)}
    call = "import socket; s = socket.socket(); s.settimeout(0.01); s.connect_ex(('192.0.2.7', 9))"
    subprocess.run([sys.executable, "-c", call], env=environment, check=True, timeout=120)
    assert "socket.connect" in noted.read_text()


def test_a_days_work_calls_nobody(tmp_path):
    assert guarded(tmp_path) == ""


def test_a_days_work_without_a_network(tmp_path):
    unshare, ip = shutil.which("unshare"), shutil.which("ip")
    apart = [unshare, "--net", "--map-root-user"]
    if not unshare or not ip or subprocess.run([*apart, "true"], capture_output=True).returncode:
        pytest.skip("this machine lets nobody make a network of their own")
    up = f'{ip} link set lo up && exec "$0" "$@"'
    assert guarded(tmp_path, *apart, "sh", "-c", up) == ""


def test_no_library_collects_what_it_might_send(tmp_path):
    """ONNX Runtime would keep a device's number and events in the home folder, and send them away."""
    code = (
        "import os; from gongkai.service.cli import main;"
        "status = main(['suggest', os.environ['PAPER']]);"
        "files = [os.readlink(f'/proc/self/fd/{name}') for name in os.listdir('/proc/self/fd')[:-1]];"
        "print('HELD', status, [file for file in files if file.endswith(('.db', '.db-wal'))])"
    )
    paper = HERE.parents[1] / "corpora" / "samples" / "06-信访事项答复意见书.txt"
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("XDG_", "ORT_"))}
    environment |= {"HOME": str(tmp_path), "PAPER": str(paper)}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, timeout=120)
    assert done.stdout.splitlines()[-1] == "HELD 0 []", done.stderr[-2000:]
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
