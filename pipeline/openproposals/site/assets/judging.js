// Whether words whose letters were found in a text are the passage, by its kept form; in what form they differ.
// The same as openproposals/factcheck/judging.py.
import { isCapital, isSame, leftOut } from "./accents.js";
import { afterMark, cutsWord, flatSign, isFlat, losesSign, readings, SUBSCRIPTS, SUPERSCRIPTS, withoutLineEnds } from "./boundaries.js";
import { COMPARED, CURRENCIES, faithful, kept, ORNAMENTS, UNIT } from "./normal-forms.js";
import { sha256 } from "./sha256.js";

const [EDGE, LOOSE, MARGIN, TOKENS] = [12, 3, 240, 8];
const TOKEN = new RegExp(`[-+−–]?\\p{Nd}+(?:[.,/:'’٫٬–-]\\p{Nd}+)*[${SUPERSCRIPTS}${SUBSCRIPTS}⁻]*|[${SUPERSCRIPTS}${SUBSCRIPTS}]+|[¼-¾⅐-⅞]|[%‰‱٪؉${CURRENCIES}${COMPARED}${ORNAMENTS}]|[-+−](?=[${CURRENCIES}])|(?<=[\\p{L}\\p{N}])\\++|(?<=[A-Za-z])#`, "gu");
const GLUED = /(?<=[\p{L}\p{Nl}\p{No}])[0-9]{1,2}(?![\p{L}\p{N}])|(?<=[A-Z]) [0-9](?![\p{L}\p{N}])/gu;
const RAISED = new RegExp(`^[^\\p{L}\\p{N}_\\s]{0,3}([${SUPERSCRIPTS}]+)`, "u");  // after what is printed between it and the words
const BROKEN = /(?<=\p{Nd})[-‐]\s*\n\s*(?=\p{Nd})/gu;
const NEXT_SENTENCE = /[.,;:!?…։।؟]\s+[\p{L}\p{Nl}\p{No}][\u0300-\u036f]*$|^[\p{L}\p{Nl}\p{No}][\u0300-\u036f]*[.,;:!?…։।؟]\s/u;
const BREAK = /(?<=[\p{L}\p{N}_])[-‐\u00ad][^\S\n]*\n\s*(?=[\p{L}\p{N}_])/gu;
const has = (pattern, text) => new RegExp(pattern.source, "u").test(text);

export const count = (form) => (/[\ud800-\udbff]/.test(form) ? [...form].length : form.length);
export const is = (form, digest) => count(form) === digest.length && sha256(form) === digest.sha256;

export function without(text, [start, end], marks) {
  let [said, at] = ["", start];
  for (const [first, last] of marks) {
    if (start <= first && first < end && first >= at) [said, at] = [said + text.slice(at, first), Math.min(last, end)];
  }
  return said + text.slice(at, end);
}

// Whether the passage stands round the letters at `core`: its spans and forms, or null.
export function stands(read, core, sought) {
  for (const [left, right] of extents(read, core)) {
    const words = read.slice(left, right);
    const form = kept(words, sought.decimal);
    if (count(form) < sought.kept.length || cutsWord(read, left, right, sought.signs) || losesSign(read, left, right)) continue;
    for (const spans of readings(words, sought.marks, sought.size)) {
      const said = without(words, [0, words.length], spans);
      // the first or last letter is a word of another sentence, as the words are longer than the passage
      if (NEXT_SENTENCE.test(said) && count(faithful(said.replaceAll(BREAK, ""))) > sought.faithful.length) continue;
      if (!isKept(said, spans.length ? kept(said, sought.decimal) : form, sought)) continue;
      const same = isSame(said, sought.accented);
      if (same || leftOut(read, [left, right], said, sought.accented)) return described(read, [left, right], said, spans, sought, same);
    }
  }
  return null;
}

const isKept = (said, form, sought) =>
  is(form, sought.kept) || (has(BROKEN, said) && is(kept(said.replace(BROKEN, ""), sought.decimal), sought.kept)) ||
  (isCapital(said) && [...units(said)].some((each) => is(kept(each, sought.decimal), sought.kept)));

