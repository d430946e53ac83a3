// Run by node: a reader's tasks in Firefox, by puppeteer over WebDriver BiDi. Prints a line of JSON: what went wrong.
// Arguments: the folder with node_modules, Firefox, the address of the first corpus's site and of the town's, a document.
import { createRequire } from "node:module";

const [modules, firefox, site, town, booklet] = process.argv.slice(2);
const puppeteer = createRequire(`${modules}/`)("puppeteer-core");
const browser = await puppeteer.launch({ browser: "firefox", executablePath: firefox, headless: true });
const wrong = [];

async function task(name, address, steps) {
  const page = await browser.newPage();
  page.on("pageerror", (error) => wrong.push(`${name}: ${error.message}`));
  try {
    await page.goto(address);
    await steps(page);
  } catch (error) { wrong.push(`${name}: ${error.message}`); }
  await page.close();
}

async function until(page, condition) {
  for (let tried = 0; tried < 300; tried += 1) {
    if (await page.evaluate(condition).catch(() => false)) return;
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error(`never: ${condition}`);
}

await task("search", `${site}en/index.html`, async (page) => {
  await page.focus("#search");
  await page.keyboard.type("330000");
  await until(page, "document.querySelectorAll('#found li').length > 0");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await until(page, "location.pathname.endsWith('/statistic/S02.html')");
});
await task("filter", `${site}en/figures.html`, async (page) => {
  await page.focus("select[name=status]");
  await page.keyboard.type("Note");
  await until(page, "document.querySelectorAll('[data-row]:not([hidden])').length === 4 && location.search === '?status=dangling'");
});
await task("question", `${site}term/queries/02-figures-without-a-source.html`, async (page) => {
  await until(page, "location.pathname.endsWith('/query.html') && document.querySelectorAll('#answer tbody tr').length === 7");
});
await task("copy", `${site}en/statistic/S02.html`, async (page) => {
  await page.focus(".cite button.copy");
  await page.keyboard.press("Enter");
  await until(page, "document.querySelector('.cite [role=status]').textContent !== ''");
});
await task("check", `${town}check.html`, async (page) => {
  await (await page.$("#document")).uploadFile(booklet);
  await until(page, "document.querySelectorAll('#passages .printed').length === 22");
});
await browser.close();
console.log(JSON.stringify(wrong));
