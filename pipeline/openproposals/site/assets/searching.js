// Search of a text for words of which only the digest of the bare form is known; what may interrupt words in it.
// The same as openproposals/factcheck/search.py, interruptions.py and the running heads of documents.py.
import { inOrder, lettersOf, NAMED_MARK, spells } from "./normal-forms.js";
import { sha256 } from "./sha256.js";
import { SUPERSCRIPTS } from "./boundaries.js";

const [OPENING, WINDOWS] = [16, 20000];
const [PRIME, BASIS] = [16777619, 2166136261];

// A text, its letters as code points, and for each letter the position of its character.
export class Index {
  constructor(text) {
    this.text = text;
    const [codes, positions] = [[], []];
    const named = [...text.matchAll(NAMED_MARK)].map((found) => [found.index, found.index + found[0].length]);
    let next = 0;
    for (let at = 0; at < text.length;) {
      const character = String.fromCodePoint(text.codePointAt(at));
      while (next < named.length && named[next][1] <= at) next += 1;
      if (!(next < named.length && named[next][0] <= at)) {
        for (const letter of lettersOf(character)) {
          if (!spells(letter, codes.length ? String.fromCodePoint(codes.at(-1)) : "")) continue;
          codes.push(letter.codePointAt(0));
          positions.push(at);
        }
      }
      at += character.length;
    }
    order(codes);
    this.codes = Uint32Array.from(codes);
    this.positions = Int32Array.from(positions);
  }

  get length() { return this.codes.length; }

  letters(start, end) {
    let said = "";
    for (let at = start; at < end; at += 4096) said += String.fromCodePoint(...this.codes.subarray(at, Math.min(end, at + 4096)));
    return said;
  }

  // The first letter at a position or after it.
  at(position) { return firstOf(this.positions, position); }

  span(offset, length) {
    const last = this.positions[offset + length - 1];
    return [this.positions[offset], last + (this.text.codePointAt(last) > 0xffff ? 2 : 1)];
  }

  holds(offset, { length, sha256: digest }) {
    return offset >= 0 && offset + length <= this.length && sha256(this.letters(offset, offset + length)) === digest;
  }
}

// Runs of combining marks in canonical order, in place.
function order(codes) {
  const isMark = (code) => code >= 0x300 && /^\p{M}$/u.test(String.fromCodePoint(code));
  for (let at = 1; at < codes.length; at += 1) {
    if (codes[at] < 0x300 || codes[at - 1] < 0x300 || !isMark(codes[at]) || !isMark(codes[at - 1])) continue;
    const start = at - 1;
    while (at < codes.length && isMark(codes[at])) at += 1;
    [...inOrder(String.fromCodePoint(...codes.slice(start, at)))].forEach((mark, n) => { codes[start + n] = mark.codePointAt(0); });
  }
}

export function firstOf(sorted, value, right = false) {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < value || (right && sorted[middle] === value)) low = middle + 1;
    else high = middle;
  }
  return low;
}

// Where wanted forms stand (hits, the likeliest first), and where their first letters do (openings).
// wanted: by key, a bare digest and the position at which it is expected.
export function find(where, wanted) {
  const groups = new Map();
  for (const [key, { digest }] of wanted) {
    if (!digest.length || digest.length > where.length) continue;
    const group = Math.min(OPENING, digest.length) * 2 ** 32 + parseInt(digest.opening, 16);
    if (!groups.has(group)) groups.set(group, []);
    groups.get(group).push(key);
  }
  const opened = openings(where, groups);
  const found = { hits: new Map(), openings: new Map() };
  for (const [group, keys] of groups) {
    const offsets = opened.get(group);
    if (!offsets) continue;
    const windows = new Map();
    for (const key of keys) {
      const { digest, expected } = wanted.get(key);
      const at = where.at(expected);
      found.openings.set(key, nearest(offsets, at, 50));
      for (const offset of nearest(offsets, at, WINDOWS)) {
        const window = `${digest.length} ${offset}`;
        if (!windows.has(window)) windows.set(window, offset + digest.length <= where.length ? sha256(where.letters(offset, offset + digest.length)) : "");
        if (windows.get(window) !== digest.sha256) continue;
        if (!found.hits.has(key)) found.hits.set(key, []);
        found.hits.get(key).push(offset);
      }
    }
  }
  likeliest(where, wanted, found.hits);
  return found;
}

