/** ConfigMaps that tests change in a real API server, and a check that an informer receives the changes. */
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import type { KubeObject } from "../../../src/api/kubernetes.ts";
import type { KubeClient } from "../../../src/kube/client.ts";
import { Informer } from "../../../src/kube/informer.ts";
import type { FaultProxy } from "./fault-proxy.ts";

export interface ConfigMap extends KubeObject {
  data: Record<string, string>;
}

export const CONFIG_MAP = { apiVersion: "v1", kind: "ConfigMap" } as const;
export const NAMESPACE = "default";
export const PATIENCE_MILLISECONDS = 60_000;

export const ref = (name: string) => ({ ...CONFIG_MAP, name, namespace: NAMESPACE });
export const configMap = (name: string, value: string, labels: Record<string, string> = {}): ConfigMap => ({
  ...CONFIG_MAP,
  metadata: { name, namespace: NAMESPACE, labels },
  data: { value },
});

export async function until(what: string, probe: () => boolean): Promise<void> {
  const deadline = performance.now() + PATIENCE_MILLISECONDS;
  while (!probe()) {
    if (performance.now() > deadline) throw new Error(`timed out: ${what}`);
    await sleep(10);
  }
}

/** Clients of one API server. */
interface FaultyServer {
  client: KubeClient;
  /** Client that connects through the fault proxy. */
  shaky: KubeClient;
  proxy: FaultProxy;
}

export type InformerLimits = typeof ONE_SECOND_OF_SILENCE;

/** Limits with which an informer replaces a watch after one second without events. */
export const ONE_SECOND_OF_SILENCE = {
  pageSize: 2,
  watchSeconds: 300,
  silenceSeconds: 1,
  relistSeconds: 3600,
  backoff: { firstMilliseconds: 20, maxMilliseconds: 200 },
};

const observer = {
  listed: () => undefined,
  watchStarted: () => undefined,
  watchFailed: () => undefined,
  eventReceived: () => undefined,
};

/**
 * Runs an informer for labeled ConfigMaps while `work` changes the ConfigMaps. Then compares the informer cache with
 * the objects in the API server.
 */
export async function informerFollows(
  { client, shaky, proxy }: FaultyServer,
  label: string,
  work: () => Promise<void>,
  limits: InformerLimits = { ...ONE_SECOND_OF_SILENCE, silenceSeconds: 60 },
): Promise<void> {
  const selection = { ...CONFIG_MAP, namespaces: [NAMESPACE], labelSelector: `test=${label}` };
  const informer = new Informer<ConfigMap>(shaky, { ...selection, observer, limits });
  const ending = new AbortController();
  const seen = new Map<string, string>();
  informer.addEventHandler(({ type, object }) => {
    if (type === "Deleted") seen.delete(object.metadata.name);
    else seen.set(object.metadata.name, object.data["value"] ?? "");
  });
  const running = informer.run(ending.signal);
  try {
    await informer.synced();
    await work();
    proxy.fault = () => undefined;
    proxy.silent = false;
    await client.apply(configMap(`${label}-last`, "end", { test: label }));
    await until("the last change arrives", () => seen.has(`${label}-last`));
    const { items } = await client.list<ConfigMap>(
      { ...CONFIG_MAP, namespace: NAMESPACE, labelSelector: `test=${label}` },
      { limit: 500 },
    );
    const expected = Object.fromEntries(
      (items ?? []).map(({ metadata, data }) => [metadata.name, data["value"]]),
    );
    await until("handlers and API server agree", () => isDeepStrictEqual(Object.fromEntries(seen), expected));
    assert.deepEqual(
      informer
        .list()
        .map(({ metadata }) => metadata.name)
        .toSorted(),
      Object.keys(expected).toSorted(),
    );
    assert.ok(informer.list().every(({ metadata }) => !("managedFields" in metadata)));
  } finally {
    ending.abort();
    await running;
  }
}

/** Applies and deletes five ConfigMaps repeatedly. Calls `disturb` after each of `count` changes. */
export async function changeConfigMaps(
  client: KubeClient,
  label: string,
  count: number,
  disturb: () => void,
): Promise<void> {
  for (let change = 0; change < count; change++) {
    const name = `${label}-${change % 5}`;
    if (change % 4 === 3) await client.delete(ref(name)).catch(() => undefined);
    else await client.apply(configMap(name, String(change), { test: label }));
    disturb();
  }
}