// Words in capitals with their units as they may have been spelt: KM is km, KWH kWh, MO Mo.
function* units(said, from = 0, tried = 0) {
  const found = [...said.matchAll(UNIT)].find((match) => match.index >= from);
  if (!found || tried === 3) {
    if (tried) yield said;
    return;
  }
  const letters = found[0].trimStart();
  const [blank, [first], rest] = [found[0].slice(0, found[0].length - letters.length), letters, capitalised(letters.slice(1))];
  for (const each of new Set([letters, letters.toLowerCase(), capitalised(letters), first.toLowerCase() + rest, first + rest])) {
    const end = found.index + found[0].length;
    yield* units(said.slice(0, found.index) + blank + each + said.slice(end), end, tried + 1);
  }
}

const capitalised = (word) => word.slice(0, 1).toUpperCase() + word.slice(1).toLowerCase();

function extents(read, [start, end]) {
  while (end < read.length && /^\p{Mn}$/u.test(read[end])) end += 1;
  const low = reach(read, start, -1);
  const lefts = [start, ...tokens(read, low, start).map(([at]) => at).reverse()];
  const rights = [end, ...tokens(read, end, reach(read, end, 1)).map(([, to]) => to)];
  return lefts.slice(0, TOKENS + 1).flatMap((left) => rights.slice(0, TOKENS + 1).map((right) => [left, right]))
    .sort((a, b) => (a[1] - a[0]) - (b[1] - b[0]) || a[0] - b[0]);
}

// The spans of numbers, units and signs between two positions; what stands before the first may say what they are.
function tokens(read, from, to) {
  const shift = Math.max(0, from - 1);
  TOKEN.lastIndex = from - shift;
  const [text, found] = [read.slice(shift, to), []];
  for (let match = TOKEN.exec(text); match; match = TOKEN.exec(text)) found.push([shift + match.index, shift + match.index + match[0].length]);
  TOKEN.lastIndex = 0;
  return found;
}

function reach(read, at, step) {
  let here = step > 0 ? at : at - 1;
  while (here >= 0 && here < read.length && Math.abs(here - at) < 200 && !/\p{L}/u.test(read[here])) here += step;
  return step > 0 ? here : here + 1;
}

function described(read, span, said, spans, sought, same) {
  const words = read.slice(...span);
  const recorded = sought.marks.filter((mark) => mark.at < sought.size && /[\p{L}\p{N}]/u.test(mark.sign)).length;
  const here = spans.length + (spans.length < recorded && isMarked(read, span[1], sought) ? 1 : 0);
  const flat = isFlat(words, spans) || here !== recorded ? ["mark"] : [];
  let whole = wholly(read, span, said, sought);
  for (const each of whole ? [] : withoutLineEnds(said)) if ((whole = wholly(read, span, each, sought))) break;
  if (whole) return { spans: [whole], forms: flat };
  for (const joint of has(BREAK, said) ? ["", "-"] : []) {
    whole = wholly(read, span, said.replace(BREAK, joint), sought);
    if (whole) return { spans: [whole], forms: [...flat, "hyphenation"] };
  }
  for (const [form, undone] of UNDONE) {
    const other = undone(said);
    whole = other === said ? null : wholly(read, span, other, sought);
    if (whole) return { spans: [whole], forms: [...flat, form] };
  }
  return { spans: [span], forms: [...flat, seen(said, same)] };
}

// Whether the mark with which the passage ends stands, raised, where its letters end.
function isMarked(read, end, sought) {
  const last = sought.marks.reduce((one, other) => (other.at > one.at ? other : one));
  const there = RAISED.exec(read.slice(end, end + 40));
  return Boolean(there) && last.at + last.length >= sought.size - LOOSE && flatSign(there[1]) === last.sign;
}

