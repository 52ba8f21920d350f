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

const LEAVING = 10_000; // milliseconds in which the page goes after its form was saved
let changed = false;
let held = null;
form?.addEventListener("input", () => { changed = true; });

/** Let people write again, where they were. */
function release() {
  if (!form?.inert) return;
  form.inert = false;
  if (form.contains(held)) held.focus({ preventScroll: true });
}

document.addEventListener("htmx:beforeRequest", ({ target }) => {
  if (target !== form) return;
  held = document.activeElement;
  form.inert = true; // what is written while it is checked would not be kept
});
document.addEventListener("htmx:beforeOnLoad", ({ target, detail: { xhr } }) => {
  const saved = xhr.status < 400 && xhr.getResponseHeader("hx-redirect");
  if (saved) changed = false;
  if (target !== form) return;
  if (saved) setTimeout(release, LEAVING);
  else release();
});
document.addEventListener("htmx:sendError", ({ target }) => { if (target === form) release(); });
addEventListener("pageshow", release);
document.addEventListener("htmx:afterSwap", ({ target }) => {
  if (target.id === "problems") target.querySelector(".problem")?.focus();
});
addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });
