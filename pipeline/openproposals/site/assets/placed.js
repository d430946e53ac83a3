// Where each glyph of a page stands, by what the page draws: pdf.js gives whole runs of text, which is not enough where
// letters are read from right to left, or are given twice. Points, from the page's lower left corner.

const UNIT = 0.001;  // of the type's size: what a glyph's width is given in
const times = ([a, b, c, d, e, f], [g, h, i, j, k, l]) => [a * g + c * h, b * g + d * h, a * i + c * j, b * i + d * j, a * k + c * l + e, b * k + d * l + f];
const matrix = (given) => [...(given.length === 1 ? given[0] : given)];
const PLAIN = [1, 0, 0, 1, 0, 0];

// A text string of a PDF: UTF-16, or one byte a character.
function decoded(said) {
  if (!said.startsWith("\xfe\xff")) return said;
  let text = "";
  for (let at = 2; at + 1 < said.length; at += 2) text += String.fromCharCode((said.charCodeAt(at) << 8) | said.charCodeAt(at + 1));
  return text;
}

// The runs of text of a page, each as its glyphs: { said, left, right, base, size }; and whether a mark may say letters.
// OPS: the operators of pdf.js.
export function placed({ fnArray, argsArray }, OPS) {
  const runs = [];
  const kept = [];
  let isSaid = false;
  const marked = [];  // of each marked content that is open, the text that it stands for, if any, and its glyphs
  let now = { page: PLAIN, text: PLAIN, line: PLAIN, size: 1, between: 0, words: 0, wide: 1, leading: 0, rise: 0 };
  const move = (x, y) => { now.line = times(now.line, [1, 0, 0, 1, x, y]); now.text = now.line; };

  function show(glyphs) {
    const run = [];
    for (const glyph of glyphs) {
      if (typeof glyph === "number") { now.text = times(now.text, [1, 0, 0, 1, -glyph * UNIT * now.size * now.wide, 0]); continue; }
      if (!glyph) continue;
      const at = times(now.page, now.text);
      const width = (glyph.width ?? 0) * UNIT * now.size * now.wide;
      const ends = [at[4], at[4] + at[0] * width].sort((one, other) => one - other);
      run.push({ said: glyph.unicode ?? "", left: ends[0], right: ends[1], base: at[5] + at[3] * now.rise, size: Math.hypot(at[2], at[3]) * Math.abs(now.size) });
      now.text = times(now.text, [1, 0, 0, 1, width + (now.between + (glyph.isSpace ? now.words : 0)) * now.wide, 0]);
    }
    const span = marked.find(({ said }) => said !== null);
    if (span) span.glyphs.push(...run);
    else if (run.length) runs.push(run);
  }

  function close() {
    const { said = null, glyphs = [] } = marked.pop() ?? {};
    const first = glyphs.find(({ left, right }) => right > left) ?? glyphs[0];
    if (said === null || !first) return;
    const whole = { ...first, said, left: Math.min(...glyphs.map(({ left }) => left)), right: Math.max(...glyphs.map(({ right }) => right)) };
    const run = runs.at(-1);
    if (run && run.at(-1).base === whole.base) run.push(whole);
    else runs.push([whole]);
  }

  const acts = {
    [OPS.save]: () => kept.push({ ...now }),
    [OPS.restore]: () => { now = kept.pop() ?? now; },
    [OPS.transform]: (...given) => { now.page = times(now.page, matrix(given)); },
    [OPS.paintFormXObjectBegin]: (form) => { kept.push({ ...now }); now.page = times(now.page, form ? [...form] : PLAIN); },
    [OPS.paintFormXObjectEnd]: () => { now = kept.pop() ?? now; },
    [OPS.beginMarkedContent]: () => marked.push({ said: null, glyphs: [] }),
    [OPS.beginMarkedContentProps]: (tag, said) => {
      isSaid ||= tag === "Span";
      marked.push({ said: typeof said === "string" ? decoded(said) : null, glyphs: [] });
    },
    [OPS.endMarkedContent]: close,
    [OPS.beginText]: () => { now.text = PLAIN; now.line = PLAIN; },
    [OPS.setFont]: (_, size) => { now.size = size; },
    [OPS.setCharSpacing]: (by) => { now.between = by; },
    [OPS.setWordSpacing]: (by) => { now.words = by; },
    [OPS.setHScale]: (by) => { now.wide = by / 100; },
    [OPS.setLeading]: (by) => { now.leading = -by; },
    [OPS.setTextRise]: (by) => { now.rise = by; },
    [OPS.setTextMatrix]: (...given) => { now.line = matrix(given); now.text = now.line; },
    [OPS.moveText]: (x, y) => move(x, y),
    [OPS.setLeadingMoveText]: (x, y) => { now.leading = y; move(x, y); },
    [OPS.nextLine]: () => move(0, now.leading),
    [OPS.showText]: (glyphs) => show(glyphs),
    [OPS.showSpacedText]: (glyphs) => show(glyphs),
    [OPS.nextLineShowText]: (glyphs) => { move(0, now.leading); show(glyphs); },
    [OPS.nextLineSetSpacingShowText]: (words, between, glyphs) => { now.words = words; now.between = between; move(0, now.leading); show(glyphs); },
  };
  fnArray.forEach((operator, at) => acts[operator]?.(...(argsArray[at] ?? [])));
  return { runs, isSaid };
}
