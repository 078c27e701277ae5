/** Generates files from the CRD sources and the chart values (`npm run generate`). */
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { generatedFiles } from "./files.ts";

const ROOT = join(import.meta.dirname, "../..");

for (const [path, content] of await generatedFiles(ROOT)) {
  await mkdir(dirname(join(ROOT, path)), { recursive: true });
  await writeFile(join(ROOT, path), content);
}
