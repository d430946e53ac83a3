// A reader's PDF as one text, a form feed between pages, by pdf.js. The same as openproposals/factcheck/pdf_text.py.
import { digits, LOWERED, RAISED } from "./laid-out.js";

const SMALLER = 0.92;

// In a worker: the text of a PDF. pdf: the module pdf.js, its worker loaded beside it.
export async function ofPdf(pdf, bytes, told) {
  const task = pdf.getDocument({ data: bytes, isEvalSupported: false, disableFontFace: true, useSystemFonts: false, useWorkerFetch: false, stopAtErrors: false, verbosity: 0 });
  const opened = await task.promise;
  const pages = [];
  for (let number = 1; number <= opened.numPages; number += 1) {
    const page = await opened.getPage(number);
    const { items } = await page.getTextContent({ includeMarkedContent: false, disableNormalization: true });
    pages.push(laidOut(items));
    page.cleanup();
    if (number % 10 === 0) told(number, opened.numPages);
  }
  await task.destroy();
  return pages.join("\f");
}

// The items of a page as lines: digits in smaller type above or below the line they belong to are written as such.
function laidOut(given) {
  const items = given.filter((item) => item.str !== undefined).map((item) => ({
    text: item.str, ends: item.hasEOL, size: Math.hypot(item.transform[2], item.transform[3]), base: item.transform[5], left: item.transform[4], right: item.transform[4] + item.width, leftward: item.dir === "rtl",
  }));
  const solid = items.filter(({ text }) => text.trim());
  solid.forEach((item, at) => { item.signs = /^[0-9]+$/.test(item.text.trim()) ? set(item, solid[at - 1], true) ?? set(item, solid[at + 1], false) : undefined; });
  let said = "";
  let last = null;
  for (const item of items) {
    if (item.text.trim()) {
      const isBeside = Boolean(last) && (item.signs || last.signs || Math.abs(item.base - last.base) <= last.size / 2);
      const gap = last ? item.left - last.right : 0;
      if (last && !isBeside && !/\s$/.test(said)) said += "\n";
      else if (last && !item.signs && !/\s$/.test(said) && !/^\s/.test(item.text) && (gap > 0.2 * item.size || gap < -last.size)) said += " ";
      said += item.signs ? digits(item.text, item.signs) : item.text;
      last = item;
    } else if (item.text && !/\s$/.test(said)) said += " ";
    if (item.ends && !said.endsWith("\n")) { said += "\n"; last = null; }
  }
  return said;
}

// The signs in which small digits are written, where the type right beside them is larger and on another line.
function set(item, beside, isBefore) {
  if (!beside) return undefined;
  const rise = item.base - beside.base;
  const gap = isBefore !== beside.leftward ? item.left - beside.right : beside.left - item.right;
  if (Math.abs(gap) >= beside.size) return undefined;  // it stands elsewhere on the page
  if (item.size > SMALLER * beside.size || Math.abs(rise) <= beside.size / 20 || Math.abs(rise) >= beside.size) return undefined;
  return rise > 0 ? RAISED : LOWERED;
}