function openings(where, groups) {
  const found = new Map();
  const lengths = [...new Set([...groups.keys()].map((group) => Math.floor(group / 2 ** 32)))];
  for (const length of lengths) {
    const likely = new Uint8Array(1 << 20);
    for (const group of groups.keys()) if (Math.floor(group / 2 ** 32) === length) likely[group % 2 ** 20] = 1;
    for (let offset = 0; offset + length <= where.length; offset += 1) {
      let value = BASIS;
      for (let at = 0; at < length; at += 1) value = (Math.imul(value, PRIME) + where.codes[offset + at]) >>> 0;
      if (!likely[value % 2 ** 20]) continue;
      const group = length * 2 ** 32 + value;
      if (!groups.has(group)) continue;
      if (!found.has(group)) found.set(group, []);
      found.get(group).push(offset);
    }
  }
  return found;
}

function nearest(offsets, expected, most) {
  if (offsets.length <= most) return offsets;
  return [...offsets].sort((a, b) => Math.abs(a - expected) - Math.abs(b - expected)).slice(0, most).sort((a, b) => a - b);
}

function likeliest(where, wanted, hits) {
  const drifts = [];
  for (const [key, offsets] of hits) if (offsets.length === 1) drifts.push([wanted.get(key).expected, offsets[0] - where.at(wanted.get(key).expected)]);
  drifts.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const places = drifts.map(([expected]) => expected);
  for (const [key, offsets] of hits) {
    const { expected } = wanted.get(key);
    const at = firstOf(places, expected);
    const near = drifts.slice(Math.max(at - 1, 0), at + 1);
    const drift = near.length ? near.reduce((a, b) => (Math.abs(b[0] - expected) < Math.abs(a[0] - expected) ? b : a))[1] : 0;
    const guess = where.at(expected) + drift;
    offsets.sort((a, b) => Math.abs(a - guess) - Math.abs(b - guess) || a - b);
  }
}

const PAGE_NUMBER = /^[\s|–—-]*(?:pages?|p\.)?\s*([0-9]{1,4})(?:\s*(?:\/|sur|of)\s*[0-9]{1,4})?[\s|–—-]*$/iu;
const REPEATED = 3;

// The spans of running heads and page numbers: lines repeated from page to page, and numbers that count upwards.
export function heads(content) {
  const lines = content.split(/(?<=[\n\f])/u);
  const starts = [0];
  for (const line of lines) starts.push(starts.at(-1) + line.length);
  const groups = new Map();
  lines.forEach((line, number) => {
    const masked = line.trim().replace(/[0-9]+/gu, "#").toLowerCase();
    if (!groups.has(masked)) groups.set(masked, []);
    groups.get(masked).push(number);
  });
  const often = new Set();
  for (const [masked, some] of groups) {
    if (some.length < REPEATED || [...masked].length < 2 || !/[\p{L}\p{Nl}\p{No}]/u.test(masked)) continue;
    if (counts(some.map((number) => (lines[number].match(/[0-9]{1,9}/gu) ?? []).map(Number)))) some.forEach((number) => often.add(number));
  }
  const runs = new Map();
  lines.forEach((line, i) => {
    const found = line.length <= 60 ? PAGE_NUMBER.exec(line.trim()) : null;
    if (!found) return;
    const number = Number(found[1]);
    const run = runs.get(number - 1) ?? [];
    runs.delete(number - 1);
    run.push(i);
    runs.set(number, run);
  });
  const counted = new Set([...runs.values()].filter((run) => run.length >= REPEATED).flat());
  return lines.map((_, i) => [starts[i], starts[i + 1]]).filter((_, i) => often.has(i) || counted.has(i));
}

