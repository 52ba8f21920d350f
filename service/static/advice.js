// A suggestion in words and cards, the same on the drafter's page and in the add-in. Texts reach the page as text, never as markup.
import { $, make, percent } from "/static/frame.js";

export const WORDS = new Map(Array.from($("words").content.querySelectorAll("data"), (row) => [row.value, row]));
export const LAYER_NAMES = { mask: "遮蔽", keep: "保留", evidence: "依据", negative: "负面清单" };
const QUOTE = 26;
const PLACES = 5;
const PEOPLE = 8;

export const word = (kind, code) => WORDS.get(`${kind}.${code}`)?.textContent ?? code;
export const basis = (kind, code) => WORDS.get(`${kind}.${code}`)?.title ?? "";
export const wellFormed = (text) => (text.toWellFormed ? text.toWellFormed() : text);

/** Words of a place in a text given as an array of code points, as the service counts. */
export const quoted = (chars, { start, end }) => chars.slice(start, end).join("");

/** What the 意见单 needs of a suggestion: codes and counts (service/opinion/brief.py). */
export function brief(answer, title) {
  const masked = {};
  for (const row of answer.personal) if (row.action === "mask") masked[row.type] = (masked[row.type] ?? 0) + 1;
  const cut = (text) => Array.from(text ?? "").slice(0, 500).join("");
  const { number, issued, issuer, genre, annotation } = answer.elements;
  return {
    title: cut(title || answer.title), number: cut(number), issued: cut(issued), issuer: cut(issuer), genre: cut(genre), annotation: cut(annotation),
    suggested: answer.attribute.label, needs_review: answer.needs_review, handling: answer.handling,
    reasons: answer.reasons.map((r) => r.code).slice(0, 50), categories: answer.categories.map((c) => c.code).slice(0, 50),
    clauses: Array.from(new Set(answer.negative.map((n) => n.clause))).slice(0, 50), masked, notes: answer.notes.slice(0, 50),
  };
}

/** Every place to mark, with the layer it belongs to and what to say about it. */
export function places(answer) {
  const personal = answer.personal.map((p) => ({ ...p, layer: p.action, label: word("type", p.type) }));
  const evidence = answer.reasons.flatMap((r) => r.evidence.map((e) => ({ ...e, layer: "evidence", label: word("reason", r.code) })));
  const negative = answer.negative.map((n) => ({ ...n, layer: "negative", label: word("clause", n.clause) }));
  return [...personal, ...evidence, ...negative].sort((a, b) => a.start - b.start);
}

export const card = (title, ...children) => make("section", { className: "card" }, make("h3", {}, title), ...children);
export const list = (rows, name = "rows") => make("ul", { className: name }, ...rows);
export const note = (text) => make("p", { className: "hint" }, text);

/** Builders of cards over one text (its code points): `quotes` are buttons that the page makes jump. */
export function cards(chars) {
  const short = (span) => {
    const text = Array.from(quoted(chars, span).replace(/\s+/g, " "));
    return text.length > QUOTE ? `${text.slice(0, QUOTE).join("")}…` : text.join("");
  };

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

  function reasons(rows, extra = () => null) {
    const drawn = rows.map((r) => make("li", {}, make("p", {}, r.text),
      make("p", { className: "source", title: r.code }, `${word("reason", r.code)}（${r.basis}）`), quotes(r.evidence), extra(r)));
    return card("理由", drawn.length ? list(drawn) : note("没有找到明确的理由，请人工判断。"));
  }

  function negatives(rows) {
    if (!rows.length) return card("负面清单", note("没有命中。"));
    const groups = new Map();
    for (const row of rows) groups.set(row.clause, [...(groups.get(row.clause) ?? []), row]);
    return card("负面清单", list(Array.from(groups, ([clause, hits]) => make("li", {},
      make("p", {}, `${word("clause", clause)}（${percent(hits[0].confidence)}）`),
      make("p", { className: "source", title: clause }, basis("clause", clause)), quotes(hits)))));
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

  function people({ personal, attribute }, ...acts) {
    const of = (action) => personal.filter((row) => row.action === action).map(person);
    const [hidden, kept] = [of("mask"), of("keep")];
    const warning = attribute.label === "withheld" ? note("本件建议不予公开：遮蔽了个人信息，也不等于可以公开。") : null;
    return card("个人信息",
      make("p", {}, personal.length ? `须遮蔽 ${hidden.length} 处，可以保留 ${kept.length} 处。` : "没有找到个人信息，请由人通读确认。"),
      hidden.length && acts.length ? make("div", { className: "acts" }, ...acts) : null, hidden.length ? warning : null,
      ...folded(hidden, PEOPLE, (n) => `另有 ${n} 处须遮蔽`), ...folded(kept, 0, (n) => `可以保留的 ${n} 处`));
  }

  function categories(rows) {
    const line = (row) => {
      const clock = row.deadline ? make("p", { className: "source" }, `时限：${word("deadline", row.deadline)}（${basis("deadline", row.deadline)}）`) : null;
      return make("li", {}, make("p", { title: row.code }, `${row.name}（${percent(row.confidence)}）`), clock);
    };
    return card("目录", rows.length ? null : note("没有合适的目录。"), ...folded(rows.map(line), 3, (n) => `另有 ${n} 类`));
  }

  function annotations({ attribute, elements, needs_review: review }, act, says) {
    const button = (text) => make("button", { type: "button", ariaLabel: `${says}${text}`, data: { act, text } }, says);
    const lines = Object.keys(attribute.scores).map((label) => make("li", {},
      make("span", {}, word("annotation", label), label === attribute.label ? make("b", { className: "tag" }, "建议") : null),
      button(word("annotation", label))));
    const present = elements.annotation ? note(`文中已有：${elements.annotation}`) : null;
    return card("附注", review ? note("请先人工判断，再选用。") : null, list(lines, "rows lines"), present);
  }

  function hints(rows) {
    const line = ({ name, says, do: todo, basis: ground, about, kind, places: spans, source }) => make("li", {},
      make("p", {}, make("b", { className: "tag" }, name), ` ${says}`),
      make("p", {}, todo, about && ["consult", "source", "scope"].includes(kind) ? `涉及：${about}。` : null),
      source.says ? make("p", {}, source.says) : null, make("p", { className: "source" }, ground), quotes(spans));
    return card("办理提示", rows.length ? list(rows.map(line)) : note("没有要先办的事项。"));
  }

  function elements(found) {
    const names = { number: "发文字号", issuer: "发文机关", issued: "成文日期", genre: "文种" };
    const rows = Object.entries(names).filter(([key]) => found[key]).map(([key, name]) => make("div", {}, make("dt", {}, name), make("dd", {}, found[key])));
    return rows.length ? card("识别出的要素", make("dl", { className: "facts" }, ...rows)) : null;
  }

  const notes = (rows) => (rows.length ? card("提示", list(rows.map((text) => make("li", {}, text)), "notes")) : null);
  return { verdict, reasons, hints, negatives, people, categories, annotations, elements, notes };
}
