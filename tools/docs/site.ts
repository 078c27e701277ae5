/**
 * `make docs`: builds the documentation site and checks its links. The site is written to build/docs, or to the folder
 * in the argument.
 */
import { join, resolve } from "node:path";
import { build } from "vitepress";
import { brokenReferences } from "./site-links.ts";

const ROOT = join(import.meta.dirname, "../..");
const folder = resolve(process.argv[2] ?? join(ROOT, "build/docs"));

await build(join(ROOT, "docs"), { outDir: folder });
const broken = brokenReferences(folder);
for (const line of broken) process.stderr.write(`error: ${line}\n`);
if (broken.length > 0) process.exitCode = 1;
else process.stdout.write(`The site is in ${folder}. To read it, run npx vitepress preview docs.\n`);
