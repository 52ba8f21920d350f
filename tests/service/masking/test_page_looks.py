"""The privacy officer's page: in bulk, filtered, when something is wrong, on small screens."""

from __future__ import annotations

import pytest
from maskingpages import group, pending, right, select
from maskingpapers import CLASSIFIED, NOTICE

SIZES = {"wide": (1366, 768), "zoomed": (1092, 614), "narrow": (390, 844), "least": (360, 640)}


def test_all_that_is_left_is_confirmed_at_once(submitted):
    page = submitted()
    page.on("dialog", lambda dialog: dialog.accept())
    count = page.locator(".left mark").count()
    page.click("text=余下的全部确认")
    pending(page, count)
    before = right(page)
    page.click("#prove")
    page.wait_for_selector("#download")
    assert right(page) == before and page.locator(".group:has-text('已核对')").count() == page.locator(".group").count()


def test_filters(submitted):
    page = submitted()
    page.locator("#filter input[value=keep]").check(force=True)
    shown = page.locator(".group:visible b").all_text_contents()
    assert "孙明华" in shown and "赵一鸣" not in shown
    page.locator("#filter input[value=mask]").check(force=True)
    assert "赵一鸣" in page.locator(".group:visible b").all_text_contents()


def test_what_goes_wrong_is_told(submitted, page, origin, watch):
    submitted()
    select(page, "孙明华")
    page.select_option("#type", "NAME")
    page.fill("#replacement", "见赵一鸣")
    page.click("#ruling button.primary")
    pending(page, 1)
    page.click("#prove")
    page.wait_for_selector("#alert:has-text('应当遮蔽的内容')")
    assert page.locator("#download").count() == 0
    page.goto(f"{origin}/privacy")
    page.set_input_files("#file", {"name": "a.txt", "mimeType": "text/plain", "buffer": CLASSIFIED.encode()})
    page.click("#begin button")
    page.wait_for_selector("#alert.stop:has-text('密级')")
    assert [line.split()[4] for line in watch.console if line.startswith("Response Status")] == ["422", "409"]


@pytest.mark.parametrize("size", SIZES)
def test_nothing_scrolls_sideways(submitted, size):
    page = submitted(NOTICE + "甲" * 300 + "\n" + "𠮷田A" * 50)
    width, height = SIZES[size]
    page.set_viewport_size({"width": width, "height": height})
    group(page, "赵一鸣").locator("[data-do=edit]").click()
    boxes = "[document.documentElement, document.querySelector('#sheet')]"
    assert page.evaluate(f"{boxes}.filter((box) => box.scrollWidth > box.clientWidth).length") == 0
    assert page.evaluate("[...document.querySelectorAll('button, a, input')].every((e) => !e.hasAttribute('style'))")


def test_characters_beyond_sixteen_bits_are_counted_as_one(submitted):
    page = submitted("𠮷田镇𠮷字公告\n" + NOTICE)
    select(page, "QH甲字第7B9号")
    page.select_option("#type", "EDU")
    page.click("#ruling button.primary")
    pending(page, 1)
    assert page.locator(".left mark.pending").first.text_content() == "QH甲字第7B9号"
