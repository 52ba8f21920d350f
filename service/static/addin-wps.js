// WPS Writer through its Application object. A place is tried by its offset first and then searched for, since fields and hidden
// text make offsets and text differ.
import { count, dateLine, standing, units } from "/static/addin-lines.js";

const LONGEST = 120;
const LEFT = 0;

const application = () => {
  const held = globalThis.Application ?? globalThis.wps?.Application ?? globalThis.wps?.WpsApplication?.();
  return held && "ActiveDocument" in held ? held : null;
};

/** The adapter, or null where this isn't WPS. */
export function wps() {
  return application() ? { name: "WPS 文字", read, jump, insert, annotate } : null;
}

function active() {
  const opened = application().ActiveDocument;
  if (!opened) throw new Error("no document");
  return opened;
}

/** The text with one unit for each position of the document: a cell's end is two characters in it and one position. */
const text = () => active().Content.Text.replace(/\r\u0007/g, "\n").replace(/[\r\v\f\u0007]/g, "\n");

async function read() {
  return text();
}

/** The range of a place, told by offset or found by its words. */
function range(start, end) {
  const all = text();
  const words = all.slice(start, end);
  const straight = active().Range(start, end);
  if (same(straight.Text, words)) return straight;
  const sought = words.split("\n").find((part) => part.trim()) ?? "";
  return searched(sought.slice(0, LONGEST), count(all.slice(0, start), sought.slice(0, LONGEST)));
}

const same = (one, other) => (one ?? "").replace(/\r\u0007|[\r\v\f\u0007]/g, "\n") === other;

function searched(words, nth) {
  const place = active().Content;
  for (let left = nth; words && place.Find.Execute(words, true); left -= 1) if (left === 0) return place;
  return null;
}

async function jump(start, end) {
  const all = text();
  const place = range(units(all, start), units(all, end));
  place?.Select();
  if (place) application().ActiveWindow?.ScrollIntoView?.(place, true);
}

async function insert(words) {
  application().Selection.InsertAfter(words);
}

/** Write the annotation: in place of the one that is there, else under the date, else at the end. */
async function annotate(words, present) {
  const all = text();
  const there = standing(all, present, words);
  const old = there ? range(there.at, there.at + there.old.length) : null;
  if (old) { old.Text = there.words; return; }
  const lines = all.split("\n");
  const date = dateLine(lines);
  const start = lines.slice(0, Math.max(date, 0)).join("\n").length + (date > 0 ? 1 : 0);
  const under = date < 0 ? null : range(start, start + lines[date].length);
  const place = under ?? active().Content;
  place.InsertAfter(`\r${words}`);
  const format = active().Range(place.End - words.length, place.End).ParagraphFormat;
  Object.assign(format, { Alignment: LEFT, RightIndent: 0, CharacterUnitFirstLineIndent: 2 });
}
