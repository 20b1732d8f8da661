// Parses the Mermaid flowcharts of a JSON list on standard input, and prints for each the labels of
// its nodes and edges as Mermaid will show them.
import { readFileSync } from "node:fs";
import { JSDOM } from "jsdom";

globalThis.window = new JSDOM("<body></body>").window;
globalThis.document = window.document;
const { default: mermaid } = await import("mermaid");

// what Mermaid itself does to a label when it draws: its entities become characters again
const shown = (text) =>
  text
    .replace(/ﬂ°°(\d+)¶ß/g, (_, code) => String.fromCodePoint(Number(code)))
    .replace(/<br>/g, "\n");

const found = [];
for (const chart of JSON.parse(readFileSync(0, "utf8"))) {
  await mermaid.parse(chart);
  const { db } = await mermaid.mermaidAPI.getDiagramFromText(chart);
  found.push({
    nodes: Object.fromEntries([...db.getVertices()].map(([id, { text }]) => [id, shown(text ?? id)])),
    edges: db.getEdges().map(({ text }) => shown(text)),
  });
}
console.log(JSON.stringify(found));
