/**
 * Tests the complete operator with random network and API server faults. To repeat a run, set the environment variable
 * SEED to the seed of the run.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { type ControlPlane, startControlPlane } from "../cluster/control-plane.ts";
import { type Fault, FaultProxy, type ProxiedRequest } from "../support/kube/fault-proxy.ts";
import {
  eventually,
  getJson,
  installCrd,
  type RunningOperator,
  startOperator,
  untilQuiet,
} from "../support/operator/running.ts";

const SEED = Number(process.env["SEED"] ?? Math.floor(Math.random() * 2 ** 31));
const SERVERS = ["one", "two", "three"];
const STEPS = 40;
const STEP_MILLISECONDS = 150;
const CHILDREN = ["service", "networkpolicy", "pdb", "serviceaccount", "secret", "statefulset"];
const MANAGED = "app.kubernetes.io/managed-by=ftp-operator";

/** Returns a function that generates pseudorandom numbers from 0 to 1 from a seed (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32;
  };
}

const random = randomOf(SEED);
const pick = <T>(list: readonly T[]): T => {
  const found = list[Math.floor(random() * list.length)];
  assert.ok(found !== undefined);
  return found;
};

const FAULTS: readonly Fault[] = [
  { type: "Reset" },
  { type: "Cut", bytes: 0 },
  { type: "Cut", bytes: 100 },
  { type: "Answer", status: 429, reason: "TooManyRequests", retryAfterSeconds: 1 },
  { type: "Answer", status: 409, reason: "Conflict" },
  { type: "Answer", status: 410, reason: "Expired" },
  { type: "Answer", status: 500, reason: "InternalError" },
  { type: "Answer", status: 503, reason: "ServiceUnavailable" },
];

let plane: ControlPlane;
let proxy: FaultProxy;
let operator: RunningOperator;

before(async () => {
  plane = await startControlPlane({ controllerManager: true });
  await installCrd(plane);
  proxy = await FaultProxy.start(plane);
  operator = startOperator(plane, { kubeconfig: proxy.kubeconfig });
});
after(async () => {
  proxy.fault = () => undefined;
  await operator.stop();
  await proxy[Symbol.asyncDispose]();
  await plane.stop();
});

const apply = (object: object): Promise<string> =>
  plane.kubectl(["apply", "-f", "-"], JSON.stringify(object));
const server = (name: string): Promise<string> =>
  apply({
    apiVersion: "ftp-operator.io/v1alpha1",
    kind: "FtpServer",
    metadata: { name },
    spec: {
      replicas: Math.floor(random() * 3),
      banner: `step ${Math.floor(random() * 1000)}`,
      users: [{ name: "alice", passwordSecretRef: { name: "password" } }],
    },
  });
const password = (): Promise<string> =>
  apply({
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "password" },
    stringData: { password: `p${Math.floor(random() * 1000)}` },
  });
const gone = (error: unknown): string => String(error);

/** Changes that the test makes while faults occur. */
const EVENTS: readonly (() => Promise<unknown>)[] = [
  () => server(pick(SERVERS)),
  () => server(pick(SERVERS)),
  password,
  async () => {
    const names = (await plane.kubectl(["get", pick(CHILDREN), "-l", MANAGED, "-o", "name"]))
      .split("\n")
      .filter(Boolean);
    if (names.length > 0) await plane.kubectl(["delete", pick(names), "--wait=false"]).catch(gone);
  },
  async () => {
    const spec = JSON.stringify({
      spec: pick([
        { ports: [{ name: "ftp", port: 2222 }] },
        { selector: { "app.kubernetes.io/instance": "nobody" } },
      ]),
    });
    await plane.kubectl(["patch", "service", pick(SERVERS), "--type=merge", "-p", spec]).catch(gone);
  },
  () => plane.kubectl(["delete", "ftpserver", pick(SERVERS), "--wait=false", "--ignore-not-found"]),
  async () => {
    await operator.stop();
    operator = startOperator(plane, { kubeconfig: proxy.kubeconfig });
  },
  async () => void proxy.dropWatches(),
  async () => {
    proxy.silent = random() < 0.5;
  },
];

test(`the operator converges after faults of all kinds (SEED=${SEED})`, async () => {
  await password();
  for (const name of SERVERS) await server(name);
  proxy.fault = ({ isWatch }: ProxiedRequest) =>
    random() < (isWatch ? 0.1 : 0.25) ? pick(FAULTS) : undefined;
  for (let step = 0; step < STEPS; step++) {
    await pick(EVENTS)();
    await sleep(random() * STEP_MILLISECONDS);
  }
  proxy.fault = () => undefined;
  proxy.silent = false;
  proxy.dropWatches();
  await plane.kubectl(["delete", "ftpserver", "three", "--ignore-not-found"]);
  for (const name of ["one", "two"]) await server(name);
  await eventually("two FtpServers have their children, and the deleted one has none", async () => {
    const items = await Promise.all(CHILDREN.map((kind) => getJson(plane, kind, "-l", MANAGED)));
    const names = items.flatMap(({ items: list }, index) =>
      list.map(({ metadata }: { metadata: { name: string } }) => `${CHILDREN[index]}/${metadata.name}`),
    );
    for (const name of ["one", "two"])
      for (const child of [
        `service/${name}`,
        `networkpolicy/${name}`,
        `pdb/${name}`,
        `serviceaccount/${name}`,
        `secret/${name}-config`,
      ])
        assert.ok(names.includes(child), `${child} in ${names.join(" ")}`);
    assert.ok(!names.some((name: string) => name.includes("three")), names.join(" "));
  });
  for (const name of ["one", "two"]) {
    await eventually(`${name} matches its spec`, async () => {
      const { metadata, spec, status } = await getJson(plane, "ftpserver", name);
      assert.equal(status?.observedGeneration, metadata.generation);
      const { spec: service } = await getJson(plane, "service", name);
      assert.equal(service.selector["app.kubernetes.io/instance"], name);
      assert.deepEqual([service.ports[0].port, service.ports.length], [21, 11]);
      const { data } = await getJson(plane, "secret", `${name}-config`);
      const config = JSON.parse(Buffer.from(data["engine.json"], "base64").toString());
      assert.equal(config.banner, spec.banner);
      assert.match(config.users[0].passwordHash, /^\$scrypt\$/);
      const sets = await getJson(plane, "statefulset", "-l", `app.kubernetes.io/instance=${name}`);
      const running = sets.items.filter((set: any) => set.spec.replicas === 1);
      assert.equal(running.length, spec.replicas);
    });
  }
  await untilQuiet(plane, 1500);
});
