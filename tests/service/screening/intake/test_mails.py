"""Mails: the body as the main part, attachments with it, whatever program wrote them."""

from __future__ import annotations

import base64
import email.policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from containers import mail, msg
from files import zipped

from gongkai.service.limits import Limits
from gongkai.service.readers import read_bytes
from gongkai.service.screening.intake.mails import read
from gongkai.service.screening.intake.sources import contents, expand
from gongkai.service.screening.records import Bundle, Locator, Part, Role

BODY = "各乡镇：请按附件要求报送防汛预案。"


def letter(text: str = BODY, files: dict[str, bytes] | None = None, html: str = "") -> EmailMessage:
    message = EmailMessage(policy=email.policy.SMTP)
    message["Subject"], message["From"], message["To"] = "转发: Re：报送防汛预案", "甲 <a@example.com>", "b@example.com"
    if text:
        message.set_content(text)
    if html:
        message.add_alternative(html, subtype="html")
    for name, data in (files or {}).items():
        message.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return message


def told(path: Path) -> tuple[str, dict[str, str], int]:
    found = read(path, path.suffix, Limits())
    return (
        found.subject,
        {name: data.decode(errors="replace").strip() for name, data in found.files.items()},
        found.bodies,
    )


def gbk_without_saying_so() -> bytes:
    head = b"Subject: =?gb2312?B?" + base64.b64encode("报送防汛预案".encode("gb2312")) + b"?=\nMIME-Version: 1.0\n"
    head += b"Content-Type: multipart/mixed; boundary=B\n\n--B\nContent-Type: text/plain; charset=gb2312\n"
    head += (
        b"Content-Transfer-Encoding: 8bit\n\n"
        + BODY.encode("gbk")
        + b"\n--B\nContent-Type: application/octet-stream;\n"
    )
    head += (
        b' name="'
        + "预案.txt".encode("gbk")
        + b'"\nContent-Disposition: attachment; filename="'
        + "预案.txt".encode("gbk")
    )
    return head + b'"\n\nplan\n--B--\n'


def picture_in_the_text() -> bytes:
    message = letter(html="<p>请按附件要求报送防汛预案。<img src='cid:p'></p>")
    message.get_payload()[1].add_related(b"\x89PNG", "image", "png", cid="<p>")
    return message.as_bytes()


def forwarded() -> bytes:
    message = letter()
    message.add_attachment(letter("原来的正文", {"预案.txt": b"plan"}))
    return message.as_bytes()


@pytest.mark.parametrize(("name", "data", "subject", "files", "bodies"), [
    pytest.param("a.eml", letter().as_bytes(), "报送防汛预案", {"邮件正文.txt": BODY}, 1, id="a body"),
    pytest.param("a.eml", letter(files={"预案.txt": b"plan", "../坏.txt": b"bad"}).as_bytes(), "报送防汛预案",
                 {"邮件正文.txt": BODY, "预案.txt": "plan", "坏.txt": "bad"}, 1, id="attachments"),
    pytest.param("a.eml", letter(files={"预案.txt": b"plan", "x.p7s": b"sign"}).as_bytes(), "报送防汛预案",
                 {"邮件正文.txt": BODY, "预案.txt": "plan"}, 1, id="a signature is none"),
    pytest.param("a.eml", gbk_without_saying_so(), "报送防汛预案", {"邮件正文.txt": BODY, "预案.txt": "plan"}, 1,
                 id="GBK"),
    pytest.param("a.eml", letter(html="<p>另一种写法</p>").as_bytes(), "报送防汛预案", {"邮件正文.txt": BODY}, 1,
                 id="the same as a page"),
    pytest.param("a.eml", picture_in_the_text(), "报送防汛预案", {"邮件正文.txt": BODY}, 1, id="a picture in the text"),
    pytest.param("a.eml", letter("", {"预案.txt": b"plan"}).as_bytes(), "报送防汛预案", {"预案.txt": "plan"}, 0,
                 id="no body"),
    pytest.param("a.eml", forwarded(), "报送防汛预案",
                 {"邮件正文.txt": BODY, "转发的邮件.txt": "原来的正文", "预案.txt": "plan"}, 1, id="forwarded"),
    pytest.param("a.msg", msg("回复：报送防汛预案", BODY.encode("gbk"), {"预案.txt": b"plan" * 2000}), "报送防汛预案",
                 {"邮件正文.txt": BODY, "预案.txt": "plan" * 2000}, 1, id="Outlook"),
    pytest.param("a.msg", msg("报送", b"", {"预案.txt": b"plan"}), "报送", {"预案.txt": "plan"}, 0,
                 id="Outlook: no body"),
    pytest.param("a.msg", msg("报送", b"hello", {}, mail("原", b"inner", {"预案.txt": b"plan"})), "报送",
                 {"邮件正文.txt": "hello", "转发的邮件.txt": "inner", "预案.txt": "plan"}, 1, id="Outlook: forwarded"),
])  # fmt: skip
def test_mails(tmp_path, name, data, subject, files, bodies):
    path = tmp_path / name
    path.write_bytes(data)
    assert told(path) == (subject, files, bodies)


def test_a_page_as_body_can_be_read(tmp_path):
    message = EmailMessage()
    message["Subject"] = "x"
    message.set_content(f'<html><head><meta charset="gb2312"></head><body><p>{BODY}</p></body></html>', subtype="html")
    path = tmp_path / "a.eml"
    path.write_bytes(message.as_bytes())
    ((name, data),) = read(path, ".eml", Limits()).files.items()
    assert read_bytes(data, name).text == BODY


def test_a_mail_is_one_bundle_and_an_archive_in_it_another(tmp_path):
    path = tmp_path / "a.eml"
    path.write_bytes(letter(files={"预案.txt": b"plan", "归档.zip": zipped({"通知.txt": "另一件"})}).as_bytes())
    fields = {"unit": "应急局"}
    found = list(expand(Part(Locator(path), fields=fields), tmp_path / "临时"))
    assert all(isinstance(item, Bundle) for item in found)
    shown = [[(p.locator.inside, p.role, p.fields) for p in bundle.parts] for bundle in found]
    assert shown == [
        [
            (("邮件正文.txt",), Role.main, {"title": "报送防汛预案", "unit": "应急局"}),
            (("预案.txt",), Role.attachment, {}),
        ],
        [(("归档.zip", "通知.txt"), Role.main, {})],
    ]
    assert contents(found[1].main).decode() == "另一件"


@pytest.mark.parametrize("name", ["a.eml", "a.msg"])
def test_too_large_a_mail(tmp_path, name):
    path = tmp_path / name
    path.write_bytes(letter(files={"预案.txt": b"x" * 5000}).as_bytes())
    ((_, failure),) = expand(Part(Locator(path)), tmp_path / "临时", Limits(max_bytes=4000))
    assert failure.slug == "too-large"


def test_a_subject_is_one_line_that_can_be_seen(tmp_path):
    path = tmp_path / "信.eml"
    head = b"Subject: =?utf-8?q?=1B]0;x=07=0D=0A=E9=98=B2=E6=B1=9B?=\nContent-Type: text/plain; charset=utf-8\n\n"
    path.write_bytes(head + "各乡镇：请做好防汛工作。".encode())
    [bundle] = expand(Part(Locator(path)), tmp_path / "临时")
    assert bundle.main.fields == {"title": "]0;x 防汛"}
