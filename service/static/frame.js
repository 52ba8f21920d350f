// What every page's script shares, and what works on every page without one of its own:
//   data-opens="#id" opens a dialog, data-closes closes the one it stands in; data-confirm="…" asks before a form is sent or a button acts;
//   input[data-all="name"] ticks all checkboxes of that name; select/input[data-submits] sends its form when changed; data-copies="text" copies.
// import { $, make, call, Trouble, say, complain, copy, keys, percent, save } from "/static/frame.js";

export const $ = (id) => document.getElementById(id);
export const csrf = () => document.querySelector("meta[name=csrf]")?.content ?? "";
export const percent = (p) => (p >= 0.995 ? "99% 以上" : p < 0.005 ? "不到 1%" : `${Math.round(p * 100)}%`);
const SHOWN = 6000;
let hiding = 0;

/** Something that went wrong, in words for the user; `stop` marks a secrecy stop. */
export class Trouble extends Error {
  constructor(title, detail, stop = false, status = 0) {
    super(title);
    Object.assign(this, { title, detail, stop, status });
  }
}

/** An element with properties and children; a child that is a string becomes a text node, null is left out. */
export function make(name, properties = {}, ...children) {
  const { data = {}, ...rest } = properties;
  const element = Object.assign(document.createElement(name), rest);
  Object.assign(element.dataset, data);
  element.append(...children.filter((child) => child !== null));
  return element;
}

/** Say what just happened: read out, and in sight for some seconds (not where `shown` is false); `extra` (a button) may follow. */
export function say(text, extra = null, shown = true) {
  const box = $("status");
  clearTimeout(hiding);
  box.replaceChildren(text, ...(extra ? [extra] : []));
  box.classList.toggle("shown", shown && text !== "");
  hiding = setTimeout(() => box.classList.remove("shown"), SHOWN);
}

/** Show what is wrong at the top of the page; null clears it. */
export function complain(error, kind = "problem") {
  const box = $("alert");
  box.replaceChildren();
  box.className = error ? kind : "";
  if (!error) return;
  box.append(make("strong", {}, error.title), make("p", {}, error.detail));
  box.scrollIntoView({ block: "nearest" });
}

/** A network failure in words; a service that is up but dropped a large body has most likely refused its size. */
async function unreachable(size) {
  const up = size > 1e6 && (await fetch("/healthz", { cache: "no-store" }).then((r) => r.ok, () => false));
  return up
    ? new Trouble("没有传完", `内容有 ${(size / 1048576).toFixed(1)} MB，可能超过了大小上限，请拆分或者压缩后再试。`)
    : new Trouble("连不上服务", "请检查网络，或者确认服务已经启动，然后再试一次。文字还在页面上。");
}

/** What an answer that isn't ok says, in words. */
export function refusal(status, content) {
  const detail = content?.detail ?? `请稍后再试；仍然不行，请告诉管理员（状态码 ${status}）。`;
  return new Trouble(content?.title ?? "服务没有给出结果", detail, content?.type?.endsWith(":classified") ?? false, status);
}

/** Ask the service: `body` is FormData or a value sent as JSON; gives the answer's JSON, its headers in `.headers`. */
export async function call(path, body, { method = "POST", signal = undefined, headers = {} } = {}) {
  const form = body instanceof FormData;
  const sent = body === undefined || form ? body : JSON.stringify(body);
  const all = { "x-csrf-token": csrf(), ...(form || body === undefined ? {} : { "content-type": "application/json" }), ...headers };
  let answer;
  try {
    answer = await fetch(path, { method, body: sent, headers: all, cache: "no-store", signal });
  } catch (error) {
    throw error.name === "AbortError" ? error : await unreachable(form ? (body.get("file")?.size ?? 0) : (sent?.length ?? 0));
  }
  if (answer.status === 204) return { content: null, headers: answer.headers };
  const content = await answer.json().catch(() => null);
  if (answer.ok && content !== null) return { content, headers: answer.headers };
  throw refusal(answer.status, content);
}

