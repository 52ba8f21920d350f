// The task pane: reads the open document through the host, suggests while somebody writes, jumps, inserts. It keeps no text.
import { $, Trouble, call, complain, copy, make, say } from "/static/frame.js";
import { brief, cards, note, wellFormed, word as named } from "/static/advice.js";
import { word } from "/static/addin-word.js";
import { wps } from "/static/addin-wps.js";
import { box } from "/static/addin-box.js";

const TICK = Number(new URLSearchParams(location.search).get("tick")) || 2000;
const LEVELS = { must: ["须办", "bad"], should: ["请核对", "warn"], note: ["提示", "plain"] };
const REASON_END = /[。；]$/;

export const state = { host: null, text: "", seen: "", answer: null, fields: [], busy: false };
let judging = new AbortController();

async function hosted() {
  const program = document.body.dataset.host;
  if (program !== "wps") { const found = await word(); if (found) return found; }
  return wps() ?? box();
}

/** Run what the user asked for; what goes wrong ends in the alert region. */
async function run(job) {
  complain(null);
  try {
    await job();
  } catch (error) {
    if (error.name === "AbortError") return; // a newer one took its place
    if (error.status === 401) { location.reload(); return; }
    if (error.stop) { forget(); complain(error, "problem stop"); return; }
    complain(error instanceof Trouble ? error : new Trouble("没有办成", "文档没有打开，或者正在被别的操作占用，请稍后再试。"));
  }
}

// ---- suggesting ----

/** Judge what stands in the document now, in place of what is still being judged. */
async function judge(text) {
  judging.abort();
  judging = new AbortController();
  const { signal } = judging;
  state.busy = true;
  document.body.setAttribute("aria-busy", "true");
  try {
    state.text = text;
    const { content: answer } = await call("/v1/suggestions?keep=false", { text: wellFormed(text) }, { signal });
    if (answer.handling === "stop_classified") throw new Trouble("疑似涉密，停止处理", answer.notes.join(""), true);
    const { content: { fields, items } } = await call("/addin/opinion", { brief: brief(answer, "") }, { signal });
    Object.assign(state, { answer, fields, items });
    show();
  } finally {
    if (judging.signal === signal) {
      state.busy = false;
      document.body.removeAttribute("aria-busy");
    }
  }
}

async function now() {
  const text = await state.host.read();
  if (!text.trim()) throw new Trouble("文档里还没有文字", "请写好正文后再判断。");
  await judge(text);
}

/** Every tick: a text that changed, and then stood still for a tick, is judged anew. */
async function tick() {
  if (!$("live").checked || document.hidden || state.busy) return;
  const text = await state.host.read().catch(() => null);
  if (text === null) return;
  const settled = text === state.seen && text !== state.text && text.trim() !== "";
  state.seen = text;
  if (settled) await run(() => judge(text));
}

function forget() {
  Object.assign(state, { answer: null, fields: [], items: [] });
  for (const slot of ["verdict", "cards"]) $(slot).replaceChildren();
  $("advice").hidden = true;
  $("empty").hidden = false;
}

// ---- showing ----

const button = (act, label, data = {}) => make("button", { type: "button", className: "small", data: { act, ...data } }, label);

/** Where an item of the list is to be put right: the first place of its kind. */
function place(target) {
  const { personal, negative } = state.answer;
  const found = { personal: personal.find((row) => row.action === "mask"), negative: negative[0] }[target];
  return found ? button("jump", "到文中", { start: found.start, end: found.end }) : null;
}

function item({ level, says, basis, target }) {
  const [name, look] = LEVELS[level];
  const act = target === "annotation" ? button("annotate", "插入附注", { text: named("annotation", state.answer.attribute.label) }) : place(target);
  return make("li", {}, make("span", { className: `tag ${look}` }, name), ` ${says}`, basis ? make("span", { className: "source" }, `（${basis}）`) : null,
    act ? make("div", { className: "acts" }, act) : null);
}

function field({ name, value }) {
  const act = value ? button("insert", "插入", { text: value }) : make("span");
  return make("div", {}, make("dt", {}, name), make("dd", {}, value), act);
}

function show() {
  const { answer } = state;
  const built = cards(Array.from(wellFormed(state.text)));
  const reason = (row) => make("div", { className: "acts" }, button("insert", "插入理由", { text: `${row.text.replace(REASON_END, "")}（${row.basis}）。` }));
  $("verdict").replaceChildren(built.verdict(answer));
  $("fix").querySelector("ul").replaceChildren(...(state.items.length ? state.items.map(item) : [note("没有发现缺项。提交前仍请由人通读一遍。")]));
  const all = [built.annotations(answer, "annotate", "插入"), built.reasons(answer.reasons, reason), built.people(answer), built.negatives(answer.negative), built.categories(answer.categories)];
  $("cards").replaceChildren(...all);
  $("opinion").querySelector("dl").replaceChildren(...state.fields.map(field));
  $("advice").hidden = false;
  $("empty").hidden = true;
}

// ---- what the user does ----

const ACTS = {
  jump: ({ start, end }) => state.host.jump(Number(start), Number(end)),
  insert: async ({ text }) => { await state.host.insert(text); say("已插入到光标处。"); },
  annotate: async ({ text }) => { await state.host.annotate(text, state.answer.elements.annotation ?? ""); say("附注已写入文中。"); },
  "copy-all": () => copy(state.fields.map(({ name, value }) => `${name}：${value}`).join("\n")),
};

$("now").addEventListener("click", () => run(now));
$("advice").addEventListener("click", ({ target }) => {
  const pressed = target.closest("button");
  if (!pressed) return;
  const { dataset } = pressed;
  if (pressed.classList.contains("quote")) run(() => ACTS.jump(dataset));
  else if (dataset.act) run(() => ACTS[dataset.act](dataset));
});

state.host = await hosted();
$("host").textContent = `已连接${state.host.name}`;
setInterval(tick, TICK);
