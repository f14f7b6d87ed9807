// Parses each block in a JSON list with mermaid, which wants a document, and prints what kind each is as a JSON list.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

// Only `require` looks where NODE_PATH says.
const require = createRequire(import.meta.url);
const { JSDOM } = require("jsdom");
globalThis.window = new JSDOM("").window;
globalThis.document = globalThis.window.document;
const { default: mermaid } = await import(pathToFileURL(require.resolve("mermaid")));

const kinds = [];
for (const block of JSON.parse(readFileSync(process.argv[2], "utf8"))) kinds.push((await mermaid.parse(block)).diagramType);
console.log(JSON.stringify(kinds));