/** To the clipboard, also where the page is not served over HTTPS. */
export async function copy(text) {
  const wanted = document.activeElement;
  const done = await (navigator.clipboard?.writeText(text).then(() => true, () => false) ?? false);
  const area = make("textarea", { value: text, className: "unseen", readOnly: true });
  (wanted?.closest("dialog") ?? document.body).append(area);
  area.select();
  const copied = done || document.execCommand("copy");
  area.remove();
  wanted?.focus({ preventScroll: true });
  if (!copied) throw new Trouble("没有复制成功", "浏览器不允许写剪贴板，请选中文字后按 Ctrl+C。");
  say("已复制。");
}

/** Save a text or a blob as a file. */
export function save(name, content) {
  const blob = content instanceof Blob ? content : new Blob([content], { type: "text/plain;charset=utf-8" });
  const link = make("a", { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  say(`已下载${name}。`);
}

/** Single keys that act while nobody is typing: { j: next, "?": help }. */
export function keys(table) {
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
    if (typing || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || document.querySelector("dialog[open]")) return;
    const act = table[event.key];
    if (!act || (event.key === "Enter" && event.target.closest("button, a, summary"))) return;
    event.preventDefault();
    act(event);
  });
}

// ---- on every page ----

document.addEventListener("click", (event) => {
  const asked = event.target.closest("button[data-confirm]");
  if (asked && !confirm(asked.dataset.confirm)) { event.preventDefault(); event.stopImmediatePropagation(); return; }
  const opener = event.target.closest("[data-opens]");
  if (opener) document.querySelector(opener.dataset.opens)?.showModal();
  event.target.closest("[data-closes]")?.closest("dialog")?.close();
  const copier = event.target.closest("[data-copies]");
  if (copier) copy(copier.dataset.copies).catch(complain);
}, true);
document.addEventListener("submit", (event) => {
  const asked = event.target.closest("form[data-confirm]");
  if (asked && !confirm(asked.dataset.confirm)) { event.preventDefault(); event.stopImmediatePropagation(); }
}, true);
document.addEventListener("change", ({ target }) => {
  if (target.dataset.all) for (const box of document.querySelectorAll(`input[type=checkbox][name="${CSS.escape(target.dataset.all)}"]`)) {
    if (box.checked !== target.checked) { box.checked = target.checked; box.dispatchEvent(new Event("change", { bubbles: true })); }
  }
  if (target.dataset.submits !== undefined) target.form?.requestSubmit();
});
// what somebody sends is sent once, however often they click before the answer: htmx would send it again after the first;
// what was changed meanwhile is something else to send
const LEAVING = 10_000; // milliseconds in which a page that has to go has gone
let sending = new WeakSet();
const forget = ({ target }) => sending.delete(target);
document.addEventListener("htmx:confirm", (event) => {
  const { verb, triggeringEvent } = event.detail;
  if (verb !== "get" && ["click", "submit"].includes(triggeringEvent?.type) && sending.has(event.target)) event.preventDefault();
});
document.addEventListener("htmx:beforeSend", ({ target }) => { sending.add(target); });
document.addEventListener("htmx:afterRequest", (event) => {
  const { xhr } = event.detail;
  const goes = xhr.status < 400 && (xhr.getResponseHeader("hx-redirect") || xhr.getResponseHeader("hx-refresh"));
  if (goes) setTimeout(forget, LEAVING, event);
  else forget(event);
});
document.addEventListener("htmx:onLoadError", forget);
document.addEventListener("input", () => { sending = new WeakSet(); });
addEventListener("pageshow", ({ persisted }) => { if (persisted) sending = new WeakSet(); });
document.addEventListener("htmx:beforeRequest", ({ detail: { requestConfig: { verb, triggeringEvent } } }) => {
  if (verb !== "get" || triggeringEvent) complain(null); // a part that asks again by itself says nothing about what went wrong
});
document.addEventListener("htmx:responseError", ({ detail: { xhr } }) => {
  let content = null;
  try { content = JSON.parse(xhr.responseText); } catch { /* not a problem of ours */ }
  const error = refusal(xhr.status, content);
  complain(error, error.stop ? "problem stop" : "problem");
});
document.addEventListener("htmx:sendError", () => unreachable(0).then(complain));
