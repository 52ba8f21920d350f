// 遮蔽核对: choose a place in the original or a value in the list, rule about it; the server answers with the page's part.
import { $, complain, keys, say } from "/static/frame.js";

const work = () => $("work");
const form = () => $("ruling");
const groups = () => [...document.querySelectorAll(".group:not([hidden])")];
let here = "";
let filter = "";
let before = null;
let busy = false; // an answer is on its way that brings the work anew
const waiting = []; // what was asked for meanwhile: the new work would swallow it

const later = (job) => (busy ? waiting.push(job) : job());

/** Code points before a point inside a line of the original. */
function offset(node, at) {
  const line = (node.nodeType === Node.TEXT_NODE ? node.parentElement : node).closest(".pair");
  const left = line?.querySelector(".left");
  if (!left) return null;
  const range = document.createRange();
  range.selectNodeContents(left);
  if (left.contains(node)) range.setEnd(node, at);
  return Number(left.dataset.start) + [...range.toString()].length;
}

/** Show the form for characters of the original. */
function choose({ start, end, type = "", action = "mask", words, everywhere = false, focus = false }) {
  const fields = form().elements;
  fields.start.value = start;
  fields.end.value = end;
  fields.type.value = type;
  fields.action.value = action || "mask";
  fields.replacement.value = "";
  fields.why.value = "";
  fields.everywhere.checked = everywhere;
  $("chosen").textContent = words;
  form().hidden = false;
  adapt();
  if (focus) { $("ruling-title").focus({ preventScroll: true }); form().scrollIntoView({ block: "nearest" }); }
}

/** What a form for keeping needs is not what one for hiding does. */
function adapt() {
  const keeping = form().elements.action.value === "keep";
  $("own").hidden = keeping;
  $("scope").hidden = keeping;
  $("why").setAttribute("list", keeping ? "why-keep" : "why-mask");
}

/** Rule as the list's buttons say. */
function act(group, what) {
  const { start, end, type, action, ruling, count } = group.dataset;
  here = start;
  if (what === "undo") return undo(ruling);
  const kept = action === "keep";
  const wanted = what === "flip" ? (kept ? "mask" : "keep") : kept ? "keep" : "mask";
  choose({ start, end, type, action: wanted, words: group.querySelector("b").textContent, everywhere: Number(count) > 1, focus: what === "edit" });
  if (what !== "edit") form().requestSubmit();
}

function undo(number) {
  if (!Number(number)) return;
  const path = `${work().dataset.path}/rulings/${Number(number)}/undo`;
  htmx.ajax("POST", path, { source: work(), target: "#work", swap: "outerHTML", values: { version: work().dataset.version } });
}

/** Mark the current value in the list and its first place in the text. */
function stand(group, look = true) {
  for (const old of document.querySelectorAll(".group.here, mark.here")) old.classList.remove("here");
  if (!group) return;
  here = group.dataset.start;
  group.classList.add("here");
  group.scrollIntoView({ block: "nearest" });
  if (document.activeElement !== $("words")) group.focus({ preventScroll: true });
  if (look) show(here);
}

function show(start) {
  const mark = document.querySelector(`.left mark[data-start="${Number(start)}"]`);
  if (!mark) return;
  for (const old of document.querySelectorAll("mark.here")) old.classList.remove("here");
  mark.classList.add("here");
  const sheet = $("sheet");
  const line = mark.closest(".pair");
  line.scrollIntoView({ block: "nearest" });
  sheet.scrollTop = line.offsetTop - sheet.offsetTop - sheet.clientHeight / 3;
}

function step(by) {
  const all = groups();
  const at = all.findIndex((group) => group.classList.contains("here"));
  stand(all[Math.min(Math.max(at + by, 0), all.length - 1)]);
}

const current = () => document.querySelector(".group.here");
const again = (group) => document.querySelector(`.group[data-start="${Number(group.dataset.start)}"]`) ?? group;

