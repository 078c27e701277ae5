import { setTimeout as sleep } from "node:timers/promises";
import { isReady, isTerminating, type Pod } from "../plan/objects.ts";
import { KubectlError } from "./kubectl.ts";
import type { ServerView } from "./server.ts";

const POLL_MILLISECONDS = 2000;

/**
 * Replaces the pods of a server, or one of them, one after the other: the successor starts, new logins go to it, and the old pod ends
 * when its sessions have, at most after `rollout.drainPeriodSeconds`. Tells what it waits for.
 * @returns the exit code 0
 * @throws KubectlError when there is no such pod
 */
export async function drain(server: ServerView, only: string | undefined): Promise<number> {
  const pods = (await server.pods()).filter((pod) => !isTerminating(pod));
  const chosen = pods.filter(({ metadata: { name } }) => only === undefined || name === only);
  if (chosen.length === 0) {
    const names = pods.map(({ metadata }) => metadata.name).join(", ") || "none";
    throw new KubectlError(
      only === undefined ? "the server has no pod" : `it has no pod ${only}, but ${names}`,
    );
  }
  for (const pod of chosen) {
    await server.kubectl.run(["delete", "pod", pod.metadata.name, "--wait=false"]);
    await watchEnd(server, pod, pods.length);
  }
  return 0;
}

/** Until the pod is gone and as many are ready as there were before. */
async function watchEnd(server: ServerView, { metadata }: Pod, wanted: number): Promise<void> {
  let told = "";
  for (;;) {
    const pods = await server.pods();
    const old = pods.find(({ metadata: { uid } }) => uid === metadata.uid);
    const ready = pods.filter((pod) => isReady(pod) && !isTerminating(pod)).length;
    const open = await server.sessionsOf(metadata.name).catch(() => undefined);
    const line = old === undefined ? `${ready} of ${wanted} ready` : sessionsLeft(open?.length);
    if (line !== told) process.stderr.write(`${metadata.name}: ${line}\n`);
    told = line;
    if (old === undefined && ready >= wanted) return;
    await sleep(POLL_MILLISECONDS);
  }
}

function sessionsLeft(count: number | undefined): string {
  if (count === undefined) return "ending";
  return count === 1 ? "1 session left" : `${count} sessions left`;
}
