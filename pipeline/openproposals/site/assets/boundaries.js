// Whether a span of a text begins or ends within a word or a number, and where note marks may stand in a reader's text.
// The same as openproposals/factcheck/boundaries.py and marks.py; positions are those of JavaScript's strings.
import { COMPARED, CURRENCIES, isOptional } from "./normal-forms.js";

export const SUPERSCRIPTS = "¹²³⁰ⁱ⁲⁳⁴⁵⁶⁷⁸⁹";
export const SUBSCRIPTS = "₀₁₂₃₄₅₆₇₈₉";
const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹";
const BOTH = SUPERSCRIPTS + SUBSCRIPTS;
const WORD = "\\p{L}\\p{N}";  // a letter or a digit
const LETTER = "\\p{L}\\p{Nl}\\p{No}";  // the same without decimal digits
const isWord = (character) => /^[\p{L}\p{N}]$/u.test(character);
const isDecimal = (character) => /^\p{Nd}$/u.test(character);
const isMark = (character) => /^\p{M}$/u.test(character);
export const flatSign = (text) => [...text].map((each) => (RAISED.includes(each) ? String(RAISED.indexOf(each)) : each === "⁻" ? "-" : each)).join("");

const BEFORE_LETTER = new RegExp(`[${WORD}]$`, "u");
const BEFORE_DIGIT = new RegExp(`(?:[${WORD}]|\\p{Nd}[.,'’]|(?<!\\p{Nd})\\p{Nd}{1,3}\\s|(?:^|[\\s(«"])[-−+])$`, "u");
const AFTER_DIGIT = new RegExp(`^(?:(?![${SUPERSCRIPTS}])[${WORD}]|[.,'’]\\p{Nd}|\\s\\p{Nd}{3}(?!\\p{Nd}))`, "u");
const GLUED = new RegExp(`^(?:[${BOTH}]+|\\p{Nd}{1,3}(?![${WORD}]))`, "u");
const UNSPACED = /^[\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff\u19e0-\u19ff\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f\u{20000}-\u{3ffff}]$/u;
const FEW_ENDS = 5;
const UNSPACED_SIGN = UNSPACED.source.slice(1, -2) + "\\u3001-\\u303f\\uff01-\\uff0f\\uff1a-\\uff20]";
const UNSPACED_END = new RegExp(`(?<=${UNSPACED_SIGN})[^\\S\\n\\f]*[\\n\\f]\\s*(?=${UNSPACED_SIGN})`, "gu");

// The words without the ends of lines in scripts that set no space between words: there, they say nothing.
// Where they are few, also without some of them: a line may end at a space.
export function* withoutLineEnds(words) {
  const sides = words.split(UNSPACED_END);
  const ends = sides.length - 1;
  if (ends) yield sides.join("");
  for (let kept = 1; ends <= FEW_ENDS && kept < 2 ** ends - 1; kept += 1) {
    yield sides.map((side, at) => side + (at < ends && kept & (1 << (ends - 1 - at)) ? "\n" : "")).join("");
  }
}

const before = (text, at) => [...text.slice(Math.max(0, at - 2), at)].pop() ?? "";
const after = (text, at) => (at < text.length ? String.fromCodePoint(text.codePointAt(at)) : "");

export function cutsWord(text, start, end, signs = new Set()) {
  end = Math.min(end, text.length);
  let [first, last] = [-1, -1];
  for (let at = start; at < end && first < 0; at += after(text, at).length) if (says(after(text, at))) first = at;
  for (let at = end; at > start && last < 0; at -= before(text, at).length) if (says(before(text, at))) last = at - before(text, at).length;
  if (first < 0 || last < 0) return false;
  if (first === start && (beginsWithin(text, first) || isMark(after(text, first)))) return true;
  return last + after(text, last).length === end && endsWithin(text, last, end, signs);
}

const COMPARES = new RegExp(`(?:[${COMPARED}]\\s?|[>~▲▼△▽])$`, "u");
const PRICE = new RegExp(`^[${CURRENCIES}]\\s?\\p{Nd}`, "u");

