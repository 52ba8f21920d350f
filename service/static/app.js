// The drafter's page: text in, suggestion out. Nothing is stored, and every text reaches the page as text, never as markup.
"use strict";

const $ = (id) => document.getElementById(id);
const WORDS = new Map(Array.from($("words").content.querySelectorAll("data"), (row) => [row.value, row]));
const LAYERS = ["mask", "keep", "evidence", "negative"];
const LAYER_NAMES = { mask: "遮蔽", keep: "保留", evidence: "依据", negative: "负面清单" };
const QUOTE = 26;
const PLACES = 5;
const PEOPLE = 8;

/** What is on the page: the text as sent (in code points, as the service counts), its answer, its redacted copy. */
const state = { sent: null, chars: [], answer: null, redacted: null };
let running = new AbortController();

class Trouble extends Error {
  constructor(title, detail, stop = false) {
    super(title);
    Object.assign(this, { title, detail, stop });
  }
}

const word = (kind, code) => WORDS.get(`${kind}.${code}`)?.textContent ?? code;
const basis = (kind, code) => WORDS.get(`${kind}.${code}`)?.title ?? "";
const percent = (p) => (p >= 0.995 ? "99% 以上" : p < 0.005 ? "不到 1%" : `${Math.round(p * 100)}%`);
const say = (text) => { $("status").textContent = text; };

/** An element with properties and children; a child that is a string becomes a text node. */
function make(name, properties = {}, ...children) {
  const { data = {}, ...rest } = properties;
  const element = Object.assign(document.createElement(name), rest);
  Object.assign(element.dataset, data);
  element.append(...children.filter((child) => child !== null));
  return element;
}

// ---- talking to the service ----

/** A network failure in words; a service that is up but dropped a large body has most likely refused its size. */
async function unreachable(size) {
  const up = size > 1e6 && (await fetch("/healthz", { cache: "no-store" }).then((r) => r.ok, () => false));
  return up
    ? new Trouble("没有传完", `内容有 ${(size / 1048576).toFixed(1)} MB，可能超过了大小上限，请拆分或者压缩后再试。`)
    : new Trouble("连不上服务", "请检查网络，或者确认服务已经启动，然后再试一次。文字还在页面上。");
}

async function call(path, body) {
  const file = body instanceof FormData ? body.get("file") : null;
  const sent = file ? body : JSON.stringify(body);
  const headers = file ? {} : { "content-type": "application/json" };
  let answer;
  try {
    answer = await fetch(path, { method: "POST", body: sent, headers, cache: "no-store", signal: running.signal });
  } catch (error) {
    throw error.name === "AbortError" ? error : await unreachable(file ? file.size : sent.length);
  }
  const content = await answer.json().catch(() => null);
  if (answer.ok && content) return content;
  const detail = content?.detail ?? `请稍后再试；仍然不行，请告诉管理员（状态码 ${answer.status}）。`;
  throw new Trouble(content?.title ?? "服务没有给出结果", detail, answer.status === 409);
}

