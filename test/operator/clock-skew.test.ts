/** Two operators whose clocks are wrong, one an hour ahead, one an hour behind: who leads, and which times they write. */
import assert from "node:assert/strict";
import { hostname } from "node:os";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { FtpServerStatus } from "../../src/api/ftpserver.generated.ts";
import type { KubeObject } from "../../src/api/kubernetes.ts";
import { type ControlPlane, startControlPlane } from "../cluster/control-plane.ts";
import { makeCertificate } from "../support/engine/certificates.ts";
import { OperatorProcess } from "../support/operator/operator-process.ts";
import { assertQuiet, eventually, getJson, installCrd, writesOf } from "../support/operator/running.ts";

const HOUR_SECONDS = 3600;
/** For rounding to seconds, and for a machine that stalls. */
const TOLERANCE_MILLISECONDS = 30_000;
/** Longer than a Lease lasts without renewal. */
const LEASE_MILLISECONDS = 17_000;

/** From here on a certificate ends soon: an operator with a clock that is behind would not say so. */
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
  eventually("it leads", async () => assert.ok(operator.leads, operator.messages.join("\n")));

async function holder(): Promise<{ identity: string; transitions: number }> {
  const { spec } = await getJson(plane, "lease", "ftp-operator");
  assertNow("the Lease's renewal", spec.renewTime);
  assertNow("the Lease's acquisition", spec.acquireTime);
  return { identity: spec.holderIdentity, transitions: spec.leaseTransitions };
}

const identityOf = ({ pid }: OperatorProcess): string => `${hostname()}_${pid}`;

/** Fails unless a time lies between the beginning of the test and now, by the clock of this process, which is the API server's. */
function assertNow(what: string, time: string): void {
  const off = Date.parse(time);
  assert.ok(off > began - TOLERANCE_MILLISECONDS, `${what} is in the past: ${time}`);
  assert.ok(off < Date.now() + TOLERANCE_MILLISECONDS, `${what} is in the future: ${time}`);
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

async function balancerGives(ip: string): Promise<void> {
  const status = JSON.stringify({ status: { loadBalancer: { ingress: [{ ip }] } } });
  await plane.kubectl(["patch", "service", "demo", "--subresource=status", "--type=merge", "-p", status]);
}

/** The operator that leads is killed; the other takes over, changes nothing, and works. */
async function assertTakeover(from: OperatorProcess, to: OperatorProcess, address: string): Promise<void> {
  const [before, writes, { transitions }] = [await server(), writesOf(plane).length, await holder()];
  await from.kill();
  await leads(to);
  assert.deepEqual(await holder(), { identity: identityOf(to), transitions: transitions + 1 });
  await assertQuiet(plane, 3000);
  assert.equal(writesOf(plane).length, writes, "an unchanged world is not written to");
  assert.deepEqual((await server()).status, before.status);
  await balancerGives(address);
  await eventually("the address", async () =>
    assert.equal((await server()).status?.addresses?.[0]?.value, address),
  );
  await assertTimes();
}

let ahead: OperatorProcess;
let behind: OperatorProcess;

test("one leads, and for longer than its Lease lasts the other does not", async () => {
  ahead = await start(HOUR_SECONDS);
  await leads(ahead);
  behind = await start(-HOUR_SECONDS);
  await sleep(LEASE_MILLISECONDS);
  assert.equal(behind.leads, false);
  assert.deepEqual(await holder(), { identity: identityOf(ahead), transitions: 0 });
});

test("the one ahead writes true times", async () => {
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
  await balancerGives("198.51.100.200");
  await eventually("the address", async () =>
    assert.equal((await condition("AddressAssigned")).status, "True"),
  );
  await assertTimes();
  assert.equal((await condition("TLSReady")).reason, "CertificateExpiresSoon");
});

test("when it is killed, the one behind takes over", () => assertTakeover(ahead, behind, "198.51.100.201"));

test("and the other way round", async () => {
  ahead = await start(HOUR_SECONDS);
  await assertTakeover(behind, ahead, "198.51.100.202");
});

test("both have told that their clocks are wrong", () => {
  for (const { messages } of operators)
    assert.ok(
      messages.some((message) => message.includes("clock")),
      messages.join("\n"),
    );
});
