/**
 * Runs the end-to-end tests. Starts a cluster, loads the image, installs the chart, and runs the *.test.ts files in
 * this folder in sequence. `--only NAME` runs one file. KEEP=1 keeps the cluster for the next run.
 */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { build } from "../cluster/build.ts";
import { type Cluster, ensureCluster, openCluster, removeCluster } from "../cluster/full.ts";
import { requirePreconditions } from "../cluster/preconditions.ts";
import { programsFor } from "../cluster/programs.ts";
import { type Failure, failureLines, runFiles } from "../support/run.ts";
import { installChart, loadProduct, OPERATOR_NAMESPACE, PREFIX, RELEASE } from "./installation.ts";

const TEST_TIMEOUT_MILLISECONDS = 25 * 60_000;
/** Maximum number of failures printed with details. Later failures usually have the same cause. */
const MAX_SCENES = 3;

const { values } = parseArgs({ options: { only: { type: "string" } } });
const started = performance.now();
const say = (line: string): void =>
  console.log(`${((performance.now() - started) / 1000).toFixed(1).padStart(7)} s  ${line}`);

const files = readdirSync(import.meta.dirname)
  .filter(
    (name) => name.endsWith(".test.ts") && (values.only === undefined || name === `${values.only}.test.ts`),
  )
  .toSorted()
  .map((name) => join(import.meta.dirname, name));
if (files.length === 0) {
  console.error(`no file ${values.only}.test.ts in test/e2e`);
  process.exit(2);
}

process.exitCode = await main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  return 1;
});

/** @returns the exit code */
async function main(): Promise<number> {
  const wasUp = isUp();
  try {
    await requirePreconditions("e2e");
    const cluster = await ensureCluster(PREFIX, say);
    await build(programsFor("e2e"), say);
    const image = await loadProduct(cluster, say);
    await installChart(cluster, { release: RELEASE, namespace: OPERATOR_NAMESPACE, values: image });
    say("the operator runs");
    const failures = await runTests(cluster);
    say([`${failures.length} end-to-end tests failed`, ...failureLines(failures)].join("\n"));
    return failures.length === 0 ? 0 : 1;
  } finally {
    if (wasUp || process.env["KEEP"] === "1") {
      say(`the cluster is still running: node test/cluster/main.ts kubectl --prefix ${PREFIX} get pods -A`);
    } else await removeCluster(PREFIX);
  }
}

/** Returns whether the cluster was already running. The program does not remove such a cluster at the end. */
function isUp(): boolean {
  try {
    openCluster(PREFIX);
    return true;
  } catch {
    return false;
  }
}

/** @returns the failed tests */
async function runTests(cluster: Cluster): Promise<Failure[]> {
  const scenes: Promise<string>[] = [];
  const failures = await runFiles({
    files,
    concurrency: 1,
    timeout: TEST_TIMEOUT_MILLISECONDS,
    onFailure: (test) => {
      // Prints the cluster state immediately, because the test namespace is deleted at the end of the test file.
      if (scenes.length < MAX_SCENES) scenes.push(describeScene(cluster, test));
    },
  });
  for (const scene of scenes) console.log(await scene);
  return failures;
}

/** Returns a description of the cluster state after a failure. */
async function describeScene(cluster: Cluster, test: string): Promise<string> {
  const looks: readonly string[][] = [
    ["get", "pods", "-A", "-o", "wide"],
    ["get", "ftpservers", "-A", "-o", "yaml"],
    ["get", "events", "-A", "--sort-by=.lastTimestamp"],
    ["-n", OPERATOR_NAMESPACE, "logs", `deployment/${RELEASE}`, "--tail=60"],
  ];
  const shown = looks.map(
    async (args) => `--- kubectl ${args.join(" ")}\n${await cluster.kubectl(args).catch(String)}`,
  );
  return [`=== when "${test}" failed`, ...(await Promise.all(shown))].join("\n");
}