/** Only the values that the filter asks for. */
function sift() {
  for (const box of document.querySelectorAll("#filter input")) box.checked = box.value === filter;
  for (const group of document.querySelectorAll(".group")) {
    const { state, action } = group.dataset;
    group.hidden = filter !== "" && state !== filter && !(action === filter || (action === "mixed" && filter !== "doubt" && filter !== "pending"));
  }
  for (const kind of document.querySelectorAll(".kind")) kind.hidden = !kind.querySelector(".group:not([hidden])");
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-do]");
  if (button) return later(() => act(again(button.closest(".group")), button.dataset.do));
  const link = event.target.closest("[data-at]");
  if (link) { event.preventDefault(); stand(link.closest(".group"), false); return show(link.dataset.at); }
  if (event.target.closest("#leave")) { form().hidden = true; return undefined; }
  const mark = event.target.closest(".left mark");
  if (!mark || String(getSelection())) return undefined;
  const { start, end, type, action } = mark.dataset;
  return later(() => choose({ start, end, type, action, words: mark.textContent, focus: true }));
});

/** Selected characters of the original become a place to rule about. */
function selected() {
  const selection = getSelection();
  const sheet = $("sheet");
  if (!sheet || selection.isCollapsed || !selection.rangeCount) return;
  const range = selection.getRangeAt(0);
  if (!sheet.contains(range.startContainer) || !sheet.contains(range.endContainer)) return;
  const [start, end] = [offset(range.startContainer, range.startOffset), offset(range.endContainer, range.endOffset)];
  if (start === null || end === null || end <= start) return;
  const words = String(selection);
  later(() => choose({ start, end, words, everywhere: false }));
}
document.addEventListener("mouseup", () => setTimeout(selected));
document.addEventListener("keyup", (event) => { if (event.key === "Shift") selected(); });

document.addEventListener("change", ({ target }) => {
  if (target.name === "filter") { filter = target.value; sift(); }
  if (target.name === "action" && form()) adapt();
});

document.addEventListener("submit", (event) => {
  if (event.target.id !== "add") return;
  event.preventDefault();
  const words = $("words").value.trim();
  for (const left of words ? document.querySelectorAll(".left") : []) {
    const at = left.textContent.indexOf(words);
    if (at < 0) continue;
    const start = Number(left.dataset.start) + [...left.textContent.slice(0, at)].length;
    left.closest(".pair").scrollIntoView({ block: "nearest" });
    $("words").value = "";
    return void later(() => choose({ start, end: start + [...words].length, words, focus: true }));
  }
  complain({ title: "没有找到", detail: "原文里没有这些文字，请核对后再试；跨行的内容请分行增加。" });
});

document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (detail.target?.id !== "work" || !$("sheet")) return;
  before = { sheet: $("sheet").scrollTop, side: document.querySelector(".side").scrollTop, words: $("words").value };
});
document.addEventListener("htmx:afterSettle", ({ detail }) => {
  if (!before || !$("sheet")) return;
  sift();
  $("sheet").scrollTop = before.sheet;
  document.querySelector(".side").scrollTop = before.side;
  stand(document.querySelector(`.group[data-start="${Number(here)}"]`), false);
  $("words").value = before.words;
  say(detail.requestConfig?.path?.endsWith("/proof") ? "核验通过，可以下载。" : "已记下，重新核验后生效。");
  before = null;
});

document.addEventListener("htmx:beforeRequest", ({ detail }) => { if (detail.target?.id === "work") busy = true; });
document.addEventListener("htmx:afterRequest", ({ detail }) => {
  if (detail.target?.id !== "work") return;
  busy = false;
  if (!detail.successful) waiting.length = 0;
  while (waiting.length && !busy) waiting.shift()();
});

const one = (what) => () => later(() => current() && act(current(), what));

if (work()) keys({
  j: () => later(() => step(1)), k: () => later(() => step(-1)),
  Enter: one("accept"), x: one("flip"), e: one("edit"), u: one("undo"),
  a: () => $("words").focus(),
  "?": () => $("help").showModal(),
});
