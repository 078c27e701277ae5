/** `make scale`: measures the operator with many FtpServers and writes docs/reference/scale.md. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { measureOperator, measureRawWrites, type ScaleOptions } from "./measure.ts";
import { writePageWithPlots } from "../docs/plots.ts";
import { page, requestTable, type Run, table } from "./page.ts";

const USAGE = `make scale [SERVERS=1000,5000] [PASSWORDS=Hashed,Plain] [PAGE=no]

  SERVERS    numbers of FtpServers, one run for each number
  PASSWORDS  form of the passwords in Secrets; the second form is used only with the first number in SERVERS
  PAGE       no: do not write docs/reference/scale.md`;
const ROOT = join(import.meta.dirname, "../..");

const { values } = parseArgs({
  options: {
    servers: { type: "string", default: "1000,5000" },
    passwords: { type: "string", default: "Hashed,Plain" },
    page: { type: "string", default: "yes" },
    // Comma-separated Node.js options for the operator, for example to record profiles.
    node: { type: "string", default: "" },
    help: { type: "boolean", default: false },
  },
});

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function measure(servers: number, passwords: Run["passwords"]): Promise<Run> {
  const main = join(ROOT, "dist/main.js");
  const nodeOptions = values.node.split(",").filter((option) => option !== "");
  const options: ScaleOptions = { servers, passwords, main, nodeOptions, say };
  const operator = await measureOperator(options);
  const rawSeconds = await measureRawWrites(options, operator.children);
  const run = { servers, passwords, operator, rawSeconds };
  say(`\n${table([run])}\n\n${requestTable(run)}\n`);
  for (const write of operator.restartWrites.slice(0, 20)) say(`FAILED written after the restart: ${write}`);
  return run;
}

function isPasswords(text: string): text is Run["passwords"] {
  return text === "Hashed" || text === "Plain";
}

async function main(): Promise<number> {
  const counts = values.servers.split(",").map(Number);
  const kinds = values.passwords.split(",").filter(isPasswords);
  if (values.help || !counts.every((count) => count > 0) || kinds.length === 0) {
    (values.help ? process.stdout : process.stderr).write(`${USAGE}\n`);
    return values.help ? 0 : 2;
  }
  const runs: Run[] = [];
  for (const [index, count] of counts.entries())
    for (const kind of index === 0 ? kinds : kinds.slice(0, 1)) runs.push(await measure(count, kind));
  const notes = await readFile(join(import.meta.dirname, "notes.md"), "utf8");
  if (values.page !== "no") writePageWithPlots("scale", page(runs, notes));
  return runs.every(({ operator }) => operator.restartWrites.length === 0) ? 0 : 1;
}

process.exitCode = await main();
