/** Finds and kills engine processes. The nodes run on this machine, so a test can kill processes in containers. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import type { KubeObject } from "../../src/api/kubernetes.ts";
import { eventually, type TestNamespace } from "./test-namespace.ts";

interface ContainerStatus {
  containerID?: string;
  ready: boolean;
}

type Pod = KubeObject & { status: { containerStatuses?: ContainerStatus[] } };

/** Kills the engine in a pod with SIGKILL, and waits until the kubelet has started another engine in the same pod. */
export async function killEngine(namespace: TestNamespace, pod: string): Promise<void> {
  const status = async (): Promise<ContainerStatus | undefined> =>
    (await namespace.get<Pod>("pod", pod)).status.containerStatuses?.[0];
  const id = (await status())?.containerID?.replace("containerd://", "");
  assert.ok(id, `the container of ${pod} runs`);
  const processes = processesIn(id);
  assert.ok(processes.length > 0, `the container ${id} has processes`);
  for (const pid of processes) process.kill(pid, "SIGKILL");
  await eventually(`${pod} runs another engine`, async () => {
    const now = await status();
    assert.ok(now?.ready === true && !now.containerID?.includes(id), JSON.stringify(now));
  });
}

/** Returns the IDs of the processes in a container. The cgroup name of a container contains the container ID. */
function processesIn(container: string): number[] {
  return readdirSync("/proc")
    .filter((entry) => /^\d+$/u.test(entry))
    .filter((pid) => cgroupsOf(pid).includes(container))
    .map(Number);
}

function cgroupsOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cgroup`, "utf8");
  } catch {
    // The process has ended.
    return "";
  }
}
