// The drafter's page: text in, suggestion out. The page itself keeps nothing, and every text reaches it as text, never as markup.
import { $, Trouble, call, complain, copy, make, percent, save, say } from "/static/frame.js";
import { LAYER_NAMES, brief, card, cards, note, places, wellFormed, word } from "/static/advice.js";

/** What is on the page: the text as sent (in code points, as the service counts), its answer, its redacted copy, the kept document's id. */
export const state = { sent: null, chars: [], answer: null, redacted: null, kept: "" };
let running = new AbortController();
let wanted = {}; // what the slots wait for: an answer to another text comes too late
let formed = null; // the decision form that fits its attribute already

/** Run one job at a time: a new one cancels the one before; errors end in the alert region. */
async function run(message, job) {
  running.abort();
  running = new AbortController();
  const { signal } = running;
  complain(null);
  say(message, null, false);
  $("result").setAttribute("aria-busy", "true");
  $("suggest").textContent = message;
  try {
    await job();
  } catch (error) {
    if (signal.aborted) return;
    say("");
    view(document.body.dataset.view);
    if (error.stop) stop(error.title, error.detail);
    else complain(error instanceof Trouble ? error : new Trouble("页面出错", "请刷新页面后再试；仍然不行，请告诉管理员。"));
    if (!(error instanceof Trouble)) throw error;
  } finally {
    if (running.signal === signal) settle();
  }
}

function settle() {
  $("result").removeAttribute("aria-busy");
  $("suggest").textContent = "建议";
}

/** A secrecy mark: nothing of the document stays on the page. */
function stop(title, detail) {
  forget();
  complain({ title, detail: `${detail}页面上的文字已经清除。` }, "problem stop");
  $("alert").focus();
}

function forget() {
  $("form").reset();
  Object.assign(state, { sent: null, chars: [], answer: null, redacted: null, kept: "" });
  wanted = {};
  for (const id of ["marked", "redacted", "redacted-note", "own", "similar", "asked", "cards"]) $(id).replaceChildren();
  $("brief").value = "";
  for (const id of ["advice", "views", "stale", "before"]) $(id).hidden = true;
  $("empty").hidden = false;
  count();
  view("edit");
  say("");
}

// ---- the document ----

const written = () => ({ title: wellFormed($("title").value), text: wellFormed($("text").value) });
const count = () => { $("count").textContent = $("text").value ? `${Array.from($("text").value).length} 字` : ""; };

/** The text cut wherever a place begins or ends: each piece with the places that cover it. */
function pieces(spans, length) {
  const cuts = Array.from(new Set([0, length].concat(spans.flatMap((s) => [s.start, s.end])))).sort((a, b) => a - b);
  let next = 0, open = [];
  return cuts.slice(0, -1).map((start, i) => {
    open = open.filter((span) => span.end > start);
    while (next < spans.length && spans[next].start <= start) open.push(spans[next++]);
    return { start, end: cuts[i + 1], spans: open };
  });
}

function paint(answer) {
  const drawn = pieces(places(answer), state.chars.length).map(({ start, end, spans }) => {
    const text = state.chars.slice(start, end).join("");
    if (!spans.length) return text;
    const title = Array.from(new Set(spans.map((s) => `${LAYER_NAMES[s.layer]}：${s.label}`))).join("；");
    return make("mark", { className: Array.from(new Set(spans.map((s) => s.layer))).join(" "), title, data: { start } }, text);
  });
  $("marked").replaceChildren(...drawn);
  $("marked").scrollTop = 0;
}

/** Bring a place into sight and set it off from the rest. */
function point(start, end) {
  const box = $("marked");
  const inside = (mark) => Number(mark.dataset.start) >= start && Number(mark.dataset.start) < end;
  for (const mark of box.querySelectorAll("mark")) mark.classList.toggle("here", inside(mark));
  const first = box.querySelector("mark.here");
  if (!first) return;
  const gap = first.getBoundingClientRect().top - box.getBoundingClientRect().top;
  box.scrollTo({ top: box.scrollTop + gap - box.clientHeight / 3 });
}

function view(name) {
  document.body.dataset.view = name;
  document.querySelector(`input[name=view][value=${name}]`).checked = true;
}

