/**
 * Runs the end-to-end ring: a real cluster, the real image, the chart, then every *.test.ts beside this file, one after the
 * other. `--only NAME` runs one of them; KEEP=1 leaves the cluster up, which makes the next run quick.
 */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { run } from "node:test";
import { spec } from "node:test/reporters";
import { parseArgs } from "node:util";
import { type Cluster, ensureCluster, removeCluster } from "../cluster/full.ts";
import { installChart, loadProduct, OPERATOR_NAMESPACE, PREFIX, RELEASE } from "./installation.ts";

const TEST_TIMEOUT_MILLISECONDS = 10 * 60_000;

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

try {
  const cluster = await ensureCluster(PREFIX, say);
  const image = await loadProduct(cluster, say);
  await installChart(cluster, { release: RELEASE, namespace: OPERATOR_NAMESPACE, values: image });
  say("the operator runs");
  const failed = await runTests();
  say(failed === 0 ? "every end-to-end test passed" : `${failed} end-to-end tests failed`);
  if (failed > 0) await showWhereToLook(cluster);
  process.exitCode = failed === 0 ? 0 : 1;
} finally {
  if (process.env["KEEP"] === "1")
    say(`the cluster stays up: node test/cluster/main.ts kubectl --prefix ${PREFIX} get pods -A`);
  else await removeCluster(PREFIX);
}

/** @returns how many failed */
async function runTests(): Promise<number> {
  let failed = 0;
  const stream = run({ files, concurrency: false, timeout: TEST_TIMEOUT_MILLISECONDS });
  stream.on("test:fail", ({ details }) => {
    if (details.type !== "suite") failed += 1;
  });
  await new Promise((resolve, reject) => {
    stream.compose(new spec()).on("error", reject).on("end", resolve).pipe(process.stdout, { end: false });
  });
  return failed;
}

async function showWhereToLook(cluster: Cluster): Promise<void> {
  const show = async (title: string, args: readonly string[]): Promise<void> => {
    console.log(`--- ${title}`);
    console.log(await cluster.kubectl(args).catch(String));
  };
  await show("pods", ["get", "pods", "-A", "-o", "wide"]);
  await show("FtpServers", ["get", "ftpservers", "-A", "-o", "wide"]);
  await show("the operator's log", ["-n", OPERATOR_NAMESPACE, "logs", `deployment/${RELEASE}`, "--tail=60"]);
}
