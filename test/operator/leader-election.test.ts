/** Tests several operators in one namespace, which simulate several releases of the chart. */
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

const logs = (operator: OperatorProcess, message: string): Promise<void> =>
  eventually(message, async () => assert.ok(operator.messages.includes(message)));

test("operators with different Leases are active at once, and one whose Lease is held logs that it waits", async () => {
  const first = await start("team-a");
  await logs(first, "became leader");
  const [second, spare] = await Promise.all([start("team-b"), start("team-a")]);
  await logs(second, "became leader");
  await logs(spare, "waiting for lease");
  assert.equal(spare.isLeader, false);
  for (const [lease, { pid }] of [
    ["team-a", first],
    ["team-b", second],
  ] as const)
    assert.match((await getJson(plane, "lease", lease)).spec.holderIdentity, new RegExp(`_${pid}$`));
});

test("an operator reports its version in its first log line and in ftp_operator_build_info", async () => {
  const operator = await start("team-c");
  await logs(operator, "became leader");
  const [first] = operator.lines;
  assert.deepEqual(
    [first?.["msg"], first?.["version"], first?.["node"]],
    ["starting", BUILD.version, BUILD.node],
  );
  const page = await (await fetch(`http://127.0.0.1:${operator.metricsPort}/metrics`)).text();
  const labels = `version="${BUILD.version}",revision="",node_version="${BUILD.node}"`;
  assert.ok(page.includes(`\nftp_operator_build_info{${labels}} 1\n`));
});

test("a waiting operator takes over after the duration of --leader-election-lease-duration", async () => {
  const flags = [
    "--leader-election-lease-duration=3s",
    "--leader-election-renew-deadline=2s",
    "--leader-election-retry-period=1s",
  ];
  const first = await start("short", flags);
  await logs(first, "became leader");
  assert.equal((await getJson(plane, "lease", "short")).spec.leaseDurationSeconds, 3);
  const second = await start("short", flags);
  await logs(second, "waiting for lease");
  await first.kill();
  await logs(second, "became leader");
});
