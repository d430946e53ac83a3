// Normal forms of a passage, second edition, as docs/normal-forms.md defines them.
// `mark` is the decimal mark of the document's language: "." or ","; "" where it is not known.

const ranges = (text) =>
  new RegExp(`[${text.split(" ").map((part) => part.split("-").map((code) => `\\u{${code}}`).join("-")).join("")}]`, "u");
const IGNORED = ranges(
  "00AD 034F 061C 115F 1160 17B4 17B5 180B-180F 200B-200F 202A-202E 2060-206F 3164 FE00-FE0F FEFF FFA0 FFF0-FFF8 " +
  "1BCA0-1BCA3 1D173-1D17A E0000-E0FFF");
const OPTIONAL = ranges(
  "0300-036F 0483-0487 0591-05BD 05BF 05C1-05C2 05C4-05C5 05C7 0610-061A 064B-0652 0656-065F 0670 06D6-06DC 06DF-06E4 " +
  "06E7-06E8 06EA-06ED 1AB0-1AFF 1DC0-1DFF 20D0-20FF FE20-FE2F");
const NO_LETTERS = ranges("0640 07FA 02B9-02DF 02E5-02FF");
const SPACE = /[\s\u001c-\u001f\u0085]/u;
const SPELLING = { "\u0306": "иу", "\u0308": "і", "\u0301": "гк" };
const SEPARATORS = new Set(" -/.,:'^+×");
export const COMPARED = "<≤≥≮≯≰≱≪≫≲≳≈≅≃≠≢≡±∓∝∞√∑∈∉⊂⊄¬↑↓↗↘✗☐";
export const ORNAMENTS = "=＝>＞~∼～〜▲▼△▽";  // signs that say something before a number only
export const CURRENCIES = "$¢-¥֏؋߾߿৲৳৻૱௹฿៛₠-⃀꠸";
const SAID = new Set(COMPARED + ORNAMENTS);
const ALONE = new RegExp(`[${COMPARED}${ORNAMENTS}${CURRENCIES}]`, "u");
const PRICED = new RegExp(`^(?:[${CURRENCIES}] ?)?[0-9]`, "u");
const SAME = new Map([
  ["ı", "i"], ["œ", "oe"], ["æ", "ae"], ["Œ", "oe"], ["Æ", "ae"], ["ǽ", "ae"], ["Ǽ", "ae"], ["ǣ", "ae"], ["Ǣ", "ae"],
  ["°", "o"], ["٪", "%"], ["؉", "‰"], ["⁄", "/"], ["∕", "/"], ["÷", "/"], ["٬", "'"],
  ...[...COMPARED].map((sign) => [sign, sign]), ["≦", "≤"], ["⩽", "≤"], ["≧", "≥"], ["⩾", "≥"],
  ...[..."⇑⬆⇧"].map((sign) => [sign, "↑"]), ...[..."⇓⬇⇩"].map((sign) => [sign, "↓"]),
  ...[..."✘❌☒✕✖"].map((sign) => [sign, "✗"]), ...[..."∼～〜"].map((sign) => [sign, "~"]),
  ...[..."‘’‚ʼ′`´＇"].map((sign) => [sign, "'"]), ...[..."‐‑‒–—―−﹘﹣－"].map((sign) => [sign, "-"]),
]);
const FAITHFUL = [
  [/[‘’‚ʼ′`´]/gu, "'"], [/[“”„″]/gu, '"'], [/[\u2010-\u2015\u2212]/gu, "-"], [/[•‧∙⋅・·]/gu, "·"], [/…/gu, "..."],
  [/ﬀ/gu, "ff"], [/ﬁ/gu, "fi"], [/ﬂ/gu, "fl"], [/ﬃ/gu, "ffi"], [/ﬄ/gu, "ffl"], [/[ﬅﬆ]/gu, "st"],
  [/((?<=[0-9])[\s\u001c-\u001f\u0085]?\*(?=[\s\u001c-\u001f\u0085]?[0-9]))|\*/gu, "$1"],
];
const BLANK = "[\\s\\u001c-\\u001f\\u0085]";  // as \s, with what Python counts as white space too
// Units of which the capitals say something, in any case: MW is not mW, nor M m.
export const UNIT = new RegExp(`(?<=[0-9⁰¹²³⁴-⁹₀-₉])${BLANK}*(?:[PNMKGTpnmkgt]?(?:[Ww][Hh]?|[VvJj]|[Hh][Zz]|[Bb]|[Bb][Ii][Tt]|[OoGgTtLlMmSs]|[Pp][Aa]|[Ee][Vv]|[Cc][Aa][Ll])|[MKNmkn][Aa])(?![\\p{L}\\p{N}\u0300-\u036f])`, "gu");
const DIGIT_ZEROS = zeros();

function zeros() {
  // The digits of every script come in tens, in order; the first of each ten.
  const found = [];
  for (let code = 0x30; code < 0x1fbfa; code += 1) {
    if (/\p{Nd}/u.test(String.fromCodePoint(code)) && (found.length === 0 || code >= found.at(-1) + 10)) found.push(code);
  }
  return found;
}

const digit = (character) => {
  if (character >= "0" && character <= "9") return character;
  if (!/\p{Nd}/u.test(character)) return "";
  const code = character.codePointAt(0);
  return String(code - DIGIT_ZEROS.findLast((zero) => zero <= code));
};

function caseFolded(text) {
  return [...text].map((character) => {
    if (character === "ı") return character;
    if (/[\u13a0-\u13fd\uab70-\uabbf]/u.test(character)) return character.toUpperCase();  // Cherokee folds to capitals
    return [...character.toLowerCase().toUpperCase()].map((each) => each.toLowerCase()).join("");
  }).join("");
}

const folds = new Map();

function folded(character) {
  let known = folds.get(character);
  if (known === undefined) folds.set(character, known = fold(character));
  return known;
}

function fold(character) {
  if (IGNORED.test(character)) return [];
  if (SAME.has(character)) return [...SAME.get(character)];
  if (SPACE.test(character) && character !== "\ufeff") return [" "];
  const found = [];
  for (const each of caseFolded(character.normalize("NFKD")).normalize("NFKD")) {
    if (each !== character && SAME.has(each)) found.push(...SAME.get(each));
    else if (/\p{Nd}/u.test(each)) found.push(digit(each));
    else if (/\p{L}/u.test(each)) { if (!NO_LETTERS.test(each)) found.push(each); }
    else if (/\p{Mn}/u.test(each) && OPTIONAL.test(each)) { if (each in SPELLING) found.push(each); }
    else if (/[\p{Mn}\p{Mc}\p{N}\p{Sc}%‰‱]/u.test(each) || SEPARATORS.has(each) || SAID.has(each)) found.push(each);
    else if (!/\p{Me}/u.test(each)) found.push("");  // junk
  }
  return found;
}

const spelled = (characters) =>
  characters.filter((each, at) => !(each in SPELLING) || (at > 0 && characters[at - 1] && SPELLING[each].includes(characters[at - 1])));

export function faithful(text) {
  let form = [...text.normalize("NFC")].filter((each) => !IGNORED.test(each)).join("");
  for (const [sign, plain] of FAITHFUL) form = form.replace(sign, plain);
  form = form.replace(new RegExp(`«${BLANK}*`, "gu"), '"').replace(new RegExp(`${BLANK}*»`, "gu"), '"');
  return form.replace(new RegExp(`${BLANK}+`, "gu"), " ").replace(/ (?=[:;!?%])/gu, "").replace(/^ | $/gu, "");
}

// Note marks with letters in them, which the bare form leaves out.
export const NAMED_MARK = /\[\^[^\]\s\u001c-\u001f\u0085]{1,40}\]|\[[a-z]\](?![\p{L}])|\([a-z]\)(?![\p{L}])/gu;

// The letters of a character in the bare form; those of SPELLING count only after the letters named there.
export const lettersOf = (character) => folded(character).filter((each) => /^[\p{L}\p{M}]$/u.test(each));
export const spells = (mark, before) => !(mark in SPELLING) || (Boolean(before) && SPELLING[mark].includes(before));
export const isIgnored = (character) => IGNORED.test(character);
export const isOptional = (character) => OPTIONAL.test(character);

// Combining marks in canonical order.
export const inOrder = (form) =>
  form.replace(/(\u0e4d)([\u0e48-\u0e4b])/gu, "$2$1").replace(/(\u0ecd)([\u0ec8-\u0ecb])/gu, "$2$1").normalize("NFD");

const isAccent = (character) => /\p{Mn}/u.test(character) && OPTIONAL.test(character);
const accentedLetters = (character) => {
  if (IGNORED.test(character)) return [];
  const parts = caseFolded(character.normalize("NFKD")).normalize("NFKD");
  if ((SAME.has(character) && character !== "ı") || parts.startsWith(" ")) return spelled(lettersOf(character));
  return [...parts].flatMap((each) => (each === "ı" || isAccent(each) ? [each] : lettersOf(each)));
};

// The letters of the bare form with their accents.
export function accented(text) {
  let said = [...text].filter((each) => !IGNORED.test(each)).join("").normalize("NFC").replace(/ı(?=[\u0300-\u036f])/gu, "i");
  if (/[ıİ]/u.test(said)) said = said.replaceAll("I", "ı");
  const letters = [...said.replace(NAMED_MARK, " ")].flatMap(accentedLetters).join("");
  return inOrder(letters.replaceAll("\u0326", "\u0327").replaceAll("ا\u064b", "\u064bا")).replaceAll("i\u0307", "i");
}

// Whether a text has an accent that writers may leave out, or a dotless i.
export const hasAccents = (text) => /[^\x00-\x7f]/u.test(text) && accented(text) !== bare(text);

export function bare(text) {
  const letters = [...text.replace(NAMED_MARK, " ")].flatMap(lettersOf);
  return inOrder(spelled(letters).join(""));
}

function grouped(part, sign) {
  const groups = part.split(sign);
  const [first, last, middle] = [groups[0].length, groups.at(-1).length, groups.slice(1, -1)];
  if (groups.length < 2 || first < 1 || last !== 3) return false;
  const byThree = first <= 3 && middle.every((group) => group.length === 3);
  return byThree || (first <= 2 && middle.length > 0 && middle.every((group) => group.length === 2));
}

function number(digits, mark) {
  const last = digits.match(/[.,](?=[0-9]*$)/u)[0];
  const other = last === "." ? "," : ".";
  const at = digits.lastIndexOf(last);
  const [whole, rest] = [digits.slice(0, at), digits.slice(at + 1)];
  const times = digits.split(last).length - 1;
  if (digits.includes(other)) return times === 1 && grouped(whole, other) ? `${whole.replaceAll(other, "")}.${rest}` : digits;
  if (times > 1) return grouped(digits, last) ? digits.replaceAll(last, "") : digits;
  if (rest.length !== 3 || whole.length > 3 || whole.startsWith("0")) return `${whole}.${rest}`;
  return mark === "" ? digits : last === mark ? `${whole}.${rest}` : whole + rest;
}

// The text with each of its numbers in one spelling: no grouping, and "." before decimals.
export function plainNumbers(text, mark) {
  let plain = [...text].map((each) => digit(each) || each).join("").replace(/[’‘ʼ＇٬]/gu, "'");
  plain = plain.replace(/(?<=[0-9])，(?=[0-9])/gu, ",").replace(/(?<=[0-9])．(?=[0-9])/gu, ".");
  for (const sign of [`${BLANK}+`, "'"]) {
    const group = new RegExp(`(?<![0-9])(?<![0-9][.,'])[0-9]{1,3}(?:${sign}[0-9]{3})+(?![0-9])`, "gu");
    plain = plain.replace(group, (found) => found.replace(/[^0-9]/gu, ""));
  }
  return plain.replace(/[0-9]+(?:[.,][0-9]+)+/gu, (found) => number(found, mark)).replace(/(?<=[0-9])٫(?=[0-9])/gu, ".");
}

export function kept(text, mark = "") {
  let plain = [...text].filter((each) => !IGNORED.test(each)).map((each) => digit(each) || each).join("");
  plain = plain.replace(/(?<=[0-9])[⁰¹²³⁴-⁹₀-₉⁺⁻]*[⁰¹²³⁴-⁹₀-₉]/gu, "^$&");
  plain = plain.replace(/(?<=[0-9])(?=[¼-¾⅐-⅟↉])/gu, " ");
  plain = plain.replace(new RegExp(`(?<![0-9])\u2212${BLANK}*(?=(?:[${CURRENCIES}]${BLANK}?)?[0-9])`, "gu"), " -");
  plain = plain.replace(/[^\p{L}\p{N}_\s\u001c-\u001f\u0085]\u0338/gu, (found) => found.normalize("NFC"));
  const number_ahead = `(?!${BLANK}*[-+\u2212]?(?:[${CURRENCIES}]${BLANK}?)?[0-9])`;
  plain = plainNumbers(plain.replace(new RegExp(`[${ORNAMENTS}]${number_ahead}`, "gu"), " "), mark);
  const capitals = new Set();  // the places of capitals in units, and of signs after letters, which stay
  for (const found of plain.matchAll(UNIT)) {
    for (let at = found.index; at < found.index + found[0].length; at += 1) if (/[A-Z]/u.test(plain[at])) capitals.add(at);
  }
  for (const found of plain.matchAll(/(?<=[A-Za-z])#/gu)) capitals.add(found.index);  // C#
  let place = 0;
  const characters = spelled([...plain].flatMap((each) => {
    place += each.length;
    return capitals.has(place - each.length) ? [each] : folded(each);
  }));
  const isSign = (each) => each === "" || SEPARATORS.has(each);
  const isDigit = (each) => each !== undefined && each >= "0" && each <= "9" && each.length === 1;
  const form = [];
  for (let at = 0; at < characters.length;) {
    if (!isSign(characters[at])) {
      form.push(characters[at]);
      at += 1;
      continue;
    }
    let end = at;
    while (end < characters.length && isSign(characters[end])) end += 1;
    const gap = characters.slice(at, end);
    const said = gap.filter((each) => each !== "" && each !== " ").join("");
    if (isDigit(form.at(-1)) && isDigit(characters[end])) {
      form.push(said.length === 1 ? said : said.startsWith("^-") ? "^-" : said.startsWith("^") ? "^" : " ");
    } else {
      const says = (each) => each !== undefined && /[\p{L}\p{N}]$/u.test(each);
      const isExponent = isDigit(characters[at - 2]) && /^[eE]$/u.test(characters[at - 1]);
      const isShort = /^[0-9]{1,3}(?![\p{L}\p{N}])/u.test(characters.slice(end, end + 4).map((each) => each || "\0").join(""));
      const saidBefore = says(form.at(-1));
      const ahead = characters.slice(end, end + 3).map((each) => each || "\0");
      const isPriced = PRICED.test(ahead.join(""));
      gap.forEach((sign, place) => {
        const before = place > 0 ? gap[place - 1] : form.length > 0 ? form.at(-1) : " ";
        const isLast = place === gap.length - 1;
        if (sign === "+" && saidBefore && gap.slice(0, place).every((each) => each === "+")) form.push(sign);
        else if (sign === "-" && gap.length === 1 && isExponent && isShort) form.push(sign);
        else if (isLast && isPriced && (sign === "-" || sign === "+") && (before === "" || before === " " || ALONE.test(before))) form.push(sign);
      });
    }
    at = end;
  }
  return inOrder(form.join(""));
}

export function opening(form) {
  let value = 2166136261;
  for (const letter of [...form].slice(0, 16)) value = (Math.imul(value, 16777619) + letter.codePointAt(0)) >>> 0;
  return value.toString(16).padStart(8, "0");
}
