// Stand-ins for the script interfaces of Word and WPS over one array of paragraphs, as far as the add-in uses them.

globalThis.standIn = { lines: [], selected: null, cursor: null };

function wordRange(line, at, words) {
  return {
    text: words,
    select() { standIn.selected = { line, at, words }; },
    insertText(text, where) {
      const old = standIn.lines[line];
      if (where === "Replace") standIn.lines[line] = old.slice(0, at) + text + old.slice(at + words.length);
      else throw new Error("where");
    },
  };
}

function wordParagraph(line) {
  return {
    get text() { return standIn.lines[line]; },
    load() {},
    select() { standIn.selected = { line, at: 0, words: standIn.lines[line] }; },
    search(words, options) {
      if (!options.matchCase || words.length > 255) throw new Error("search");
      const sought = words.replace(/\^\^/g, "^");
      const items = [];
      for (let at = standIn.lines[line].indexOf(sought); at >= 0; at = standIn.lines[line].indexOf(sought, at + sought.length)) items.push(wordRange(line, at, sought));
      return { items, load() {} };
    },
    insertParagraph(text, where) {
      if (where !== "After") throw new Error("where");
      standIn.lines.splice(line + 1, 0, text);
      return {};
    },
  };
}

globalThis.asWord = () => {
  globalThis.Office = { onReady: async () => ({ host: "Word", platform: "PC" }) };
  globalThis.Word = {
    run: async (job) => job({
      sync: async () => {},
      document: {
        body: {
          get paragraphs() { return { items: standIn.lines.map((_, line) => wordParagraph(line)), load() {} }; },
          insertParagraph(text) { standIn.lines.push(text); return {}; },
        },
        getSelection: () => ({ insertText(text, where) { if (where !== "End") throw new Error("where"); standIn.cursor = text; } }),
      },
    }),
  };
};

/** WPS: `Content.Text` has \r for paragraphs and \r\x07 (one position) at a cell's end; `shift` positions are hidden from the text. */
globalThis.asWps = (shift = 0) => {
  const raw = () => standIn.lines.join("\r");
  const positions = () => raw().replace(/\r\u0007/g, "\u0007");
  const write = (text) => { standIn.lines = text.replace(/\u0007/g, "\r\u0007").split(/\r(?!\u0007)/); };
  const range = (start, end) => ({
    Start: start,
    End: end,
    get Text() { return positions().slice(this.Start - shift, this.End - shift).replace(/\u0007/g, "\r\u0007"); },
    set Text(text) { const all = positions(); write(all.slice(0, this.Start - shift) + text + all.slice(this.End - shift)); },
    Select() { standIn.selected = { start: this.Start, end: this.End, words: this.Text }; },
    InsertAfter(text) { const all = positions(); write(all.slice(0, this.End - shift) + text + all.slice(this.End - shift)); this.End += text.length; },
    ParagraphFormat: {},
    Find: {
      Execute(words) {
        const all = positions();
        const from = this.from ?? 0;
        const at = all.indexOf(words, from);
        if (at < 0) return false;
        this.from = at + words.length;
        this.owner.Start = at + shift;
        this.owner.End = at + words.length + shift;
        return true;
      },
    },
  });
  const owned = (start, end) => { const made = range(start, end); made.Find.owner = made; return made; };
  globalThis.Application = {
    ActiveDocument: {
      get Content() { return owned(shift, shift + positions().length); },
      Range: (start, end) => owned(start, end),
    },
    ActiveWindow: { ScrollIntoView(place) { standIn.scrolled = place.Start; } },
    Selection: { InsertAfter(text) { standIn.cursor = text; } },
  };
};
