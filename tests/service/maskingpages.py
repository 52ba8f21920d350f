"""What the tests of the privacy officer's page do in a browser again and again."""

from __future__ import annotations

import re


def group(page, value):
    return page.locator(".group", has=page.locator("b", has_text=re.compile(f"^{re.escape(value)}$")))


def pending(page, count):
    page.wait_for_selector(f"#prove:has-text('（{count} 项）')")


def select(page, words, nth=0):
    """Select words of the original as somebody would."""
    page.evaluate(
        """([words, nth]) => {
          const lines = [...document.querySelectorAll('.left')].filter((line) => line.textContent.includes(words));
          const line = lines[nth], range = document.createRange();
          let rest = line.textContent.indexOf(words), left = words.length, begun = false;
          for (const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT); walker.nextNode();) {
            const size = walker.currentNode.length;
            if (!begun && rest < size) { range.setStart(walker.currentNode, rest); begun = true; left += rest; }
            if (begun && left <= size) { range.setEnd(walker.currentNode, left); break; }
            if (begun) left -= size; else rest -= size;
          }
          getSelection().removeAllRanges(); getSelection().addRange(range);
        }""",
        [words, nth],
    )
    page.dispatch_event("#sheet", "mouseup")
    page.wait_for_selector("#ruling:not([hidden])")


def right(page):
    """The right side; what is not yet painted (content-visibility) has text, but no rendered one."""
    return "\n".join(page.locator(".pair .right").all_text_contents())
