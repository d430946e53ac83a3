// The site's grading in JavaScript, line by line: {passages, text} in, grades out.
import { createInterface } from "node:readline";
const { grade } = await import(process.argv[2]);
for await (const line of createInterface({ input: process.stdin })) {
  const { passages, text } = JSON.parse(line);
  console.log(JSON.stringify(grade(passages, text)));
}
