// The grade of each passage in a reader's text: in place, found, moved, in another form, altered, or not found.
// The same as openproposals/factcheck/verify.py and altered.py; tests/site/test_checking.py holds both together.
import { cutsWord, losesSign, SUPERSCRIPTS, withinWord } from "./boundaries.js";
import { is, joined, past, stands, without } from "./judging.js";
import { faithful, plainNumbers } from "./normal-forms.js";
import { find, firstOf, heads, Index, Lines, withoutHeads } from "./searching.js";
import { sha256 } from "./sha256.js";

const BEST = ["in-place", "found", "reworded-form", "figure-altered"];
const [JUDGED, OPENINGS, FEWEST, FIGURE] = [1000, 20, 12, 60];
const SENTENCE_END = /[.!?…。।]\s|\n\s*\n/u;
const NUMBER = new RegExp(`(?:(?<![\\p{L}\\p{N}_.,])[-+])?[0-9]+(?:[.,/:][0-9]+)*[${SUPERSCRIPTS}]*|[%‰$€£¥₹₽]`, "gu");

// passages: as the site's data has them (site/checking.py), positions in code points. text: what was read, a form feed
// between pages. Gives an array of { id, grade, forms, spans, page, words, figure, printed, found }.
export function grade(passages, text) {
  const here = new Reading(text);
  const wanted = passages.map((passage) => placed(passage, here));
  const graded = new Map();
  for (const passage of wanted) if (here.isThere(passage)) graded.set(passage.id, here.graded(passage, here.same(passage), { spans: [[passage.start, passage.end]], forms: [] }));
  for (const search of [anywhere, pastHeads, inHalves, framed]) {
    const missing = wanted.filter(({ id }) => !graded.has(id) || graded.get(id).grade === "figure-altered");
    if (!missing.length) break;
    for (const found of search(here, missing)) if (!graded.has(found.id) || found.grade !== "figure-altered") graded.set(found.id, found);
  }
  for (const { id } of wanted) if (!graded.has(id)) graded.set(id, { id, grade: "not-found", forms: [], spans: [] });
  for (const id of moved(wanted, graded)) graded.get(id).grade = "moved";
  return wanted.map(({ id }) => graded.get(id));
}

class Reading {
  constructor(text) {
    this.text = text;
    this.sha256 = sha256(text);
    this.heads = heads(text);
    this.pages = [0, ...[...text.matchAll(/\f/gu)].map((found) => found.index + 1)];
    this.astral = [...text.matchAll(/[\ud800-\udbff](?=[\udc00-\udfff])/g)].map((found, at) => found.index - at);
  }

  get index() { return (this.indexed ??= new Index(this.text)); }
  get headless() { return (this.without ??= new Index(withoutHeads(this.text, this.heads))); }
  lines(pastHead) { return pastHead ? (this.headlessLines ??= new Lines(this.headless)) : (this.allLines ??= new Lines(this.index)); }

  // A position counted in code points, as one of JavaScript's.
  position(points) { return points + firstOf(this.astral, points); }

  page(position) { return this.pages.length > 1 ? firstOf(this.pages, position, true) : null; }
  same(passage) { return this.sha256 === passage.pinned ? "in-place" : "found"; }

  isThere(passage) {
    const span = [passage.start, passage.end];
    const pinned = this.sha256 === passage.pinned;
    if (!pinned && (cutsWord(this.text, ...span, passage.sought.signs) || losesSign(this.text, ...span))) return false;
    const inside = passage.sought.marks.map((mark) => [passage.start + mark.at, passage.start + mark.at + mark.length]).filter(([at]) => at < passage.end);
    if (!pinned && inside.some((mark) => [...this.text.slice(...mark)].some((each) => !`${SUPERSCRIPTS}*`.includes(each)))) return false;
    const said = without(this.text, span, inside);
    return Boolean(said) && is(faithful(said), passage.sought.faithful);
  }

