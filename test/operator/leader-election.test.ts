/** Several operators in one namespace, as several releases of the chart make them. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { BUILD } from "../../src/common/version.ts";
import { type ControlPlane, startControlPlane } from "../cluster/control-plane.ts";
import { OperatorProcess } from "../support/operator/operator-process.ts";
import { eventually, getJson, installCrd } from "../support/operator/running.ts";

let plane: ControlPlane;
const operators: OperatorProcess[] = [];

before(async () => {
  plane = await startControlPlane();
  await installCrd(plane);
});
after(async () => {
  await Promise.all(operators.map((operator) => operator.kill()));
  await plane?.stop();
});

async function start(lease: string, flags: readonly string[] = []): Promise<OperatorProcess> {
  const operator = await OperatorProcess.start(plane, { lease, flags });
  operators.push(operator);
  return operator;
}

const says = (operator: OperatorProcess, message: string): Promise<void> =>
  eventually(message, async () => assert.ok(operator.messages.includes(message)));

test("operators with Leases of their own all work; one whose Lease is held says that it waits", async () => {
  const first = await start("team-a");
  await says(first, "became leader");
  const [second, spare] = await Promise.all([start("team-b"), start("team-a")]);
  await says(second, "became leader");
  await says(spare, "waiting for lease");
  assert.equal(spare.leads, false);
  for (const [lease, { pid }] of [
    ["team-a", first],
    ["team-b", second],
  ] as const)
    assert.match((await getJson(plane, "lease", lease)).spec.holderIdentity, new RegExp(`_${pid}$`));
});

test("an operator reports its version in its first log line and in ftp_operator_build_info", async () => {
  const operator = await start("team-c");
  await says(operator, "became leader");
  const [first] = operator.lines;
  assert.deepEqual(
    [first?.["msg"], first?.["version"], first?.["node"]],
    ["starting", BUILD.version, BUILD.node],
  );
  const page = await (await fetch(`http://127.0.0.1:${operator.metricsPort}/metrics`)).text();
  const labels = `version="${BUILD.version}",revision="",node_version="${BUILD.node}"`;
  assert.ok(page.includes(`\nftp_operator_build_info{${labels}} 1\n`));
});

test("the Lease has the duration of --leader-election-lease-duration, and a waiting operator takes over after it", async () => {
  const flags = [
    "--leader-election-lease-duration=3s",
    "--leader-election-renew-deadline=2s",
    "--leader-election-retry-period=1s",
  ];
  const first = await start("short", flags);
  await says(first, "became leader");
  assert.equal((await getJson(plane, "lease", "short")).spec.leaseDurationSeconds, 3);
  const second = await start("short", flags);
  await says(second, "waiting for lease");
  await first.kill();
  await says(second, "became leader");
});
