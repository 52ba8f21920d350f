// The secretariat's queue: one row is current, keys act on it or on what is selected; answers bring rows as they are now.
import { $, call, complain, csrf, keys, make, say, Trouble } from "/static/frame.js";

const rows = $("rows");
const panel = $("panel");
const base = `/review/${rows.dataset.backlog}`;
const most = Number(rows.dataset.most);
const WAIT = 140; // so that a held key opens one panel, not fifty
const ALT = { Digit1: "proactive", Digit2: "on_request", Digit3: "withheld", Enter: "suggested" };
const EARLY = 10; // rows before the end at which more are loaded
let current = null;
let texts = false; // whether the text is shown with each document
let waiting = 0;
let opening = null;
let opened = { id: "", done: Promise.resolve() }; // what was last asked for the panel
let typed = null; // the last that was filled in in the panel and is not decided upon
let grouping = 0; // presses that still wait for their panel
let loading = null;
let counting = 0;
let queue = Promise.resolve(); // decisions go to the service one after the other, in the order of the keys

const all = () => [...rows.querySelectorAll("tr.one")];
const row = (id) => $(`r-${id}`);
const selected = () => [...rows.querySelectorAll("input[name=ids]:checked")].map((box) => box.value);

/** HTML of the service: it is parsed apart, so that table rows stay table rows. */
function parsed(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content;
}

async function fetched(path, signal) {
  let answer;
  try {
    answer = await fetch(path, { signal, cache: "no-store", headers: { "x-csrf-token": csrf() } });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Trouble("连不上服务", "请检查网络，然后再试一次。已经作出的决定都在。");
  }
  if (answer.ok) return answer;
  const told = await answer.json().catch(() => ({}));
  throw new Trouble(told.title ?? "服务没有给出结果", told.detail ?? "请刷新页面再试。");
}

const quietly = (error) => { if (error.name !== "AbortError") complain(error); };

// ---- the current row and its panel ----

function move(to, open = true) {
  if (!to) return;
  current?.classList.remove("here");
  current?.removeAttribute("aria-current");
  current = to;
  current.classList.add("here");
  current.setAttribute("aria-current", "true");
  current.scrollIntoView({ block: "nearest" });
  clearTimeout(waiting);
  waiting = open ? setTimeout(() => show(to.dataset.id).catch(quietly), WAIT) : 0;
  const list = all();
  if (list.length - list.indexOf(to) <= EARLY) more(50).catch(quietly);
}

function step(by) {
  const list = all();
  const at = list.indexOf(current);
  move(list[at < 0 ? 0 : Math.min(Math.max(at + by, 0), list.length - 1)]);
}

/** The next row without a decision, after the current one. */
function onward() {
  const list = all();
  const at = list.indexOf(current);
  const next = list.slice(at + 1).find((one) => one.dataset.open === "1" && !one.classList.contains("pending"));
  move(next ?? list[Math.min(at + 1, list.length - 1)]);
}

function show(id) {
  clearTimeout(waiting);
  waiting = 0;
  opening?.abort();
  opening = new AbortController();
  opened = { id, done: open(id, opening.signal) };
  return opened.done;
}

async function open(id, signal) {
  const html = await (await fetched(`${base}/documents/${id}`, signal)).text();
  panel.classList.add("shown");
  if (form(id) && (typed?.id === id || document.activeElement.closest("#why"))) return; // what is filled in meanwhile stays
  typed = null;
  panel.replaceChildren(parsed(html));
  if (texts) await text(signal);
}

/** Acts on the panel of the current row, once it is there: a key may come before it. */
async function inside(act) {
  const id = current?.dataset.id;
  if (id && (waiting || opened.id !== id)) await show(id); else await opened.done.catch(() => show(id));
  return act();
}

async function text(signal) {
  const box = $("text");
  if (!box) return;
  const answer = await fetched(box.dataset.src, signal ?? opening?.signal);
  box.replaceChildren(parsed(await answer.text()));
}

async function toggleText() {
  const box = $("text");
  texts = !box?.querySelector(".paper, .problem, .empty");
  if (texts) { await text(); $("text")?.scrollIntoView({ block: "start" }); return; }
  box?.replaceChildren(make("button", { type: "button", className: "small", id: "show" }, "看正文"));
}

async function reach(code) {
  if (!$("text")?.querySelector(".paper")) { texts = true; await text(); }
  const marks = [...($("text")?.querySelectorAll("mark.evidence[data-codes]") ?? [])];
  const fitting = code ? marks.filter((mark) => mark.dataset.codes.split(" ").includes(code)) : marks;
  const at = fitting.findIndex((mark) => mark.classList.contains("here"));
  const next = fitting[(at + 1) % (fitting.length || 1)];
  if (!next) return say("正文里没有标出这一处。");
  for (const mark of marks) mark.classList.toggle("here", mark === next);
  next.scrollIntoView({ block: "center" });
}

// ---- deciding ----