function layers() {
  for (const box of $("layers").querySelectorAll("input")) $("marked").classList.toggle(`show-${box.value}`, box.checked);
}

// ---- the suggestion ----

/** What to settle before the paper goes out; asked for apart, as it is no part of the suggestion. */
function hintsBox() {
  const box = card("办理提示", note("正在查看…"));
  const { sent, chars, answer } = state;
  call("/v1/hints", sent).then(({ content }) => {
    if (state.answer === answer) box.replaceWith(cards(chars).hints(content.hints));
  }).catch(() => box.remove());
  return box;
}

const act = (name, text) => make("button", { type: "button", data: { act: name } }, text);

export function show(answer) {
  const built = cards(state.chars);
  const acts = [act("copy-redacted", "复制遮蔽后的文字"), act("preview", "预览遮蔽稿"), act("download", "下载遮蔽稿.txt")];
  const all = [built.verdict(answer), built.notes(answer.notes), built.reasons(answer.reasons), built.annotations(answer, "copy", "复制"),
    hintsBox(), built.people(answer, ...acts), built.negatives(answer.negative), built.categories(answer.categories), built.elements(answer.elements)];
  $("cards").replaceChildren(...all.filter((one) => one !== null));
  $("brief").value = JSON.stringify(brief(answer, state.sent.title));
  for (const id of ["advice", "views"]) $(id).hidden = false;
  $("empty").hidden = true;
  for (const slot of document.querySelectorAll("[data-engine]")) slot.textContent = answer.engine[slot.dataset.engine];
  changed();
  paint(answer);
  view("marked");
  $("result-title").focus();
  say(`建议${word("attribute", answer.attribute.label)}，可信度 ${percent(answer.attribute.confidence)}${answer.needs_review ? "，请人工复核" : ""}。`, null, false);
}

/** A part of the page: each slot asks for itself, as htmx lets one element wait for one answer only. */
function asks(verb, path, slot, values = {}) {
  wanted[slot] = path;
  htmx.ajax(verb, path, { source: slot, target: slot, values }).catch(() => undefined);
}

/** Parts that the service renders: the form of one's own decision, and earlier decisions of like documents. */
function beside(id) {
  $("own").replaceChildren();
  $("similar").replaceChildren(note("正在查找…"));
  $("before").hidden = !id || !document.body.dataset.precedents;
  if (!id) return;
  if (document.body.dataset.decides) asks("GET", `/draft/${id}/decision`, "#own");
  if (document.body.dataset.precedents) asks("GET", `/precedents/similar?document=${id}`, "#similar");
}

/** Which key fields the likeliest item of the catalog asks for, and which the text has; nothing of it is kept. */
function asked(answer, { text, title }) {
  const category = answer.categories.map((one) => one.code).join();
  $("asked").replaceChildren();
  if (!category) return;
  asks("POST", "/catalog/fields", "#asked", { text, title, category });
}

// ---- what the drafter does ----

const ID = /\/v1\/documents\/([0-9a-f]{32})$/;

async function suggest() {
  const sent = written();
  if (!sent.text.trim()) throw new Trouble("还没有正文", "请粘贴公文全文，或者选择一个文件。");
  const { content: answer, headers } = await call("/v1/suggestions", sent, { signal: running.signal });
  if (answer.handling === "stop_classified") throw new Trouble("疑似涉密，停止处理", answer.notes.join(""), true);
  wanted = {};
  Object.assign(state, { sent, chars: Array.from(sent.text), answer, redacted: null, kept: ID.exec(headers.get("location") ?? "")?.[1] ?? "" });
  show(answer);
  asked(answer, sent);
  beside(state.kept);
}

async function read(files) {
  if (files.length !== 1) throw new Trouble("一次读一个文件", "请逐个选择文件；文件夹请打开后再选。");
  const body = new FormData();
  body.append("file", files[0]);
  const { content: { title, text } } = await call("/v1/texts", body, { signal: running.signal });
  forget();
  $("title").value = title;
  $("text").value = text;
  count();
  $("text").focus();
  $("text").setSelectionRange(0, 0);
  $("text").scrollTop = 0;
  say(`已读入 ${files[0].name}，${$("count").textContent}。按“建议”继续。`);
}

