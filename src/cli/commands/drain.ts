import { setTimeout as sleep } from "node:timers/promises";
import { isReady, isTerminating, type Pod } from "../../plan/model/objects.ts";
import { KubectlError } from "../cluster/kubectl.ts";
import { podNamed } from "../cluster/pod-named.ts";
import type { ServerView } from "../cluster/ftp-server-client.ts";

const POLL_MILLISECONDS = 2000;

/** What is seen at one look: a line for people, and whether the wait is over. */
interface Sight {
  line?: string;
  isOver: boolean;
}

/**
 * Replaces the pods of a server, or one of them, one after the other, those that are not ready first: the successor starts, new
 * logins go to it, and the old pod ends when its sessions have, at most after `rollout.drainPeriodSeconds`. Tells what it waits for.
 * @returns the exit code 0
 * @throws KubectlError when there is no such pod
 */
export async function drain(server: ServerView, only: string | undefined): Promise<number> {
  const pods = staying(await server.pods());
  if (pods.length === 0) throw new KubectlError("the server has no pod");
  const chosen = only === undefined ? pods : [podNamed(pods, only)];
  const ready = pods.filter(isReady).length;
  for (const pod of chosen.toSorted((a, b) => Number(isReady(a)) - Number(isReady(b)))) {
    const now = await waiting(server, pod, async (now) => seeOthers(now, pod));
    // It may have ended in the meantime, and a successor have its name.
    if (find(staying(now), pod) !== undefined)
      await server.kubectl.run(["delete", "pod", pod.metadata.name, "--wait=false", "--ignore-not-found"]);
    await waiting(server, pod, async (now) => await seeEnd(server, now, pod, ready));
  }
  return 0;
}

/** Looks again and again until the wait for a pod is over; tells each line once. @returns the pods of the last look */
async function waiting(
  server: ServerView,
  { metadata }: Pod,
  see: (pods: Pod[]) => Promise<Sight>,
): Promise<Pod[]> {
  let told: string | undefined;
  for (;;) {
    const pods = await server.pods();
    const { line, isOver } = await see(pods);
    if (line !== undefined && line !== told) process.stderr.write(`${metadata.name}: ${line}\n`);
    told = line;
    if (isOver) return pods;
    await sleep(POLL_MILLISECONDS);
  }
}

/** Over unless the pod is the only one that serves while others are on their way. */
function seeOthers(pods: readonly Pod[], pod: Pod): Sight {
  const own = find(staying(pods), pod);
  const others = staying(pods).filter((other) => other !== own);
  const isNeeded = own !== undefined && isReady(own) && !others.some(isReady);
  if (!isNeeded || others.length === 0) return { isOver: true };
  const names = others.map(({ metadata }) => metadata.name).join(", ");
  return { line: `the only one that is ready; waits for ${names}`, isOver: false };
}

/** Over when the pod is gone and as many are ready as there were before, or as the server shall have by now. */
async function seeEnd(server: ServerView, pods: readonly Pod[], pod: Pod, before: number): Promise<Sight> {
  const old = find(pods, pod);
  if (old !== undefined) {
    const sessions = await server.sessionsOf(old.metadata.name).catch(() => undefined);
    return { line: sessionsLeft(sessions?.length), isOver: false };
  }
  const wanted = Math.min((await server.read()).spec.replicas, before);
  const ready = staying(pods).filter(isReady).length;
  return { line: `${ready} of ${wanted} ready`, isOver: ready >= wanted };
}

function staying(pods: readonly Pod[]): Pod[] {
  return pods.filter((pod) => !isTerminating(pod));
}

function find(pods: readonly Pod[], { metadata: { uid } }: Pod): Pod | undefined {
  return pods.find(({ metadata }) => metadata.uid === uid);
}

function sessionsLeft(count: number | undefined): string {
  if (count === undefined) return "ending";
  return count === 1 ? "1 session left" : `${count} sessions left`;
}