function form(id) {
  const judge = $("judge");
  return judge?.dataset.id === id ? judge : null;
}

function body(ids, attribute, bulk) {
  const data = new FormData();
  for (const id of ids) data.append("ids", id);
  data.set("attribute", attribute);
  const judge = bulk ? null : form(ids[0]);
  if (bulk) data.set("reason", $("bulk-reason").value);
  for (const name of ["reason", "category", "note"]) if (judge?.elements[name]?.value) data.set(name, judge.elements[name].value);
  if (judge?.elements.whole?.checked) data.set("whole", "1");
  if (!bulk) data.set("version", row(ids[0])?.dataset.version ?? 0);
  return data;
}

function decide(attribute) {
  const chosen = selected();
  const bulk = chosen.length > 0;
  const ids = bulk ? chosen : current ? [current.dataset.id] : [];
  if (ids.length === 0) return say("先选一件：按 j，或者点标题。");
  if (ids.length > most) return say(`一次最多决定 ${most} 件，请少选一些。`);
  if (!bulk && current.classList.contains("pending")) return;
  if (!bulk && grouping) return early();
  complain(null);
  const data = body(ids, attribute, bulk);
  for (const id of ids) row(id)?.classList.add("pending");
  if (bulk) unselect(); else onward();
  const last = typed;
  queue = queue.then(() => sent(`${base}/decisions`, data, ids, bulk, last)).catch(complain);
}

const early = () => say("这一件正在打开，请稍候再按。");

async function sent(path, data, ids, bulk, last) {
  try {
    const { content } = await call(path, data);
    if (last && typed === last && content.rows[last.id]) typed = null;
    renewed(content.rows);
    if (content.refused.length) refused(content.refused, bulk, data).catch(quietly);
    else if (content.asked.length) complain(challenged(content.asked));
    const count = Object.keys(content.rows).length;
    if (count) say(content.undone ? `已撤销 ${count} 件。` : `已决定 ${count} 件。`, content.undone ? null : button("撤销", undo));
    if (content.undone) move(row(Object.keys(content.rows)[0]) ?? current);
  } finally {
    for (const id of ids) row(id)?.classList.remove("pending");
    clearTimeout(counting);
    counting = setTimeout(() => tally().catch(quietly), 1500);
  }
}

const button = (name, act) => make("button", { type: "button", className: "small", onclick: act }, name);

function renewed(told) {
  for (const [id, html] of Object.entries(told)) {
    const old = row(id);
    if (!old) continue;
    const fresh = parsed(html).querySelector("tr");
    const here = old === current;
    fresh.querySelector("input[name=ids]").checked = old.querySelector("input[name=ids]").checked;
    old.replaceWith(fresh);
    if (!here) continue;
    current = null;
    move(fresh);
  }
  bar();
}

/** Withheld outside the negative list, without a word of why. */
function challenged(list) {
  const others = list.length > 1 ? `另有 ${list.length - 1} 件也是这样。` : "";
  return new Trouble("已经记录，但在负面清单之外", `${list[0].why}在备注里写明理由后重新决定即可。${others}`);
}

/** What was not decided: back to the first, and to the field that it lacks. */
async function refused(list, bulk, data) {
  const [first] = list;
  const others = list.length > 1 ? `另有 ${list.length - 1} 件也没有决定，仍然选中。` : "";
  complain(new Trouble(bulk ? `${list.length} 件没有决定` : "没有决定", `${first.title}：${first.why}${others}`));
  if (bulk) for (const one of list) { const box = row(one.id)?.querySelector("input[name=ids]"); if (box) box.checked = true; }
  bar();
  const elsewhere = panel.contains(document.activeElement) && !form(first.id); // somebody writes about another one by now
  if (bulk || elsewhere || !row(first.id)) return;
  move(row(first.id), false);
  await returned(first.id);
  refill(data);
  if (first.lacks) wanting(first.lacks);
}

/** Back in the panel as it was left: what was typed there stays. */
async function returned(id) {
  if (opened.id === id) await opened.done.catch(() => show(id));
  else if (form(id)) { opening?.abort(); opened = { id, done: Promise.resolve() }; }
  else await show(id);
  panel.classList.add("shown");
}

/** What was filled in when it was decided, where the next one has been opened meanwhile. */
function refill(data) {
  const elements = form(data.get("ids"))?.elements;
  if (!elements) return;
  for (const name of ["reason", "category", "note"]) if (data.get(name)) elements[name].value ||= data.get(name);
  if (data.get("whole") && elements.whole) elements.whole.checked = true;
  typed = { id: data.get("ids") };
}

function wanting(field) {
  const why = $("why");
  if (why) why.open = true;
  $(field)?.focus();
}

function group() {
  grouping += 1;
  inside(() => { const box = $("whole"); if (box) box.checked = !box.checked; }).catch(quietly).finally(() => { grouping -= 1; });
}

function undo() {
  complain(null);
  queue = queue.then(() => sent(`${base}/undo`, new FormData(), [], false)).catch(complain);
}

