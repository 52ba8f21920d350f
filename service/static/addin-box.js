// No office program: a text box takes the document.
import { $ } from "/static/frame.js";
import { dateLine, standing, units } from "/static/addin-lines.js";

/** The adapter; it shows its box. */
export function box() {
  $("boxed").hidden = false;
  return { name: "文本框", read, jump, insert, annotate };
}

async function read() {
  return $("box").value;
}

async function jump(start, end) {
  const field = $("box");
  const [from, to] = [units(field.value, start), units(field.value, end)];
  field.focus();
  field.setSelectionRange(from, to);
  const share = from / Math.max(1, field.value.length);
  field.scrollTop = Math.max(0, field.scrollHeight * share - field.clientHeight / 2);
}

async function insert(words) {
  const field = $("box");
  field.setRangeText(words, field.selectionEnd, field.selectionEnd, "end");
}

async function annotate(words, present) {
  const field = $("box");
  const there = standing(field.value, present, words);
  if (there) { field.setRangeText(there.words, there.at, there.at + there.old.length, "end"); return; }
  const lines = field.value.trimEnd().split("\n");
  const date = dateLine(lines);
  lines.splice(date < 0 ? lines.length : date + 1, 0, `　　${words}`);
  field.value = `${lines.join("\n")}\n`;
}