  standing(passage, where) {
    const [start, end] = [where.spans[0][0], where.spans.at(-1)[1]];
    const inPlace = this.sha256 === passage.pinned && start === passage.start && end === passage.end && where.forms.every((form) => form === "interrupted");
    return this.graded(passage, inPlace ? "in-place" : where.forms.length ? "reworded-form" : "found", where);
  }

  graded({ id }, grade, { spans, forms }) {
    return { id, grade, forms, spans, page: this.page(spans[0][0]), words: spans.map((span) => this.text.slice(...span).split(/\s+/u).filter(Boolean).join(" ")) };
  }
}

function placed(passage, here) {
  const { start, end, marks, figures, ...rest } = passage;
  const sought = { ...rest, marks, signs: new Set(marks.map((mark) => mark.sign)), size: end - start };
  return { id: passage.id, start: here.position(start), end: here.position(end), pinned: passage.pinned, sought, figures };
}

const wantedBy = (missing) => new Map(missing.map(({ id, sought, start }) => [id, { digest: sought.bare, expected: start }]));

function* anywhere(here, missing) { yield* judged(here, missing, here.index, false); }

function* pastHeads(here, missing) { if (here.heads.length) yield* judged(here, missing, here.headless, true); }

function* judged(here, missing, where, pastHead) {
  const { hits } = find(where, wantedBy(missing));
  for (const passage of missing) {
    let best = null;
    for (const offset of (hits.get(passage.id) ?? []).slice(0, JUDGED)) {
      const found = stands(where.text, where.span(offset, passage.sought.bare.length), passage.sought);
      let verdict = null;
      if (found) verdict = here.standing(passage, pastHead ? past(found, where.text, here.heads) : found);
      else if (!best) verdict = altered(here, where, offset, passage);
      if (!verdict) continue;
      if (!best || BEST.indexOf(verdict.grade) < BEST.indexOf(best.grade)) best = verdict;
      if (best.grade === "found" || best.grade === "in-place") break;
    }
    if (best) yield best;
  }
}

function* inHalves(here, missing) {
  for (const pastHead of here.heads.length ? [false, true] : [false]) {
    const where = pastHead ? here.headless : here.index;
    const opened = find(where, wantedBy(missing)).openings;
    const lines = here.lines(pastHead);
    for (const passage of missing) {
      search: for (const offset of (opened.get(passage.id) ?? []).slice(0, OPENINGS)) {
        for (const both of lines.halves(offset, passage.sought.bare)) {
          const found = joined(where.text, ...both, passage.sought);
          if (found) {
            yield here.standing(passage, found);
            break search;
          }
        }
      }
    }
  }
}

// What is altered in letters that are the passage's; null where they are too few to say so.
function altered(here, where, offset, passage) {
  const { length } = passage.sought.bare;
  if (length < FEWEST) return null;
  const span = where.span(offset, length);
  if (withinWord(where.text, ...span)) return null;
  const told = (figure, printed, found) => ({ ...here.graded(passage, "figure-altered", { spans: [span], forms: [] }), figure, printed, found });
  for (const figure of passage.figures) {
    if (figure.before.length + figure.after.length > length) continue;
    const [start, end] = region(where, offset, length, figure);
    const found = where.text.slice(start, end);
    const there = new Set(numbers(found, passage.sought.decimal));
    if (numbers(figure.printed, passage.sought.decimal).every((each) => there.has(each))) continue;
    return there.size || (figure.before.length && figure.after.length) ? told(figure.id, figure.printed, shown(found)) : null;
  }
  return told("", "", "");
}

function region(where, offset, length, figure) {
  const [first, last] = [offset + figure.before.length, offset + length - figure.after.length];
  let start = first ? where.positions[first - 1] + 1 : 0;
  let end = last < where.length ? where.positions[last] : where.text.length;
  if (!figure.before.length) {
    start = Math.max(start, where.positions[offset] - 30);
    const cuts = [...where.text.slice(start, end).matchAll(new RegExp(SENTENCE_END.source, "gu"))];
    if (cuts.length && figure.after.length) start += cuts.at(-1).index + cuts.at(-1)[0].length;
  }
  if (!figure.after.length) {
    const cut = SENTENCE_END.exec(where.text.slice(start, end));
    end = Math.min(cut ? start + cut.index : end, where.positions[offset + length - 1] + 31);
  }
  return [start, end];
}