// ---- selecting ----

function bar() {
  const count = selected().length;
  $("bulk").hidden = count === 0;
  $("chosen").textContent = count;
  for (const one of all()) one.classList.toggle("chosen", one.querySelector("input").checked);
  $("all").checked = count > 0 && count === all().length;
}

function unselect() {
  for (const box of rows.querySelectorAll("input[name=ids]:checked")) box.checked = false;
  bar();
}

function tick() {
  const box = current?.querySelector("input[name=ids]");
  if (box) box.checked = !box.checked;
  bar();
}

// ---- more rows, counts ----

function more(limit) {
  if (!rows.dataset.next || loading) return loading ?? Promise.resolve();
  const address = new URLSearchParams(location.search);
  address.set("after", rows.dataset.next);
  address.set("limit", limit);
  loading = fetched(`${base}/rows?${address}`).then(async (answer) => {
    rows.append(parsed(await answer.text()));
    rows.dataset.next = answer.headers.get("x-next") ?? "";
    $("more").hidden = !rows.dataset.next;
  }).finally(() => { loading = null; });
  return loading;
}

async function tally() {
  const told = await (await fetched(`${base}/tally`)).json();
  for (const [pile, [done, of]] of Object.entries(told.piles)) {
    const box = document.querySelector(`[data-pile="${pile}"]`);
    if (box) box.textContent = `${done.toLocaleString()}/${of.toLocaleString()}`;
  }
  const link = (path, name, count) => make("a", { href: `${base}${path}` }, `${name} ${count} 件`);
  const parts = [];
  if (told.second) parts.push(link("?state=second", "待您复核", told.second));
  if (told.disputed) parts.push(link("?state=disputed", "意见不一致", told.disputed));
  $("second").replaceChildren(...parts.flatMap((part, number) => (number ? [" ", part] : [part])));
}

// ---- what happens ----

function back() {
  if (panel.classList.contains("shown") && panel.contains(document.activeElement)) document.activeElement.blur();
  panel.classList.remove("shown");
  unselect();
  complain(null);
  $("scroll").focus({ preventScroll: true });
}

keys({
  j: () => step(1), ArrowDown: () => step(1), k: () => step(-1), ArrowUp: () => step(-1), n: onward,
  Enter: () => decide("suggested"), 1: () => decide("proactive"), 2: () => decide("on_request"), 3: () => decide("withheld"),
  x: tick, u: undo, r: () => inside(() => wanting("reason")).catch(quietly), "/": () => $("search").focus(), Escape: back,
  g: group, t: () => inside(toggleText).catch(quietly), e: () => inside(() => reach("")).catch(quietly),
  "?": () => $("keys").showModal(),
});

rows.addEventListener("click", ({ target }) => {
  const one = target.closest("tr.one");
  if (!one || target.closest("input")) return;
  document.activeElement.blur(); // else Enter would press the title again
  move(one);
});
rows.addEventListener("change", bar);
$("all").addEventListener("change", ({ target }) => {
  for (const box of rows.querySelectorAll("input[name=ids]")) box.checked = target.checked;
  bar();
});
$("clear").addEventListener("click", unselect);
$("load").addEventListener("click", () => more(200).catch(quietly));
document.addEventListener("click", ({ target }) => {
  const act = target.closest("[data-decide]");
  if (act?.closest("#judge") && !selected().length && !form(current?.dataset.id)) early(); // the panel is still that of another
  else if (act) decide(act.dataset.decide);
  if (target.closest("#close")) back();
  if (target.closest("#show")) toggleText().catch(quietly);
  const quote = target.closest("[data-code]");
  if (quote) reach(quote.dataset.code).catch(quietly);
});
panel.addEventListener("input", () => { typed = { id: $("judge").dataset.id }; });
panel.addEventListener("submit", (event) => event.preventDefault());
panel.addEventListener("keydown", (event) => {
  const chosen = event.altKey && !event.ctrlKey && !event.metaKey && ALT[event.code]; // a field keeps the plain digits
  if (event.key !== "Escape" && !chosen) return;
  document.activeElement.blur();
  $("scroll").focus({ preventScroll: true });
  if (!chosen) return;
  event.preventDefault();
  if (!selected().length && !form(current?.dataset.id)) early(); else decide(chosen);
});
panel.addEventListener("toggle", ({ target }) => {
  if (!target.open || !target.dataset.src) return;
  const { src } = target.dataset;
  delete target.dataset.src;
  fetched(src).then(async (answer) => target.querySelector(".inner").replaceChildren(parsed(await answer.text()))).catch(quietly);
}, true);
$("scroll").addEventListener("scroll", ({ target }) => {
  if (target.scrollHeight - target.scrollTop - target.clientHeight < 600) more(50).catch(quietly);
}, { passive: true });

tally().catch(quietly);
if (location.hash.startsWith("#r-")) move($(location.hash.slice(1)));
