"""gongkai meeting FILE: a plan that lacks something fails, minutes come piece by piece, a bad file stops nothing."""

from __future__ import annotations

import json

MINUTES = "青禾县人民政府常务会议纪要\n一、关于供水\n钱多文同志提出分两年实施。会议议定，同意分两年实施。\n"
PLAN = "青禾县机关总结会议方案\n会后公布议定事项。\n"
BAD = "青禾县机关总结会议方案\n议题：水价。\n"


def test_plans_and_minutes(run, tmp_path):
    papers = [tmp_path / name for name in ("plan.txt", "minutes.txt", "none.txt", "bad.txt")]
    for path, text in zip(papers, (PLAN, MINUTES, None, BAD), strict=True):
        if text:
            path.write_text(text, "utf-8")
    code, out, err = run("meeting", "--fast", *papers)
    assert code == 1
    assert "已写明　会后公开什么" in out and "没有写明　是否邀请有关方面列席" in out
    assert "议定事项　会议议定，同意分两年实施。" in out and "讨论记录　钱多文同志提出分两年实施。" in out
    assert "none.txt" in err and "水价" not in err


def test_json_as_a_kind_that_was_chosen(run, tmp_path):
    (tmp_path / "plan.txt").write_text(PLAN, "utf-8")
    code, out, err = run("meeting", "--fast", "--json", "--as", "minutes", tmp_path / "plan.txt")
    assert (code, err, json.loads(out)["minutes"]) == (0, "", False)