const regrouped = (sign) => (said) => said.replace(/(?<=\p{Nd})[\s.,'’](?=\p{Nd}{3}(?!\p{Nd}))/gu, "")
  .replace(/\p{Nd}{4,}/gu, (found) => (/^[0-9]+$/.test(found) ? BigInt(found).toString().replace(/\B(?=(?:[0-9]{3})+$)/g, sign) : found));
const setAs = (signs) => (said) => said.replace(GLUED, (found) => [...found.trim()].map((digit) => [...signs][digit]).join(""));
const numbered = (sign) => (said) => said.replace(/(?<![\p{L}\p{N}_])([nN])[oº°ᵒ](?=\s?\p{Nd})/gu, `$1${sign}`);
const swapped = (said) => {
  const [first = ""] = said;
  return (first === first.toUpperCase() ? first.toLowerCase() : first.toUpperCase()) + said.slice(first.length);
};
const UNDONE = [
  ...["⁰¹²³⁴⁵⁶⁷⁸⁹", "₀₁₂₃₄₅₆₇₈₉", "0123456789"].map((signs) => ["raised", setAs(signs)]),
  ...[" ", "", ",", ".", "'"].map((sign) => ["grouping", regrouped(sign)]),
  ...["°", "o", "º"].map((sign) => ["numero", numbered(sign)]),
  ["capitals", swapped],
];

function seen(said, same) {
  if (has(BREAK, said)) return "hyphenation";
  const cased = [...said].filter((each) => /\p{Lu}|\p{Ll}/u.test(each));
  if (cased.length > 1 && cased.every((each) => /\p{Lu}/u.test(each))) return "capitals";
  return same ? "typography" : "accents";
}

function wholly(read, [start, last], said, sought) {
  const lacking = sought.faithful.length - count(faithful(said));
  if (lacking < 0 || lacking > 2 * EDGE) return null;
  const end = afterMark(read, last);
  const lefts = [start];
  for (let at = start - 1; at >= Math.max(edge(read, start, -1), start - EDGE); at -= 1) if (!/\s/u.test(read[at])) lefts.push(at);
  const rights = [end];
  for (let at = end + 1; at <= Math.min(edge(read, end, 1), end + EDGE); at += 1) if (!/\s/u.test(read[at - 1])) rights.push(at);
  const before = new Map(lefts.map((left) => [left, count(faithful(read.slice(left, start)))]));
  const after = new Map(rights.map((right) => [right, count(faithful(read.slice(end, right)))]));
  const some = lefts.flatMap((left) => rights.map((right) => [left, right])).filter(([a, b]) => Math.abs(before.get(a) + after.get(b) - lacking) <= LOOSE);
  some.sort((a, b) => (a[1] - a[0] !== sought.size) - (b[1] - b[0] !== sought.size) || (a[1] - a[0]) - (b[1] - b[0]) || a[0] - b[0]);
  for (const [left, right] of some) {
    if (is(faithful(read.slice(left, start) + said + read.slice(end, right)), sought.faithful)) return [left, right > end ? right : last];
  }
  return null;
}

function edge(read, at, step) {
  let here = step > 0 ? at : at - 1;
  while (here >= 0 && here < read.length && !/[\p{L}\p{N}]/u.test(read[here])) here += step;
  return step > 0 ? here : here + 1;
}

// Whether a passage stands in two halves, with something else between them.
export function joined(read, first, second, sought) {
  const [left, right] = [Math.max(0, first[0] - MARGIN), Math.min(read.length, second[1] + MARGIN)];
  const text = `${read.slice(left, first[1])}\n${read.slice(second[0], right)}`;
  const shift = second[0] - (first[1] - left + 1);
  const found = stands(text, [first[0] - left, second[1] - shift], sought);
  if (!found) return null;
  return { spans: [[found.spans[0][0] + left, first[1]], [second[0], found.spans.at(-1)[1] + shift]], forms: ["interrupted", ...found.forms] };
}

// The same without the running heads and page numbers inside it.
export function past(found, read, heads) {
  const [start, end] = [found.spans[0][0], found.spans.at(-1)[1]];
  const inside = heads.filter((head) => start < head[0] && head[1] < end);
  if (!inside.length) return found;
  const edges = [start, ...inside.flat(), end];
  const spans = edges.filter((_, at) => at % 2 === 0).map((each, at) => [each, edges[2 * at + 1]]);
  return { spans: spans.filter((span) => !/^\s*$/u.test(read.slice(...span))), forms: ["interrupted", ...found.forms] };
}
