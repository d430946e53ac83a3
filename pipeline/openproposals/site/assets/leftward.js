// Lines that are read from right to left, by where their glyphs stand, and letters that a PDF gives twice.
// The same as openproposals/factcheck/pdf_leftward.py and pdf_repeated.py.

export const LEFTWARD = /[\u05be\u05c0\u05c3\u05c6\u05d0-\u05ea\u05ef-\u05f4\u0608\u060b\u060d\u061b-\u064a\u066d-\u066f\u0671-\u06d5\u06e5-\u06e6\u06ee-\u06ef\u06fa-\u070d\u070f-\u0710\u0712-\u072f\u074d-\u07a5\u07b1\u07c0-\u07ea\u07f4-\u07f5\u07fa\u07fe-\u0815\u081a\u0824\u0828\u0830-\u083e\u0840-\u0858\u085e\u0860-\u086a\u0870-\u088e\u08a0-\u08c9\ufb1d\ufb1f-\ufb28\ufb2a-\ufb36\ufb38-\ufb3c\ufb3e\ufb40-\ufb41\ufb43-\ufb44\ufb46-\ufbc2\ufbd3-\ufd3d\ufd50-\ufd8f\ufd92-\ufdc7\ufdf0-\ufdfc\ufe70-\ufe74\ufe76-\ufefc]/u;
const WORDS = "[A-Za-zÀ-ɏ](?:[^\\u0590-\\u08ff\\ufb1d-\\ufdff\\ufe70-\\ufefc]*[A-Za-zÀ-ɏ\\p{Nd}])?";
const RIGHTWARD = new RegExp(`[%‰€$£]?\\p{Nd}+(?:[.,:/٫٬'’\\u00a0\\u202f-]\\p{Nd}+)*[%‰€$£]?|${WORDS}`, "gu");
const RIGHTWARD_IN_ARABIC = new RegExp(`\\p{Nd}+(?:[.,:/٫٬\\u00a0\\u202f]\\p{Nd}+)*|${WORDS}`, "gu");
const ARABIC = /[\u0608\u060b\u060d\u061b-\u064a\u066d-\u066f\u0671-\u06d5\u06e5-\u06e6\u06ee-\u06ef\u06fa-\u070d\u070f-\u0710\u0712-\u072f\u074d-\u07a5\u07b1\u0860-\u086a\u0870-\u088e\u08a0-\u08c9\ufb50-\ufbc2\ufbd3-\ufd3d\ufd50-\ufd8f\ufd92-\ufdc7\ufdf0-\ufdfc\ufe70-\ufe74\ufe76-\ufefc]/u;
const MARK = /[\u0300-\u036f\u0483-\u0487\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u0700-\u1cff\ua66f-\uabff]/u;
const ACCENT = /^\p{Mn}/u;
const MIRRORED = { "(": ")", ")": "(", "[": "]", "]": "[", "«": "»", "»": "«" };
const SPACE = 0.15;  // of the type's size: what is further apart is two words
const LINE = 0.6;  // of the type's size: what stands further below is another line
const FAR = 8;  // characters between a syllable and the same one again, at most
const OVER = 0.4;  // of its width: so much of a sign that was given twice stands over the letter

// Whether a text asks for the places of its glyphs.
export const asks = (text) => LEFTWARD.test(text) || MARK.test(text);

// Glyphs without those that give letters and a mark once more and stand over the first.
export function once(glyphs) {
  const kept = [];
  for (const glyph of glyphs) {
    const again = /\p{M}/u.test(glyph.said) && [...glyph.said].length > 1 && before(kept, glyph.said);
    if (!(again && stands(glyph, again))) kept.push(glyph);
  }
  return kept;
}

// The glyph with the same letters a few characters before.
function before(kept, said) {
  let far = 0;
  for (let at = kept.length - 1; at >= 0 && far <= FAR; at -= 1) {
    if (kept[at].said === said) return kept[at];
    far += kept[at].said.length;
  }
  return null;
}

function stands(glyph, over) {
  const width = glyph.right - glyph.left;
  if (Math.abs(glyph.base - over.base) > over.size) return false;
  return width < 0.01 * glyph.size ? glyph.left >= over.left - over.size / 2 && glyph.left <= over.right + over.size / 20 : Math.min(over.right, glyph.right) - Math.max(over.left, glyph.left) >= OVER * width;
}

// The line that glyphs make which are read from right to left, or the lines that they are.
export function lines(glyphs) {
  const rows = [];
  for (const sign of together(glyphs).sort((one, other) => other.base - one.base)) {
    const row = rows.at(-1);
    if (!row || row[0].base - sign.base > LINE * Math.max(sign.size, row[0].size)) rows.push([sign]);
    else row.push(sign);
  }
  return rows.map((row) => read(row.sort((one, other) => other.left - one.left || other.right - one.right))).join("\n");
}

// Accents with the letter at or nearest to which they stand; lam stands before alef, wherever it is said to be.
function together(glyphs) {
  const letters = glyphs.filter(({ said }) => said.trim() && !ACCENT.test(said)).map((glyph) => ({ ...glyph, said: glyph.said.replace(/([اأإآٱ])(ل)/gu, "$2$1") }));
  for (const accent of glyphs.filter(({ said }) => ACCENT.test(said))) {
    const middle = accent.left + accent.right;
    const off = (letter) => (Math.abs(letter.base - accent.base) < letter.size ? 0 : 1e6) + Math.abs(letter.left + letter.right - middle);
    const own = letters.reduce((best, letter) => (!best || off(letter) < off(best) ? letter : best), null);
    if (own) own.said += accent.said;
  }
  return letters;
}

function read(row) {
  let words = "";
  row.forEach((sign, at) => { words += (at && row[at - 1].left - sign.right > SPACE * sign.size ? " " : "") + sign.said; });
  return words.replace(ARABIC.test(words) ? RIGHTWARD_IN_ARABIC : RIGHTWARD, (run) => run.match(/[^\u0300-\u036f][\u0300-\u036f]*/gu).reverse().join(""));
}

// The lines of a page with their brackets as they are meant: some files give them as they look.
export function unmirrored(said) {
  const turned = said.replace(/[()[\]«»]/gu, (sign) => MIRRORED[sign]);
  return pairs(turned) > pairs(said) ? turned : said;
}

// How many pairs of brackets a text has, one opened before it is closed.
const pairs = (said) => said.match(/\([^()]*\)|\[[^[\]]*\]|«[^«»]*»/gu)?.length ?? 0;
