// Places in a text that is made of lines: all offsets that come from the service count code points, hosts count lines or UTF-16 units.

const DATE = /^\s*(\d{4}|[〇○零一二三四五六七八九]{4})\s*年\s*[\d一二三四五六七八九十]{1,3}\s*月\s*[\d一二三四五六七八九十]{1,3}\s*日\s*$/;

/** The UTF-16 offset of a code-point offset. */
export const units = (text, offset) => Array.from(text).slice(0, offset).join("").length;

/** The line of a UTF-16 place, the words of the place in that line, and how often they stand in it before. */
export function inLine(text, start, end) {
  const before = text.slice(0, start);
  const line = before.split("\n").length - 1;
  const from = before.lastIndexOf("\n") + 1;
  const stop = text.indexOf("\n", start);
  const words = text.slice(start, Math.min(end, stop < 0 ? text.length : stop));
  return { line, words, nth: count(text.slice(from, start), words) };
}

/** How often words stand in a text, none overlapping. */
export function count(text, words) {
  return words ? text.split(words).length - 1 : 0;
}

/** Which line an annotation goes under: the last one that holds nothing but a date; -1 for none. */
export const dateLine = (lines) => lines.findLastIndex((line) => DATE.test(line));

// The service tells an annotation with look-alike characters made equal and without brackets: in the text it may stand otherwise.
const ALIKE = {
  ":": "[:：﹕∶]", " ": "[\\s\\u200b-\\u200d\\ufeff]", 开: "[开開]", 属: "[属屬]", 类: "[类類]", 别: "[别別]", 动: "[动動]", 发: "[发發]",
  布: "[布佈]", 请: "[请請]",
};
const [OPEN, CLOSE] = ["[（(〔[［【﹝]", "[）)〕\\]］】﹞]"];
const alike = (words) => Array.from(words, (char) => ALIKE[char] ?? char.replace(/[.*+?^${}()|[\]\\]/, "\\$&")).join("");

/** Where the annotation that the service read (`present`) stands in a text, its words there, and those that take its place: a field
 * keeps its name, a bracket that holds more than the annotation stays. Null where it isn't found. */
export function standing(text, present, words) {
  const [, name, body] = /^〔?([^:]*: ?)?(.+)$/.exec(present) ?? [];
  if (!body) return null;
  const found = new RegExp(`(${OPEN}\\s*)?(${alike(name ?? "")})${alike(body)}(\\s*${CLOSE})?`).exec(text);
  if (!found) return null;
  const [old, open = "", field, close = ""] = found;
  const inner = words.slice(1, -1);
  const value = inner.replace("此件", "").replace("公开发布", "主动公开");
  const made = open && close && !field ? words : `${open}${field ? field + value : inner}${close}`;
  return { at: found.index, old, words: made };
}
