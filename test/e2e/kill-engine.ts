import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import type { KubeObject } from "../../src/api/kubernetes.ts";
import { eventually, type TestNamespace } from "./test-namespace.ts";

type Pod = KubeObject & { status?: { containerStatuses?: { ready?: boolean; restartCount?: number }[] } };

/**
 * Kills the engine process in a pod with SIGKILL. Simulates a crash, or a kill by the out-of-memory killer. The kubelet
 * then restarts the container in the same pod.
 */
export async function killEngine(namespace: TestNamespace, pod: string): Promise<void> {
  const { metadata, status } = await namespace.get<Pod>("pod", pod);
  const restarts = status?.containerStatuses?.[0]?.restartCount ?? 0;
  const pids = await enginesIn(metadata.uid ?? "");
  assert.equal(pids.length, 1, `engine processes in ${pod}: ${pids.join()}`);
  for (const pid of pids) process.kill(pid, "SIGKILL");
  await eventually(`${pod} restarts its engine`, async () => {
    const [container] = (await namespace.get<Pod>("pod", pod)).status?.containerStatuses ?? [];
    assert.ok((container?.restartCount ?? 0) > restarts, "the container has not restarted");
    assert.equal(container?.ready, true);
  });
}

/** Returns the process IDs of the engines in a pod. The nodes run on this machine. */
async function enginesIn(uid: string): Promise<number[]> {
  assert.ok(uid, "the pod has a UID");
  const found: number[] = [];
  for (const pid of (await readdir("/proc")).map(Number).filter(Number.isInteger)) {
    const read = (file: string): Promise<string> => readFile(`/proc/${pid}/${file}`, "utf8").catch(() => "");
    const [cgroup, command] = [await read("cgroup"), (await read("cmdline")).split("\0")];
    const isInPod = cgroup.includes(uid) || cgroup.includes(uid.replaceAll("-", "_"));
    if (isInPod && command.includes("engine")) found.push(pid);
  }
  return found;
}
