/**
 * `make bench-fairness`: measures the response times of one user while another user loads the server, and writes a
 * section in docs/reference/benchmarks.md.
 */
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { hashPassword } from "../../../src/api/password-hash.ts";
import { run } from "../../../test/cluster/run.ts";
import { likelyFreeRange } from "../../../test/cluster/free-ports.ts";
import { tlsConfig } from "../../../test/support/engine/tls-world.ts";
import { residentMemory } from "../../support/process-memory.ts";
import { PASSWORD } from "../accounts.ts";
import { benchUser, startEngine } from "../engine-load.ts";
import { install, type Installed } from "../install.ts";
import { withMachine, withSection } from "../page-section.ts";
import { reach, start, stop } from "../servers.ts";
import { type Case, casesFor, FULL, prepareFiles, SHORT } from "./cases.ts";
import { type Figure, measure } from "./measurement.ts";
import { type Result, sectionOf } from "./section.ts";

const PAGE = join(import.meta.dirname, "../../../docs/reference/benchmarks.md");
/** The folder is on tmpfs, so that the disk does not limit the results. */
const WORK = "/dev/shm/ftp-operator-bench-fairness";
const FILES = join(WORK, "files");

const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "3" },
    short: { type: "boolean", default: false },
    only: { type: "string", default: "" },
  },
});
const runs = Number(values.runs);
const sizes = values.short ? SHORT : FULL;
/** Loads to measure, for example `--only MODE`. With this option, the program does not write the page. */
const cases = casesFor(sizes).filter(({ title }) => title.includes(values.only));

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** Measures a load in a new engine process, because the memory of earlier loads would count toward the peak. */
async function measureEngine(load: string, { args, user = "bench" }: Case): Promise<Figure> {
  const homeDirectory = "/files";
  const users = [
    ...["bench", "other"].map((name) => benchUser(name, { homeDirectory })),
    // The user `guessed` has a hash of the default cost, so that each login attempt causes a realistic load.
    benchUser("guessed", { homeDirectory, passwordHash: await hashPassword(PASSWORD) }),
  ];
  const engine = await startEngine(WORK, {
    users,
    storage: { root: WORK },
    tls: await tlsConfig({ dataProtection: "Optional" }),
  });
  try {
    const { controlPort, metricsPort } = engine.config;
    const command = [load, "-address", `127.0.0.1:${controlPort}`, "-password", PASSWORD, "-user"];
    const as = (name: string): string[] => [...command, name];
    const page = `http://127.0.0.1:${metricsPort}/healthz`;
    const [noop, healthz] = await measure(
      { probe: [...as("other"), "-page", page, "probe"], load: args && [...as(user), ...args] },
      sizes.seconds,
    );
    if (noop === undefined || engine.errors.length > 0)
      throw new Error(`the engine has failed: ${engine.errors.join("\n")}`);
    return { noop, healthz, memory: (await residentMemory(engine.pid)).peak };
  } finally {
    engine.kill();
    await engine.ended;
  }
}

async function measureVsftpd(installed: Installed, { args }: Case): Promise<Figure> {
  const site = { installed, work: join(WORK, "vsftpd"), files: FILES, tls: true, baseline: "" };
  await mkdir(site.work, { recursive: true });
  const server = await start("vsftpd", site, likelyFreeRange(1).first);
  try {
    const command = [installed.load, ...reach(server, false)];
    const [noop] = await measure(
      { probe: [...command, "probe"], load: args && [...command, ...args] },
      sizes.seconds,
    );
    if (noop === undefined) throw new Error("vsftpd has failed");
    return { noop, healthz: undefined, memory: undefined };
  } finally {
    await stop(server);
  }
}

async function removeUploads(): Promise<void> {
  await run(["find", FILES, "-maxdepth", "1", "-name", "*up-*", "-delete"]);
}

/** Measures the loads. Alternates between the servers, so that other programs affect the servers equally. */
async function measureAll(installed: Installed): Promise<Result[]> {
  const results = cases.map((one): Result => ({ ...one, engine: [], vsftpd: [] }));
  for (let round = 0; round < runs; round++)
    for (const result of results) {
      result.engine.push(await measureEngine(installed.load, result));
      await removeUploads();
      say(`${result.title}: ${JSON.stringify(result.engine.at(-1))}`);
      if (!result.hasPeer) continue;
      result.vsftpd.push(await measureVsftpd(installed, result));
      await removeUploads();
      say(`${result.title}: vsftpd ${JSON.stringify(result.vsftpd.at(-1)?.noop)}`);
    }
  return results;
}

await mkdir(WORK, { recursive: true });
process.env["TMPDIR"] = await mkdtemp(join(WORK, "temporary-"));
try {
  const installed = await install();
  await prepareFiles(FILES, sizes);
  await run(["chmod", "-R", "777", FILES]);
  const section = sectionOf(await measureAll(installed), runs);
  process.stdout.write(section);
  if (!values.short && values.only === "")
    await writeFile(PAGE, withSection(await readFile(PAGE, "utf8"), "Fairness", withMachine(section)));
} finally {
  await rm(WORK, { recursive: true, force: true });
}
