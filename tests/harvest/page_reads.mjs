// Run by node: what html-metadata, the reader of web pages of the Wikimedia Foundation's citation service, finds in pages.
// Arguments: the folder with node_modules, then pages. Prints a line of JSON for each.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(`${process.argv[2]}/`);
const { load } = require("cheerio");
const { parseAll } = require("html-metadata");
for (const page of process.argv.slice(3)) console.log(JSON.stringify(await parseAll(load(readFileSync(page, "utf8")))));
