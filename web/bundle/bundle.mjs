// Bundles web/bundle/plot.js into one minified file that opens with the licences of what is in it:
//     node bundle.mjs OUT        (in this folder, after npm ci; tools/bundle does both)
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";

const result = await build({
  entryPoints: ["plot.js"], bundle: true, minify: true, format: "iife", globalName: "Plot", target: "es2020",
  charset: "ascii", legalComments: "none", metafile: true, write: false,
});

function packageOf(path) {
  return path.match(/^node_modules\/((?:@[^/]+\/)?[^/]+)\//)?.[1];
}

// The packages that gave any byte, in order.
function bundledPackages() {
  const [output] = Object.values(result.metafile.outputs);
  const names = Object.keys(output.inputs).filter((path) => output.inputs[path].bytesInOutput > 0).map(packageOf);
  return [...new Set(names.filter(Boolean))].sort();
}

// Licences that differ in nothing but the first line of copyright are told once.
function licences() {
  const groups = new Map();
  for (const name of bundledPackages()) {
    const folder = join("node_modules", name);
    const { version } = JSON.parse(readFileSync(join(folder, "package.json")));
    const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
    if (!file) throw new Error(`${name} has no licence file`);
    const text = readFileSync(join(folder, file), "utf8").trim();
    const [copyright] = text.match(/^Copyright.*$/m);
    const rest = text.replace(copyright, "").replace(/\n{3,}/g, "\n\n").trim();
    if (!groups.has(rest)) groups.set(rest, []);
    groups.get(rest).push(`${name} ${version}: ${copyright}`);
  }
  return [...groups].map(([text, lines]) => `${lines.join("\n")}\n\n${text}`).join("\n\n---\n\n");
}

const notice = licences();
const code = result.outputFiles[0].text;
if (/<\/script|<!--/i.test(code + notice) || notice.includes("*/")) throw new Error("the bundle would end its element");
writeFileSync(process.argv[2], `/* Bundled by tools/bundle from web/bundle; do not edit.\n\n${notice}\n*/\n${code}`);
