// Whether the accents of words whose letters are a passage's are the passage's too, or left out as a whole.
// The same as openproposals/factcheck/accents.py.
import { accented, hasAccents } from "./normal-forms.js";
import { sha256 } from "./sha256.js";

const [AROUND, CAPITALS, LACKING] = [200, 8, 12];
const ON_CAPITALS = "\u0300\u0301\u0302\u0327";
const BARE_CAPITAL = /^[ACEIOUΑΕΗΙΟΥΩ](?![\u0300-\u036f])|[ACEIOUΑΕΗΙΟΥΩ](?=[\p{L}\p{Nl}\p{No}])/gu;
const ACCENTED_CAPITAL = new RegExp(`(?<=[ACEIOUΑΕΗΙΟΥΩ])[${ON_CAPITALS}](?![\u0300-\u036f])`, "gu");
const LETTERS = /[\u0306\u0307\u0309-\u030c\u031b\u0323\u0328ıđĐłŁ]/u;

export const isSame = (said, wanted) => !wanted || sha256(accented(said)) === wanted;

export function leftOut(text, [start, end], said, wanted) {
  const near = text.slice(Math.max(0, start - AROUND), end + AROUND);
  const lacking = isCapital(said)
    ? !hasAccents(said.normalize("NFC").replace(/Ϊ/gu, "Ι").replace(/Ϋ/gu, "Υ").replace(/Ñ/gu, "N"))
    : !hasAccents(said) && (/[\u05d0-\u05ea\u0620-\u064a\u0671-\u06d3]/u.test(said) || !hasAccents(near));
  return lacking || [...spellings(said)].some((words) => isSame(words, wanted));
}

export function isCapital(said) {
  const cased = [...said].filter((each) => /\p{Lu}|\p{Ll}/u.test(each));
  return cased.length >= CAPITALS && cased.every((each) => /\p{Lu}/u.test(each));
}

function* spellings(said) {
  const text = said.normalize("NFD");
  if (text.includes("I") && isCapital(said)) {
    yield text.replaceAll("I\u0307", "i").replaceAll("I", "ı");
    yield text.replaceAll("I\u0307", "\0").replaceAll("I", "i").replaceAll("\0", "I\u0307");
  }
  if (LETTERS.test(text)) return;
  yield text.replace(ACCENTED_CAPITAL, "");
  for (const { index } of [...text.matchAll(ACCENTED_CAPITAL)].slice(0, LACKING)) yield text.slice(0, index) + text.slice(index + 1);
  for (const { index } of [...text.matchAll(BARE_CAPITAL)].slice(0, LACKING)) {
    for (const mark of ON_CAPITALS) yield text.slice(0, index + 1) + mark + text.slice(index + 1);
  }
}
