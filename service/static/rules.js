// Editing the rulebook: numbered lines, a way from a problem to its place, and a word before changes are lost.
import { $ } from "/static/frame.js";

const area = document.querySelector("textarea[data-file]");
const form = document.querySelector("form[data-guarded]");

function number() {
  const count = area.value.split("\n").length;
  $("gutter").textContent = Array.from({ length: count }, (_, place) => place + 1).join("\n");
  $("gutter").scrollTop = area.scrollTop;
}

function jump(line) {
  const lines = area.value.split("\n");
  const start = lines.slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
  area.focus();
  area.setSelectionRange(start, start + (lines[line - 1] ?? "").length);
  area.scrollTop = Math.max(0, (line - 4) * parseFloat(getComputedStyle(area).lineHeight));
}

if (area) {
  number();
  area.addEventListener("input", number);
  area.addEventListener("scroll", () => { $("gutter").scrollTop = area.scrollTop; });
}

document.addEventListener("click", ({ target }) => {
  const found = target.closest("button[data-line]");
  if (found && area?.dataset.file === found.dataset.file) jump(Number(found.dataset.line));
});

let changed = false;
form?.addEventListener("input", () => { changed = true; });
document.addEventListener("htmx:beforeOnLoad", ({ detail }) => {
  if (detail.xhr.getResponseHeader("hx-redirect")) changed = false;
});
document.addEventListener("htmx:afterSwap", ({ target }) => {
  if (target.id === "problems") target.querySelector(".problem")?.focus();
});
addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });
