"""Loaded by every Python process of a test that names this folder in PYTHONPATH: writes down who is called outside.

Whatever is neither a local socket nor this machine's loopback goes to the file that GUARD_FILE names.
"""

import os
import sys

_LOCAL = ("127.", "::1", "localhost", "0.0.0.0", "::ffff:127.")


def _outside(event, arguments):
    if event == "socket.connect" or event == "socket.sendto":
        address = arguments[1]
        return isinstance(address, tuple) and not str(address[0]).startswith(_LOCAL)
    if event in ("socket.getaddrinfo", "socket.gethostbyname"):
        host = arguments[0]
        return host is not None and not str(host).startswith(_LOCAL)
    return False


def _hook(event, arguments):
    if event.startswith("socket.") and _outside(event, arguments):
        with open(os.environ["GUARD_FILE"], "a") as file:
            file.write(f"{os.getpid()} {event} {arguments[1:] if event == 'socket.connect' else arguments[:1]}\n")


if "GUARD_FILE" in os.environ:
    sys.addaudithook(_hook)
