/** Checks the CRD sources against the Kubernetes API conventions: `node tools/crds/main.ts`. */
import { join } from "node:path";
import { readCrds } from "../generate-api/files.ts";
import { conventionViolations } from "./conventions/check.ts";

const found = conventionViolations(Object.values(await readCrds(join(import.meta.dirname, "../.."))));
for (const line of found) process.stderr.write(`${line}\n`);
process.exitCode = found.length === 0 ? 0 : 1;
