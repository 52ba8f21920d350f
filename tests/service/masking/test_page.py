"""The privacy officer's page along their path: submit, look through, rule, prove, take away; in a real browser."""

from __future__ import annotations

from browsing import held
from maskingpages import group, pending, right, select
from maskingpapers import CARD, MOBILE, VALUES


def test_from_a_file_to_its_proven_copy(submitted, origin):
    page = submitted()
    assert "核验通过" in page.inner_text("#standing")
    assert [value for value in VALUES if value in right(page)] == [] and "孙明华" in right(page)
    # what was missed, by selecting it; all places with the value go
    select(page, "QH甲字第7B9号")
    page.select_option("#type", "EDU")
    page.fill("#replacement", "（编号略）")
    page.click("#ruling button.primary")
    pending(page, 1)
    # what was kept and should not be
    group(page, "孙明华").locator("[data-do=flip]").click()
    pending(page, 2)
    # what was hidden and may stay
    group(page, "钱小川").locator("[data-do=flip]").click()
    pending(page, 3)
    assert page.locator("#download").count() == 0 and page.is_disabled("text=下载遮蔽后的文件")
    page.click("#prove")
    page.wait_for_selector("#download")
    assert "人工核对遮蔽" in page.inner_text("#standing")
    with page.expect_download() as got:
        page.click("#download")
    assert got.value.suggested_filename == "救助公示-遮蔽.txt"
    text = got.value.path().read_text("utf-8")
    assert [value for value in ("赵一鸣", CARD, MOBILE, "孙明华", "QH甲字第7B9号") if value in text] == []
    assert text.count("（编号略）") == 2 and text.count("钱小川") == 1
    with page.expect_download() as got:
        page.click("text=遮蔽报告")
    told = got.value.path().read_text("utf-8")
    assert "人工核对" in told and [value for value in ("赵一鸣", CARD, MOBILE, "孙明华") if value in told] == []


def test_one_place_is_kept_while_the_others_go(submitted):
    page = submitted()
    page.locator(".left mark", has_text="赵一鸣").nth(1).click()
    page.wait_for_selector("#ruling:not([hidden])")
    assert page.inner_text("#chosen") == "赵一鸣" and page.input_value("#type") == "NAME"
    page.check("#ruling [name=action][value=keep]")
    assert not page.is_visible("#own")
    page.click("#ruling button.primary")
    pending(page, 1)
    assert group(page, "赵一鸣").locator("text=有遮有留").count() == 1
    page.click("#prove")
    page.wait_for_selector("#download")
    assert right(page).count("赵一鸣") == 1 and "代居民赵一鸣申请" in right(page)


def test_rulings_are_taken_back(submitted):
    page = submitted()
    group(page, "孙明华").locator("[data-do=flip]").click()
    pending(page, 1)
    group(page, "孙明华").locator("[data-do=undo]").click()
    page.wait_for_selector("#download")
    group(page, "孙明华").locator("[data-do=flip]").click()
    pending(page, 1)
    page.click("#prove")
    page.wait_for_selector("#download")
    assert "孙明华" not in right(page)
    group(page, "孙明华").locator("[data-do=undo]").click()
    pending(page, 1)
    page.click("#prove")
    page.wait_for_selector("#download")
    assert "孙明华" in right(page)


def test_keyboard_alone(submitted):
    page = submitted()
    page.keyboard.press("j")
    assert page.locator(".group.here").count() == 1 and page.locator("mark.here").count() == 1
    page.keyboard.press("j")
    page.keyboard.press("k")
    first = page.locator(".group.here b").text_content()
    page.keyboard.press("x")
    pending(page, 1)
    assert page.locator(".group.here b").text_content() == first
    page.keyboard.press("u")
    page.wait_for_selector("#download")
    page.keyboard.press("Enter")
    pending(page, 1)
    page.keyboard.press("a")
    page.keyboard.type("民政服务大厅三号")
    page.keyboard.press("Enter")
    page.wait_for_selector("#ruling:not([hidden])")
    assert page.inner_text("#chosen") == "民政服务大厅三号"
    page.locator("#sheet").press("?")
    page.wait_for_selector("#help")


def test_keys_outrun_the_answer(submitted):
    """What is pressed while an answer is on its way acts on the work that the answer brings."""
    page = submitted()
    with held(page, "**/rulings"):
        for key in ("j", "Enter", "j", "x", "a"):
            page.keyboard.press(key)
        page.keyboard.type("服务大厅")
    pending(page, 2)
    assert page.locator(".group .tag:has-text('待核验')").count() == 2
    assert (page.input_value("#words"), page.evaluate("document.activeElement.id")) == ("服务大厅", "words")
