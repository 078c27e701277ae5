/**
 * Tests leader election and written times with two operators. The clock of one operator is one hour fast, and the clock
 * of the other operator is one hour slow.
 */
import assert from "node:assert/strict";
import { hostname } from "node:os";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { FtpServerStatus } from "../../src/api/ftpserver.generated.ts";
import type { KubeObject } from "../../src/api/kubernetes.ts";
import { type ControlPlane, startControlPlane } from "../cluster/control-plane.ts";
import { makeCertificate } from "../support/engine/certificates.ts";
import { OperatorProcess } from "../support/operator/operator-process.ts";
import {
  assertQuiet,
  eventually,
  getJson,
  installCrd,
  untilQuiet,
  writesOf,
} from "../support/operator/running.ts";

const HOUR_SECONDS = 3600;
/** Tolerance for times that are rounded to seconds, and for pauses of the machine. */
const TOLERANCE_MILLISECONDS = 30_000;
/** Time that exceeds the duration of a Lease that is not renewed. */
const LEASE_MILLISECONDS = 17_000;

/**
 * Remaining validity in days below which the operator reports a certificate. An operator that used its slow clock would
 * not report the certificate.
 */
const SOON_DAYS = 7;

type FtpServer = KubeObject & { status?: FtpServerStatus };

let plane: ControlPlane;
let began: number;
const operators: OperatorProcess[] = [];

async function start(shiftSeconds: number): Promise<OperatorProcess> {
  const operator = await OperatorProcess.start(plane, { shiftSeconds });
  operators.push(operator);
  return operator;
}

before(async () => {
  began = Date.now();
  plane = await startControlPlane({ controllerManager: true });
  await installCrd(plane);
});
after(async () => {
  await Promise.all(operators.map((operator) => operator.kill()));
  await plane?.stop();
});

const leads = (operator: OperatorProcess): Promise<void> =>
  eventually("it becomes the leader", async () => assert.ok(operator.isLeader, operator.messages.join("\n")));

async function holder(): Promise<{ identity: string; transitions: number }> {
  const { spec } = await getJson(plane, "lease", "ftp-operator");
  assertNow("the Lease's renewal", spec.renewTime);
  assertNow("the Lease's acquisition", spec.acquireTime);
  return { identity: spec.holderIdentity, transitions: spec.leaseTransitions };
}

const identityOf = ({ pid }: OperatorProcess): string => `${hostname()}_${pid}`;

/**
 * Checks that a time is between the start of the test and now. The test process uses the same clock as the API server.
 */
function assertNow(what: string, time: string): void {
  const parsed = Date.parse(time);
  assert.ok(parsed > began - TOLERANCE_MILLISECONDS, `${what} is in the past: ${time}`);
  assert.ok(parsed < Date.now() + TOLERANCE_MILLISECONDS, `${what} is in the future: ${time}`);
}

const server = (): Promise<FtpServer> => getJson(plane, "ftpserver", "demo");

async function assertTimes(): Promise<void> {
  for (const { type, lastTransitionTime } of (await server()).status?.conditions ?? [])
    assertNow(type, lastTransitionTime);
  const { items } = await getJson(
    plane,
    "events.events.k8s.io",
    "--field-selector=reportingController=ftp-operator",
  );
  assert.ok(items.length > 0);
  for (const { eventTime, note } of items) assertNow(`the event "${note}"`, eventTime);
}

async function condition(type: string): Promise<{ status?: string; reason?: string }> {
  return (await server()).status?.conditions?.find((candidate) => candidate.type === type) ?? {};
}

async function assignAddress(ip: string): Promise<void> {
  const status = JSON.stringify({ status: { loadBalancer: { ingress: [{ ip }] } } });
  await plane.kubectl(["patch", "service", "demo", "--subresource=status", "--type=merge", "-p", status]);
}

/** Kills the leader. The other operator must take over without writing anything, and must then react to a change. */
async function assertTakeover(from: OperatorProcess, to: OperatorProcess, address: string): Promise<void> {
  await untilQuiet(plane);
  const [before, writes, { transitions }] = [await server(), writesOf(plane).length, await holder()];
  await from.kill();
  await leads(to);
  assert.deepEqual(await holder(), { identity: identityOf(to), transitions: transitions + 1 });
  await assertQuiet(plane, 3000);
  assert.equal(writesOf(plane).length, writes, "writes without a change");
  assert.deepEqual((await server()).status, before.status);
  await assignAddress(address);
  await eventually("the address", async () =>
    assert.equal((await server()).status?.addresses?.[0]?.value, address),
  );
  await assertTimes();
}

let ahead: OperatorProcess;
let behind: OperatorProcess;

test("the second operator does not become leader while the first renews the Lease", async () => {
  ahead = await start(HOUR_SECONDS);
  await leads(ahead);
  behind = await start(-HOUR_SECONDS);
  await sleep(LEASE_MILLISECONDS);
  assert.equal(behind.isLeader, false);
  assert.deepEqual(await holder(), { identity: identityOf(ahead), transitions: 0 });
});

test("an operator with a clock ahead writes the time of the API server", async () => {
  await plane.kubectl(["create", "secret", "generic", "alice", "--from-literal=password=x"]);
  const { certificateFile, keyFile } = await makeCertificate({ commonName: "demo", days: SOON_DAYS });
  await plane.kubectl([
    "create",
    "secret",
    "tls",
    "demo-tls",
    `--cert=${certificateFile}`,
    `--key=${keyFile}`,
  ]);
  const demo = {
    apiVersion: "ftp-operator.io/v1alpha1",
    kind: "FtpServer",
    metadata: { name: "demo" },
    spec: {
      tls: { mode: "Required", certificateRef: { name: "demo-tls" } },
      users: [{ name: "alice", passwordSecretRef: { name: "alice" } }],
    },
  };
  await plane.kubectl(["apply", "-f", "-"], JSON.stringify(demo));
  await eventually("the status", async () => assert.equal((await condition("UsersReady")).status, "True"));
  await assignAddress("198.51.100.200");
  await eventually("the address", async () =>
    assert.equal((await condition("AddressAssigned")).status, "True"),
  );
  await assertTimes();
  assert.equal((await condition("TLSReady")).reason, "CertificateExpiresSoon");
});

test("an operator with a clock behind takes over after the leader was killed", () =>
  assertTakeover(ahead, behind, "198.51.100.201"));

test("an operator with a clock ahead takes over after the leader was killed", async () => {
  ahead = await start(HOUR_SECONDS);
  await assertTakeover(behind, ahead, "198.51.100.202");
});

test("each operator logs that its clock is wrong", () => {
  for (const { messages } of operators)
    assert.ok(
      messages.some((message) => message.startsWith("local clock differs")),
      messages.join("\n"),
    );
});