function numbers(text, decimal) {
  const dashed = text.replace(/\u2212 /gu, "-").replace(/[\u2010-\u2015\u2212]/gu, "-");
  return plainNumbers(dashed, decimal).match(NUMBER) ?? [];
}

const shown = (found) => [...found.split(/\s+/u).filter(Boolean).join(" ").replace(/^[ .,;:!?()[\]«»"'…]+|[ .,;:!?()[\]«»"'…]+$/gu, "")].slice(0, FIGURE).join("");

// Passages of which the words before and after a figure are found, with something else between them.
function* framed(here, missing) {
  const wanted = new Map();
  for (const passage of missing) {
    for (const figure of passage.figures) {
      const isBefore = Boolean(figure.before.opening) >= Boolean(figure.after.opening) && (Boolean(figure.before.opening) > Boolean(figure.after.opening) || figure.before.length >= figure.after.length);
      const digest = isBefore ? figure.before : figure.after;
      if (digest.opening && figure.before.length + figure.after.length >= FEWEST) wanted.set(`${passage.id}\n${figure.id}`, { digest, expected: passage.start, passage, figure, isBefore });
    }
  }
  const where = here.index;
  const { hits } = find(where, wanted);
  const done = new Set();
  for (const [key, { passage, figure, isBefore }] of wanted) {
    for (const offset of (hits.get(key) ?? []).slice(0, 20)) {
      const inner = between(where, figure, offset, isBefore);
      if (done.has(passage.id) || !inner || inner[0] >= inner[1]) continue;
      let [start, end] = where.span(inner[0], inner[1] - inner[0]);
      if (SENTENCE_END.test(where.text.slice(start, end)) || inner[1] - inner[0] > FIGURE) continue;
      done.add(passage.id);
      const outer = where.span(inner[0] - figure.before.length, inner[1] - inner[0] + figure.before.length + figure.after.length);
      while (end < where.text.length && /[\p{L}\p{N}]/u.test(where.text[end])) end += 1;
      start = inner[0] ? where.positions[inner[0] - 1] + 1 : 0;
      yield { ...here.graded(passage, "figure-altered", { spans: [outer], forms: [] }), figure: figure.id, printed: figure.printed, found: shown(where.text.slice(start, end)) };
    }
  }
}

function between(where, { before, after }, offset, isBefore) {
  if (!before.length || !after.length) return null;
  if (isBefore) {
    const start = offset + before.length;
    for (let end = start + 1; end <= Math.min(start + FIGURE, where.length - after.length); end += 1) if (where.holds(end, after)) return [start, end];
    return null;
  }
  for (let start = offset - 1; start >= Math.max(offset - FIGURE, before.length); start -= 1) if (where.holds(start - before.length, before)) return [start, offset];
  return null;
}

// The passages found in another order than in the pinned text: the fewest, so that the others keep theirs.
function moved(wanted, graded) {
  const found = wanted.filter(({ id }) => graded.get(id).grade === "found")
    .map(({ id, start }) => [start, graded.get(id).spans[0][0], id]).sort((a, b) => a[0] - b[0] || a[1] - b[1] || (a[2] < b[2] ? -1 : 1));
  const [ends, last, before] = [[], [], []];
  found.forEach(([, start], number) => {
    const length = firstOf(ends, start, true);
    ends[length] = start;
    last[length] = number;
    before[number] = length ? last[length - 1] : -1;
  });
  const inOrder = new Set();
  for (let at = last.at(-1) ?? -1; at >= 0; at = before[at]) inOrder.add(at);
  return found.filter((_, number) => !inOrder.has(number)).map(([, , id]) => id);
}