/** The redacted copy of the text as it was sent, asked for once. */
async function redacted() {
  if (state.redacted) return state.redacted;
  const { content: { text, hidden } } = await call("/v1/redactions", state.sent, { signal: running.signal });
  state.redacted = text;
  $("redacted").textContent = text;
  $("redacted-note").textContent = `${hidden ? `已遮蔽 ${hidden} 处个人信息，并已核验` : "没有找到须遮蔽的个人信息，与原文相同"}。机器可能有遗漏，公开前请由人通读。`;
  return text;
}

async function preview() {
  await redacted();
  view("redacted");
  say($("redacted-note").textContent, null, false);
}

/** An edited text no longer fits its suggestion: say so and lock what belongs to the old text. */
function changed() {
  const { title, text } = written();
  const stale = state.sent !== null && (text !== state.sent.text || title !== state.sent.title);
  $("stale").hidden = !stale;
  $("advice").disabled = stale;
  for (const input of $("views").querySelectorAll("input")) input.disabled = stale && input.value !== "edit";
  count();
}

const ACTS = {
  copy: ({ text }) => copy(text),
  "copy-redacted": async () => copy(await redacted()),
  preview,
  download: async () => save("遮蔽稿.txt", await redacted()),
};

/** Which reasons fit the attribute that is chosen in the decision form. */
function reasonsFor(form) {
  const chosen = form.querySelector("input[name=attribute]:checked")?.value ?? "";
  for (const group of form.querySelectorAll("optgroup")) group.hidden = group.disabled = chosen !== "" && group.dataset.attribute !== chosen;
  const select = form.elements.reason;
  if (select.selectedOptions[0]?.parentElement.disabled) select.value = "";
  const fitting = form.querySelector("optgroup:enabled option[data-suggested]") ?? null;
  if (!select.value && chosen && fitting) select.value = fitting.value;
  select.required = chosen !== "" && chosen !== "proactive";
}

$("form").addEventListener("submit", (event) => { event.preventDefault(); run("正在判断…", suggest); });
$("form").addEventListener("input", changed);
$("text").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); run("正在判断…", suggest); }
});
$("file").addEventListener("change", () => { const files = Array.from($("file").files); $("file").value = ""; if (files.length) run("正在读取…", () => read(files)); });
$("clear").addEventListener("click", () => { running.abort(); settle(); complain(null); forget(); $("text").focus(); say("已清空。"); });
$("views").addEventListener("change", ({ target }) => (target.value === "redacted" ? run("正在遮蔽…", preview) : view(target.value)));
$("layers").addEventListener("change", layers);
for (const kind of ["click", "focusin"]) {
  $("advice").addEventListener(kind, ({ target, type }) => {
    const place = target.closest("button.quote");
    if (place && type === "click") view("marked");
    if (place) point(Number(place.dataset.start), Number(place.dataset.end));
  });
}
$("advice").addEventListener("click", ({ target }) => {
  const button = target.closest("button[data-act]");
  if (button) run("请稍候…", () => ACTS[button.dataset.act](button.dataset));
});
$("own").addEventListener("change", ({ target }) => { if (target.name === "attribute") reasonsFor(target.form); });
document.body.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (detail.target.matches("#own, #similar, #asked")) detail.shouldSwap &&= wanted[`#${detail.target.id}`] === detail.requestConfig.path;
});
document.body.addEventListener("htmx:afterSwap", () => {
  const form = document.getElementById("decide");
  if (form && form !== formed) reasonsFor(formed = form);
});
document.body.addEventListener("htmx:afterRequest", ({ detail: { successful, requestConfig } }) => {
  if (successful && requestConfig.verb === "post" && requestConfig.path.includes("/decision")) {
    say(requestConfig.path.endsWith("/undo") ? "决定已撤销。" : "决定已记录。");
    document.getElementById("decision-title")?.focus();
  }
});
for (const kind of ["dragenter", "dragover", "dragleave", "drop"]) {
  window.addEventListener(kind, (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    document.body.classList.toggle("dropping", kind === "dragenter" || kind === "dragover");
    if (kind === "drop") { const files = Array.from(event.dataTransfer.files); run("正在读取…", () => read(files)); }
  });
}
layers();
count();
$("suggest").disabled = false;
