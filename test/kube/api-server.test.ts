/** Tests src/kube with a real API server, directly and through a proxy that injects faults. */
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { after, afterEach, before, describe, it } from "node:test";
import { KubeClient } from "../../src/kube/client.ts";
import { KubeError, type KubeErrorReason } from "../../src/kube/errors.ts";
import { EventRecorder } from "../../src/kube/event-recorder.ts";
import { LeaderElector, type Lease } from "../../src/kube/leader-election.ts";
import { type ControlPlane, startControlPlane } from "../cluster/control-plane.ts";
import {
  changeConfigMaps,
  CONFIG_MAP,
  configMap,
  type ConfigMap,
  informerFollows,
  type InformerLimits,
  NAMESPACE,
  ONE_SECOND_OF_SILENCE,
  PATIENCE_MILLISECONDS,
  ref,
  until,
} from "../support/kube/config-maps.ts";
import { FaultProxy } from "../support/kube/fault-proxy.ts";

const LEASE = { apiVersion: "coordination.k8s.io/v1", kind: "Lease" } as const;

let plane: ControlPlane;
let proxy: FaultProxy;
let client: KubeClient;
/** Client that connects through the fault proxy. */
let shaky: KubeClient;

before(async () => {
  plane = await startControlPlane();
  proxy = await FaultProxy.start(plane);
  client = new KubeClient({ fieldManager: "test", kubeconfig: plane.kubeconfig });
  shaky = new KubeClient({ fieldManager: "test", kubeconfig: proxy.kubeconfig });
});
after(async () => {
  await client.close();
  await shaky.close();
  await proxy[Symbol.asyncDispose]();
  await plane.stop();
});
afterEach(() => {
  proxy.fault = () => undefined;
  proxy.silent = false;
});

const rejectsWith = (reason: KubeErrorReason, call: Promise<unknown>): Promise<void> =>
  assert.rejects(call, (error) => error instanceof KubeError && error.reason === reason);

describe("KubeClient", () => {
  it("applies, reads, patches and deletes an object, and deletes only the given uid", async () => {
    const made = await client.apply(configMap("verbs", "one"));
    assert.equal((await client.get<ConfigMap>(ref("verbs"))).data["value"], "one");
    await client.mergePatch(ref("verbs"), { data: { more: "two" } });
    const { uid = "" } = made.metadata;
    await rejectsWith("Conflict", client.delete(ref("verbs"), { uid: "another" }));
    await client.delete(ref("verbs"), { uid });
    await rejectsWith("NotFound", client.get(ref("verbs")));
    await rejectsWith("NotFound", client.delete(ref("verbs")));
  });

  it("rejects fields that the server does not know", async () => {
    const wrong = { ...configMap("strict", "x"), dta: {} };
    await assert.rejects(client.apply(wrong), /dta/);
  });

  it("keeps `from` of a NetworkPolicy, without which the policy admits all clients", async () => {
    const from = [{ ipBlock: { cidr: "198.51.100.0/24" } }];
    const spec = { podSelector: {}, policyTypes: ["Ingress"], ingress: [{ from }] };
    const policy = {
      apiVersion: "networking.k8s.io/v1",
      kind: "NetworkPolicy",
      metadata: { name: "from", namespace: NAMESPACE },
      spec,
    };
    assert.deepEqual((await client.apply(policy)).spec.ingress, [{ from }]);
  });

  it("changes a field of another manager only with force", async () => {
    await client.apply(configMap("owned", "one"));
    const other = new KubeClient({ fieldManager: "other", kubeconfig: plane.kubeconfig });
    await rejectsWith("Conflict", other.apply(configMap("owned", "two"), { force: false }));
    assert.equal((await other.apply(configMap("owned", "two"))).data["value"], "two");
    await other.close();
  });

  it("lists in pages, and requests only metadata when asked to", async () => {
    for (const name of ["page-a", "page-b", "page-c"])
      await client.apply(configMap(name, "secret", { pages: "yes" }));
    const selection = { ...CONFIG_MAP, namespace: NAMESPACE, labelSelector: "pages=yes", metadataOnly: true };
    const first = await client.list<ConfigMap>(selection, { limit: 2 });
    assert.equal(first.items?.length, 2);
    const second = await client.list<ConfigMap>(selection, {
      limit: 2,
      continue: first.metadata.continue ?? "",
    });
    assert.deepEqual(
      second.items?.map(({ metadata, data }) => [metadata.name, data]),
      [["page-c", undefined]],
    );
  });

  it("retries a busy server after Retry-After, five times at most", async () => {
    let failures = 2;
    proxy.fault = () =>
      failures-- > 0
        ? { type: "Answer", status: 429, reason: "TooManyRequests", retryAfterSeconds: 1 }
        : undefined;
    const started = performance.now();
    await shaky.apply(configMap("busy", "x"));
    assert.ok(performance.now() - started >= 2000, "Retry-After was not respected");
    const before = proxy.requests.length;
    proxy.fault = () => ({ type: "Answer", status: 503, reason: "ServiceUnavailable" });
    await rejectsWith("ServiceUnavailable", shaky.get(ref("busy")));
    assert.equal(proxy.requests.length - before, 5);
  });

  it("retries a broken connection and not a rejected request", async () => {
    let resets = 1;
    proxy.fault = () => (resets-- > 0 ? { type: "Reset" } : undefined);
    await shaky.apply(configMap("reset", "x"));
    const before = proxy.requests.length;
    proxy.fault = () => ({ type: "Answer", status: 409, reason: "Conflict" });
    await rejectsWith("Conflict", shaky.get(ref("reset")));
    assert.equal(proxy.requests.length - before, 1);
  });
});