/** Run one job at a time: a new one cancels the one before; errors end in the alert region. */
async function run(message, job) {
  running.abort();
  running = new AbortController();
  const { signal } = running;
  complain(null);
  say(message);
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

function complain(error, kind = "problem") {
  const box = $("alert");
  box.replaceChildren();
  box.className = error ? kind : "";
  if (!error) return;
  box.append(make("strong", {}, error.title), make("p", {}, error.detail));
  box.scrollIntoView({ block: "nearest" });
}

/** A secrecy mark: nothing of the document stays on the page. */
function stop(title, detail) {
  forget();
  complain({ title, detail: `${detail}页面上的文字已经清除。` }, "problem stop");
  $("alert").focus();
}

function forget() {
  $("form").reset();
  Object.assign(state, { sent: null, chars: [], answer: null, redacted: null });
  for (const id of ["marked", "redacted", "redacted-note"]) $(id).replaceChildren();
  Array.from($("advice").children).slice(1).forEach((child) => child.remove());
  for (const id of ["advice", "views", "stale"]) $(id).hidden = true;
  $("empty").hidden = false;
  count();
  view("edit");
  say("");
}

// ---- the document ----

const wellFormed = (text) => (text.toWellFormed ? text.toWellFormed() : text);
const written = () => ({ title: wellFormed($("title").value), text: wellFormed($("text").value) });
const count = () => { $("count").textContent = $("text").value ? `${Array.from($("text").value).length} 字` : ""; };
const quote = ({ start, end }) => state.chars.slice(start, end).join("").replace(/\s+/g, " ");

function short(span) {
  const text = Array.from(quote(span));
  return text.length > QUOTE ? `${text.slice(0, QUOTE).join("")}…` : text.join("");
}

/** Every place to mark, with the layer it belongs to and what to say about it. */
function places(answer) {
  const personal = answer.personal.map((p) => ({ ...p, layer: p.action, label: word("type", p.type) }));
  const evidence = answer.reasons.flatMap((r) => r.evidence.map((e) => ({ ...e, layer: "evidence", label: r.code })));
  const negative = answer.negative.map((n) => ({ ...n, layer: "negative", label: word("clause", n.clause) }));
  return [...personal, ...evidence, ...negative].sort((a, b) => a.start - b.start);
}

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

const card = (title, ...children) => make("section", { className: "card" }, make("h3", {}, title), ...children);
const list = (rows, name = "rows") => make("ul", { className: name }, ...rows);
const note = (text) => make("p", { className: "hint" }, text);

function quotes(spans) {
  const unique = Array.from(new Map(spans.map((s) => [`${s.start}-${s.end}`, s])).values());
  const buttons = unique.map((span) =>
    make("button", { type: "button", className: "quote", title: "在文中查看", data: { start: span.start, end: span.end } }, short(span)));
  const rest = buttons.splice(PLACES);
  const more = rest.length ? make("details", {}, make("summary", {}, `另有 ${rest.length} 处`), ...rest) : null;
  return buttons.length ? make("div", { className: "quotes" }, ...buttons, more) : null;
}

function score(label, value, chosen) {
  const bar = make("span", { className: `bar ${label}` });
  bar.style.inlineSize = `${Math.max(1, value * 100)}%`;
  const track = make("span", { className: "track" }, bar);
  track.setAttribute("aria-hidden", "true");
  const name = word("attribute", label);
  return make("li", {}, chosen ? make("b", {}, name) : name, track, make("span", { className: "figure" }, percent(value)));
}

function verdict({ attribute, needs_review: review, handling, title }) {
  const others = attribute.set.filter((label) => label !== attribute.label);
  const either = others.map((label) => `${word("attribute", label)}（${percent(attribute.scores[label])}）`).join("、");
  const scores = Object.entries(attribute.scores).map(([label, p]) => score(label, p, label === attribute.label));
  const step = WORDS.has(`advice.${handling}`) ? handling : `${handling}.${attribute.label}`;
  return make("section", { className: `card verdict ${attribute.label}` },
    title ? make("p", { className: "subject" }, title) : null,
    make("p", { className: "label" }, word("attribute", attribute.label), review ? make("span", { className: "flag" }, "请人工复核") : null),
    make("p", {}, `可信度 ${percent(attribute.confidence)}`),
    either ? make("p", { className: "either" }, `拿不准，也可能是：${either}`) : null,
    list(scores, "scores"),
    make("p", { className: "step" }, review ? `请先由人判断。如果认定为${word("attribute", attribute.label)}，` : null,
      make("b", {}, word("handling", handling)), `：${word("advice", step)}`));
}

function reasons(rows) {
  const drawn = rows.map((r) => make("li", {}, make("p", {}, r.text),
    make("p", { className: "source" }, make("code", {}, r.code), ` ${r.basis}`), quotes(r.evidence)));
  return card("理由", drawn.length ? list(drawn) : note("没有找到明确的理由，请人工判断。"));
}

function negatives(rows) {
  if (!rows.length) return card("负面清单", note("没有命中。"));
  const groups = new Map();
  for (const row of rows) groups.set(row.clause, [...(groups.get(row.clause) ?? []), row]);
  return card("负面清单", list(Array.from(groups, ([clause, hits]) => make("li", {},
    make("p", {}, `${word("clause", clause)}（${percent(hits[0].confidence)}）`),
    make("p", { className: "source" }, make("code", {}, clause), ` ${basis("clause", clause)}`), quotes(hits)))));
}

function person(row) {
  const place = quotes([row]);
  if (row.replacement) place.append(make("span", { className: "becomes" }, "→ ", make("b", {}, row.replacement)));
  const tag = make("span", { className: `on ${row.action}` }, LAYER_NAMES[row.action]);
  return make("li", {}, make("p", {}, tag, ` ${word("type", row.type)}`), place, make("p", { className: "source" }, row.why));
}

/** Rows of which the first are in sight and the rest folded away. */
function folded(rows, most, more) {
  const rest = rows.splice(most);
  const tail = rest.length ? make("details", {}, make("summary", {}, more(rest.length)), list(rest)) : null;
  return [rows.length ? list(rows) : null, tail];
}

function people({ personal, attribute }) {
  const of = (action) => personal.filter((row) => row.action === action).map(person);
  const [hidden, kept] = [of("mask"), of("keep")];
  const act = (name, text) => make("button", { type: "button", data: { act: name } }, text);
  const acts = [act("copy-redacted", "复制遮蔽后的文字"), act("preview", "预览遮蔽稿"), act("download", "下载遮蔽稿.txt")];
  const warning = attribute.label === "withheld" ? note("本件建议不予公开：遮蔽了个人信息，也不等于可以公开。") : null;
  return card("个人信息",
    make("p", {}, personal.length ? `须遮蔽 ${hidden.length} 处，可以保留 ${kept.length} 处。` : "没有找到个人信息，请由人通读确认。"),
    hidden.length ? make("div", { className: "actions" }, ...acts) : null, hidden.length ? warning : null,
    ...folded(hidden, PEOPLE, (n) => `另有 ${n} 处须遮蔽`), ...folded(kept, 0, (n) => `可以保留的 ${n} 处`));
}

function categories(rows) {
  const line = (row) => {
    const clock = row.deadline ? make("p", { className: "source" }, `时限：${word("deadline", row.deadline)}（${basis("deadline", row.deadline)}）`) : null;
    return make("li", {}, make("p", {}, make("code", {}, row.code), ` ${row.name}（${percent(row.confidence)}）`), clock);
  };
  return card("目录", rows.length ? null : note("没有合适的目录。"), ...folded(rows.map(line), 3, (n) => `另有 ${n} 类`));
}

function annotations({ attribute, elements, needs_review: review }) {
  const lines = Object.keys(attribute.scores).map((label) => make("li", {},
    make("span", {}, word("annotation", label), label === attribute.label ? make("b", { className: "tag" }, "建议") : null),
    make("button", { type: "button", ariaLabel: `复制${word("annotation", label)}`, data: { act: "copy", text: word("annotation", label) } }, "复制")));
  const present = elements.annotation ? note(`文中已有：${elements.annotation}`) : null;
  return card("附注", review ? note("请先人工判断，再选用。") : null, list(lines, "rows lines"), present);
}

function elements(found) {
  const names = { number: "发文字号", issuer: "发文机关", issued: "成文日期", genre: "文种" };
  const rows = Object.entries(names).filter(([key]) => found[key]).map(([key, name]) => make("div", {}, make("dt", {}, name), make("dd", {}, found[key])));
  return rows.length ? card("识别出的要素", make("dl", {}, ...rows)) : null;
}

function show(answer) {
  const notes = answer.notes.map((text) => make("li", {}, text));
  Array.from($("advice").children).slice(1).forEach((child) => child.remove());
  const cards = [verdict(answer), notes.length ? card("提示", list(notes, "notes")) : null, reasons(answer.reasons), annotations(answer),
    people(answer), negatives(answer.negative), categories(answer.categories), elements(answer.elements)];
  $("advice").append(...cards.filter((one) => one !== null));
  for (const id of ["advice", "views"]) $(id).hidden = false;
  $("empty").hidden = true;
  for (const slot of document.querySelectorAll("[data-engine]")) slot.textContent = answer.engine[slot.dataset.engine];
  changed();
  paint(answer);
  view("marked");
  $("result-title").focus();
  say(`建议${word("attribute", answer.attribute.label)}，可信度 ${percent(answer.attribute.confidence)}${answer.needs_review ? "，请人工复核" : ""}。`);
}

// ---- what the drafter does ----

async function suggest() {
  const sent = written();
  if (!sent.text.trim()) throw new Trouble("还没有正文", "请粘贴公文全文，或者选择一个文件。");
  const answer = await call("/v1/suggestions", sent);
  if (answer.handling === "stop_classified") throw new Trouble("疑似涉密，停止处理", answer.notes.join(""), true);
  Object.assign(state, { sent, chars: Array.from(sent.text), answer, redacted: null });
  show(answer);
}

async function read(files) {
  if (files.length !== 1) throw new Trouble("一次读一个文件", "请逐个选择文件；文件夹请打开后再选。");
  const body = new FormData();
  body.append("file", files[0]);
  const { title, text } = await call("/v1/texts", body);
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
  const { text, hidden } = await call("/v1/redactions", state.sent);
  state.redacted = text;
  $("redacted").textContent = text;
  $("redacted-note").textContent = `${hidden ? `已遮蔽 ${hidden} 处个人信息，并已核验` : "没有找到须遮蔽的个人信息，与原文相同"}。机器可能有遗漏，公开前请由人通读。`;
  return text;
}

/** To the clipboard, also where the page is not served over HTTPS. */
async function copy(text) {
  const wanted = document.activeElement;
  const done = await (navigator.clipboard?.writeText(text).then(() => true, () => false) ?? false);
  const area = make("textarea", { value: text, className: "unseen", readOnly: true });
  document.body.append(area);
  area.select();
  const copied = done || document.execCommand("copy");
  area.remove();
  wanted?.focus({ preventScroll: true });
  if (!copied) throw new Trouble("没有复制成功", "浏览器不允许写剪贴板，请选中文字后按 Ctrl+C。");
  say("已复制。");
}

function save(text) {
  const link = make("a", { href: URL.createObjectURL(new Blob([text], { type: "text/plain;charset=utf-8" })), download: "遮蔽稿.txt" });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  say("已下载遮蔽稿.txt。");
}

async function preview() {
  await redacted();
  view("redacted");
  say($("redacted-note").textContent);
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
  download: async () => save(await redacted()),
};

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
