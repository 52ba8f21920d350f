"""python closedwork.py FOLDER: a day's work against a real server with children, in whatever network there is.

Every request goes to loopback."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

TEXT = (
    "青禾县水务局关于青河路停水检修的通告\n\n广大市民：\n因管网检修，青河路沿线定于2024年5月6日8时至18时停水，请提前储水。"
    "联系人：赵一鸣，手机13805701234。\n\n青禾县水务局\n2024年4月28日\n"
)
LINKS = (
    "<html><body><h1>关于停水的通告</h1><img src='http://192.0.2.7/x.png'>"
    "<script src='//example.invalid/a.js'></script>"
    "<p>青河路沿线停水，请提前储水。</p></body></html>"
)
ENTITY = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "http://192.0.2.7/x">]><html><body><p>停水&x;通告</p></body></html>'
BOUNDARY = "closed-network"


def gongkai(*arguments, **more):
    return subprocess.run([sys.executable, "-m", "gongkai.service", *arguments], check=True, text=True, **more)


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


class Caller:
    """Requests with a key; what is no answer raises."""

    def __init__(self, port, key):
        self.origin, self.key = f"http://127.0.0.1:{port}", key

    def __call__(self, method, path, body=None, kind="application/json", expect=(200, 201, 202)):
        data = body if isinstance(body, bytes | None) else json.dumps(body).encode()
        headers = {"authorization": f"Bearer {self.key}"} | ({"content-type": kind} if data else {})
        request = urllib.request.Request(self.origin + path, data, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                status, content = answer.status, answer.read()
        except urllib.error.HTTPError as error:
            status, content = error.code, error.read()
        if status not in expect:
            raise SystemExit(f"{method} {path}: {status} {content[:300]!r}")
        return content

    def file(self, path, name, data, **more):
        head = f'--{BOUNDARY}\r\ncontent-disposition: form-data; name="file"; filename="{name}"\r\n\r\n'.encode()
        body = head + data + f"\r\n--{BOUNDARY}--\r\n".encode()
        return self("POST", path, body, f"multipart/form-data; boundary={BOUNDARY}", **more)


def wait(call, until=240.0):
    end = time.monotonic() + until
    while True:
        try:
            with urllib.request.urlopen(f"{call.origin}/readyz", timeout=5) as answer:
                if answer.status == 200:
                    return
        except OSError:
            pass
        if time.monotonic() > end:
            raise SystemExit("the server did not get ready")
        time.sleep(0.2)


def work(call):
    """Suggest, redact and check texts and files; also those that ask for something outside."""
    call("POST", "/v1/suggestions", {"text": TEXT})
    for name, data in (("链接.html", LINKS.encode()), ("实体.html", ENTITY.encode()), ("通告.txt", TEXT.encode())):
        call.file("/v1/suggestions", name, data)
        call.file("/v1/redactions", name, data, expect=(200, 201, 415, 422))
        call.file("/v1/checks", name, data, expect=(200, 201, 415, 422))
    call("POST", "/v1/precedents/search", {"title": "关于停水检修的通告", "text": TEXT})
    for path in ("/v1/rulebook", "/v1/documents", "/openapi.json", "/healthz", "/readyz"):
        call("GET", path)


def main(folder):
    environment = os.environ | {"GONGKAI_DATA": folder, "GONGKAI_WORKERS": "1"}
    (Path(folder) / "password").write_text("晨光照青禾-2031\n", "utf-8")
    add = ("user", "add", "drafter", "--name", "赵一鸣", "--unit", "青禾县水务局", "--role", "drafter")
    gongkai(*add, "--password-file", f"{folder}/password", env=environment, stdout=subprocess.DEVNULL)
    scopes = [
        word
        for one in ("suggest", "redact", "check", "documents", "precedents", "rulebook")
        for word in ("--scope", one)
    ]
    told = gongkai("key", "add", "drafter", "--name", "测试", *scopes, env=environment, stdout=subprocess.PIPE).stdout
    key = next(word.strip("。") for word in told.replace("：", " ").split() if word.startswith("gk_"))
    port = free_port()
    server = subprocess.Popen([sys.executable, "-m", "gongkai.service", "serve", "--port", str(port)], env=environment)
    try:
        call = Caller(port, key)
        wait(call)
        work(call)
    finally:
        server.send_signal(signal.SIGTERM)
        code = server.wait(60)
    print("done", code)


if __name__ == "__main__":
    main(sys.argv[1])
