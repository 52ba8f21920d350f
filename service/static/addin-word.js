// Microsoft Word through Office.js (WordApi 1.1). A document is read paragraph by paragraph, so that a place can be found again in its own.
import { count, dateLine, inLine, standing, units } from "/static/addin-lines.js";

const LONGEST = 255;
const WAIT = 5000;
const FIRST_LINE = 32;
const literal = (words) => Array.from(words).slice(0, LONGEST / 2).join("").replace(/\^/g, "^^");

/** The adapter, or null where this isn't Word. */
export async function word() {
  if (!globalThis.Office?.onReady) return null;
  const ready = await Promise.race([Office.onReady(), new Promise((done) => setTimeout(done, WAIT, null))]);
  return ready?.host === "Word" && globalThis.Word ? { name: "Word", read, jump, insert, annotate } : null;
}

async function paragraphs(context) {
  const all = context.document.body.paragraphs;
  all.load("items/text");
  await context.sync();
  return all.items;
}

const plain = (text) => text.replace(/[\r\n\v\f]/g, " ").replace(/\u0007/g, "");
const joined = (items) => items.map((one) => plain(one.text)).join("\n");

function read() {
  return Word.run(async (context) => joined(await paragraphs(context)));
}

function jump(start, end) {
  return Word.run(async (context) => {
    const items = await paragraphs(context);
    const text = joined(items);
    const { line, words, nth } = inLine(text, units(text, start), units(text, end));
    const range = await found(context, items[line], words, nth);
    (range ?? items[line]).select();
    await context.sync();
  });
}

/** The nth place with these words in a paragraph; null where the search finds none. */
async function found(context, paragraph, words, nth) {
  if (!words.trim()) return null;
  const places = paragraph.search(literal(words), { matchCase: true });
  places.load("items");
  await context.sync();
  return places.items[nth] ?? places.items[0] ?? null;
}

function insert(text) {
  return Word.run(async (context) => {
    context.document.getSelection().insertText(text, "End");
    await context.sync();
  });
}

/** Write the annotation: in place of the one that is there, else under the date, else at the end. */
function annotate(text, present) {
  return Word.run(async (context) => {
    const items = await paragraphs(context);
    const places = items.map((one) => standing(one.text, present, text));
    const line = places.findIndex(Boolean);
    const there = places[line];
    const old = there ? await found(context, items[line], there.old, count(items[line].text.slice(0, there.at), there.old)) : null;
    if (old) old.insertText(there.words, "Replace");
    else added(context, items, text);
    await context.sync();
  });
}

function added(context, items, text) {
  const date = dateLine(items.map((one) => plain(one.text)));
  const made = date < 0 ? context.document.body.insertParagraph(text, "End") : items[date].insertParagraph(text, "After");
  Object.assign(made, { alignment: "Left", leftIndent: 0, rightIndent: 0, firstLineIndent: FIRST_LINE });
}
