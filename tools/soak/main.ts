/** `make soak`: runs an engine under load for a long time, and writes docs/reference/soak.md. */
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { drain } from "./drain.ts";
import { load, newTallies, type Tallies } from "./load.ts";
import { residentMemory } from "../support/process-memory.ts";
import { leaks, measure, metrics } from "./measure.ts";
import { writePageWithPlots } from "../docs/plots.ts";
import { type Findings, page, tables } from "./report.ts";
import { Site } from "./site.ts";
import { Tally } from "./tally.ts";

const USAGE = `make soak [MINUTES=30]

  MINUTES  duration of the load; runs of 10 minutes or longer write docs/reference/soak.md`;
const PAGE_MINUTES = 10;
const PROGRESS_MILLISECONDS = 10_000;
/**
 * Maximum duration in milliseconds of the load before the first measurement. This warm-up compiles code and fills
 * caches.
 */
const LONGEST_WARM_UP = 60_000;
const MILLISECONDS_PER_MINUTE = 60_000;

const { values } = parseArgs({
  options: { minutes: { type: "string", default: "30" }, help: { type: "boolean", default: false } },
});

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Runs the load for a given time, and prints the progress. */
async function drive(site: Site, tallies: Tallies, milliseconds: number): Promise<void> {
  const [over, began] = [AbortSignal.timeout(milliseconds), Date.now()];
  const finished = new AbortController();
  const reporting = (async () => {
    for (;;) {
      await sleep(PROGRESS_MILLISECONDS, undefined, { signal: finished.signal }).catch(() => undefined);
      if (finished.signal.aborted) return;
      say(await progress(site, tallies, (Date.now() - began) / 1000));
    }
  })();
  await load(site, tallies, over).finally(() => finished.abort());
  await reporting;
}

async function progress(site: Site, { good, broken }: Tallies, seconds: number): Promise<string> {
  const seen = await metrics(site);
  const mebibytes = (bytes = Number.NaN): string => (bytes / 2 ** 20).toFixed(0).padStart(4);
  const cells = [
    `${seconds.toFixed(0).padStart(5)} s`,
    `${good.total} jobs, ${good.failed} failed`,
    `${broken.total} broken clients, ${broken.failed} with unexpected replies`,
    `heap ${mebibytes(seen.get("nodejs_heap_size_used_bytes"))} MiB`,
    `rss ${mebibytes((await residentMemory(site.engine.pid)).resident)} MiB`,
    `${seen.get("ftp_sessions")} sessions`,
  ];
  return cells.join("  ");
}

/** Starts an engine, runs the load, measures the resources and stops the engine. */
async function soak(minutes: number): Promise<Findings> {
  const site = await Site.start();
  try {
    const length = minutes * MILLISECONDS_PER_MINUTE;
    const warmUp = newTallies();
    say("warming up");
    await drive(site, warmUp, Math.min(length, LONGEST_WARM_UP));
    const [before, atFirst] = [await measure(site), await metrics(site)];
    const tallies = newTallies();
    const began = Date.now();
    await drive(site, tallies, length);
    const atLast = await metrics(site);
    const seconds = (Date.now() - began) / 1000;
    const after = await measure(site);
    const drained = new Tally();
    const exitCode = await drain(site, drained);
    const grown = (name: string): number => (atLast.get(name) ?? 0) - (atFirst.get(name) ?? 0);
    const reloads = ["ftp_config_reloads_total", "ftp_tls_certificate_reloads_total"].map(grown);
    return {
      minutes,
      tallies,
      drained,
      before: before.held,
      after: after.held,
      cores: grown("process_cpu_seconds_total") / seconds,
      sessions: grown("ftp_sessions_total"),
      reloads,
      bytes: grown("ftp_transfer_bytes_total"),
      exitCode,
      violations: [
        ...leaks(before.held, after.held).map((name) => `${name} grew`),
        ...difference(before.open, after.open),
        ...[...Object.values(warmUp), ...Object.values(tallies), drained].flatMap(({ failures }) => failures),
        ...site.engine.errors,
        ...(reloads.includes(0) ? ["the engine applied no changed files"] : []),
        ...(exitCode === 0 ? [] : [`exit code ${exitCode}`]),
      ],
    };
  } finally {
    await site.end();
  }
}

/** Returns the descriptors that the engine opened between two measurements and has not closed. */
function difference(before: readonly string[], after: readonly string[]): string[] {
  const left = [...before];
  return after
    .filter((target) => {
      const index = left.indexOf(target);
      if (index >= 0) left.splice(index, 1);
      return index < 0;
    })
    .map((target) => `not closed: ${target}`);
}

async function main(): Promise<number> {
  const minutes = Number(values.minutes);
  if (values.help || !(minutes > 0)) {
    (values.help ? process.stdout : process.stderr).write(`${USAGE}\n`);
    return values.help ? 0 : 2;
  }
  const findings = await soak(minutes);
  say(`\n${tables(findings)}\n`);
  say(
    `engine: ${findings.cores.toFixed(2)} cores, ${findings.sessions} sessions, exit code ${findings.exitCode}`,
  );
  for (const violation of findings.violations) say(`FAILED ${violation}`);
  if (minutes >= PAGE_MINUTES) writePageWithPlots("soak", page(findings));
  return findings.violations.length === 0 ? 0 : 1;
}

process.exitCode = await main();
