"""What a deployment consists of is whole: versions by hash, a unit that reaches nobody, an image that is not root."""

from __future__ import annotations

import re
import shutil
import subprocess
import tomllib

import pytest
import yaml
from generated import ROOT

from gongkai.service.settings import Settings, explained

DEPLOY = ROOT / "service" / "deploy"
PIN = re.compile(r"^([a-z0-9._-]+)==(\S+) \\$", re.MULTILINE)
NAME = re.compile(r"^[A-Za-z0-9._-]+")
LOCKED_EXTRAS = ("postgres", "archives", "oidc")


def pinned():
    """Name -> text of a pin with its hashes."""
    text = (DEPLOY / "requirements.lock").read_text("utf-8")
    places = [*PIN.finditer(text)]
    ends = [match.start() for match in places[1:]] + [len(text)]
    return {match[1]: text[match.start() : end] for match, end in zip(places, ends, strict=True)}


def wanted():
    """Names of what the base install and the locked extras need."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = (project["optional-dependencies"][name] for name in LOCKED_EXTRAS)
    lines = [*project["dependencies"], *(line for extra in extras for line in extra)]
    return {NAME.match(line)[0].lower().replace("_", "-").replace(".", "-") for line in lines}


def test_every_dependency_is_pinned_with_hashes():
    found = pinned()
    assert wanted() <= set(found)
    assert all("--hash=sha256:" in text for text in found.values())


def test_the_lock_names_no_place():
    assert not re.search(r"https?://|file:|--index|--find-links", (DEPLOY / "requirements.lock").read_text("utf-8"))


def lines(name):
    return (DEPLOY / name).read_text("utf-8").splitlines()


def test_the_unit_reaches_nobody_and_changes_nothing_but_its_data():
    unit = set(lines("gongkai.service"))
    assert {
        "IPAddressDeny=any", "IPAddressAllow=localhost", "NoNewPrivileges=yes", "ProtectSystem=strict", "UMask=0077",
        "LimitCORE=0", "User=gongkai", "StateDirectoryMode=0700", "SystemCallFilter=@system-service",
    } <= unit  # fmt: skip


def test_systemd_finds_no_mistake_in_the_unit(tmp_path):
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("no systemd-analyze on this machine")
    unit = tmp_path / "gongkai.service"
    unit.write_text((DEPLOY / "gongkai.service").read_text("utf-8").replace("/opt/gongkai/bin/gongkai", "/bin/true"))
    told = subprocess.run([program, "verify", "--man=no", str(unit)], capture_output=True, text=True, timeout=60)
    assert (told.returncode, [line for line in told.stderr.splitlines() if "gongkai.service" in line]) == (0, [])


def test_the_environment_file_sets_what_exists():
    known = {row.name for row in explained(Settings(), {})}
    named = {match[1] for line in lines("gongkai.env") if (match := re.match(r"#? ?(GONGKAI_\w+)=", line))}
    assert named and named <= known


def test_the_image_is_built_without_a_network_and_not_run_as_root():
    steps = [line.split(maxsplit=1) for line in lines("Dockerfile") if re.match(r"[A-Z]+ ", line)]
    kinds = [kind for kind, _ in steps]
    assert "ADD" not in kinds and kinds.count("FROM") == 1
    user = kinds.index("USER")
    assert steps[user][1].isdecimal() and kinds.index("ENTRYPOINT") > user
    text = (DEPLOY / "Dockerfile").read_text("utf-8")
    assert text.count("pip install") == text.count("--no-index")
    assert "--require-hashes" in text and ":latest" not in text


def test_the_composition_shows_only_the_service_and_only_to_this_host():
    services = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
    parts = services["services"]
    assert "ports" not in parts["database"] and parts["database"]["networks"] == ["inner"]
    assert services["networks"]["inner"] == {"internal": True}
    assert all(port.startswith("127.0.0.1:") for port in parts["gongkai"]["ports"])
    assert parts["gongkai"]["read_only"] and parts["gongkai"]["cap_drop"] == ["ALL"]
    known = {row.name for row in explained(Settings(), {})} | {"PGPASSFILE"}
    assert set(parts["gongkai"]["environment"]) <= known
    named = {s if isinstance(s, str) else s["source"] for part in parts.values() for s in part.get("secrets", [])}
    assert named == set(services["secrets"])


def test_the_installer_is_a_shell_script_without_a_mistake():
    told = subprocess.run(["sh", "-n", str(DEPLOY / "install.sh")], capture_output=True, timeout=10)
    assert (told.returncode, told.stderr) == (0, b"")
    assert "--require-hashes" in (DEPLOY / "install.sh").read_text("utf-8")
