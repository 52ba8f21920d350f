"""gongkai validity FILE: what a paper repeals, and until when it holds; a secrecy mark stops it."""

from __future__ import annotations

import json

RULES = "青禾县河道管护办法\n\n第三条 本办法自2021年3月1日起施行，有效期5年。"
RULES += "《青禾县河道管理办法》（青政发〔2010〕7号）同时废止。\n"
SECRET = "000001\n机密★10年\n\n青禾县人民政府文件\n\n关于某事的通知\n\n内容略。\n"


def test_what_papers_say_of_validity(run, tmp_path):
    (tmp_path / "rules.txt").write_text(RULES, "utf-8")
    (tmp_path / "plain.txt").write_text("关于开会的通知\n\n请准时参加。\n", "utf-8")
    code, out, err = run("validity", tmp_path / "rules.txt", tmp_path / "plain.txt")
    assert (code, err) == (0, "")
    assert out.splitlines() == [
        "rules.txt：",
        "  自 2021-03-01 起施行",
        "  有效期至 2026-02-28",
        "  已废止：《青禾县河道管理办法》（青政发〔2010〕7号）",
        "plain.txt：",
        "  没有写明有效期",
        "  没有提到废止、失效或者继续有效的文件",
    ]
    code, out, _ = run("validity", "--json", tmp_path / "rules.txt")
    told = json.loads(out)
    assert (code, told["until"], told["papers"][0]["effect"]) == (0, "2026-02-28", "repealed")


def test_a_secrecy_mark_and_a_missing_file(run, tmp_path):
    (tmp_path / "secret.txt").write_text(SECRET, "utf-8")
    code, out, err = run("validity", tmp_path / "secret.txt", tmp_path / "none.txt")
    assert (code, out) == (1, "")
    assert "密级标志" in err and "none.txt" in err