function counts(numbers) {
  const changing = new Set();
  for (let i = 1; i < numbers.length; i += 1) numbers[i].forEach((number, at) => { if (number !== numbers[i - 1][at]) changing.add(at); });
  if (!changing.size) return true;
  const [at] = changing;
  return changing.size === 1 && numbers.every((each, i) => !i || (each[at] - numbers[i - 1][at] >= 0 && each[at] - numbers[i - 1][at] <= 2));
}

export function withoutHeads(text, spans) {
  let [said, at] = ["", 0];
  for (const [start, end] of spans) [said, at] = [said + text.slice(at, start) + " ".repeat(end - start), end];
  return said + text.slice(at);
}

const [MOST, NEAR, SHORT] = [40, 3, 90];
const NUMBER_LINE = /^[\s|–—-]*(?:pages?|p\.|s\.|seite)?\s*\p{Nd}{1,4}(?:\s*(?:\/|sur|of|von)\s*\p{Nd}{1,4})?[\s|–—-]*$/iu;
const NOTE = new RegExp(`^\\s*(?:[${SUPERSCRIPTS}]+\\s*\\S|\\[(?:\\^[^\\]\\s]{1,40}|\\p{Nd}{1,3})\\]:?\\s*\\S|[*†‡§]+\\s*\\S|\\(?\\p{Nd}{1,3}[.)]?\\s+(?=[\\p{L}\\p{Nl}\\p{No}]))`, "u");
const masked = (line) => line.trim().replace(/\p{Nd}+/gu, "#").toLowerCase();

const goesOn = (line) => /^\p{Ll}$/u.test(/\p{L}/u.exec(line)?.[0] ?? "");

// The lines of a text, with what each may be; a form feed ends a line too.
export class Lines {
  constructor(where) {
    this.where = where;
    this.starts = [0, ...[...where.text.matchAll(/\n|\f/gu)].map((found) => found.index + 1)];
    this.offsets = this.starts.map((start) => where.at(start));
    const seen = new Map();
    this.starts.forEach((_, number) => { const line = masked(this.line(number)); seen.set(line, (seen.get(line) ?? 0) + 1); });
    this.repeated = new Set([...seen].filter(([line, times]) => times > 1 && /[\p{L}\p{Nl}\p{No}]/u.test(line)).map(([line]) => line));
  }

  line(number) { return this.where.text.slice(this.starts[number], this.starts[number + 1] ?? this.where.text.length); }

  // The spans of both halves of wanted letters that begin at `offset`.
  * halves(offset, wanted) {
    const { where } = this;
    for (let line = firstOf(this.offsets, offset, true); line < this.starts.length; line += 1) {
      const end = this.offsets[line];
      if (end >= offset + wanted.length) return;
      if (end <= offset) continue;
      for (const resumed of this.resumed(line)) {
        const start = this.offsets[resumed];
        const rest = wanted.length - (end - offset);
        if (sha256(where.letters(offset, end) + where.letters(start, Math.min(where.length, start + rest))) !== wanted.sha256) continue;
        yield [[where.span(offset, end - offset)[0], this.starts[line]], [this.starts[resumed], where.span(start, rest)[1]]];
      }
    }
  }

  * resumed(first) {
    let [inNote, pageEnds] = [false, this.line(first - 1).endsWith("\f")];
    for (let number = first; number < Math.min(first + MOST, this.starts.length - 1); number += 1) {
      const line = this.line(number);
      const repeated = this.repeated.has(masked(line));
      pageEnds = pageEnds || line.endsWith("\f") || repeated;
      inNote = inNote || (NOTE.test(line) && !goesOn(line));
      const known = inNote || !line.trim() || NUMBER_LINE.test(line.trim()) || repeated;
      if (!known && !(line.length <= SHORT && this.besidePageEnd(number) && !goesOn(line))) return;
      if (pageEnds) yield number + 1;
    }
  }

  besidePageEnd(number) {
    for (let each = Math.max(0, number - NEAR); each < Math.min(number + NEAR, this.starts.length); each += 1) if (this.line(each).endsWith("\f")) return true;
    return false;
  }
}
