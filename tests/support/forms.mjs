// Reads lines of JSON, each a text and a decimal mark; writes their forms, a line each.
import { createInterface } from "node:readline";

const { accented, bare, faithful, kept, opening } = await import(process.argv[2]);
for await (const line of createInterface({ input: process.stdin })) {
  const [text, mark] = JSON.parse(line);
  process.stdout.write(`${JSON.stringify([faithful(text), kept(text, mark), bare(text), opening(bare(text)), accented(text)])}\n`);
}