// Whether a span leaves out a sign beside it that changes what it says: at most, about, minus before a price, plus after.
export function losesSign(text, start, end) {
  const left = text.slice(Math.max(0, start - 3), start);
  const isPrice = PRICE.test(text.slice(start, start + 8));
  if ((isPrice || isDecimal(after(text, start))) && COMPARES.test(left)) return true;
  if (isPrice && /(?:^|[\s(«"])[-−+]$/u.test(left)) return true;
  if (/[A-Za-z]/.test(before(text, end)) && text[end] === "#") return true;
  return isWord(before(text, end)) && /^\++(?![\p{L}\p{N}])/u.test(text.slice(end, end + 6));
}

const says = (character) => isWord(character) || isMark(character);

function beginsWithin(text, first) {
  const left = solid(text.slice(Math.max(0, first - 6), first));
  const character = after(text, first);
  if (isDecimal(character)) {
    const found = BEFORE_DIGIT.exec(left);
    return Boolean(found) && (!/\s$/u.test(found[0]) || /^\p{Nd}{3}(?!\p{Nd})/u.test(text.slice(first)));
  }
  if (!isWord(character) || BOTH.includes(character)) return false;
  return BEFORE_LETTER.test(left) && !(UNSPACED.test(before(left, left.length)) || UNSPACED.test(character));
}

function endsWithin(text, last, end, signs) {
  while (end < text.length && /^\p{Mn}$/u.test(after(text, end)) && isOptional(after(text, end))) end += 1;
  const right = text.slice(end, end + 6);
  if (!right) return false;
  const character = after(text, last);
  const glued = GLUED.exec(right);
  if (glued && !BOTH.includes(character)) {
    const known = signs.has(flatSign(glued[0]));
    if (!isDecimal(character)) {
      const raised = SUPERSCRIPTS.includes(glued[0][0]) && /^\p{L}{3}$/u.test(text.slice(Math.max(0, last - 2), last + 1));
      return !known && !raised;
    }
    if (known || BOTH.includes(glued[0][0])) return !known;
  }
  if (isDecimal(character)) {
    const found = AFTER_DIGIT.exec(right);
    return Boolean(found) && (!/^\s/u.test(found[0]) || /(?<!\p{Nd})\p{Nd}{1,3}$/u.test(text.slice(Math.max(0, last - 4), last + 1)));
  }
  const next = after(right, 0);
  if (isMark(next)) return true;
  return isWord(next) && !BOTH.includes(next) && !(UNSPACED.test(next) || UNSPACED.test(character));
}

// Whether a letter stands right before or after a span, in a script that sets spaces between words.
export function withinWord(text, start, end) {
  return [[before(text, start), after(text, start)], [before(text, end), after(text, end)]]
    .some(([a, b]) => /^\p{L}$/u.test(a) && /^\p{L}$/u.test(b) && !(UNSPACED.test(a) || UNSPACED.test(b)));
}

// The position after a note's mark that is glued to the word or number that ends at `end`.
export function afterMark(text, end) {
  const glued = GLUED.exec(text.slice(end, end + 40));
  return glued && end && isWord(before(text, end)) ? end + glued[0].length : end;
}

function solid(left) {
  const parts = left.split(new RegExp(`[${SUPERSCRIPTS}]`, "u"));
  return parts.length === 1 ? left : parts.at(-1);
}

const FREE = new RegExp(`\\[[0-9]{1,4}(?:\\s?[,;–-]\\s?[0-9]{1,4}){0,9}\\]|\\[\\^[^\\]\\s]{1,40}\\]|\\[[a-z]\\](?![${LETTER}])|(?<=[${LETTER}]{3})[${SUPERSCRIPTS}]+(?:[,⁻–-][${SUPERSCRIPTS}]+)*`, "gu");
const ANY = new RegExp(`(?<=[${LETTER}]{2})(?:[${SUPERSCRIPTS}]{1,3}|[0-9]{1,3})(?![${WORD}])`, "gu");
const [SLACK, FREE_MOST, TRIES] = [6, 6, 600];

// Every set of spans of the words that may be note marks, the likeliest first: none, then all, then some.
export function* readings(words, marks, length) {
  yield [];
  const free = [...words.matchAll(FREE)].map((found) => [found.index, found.index + found[0].length]);
  const slack = SLACK + Math.abs(words.length - length);
  const recorded = marks.map((mark) => places(words, mark, slack)).filter((some) => some.length);
  if (!free.length && !recorded.length) return;
  const choices = recorded.map((some) => [...some.slice(0, 3), null]);
  if (free.length <= FREE_MOST) choices.push(...free.map((span) => [span, null]));
  const always = free.length <= FREE_MOST ? [] : free;
  let tried = 0;
  for (const chosen of product(choices)) {
    if (tried === TRIES) return;
    tried += 1;
    const all = [...always, ...chosen.filter(Boolean)].sort((a, b) => a[0] - b[0] || a[1] - b[1]);
    const spans = all.filter((span, at) => !at || span[0] !== all[at - 1][0] || span[1] !== all[at - 1][1]);
    if (spans.length && spans.every((span, at) => !at || spans[at - 1][1] <= span[0])) yield spans;
  }
}

function* product(choices, at = 0, chosen = []) {
  if (at === choices.length) yield chosen;
  else for (const each of choices[at]) yield* product(choices, at + 1, [...chosen, each]);
}

function places(words, mark, slack) {
  const pattern = signed(mark.sign);
  if (!pattern) return [];
  const [low, high] = [Math.max(0, mark.at - slack), Math.min(words.length, mark.at + slack + mark.sign.length + 4)];
  const found = [pattern, ANY].flatMap((each) => [...words.slice(0, high).matchAll(each)]
    .filter((match) => match.index >= low).map((match) => [match.index, match.index + match[0].length]));
  return found.sort((a, b) => Math.abs(a[0] - mark.at) - Math.abs(b[0] - mark.at) || a[0] - b[0] || a[1] - b[1]);
}

function signed(sign) {
  if (sign === "+" || sign === "#") return new RegExp(`\\s?(?:\\[\\${sign}\\]|\\(\\${sign}\\)|\\${sign})`.replaceAll("\\#", "#"), "gu");
  const numbers = flatSign(sign).match(/[0-9]+/gu);
  if (!numbers) return null;
  const said = numbers.map((number) => `(?:${number}|${[...number].map((digit) => RAISED[digit]).join("")})`).join("[,;⁻–\\-\\s]{0,2}");
  return new RegExp(`\\s?(?:\\[${said}\\]|\\(${said}\\)|${said}(?![0-9${SUPERSCRIPTS}]))`, "gu");
}

// Whether a mark is printed otherwise than raised.
export const isFlat = (words, spans) =>
  spans.some(([start, end]) => [...words.slice(start, end)].some((each) => !(SUPERSCRIPTS + "⁻,–-").includes(each)));