describe("Informer", () => {
  const follows = (label: string, work: () => Promise<void>, limits?: InformerLimits): Promise<void> =>
    informerFollows({ client, shaky, proxy }, label, work, limits);
  const churn = (label: string, count: number, disturb: () => void): Promise<void> =>
    changeConfigMaps(client, label, count, disturb);

  it("receives all changes while watches break repeatedly", () =>
    follows("dropped", () => churn("dropped", 40, () => void proxy.dropWatches())));

  it("receives all changes while watches break within a line", () =>
    follows("cut", async () => {
      proxy.fault = ({ isWatch }) => (isWatch ? { type: "Cut", bytes: 700 } : undefined);
      await churn("cut", 30, () => undefined);
      await sleep(300);
    }));

  it("lists again when its resource version has expired", () =>
    follows("gone", async () => {
      await churn("gone", 10, () => undefined);
      let gone = 1;
      proxy.fault = ({ isWatch }) =>
        isWatch && gone-- > 0 ? { type: "Answer", status: 410, reason: "Expired" } : undefined;
      const lists = proxy.requests.filter(({ isWatch }) => !isWatch).length;
      proxy.dropWatches();
      await until("a list", () => proxy.requests.filter(({ isWatch }) => !isWatch).length > lists);
    }));

  it("replaces a watch that is silent", () =>
    follows(
      "silent",
      async () => {
        proxy.silent = true;
        await churn("silent", 6, () => undefined);
        const watches = proxy.requests.filter(({ isWatch }) => isWatch).length;
        await until("another watch", () => proxy.requests.filter(({ isWatch }) => isWatch).length > watches);
      },
      ONE_SECOND_OF_SILENCE,
    ));

  it("retries no faster than its backoff while the server rejects requests", () =>
    follows("down", async () => {
      proxy.fault = () => ({ type: "Answer", status: 403, reason: "Forbidden" });
      proxy.dropWatches();
      const before = proxy.requests.length;
      await sleep(2000);
      const count = proxy.requests.length - before;
      assert.ok(count > 3 && count < 60, `${count} requests in 2 s`);
    }));
});

describe("LeaderElector", () => {
  const config = { leaseDurationSeconds: 6, renewDeadlineSeconds: 4, retryPeriodSeconds: 0.2 };
  const candidate = (
    identity: string,
    name: string,
    { by = client, onWait }: { by?: KubeClient; onWait?: (holder: string) => void } = {},
  ): LeaderElector =>
    new LeaderElector({
      client: by,
      name,
      namespace: NAMESPACE,
      identity,
      config,
      ...(onWait && { onOtherLeader: onWait }),
    });
  const holder = async (name: string): Promise<string | undefined> =>
    (await client.get<Lease>({ ...LEASE, name, namespace: NAMESPACE })).spec.holderIdentity;

  it("has one leader, which hands over immediately when it stops", async () => {
    const waitedFor: string[] = [];
    const one = candidate("one", "handover", { onWait: (holder) => waitedFor.push(holder) });
    const two = candidate("two", "handover", { onWait: (holder) => waitedFor.push(holder) });
    const ending = new AbortController();
    assert.ok(await one.acquire(ending.signal));
    const second = two.acquire(AbortSignal.timeout(PATIENCE_MILLISECONDS));
    await sleep(config.leaseDurationSeconds * 1000 + 500);
    assert.equal(await holder("handover"), "one", "the leader renews the Lease");
    ending.abort();
    await one.release();
    const released = performance.now();
    assert.ok(await second);
    const waited = performance.now() - released;
    assert.ok(waited < config.renewDeadlineSeconds * 1000, "waited for the Lease to expire");
    assert.equal(await holder("handover"), "two");
    assert.deepEqual(waitedFor, ["one"], "reported once, and only to the waiting candidate");
  });

  it("loses the Lease when it cannot renew, before another candidate acquires it", async () => {
    const [cut, other] = [candidate("cut", "lost", { by: shaky }), candidate("other", "lost")];
    const lost = await cut.acquire(AbortSignal.timeout(PATIENCE_MILLISECONDS));
    assert.ok(lost);
    proxy.fault = () => ({ type: "Reset" });
    const won = other
      .acquire(AbortSignal.timeout(PATIENCE_MILLISECONDS))
      .then((held) => held !== undefined && lost.aborted);
    assert.ok(await won, "two leaders at once");
  });
});

it("EventRecorder creates one Event, counts repetitions and reports errors without throwing", async () => {
  const errors: unknown[] = [];
  const onError = (error: unknown): void => void errors.push(error);
  const recorder = new EventRecorder({ client: shaky, controller: "test", instance: "one", onError });
  const about = await client.apply(configMap("about", "x"));
  let lost = 0;
  // The API server creates the Event, but its response is lost.
  proxy.fault = ({ method }) => (method === "POST" && lost++ === 0 ? { type: "Cut", bytes: 1 } : undefined);
  for (let count = 0; count < 3; count++)
    await recorder.record(about, { type: "Warning", reason: "Tested", message: "Tested successfully." });
  assert.deepEqual([errors, lost], [[], 2]);
  const events: { items: any[] } = JSON.parse(
    await plane.kubectl(["get", "events.events.k8s.io", "-o", "json"]),
  );
  assert.deepEqual(
    events.items.map(({ note, series }) => [note, series?.count]),
    [["Tested successfully.", 3]],
  );
  proxy.fault = () => ({ type: "Answer", status: 403, reason: "Forbidden" });
  await recorder.record(about, { type: "Normal", reason: "Other", message: "x" });
  assert.equal(errors.length, 1);
});
