/** Tests the health of an FtpServer according to Argo CD and kstatus in a real cluster. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { healthOf, skip } from "../gitops/lua.ts";
import { kstatus } from "../support/plan/kstatus.ts";
import { withDefaults } from "../../src/api/validate.ts";
import { eventually, passwordSecret, TestNamespace } from "./test-namespace.ts";

const NAME = "watched";
const LOOK_MILLISECONDS = 200;
/** Argo CD health states, keyed by kstatus state. */
const WORDS = { InProgress: "Progressing", Failed: "Degraded", Current: "Healthy", Terminating: "" } as const;

describe("the health of an FtpServer", { skip }, () => {
  let namespace: TestNamespace;
  before(async () => {
    namespace = await TestNamespace.create("e2e-health");
  });
  after(() => namespace?.remove());

  const healthNow = async (): Promise<string> => {
    const server = await namespace.server(NAME);
    const [health] = healthOf("FtpServer", [server]);
    const { status: _status, ...desired } = server;
    const complete = { ...withDefaults("FtpServer", desired), status: server.status ?? {} };
    assert.equal(health?.status, WORDS[kstatus(complete)]);
    return health.status;
  };
  /** Waits for a health state. @returns all observed states up to this state, without repetitions */
  const until = async (wanted: string): Promise<string[]> => {
    const seen: string[] = [];
    await eventually(`it is ${wanted}`, async () => {
      const health = await healthNow();
      if (seen.at(-1) !== health) seen.push(health);
      assert.equal(health, wanted);
    });
    return seen;
  };

  it("is Progressing until it is Ready and while a Secret is missing, and Degraded when a name is taken", async () => {
    await namespace.kubectl(["create", "service", "clusterip", NAME, "--tcp=80"]);
    await namespace.applyServer(NAME, { alice: "one" });
    await until("Degraded");
    await namespace.kubectl(["delete", "service", NAME]);
    const way = await until("Healthy");
    assert.ok(way.includes("Progressing"), way.join());
    await namespace.patchSpec(NAME, { users: [{ name: "bob", passwordSecretRef: { name: "nowhere" } }] });
    await until("Progressing");
    await sleep(LOOK_MILLISECONDS);
    assert.equal(await healthNow(), "Progressing");
    await namespace.apply(passwordSecret("nowhere", "two"));
    await until("Healthy");
  });

  it("is Progressing during a rollout and then Healthy", async () => {
    await namespace.patchSpec(NAME, { pod: { metadata: { annotations: { note: "new" } } } });
    assert.deepEqual(await until("Progressing"), ["Progressing"]);
    assert.deepEqual(await until("Healthy"), ["Progressing", "Healthy"]);
  });
});
