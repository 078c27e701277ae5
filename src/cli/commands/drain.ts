import { setTimeout as sleep } from "node:timers/promises";
import type { Command } from "commander";
import { CommandError, EXIT_OK } from "../../common/command-error.ts";
import { isReady, isTerminating, type Pod } from "../../plan/model/objects.ts";
import { type FtpServerClient, ftpServerCommand, podNamed } from "../cluster/ftp-server-client.ts";
import { writeProgress, counted, type OutputFormat, outputOption, printResult } from "../output.ts";

const POLL_MILLISECONDS = 2000;

interface Options {
  pod?: string;
  output: OutputFormat;
}

export function drainCommand(): Command {
  return ftpServerCommand(
    "drain",
    "replace the pods one at a time; each pod waits up to spec.rollout.drainPeriodSeconds for its sessions to end",
    drain,
  )
    .option("--pod <NAME>", "replace only pod NAME")
    .addOption(outputOption());
}

/** Progress of a wait. */
interface Progress {
  /** Human-readable progress. */
  line?: string;
  isDone: boolean;
}

/**
 * Replaces one or all pods of an FtpServer, one pod at a time. Starts with pods that are not ready. For each pod, a new
 * pod starts and accepts logins. The old pod terminates after its sessions end, or after
 * `spec.rollout.drainPeriodSeconds`. Prints progress to standard error.
 * @throws CommandError if the pod does not exist
 */
async function drain(server: FtpServerClient, { pod: name, output }: Options): Promise<number> {
  const pods = remaining(await server.pods());
  if (pods.length === 0) throw new CommandError(`FtpServer without pods: ${server.name}`);
  const chosen = name === undefined ? pods : [podNamed(pods, name)];
  const readyBefore = pods.filter(isReady).length;
  const ordered = chosen.toSorted((a, b) => Number(isReady(a)) - Number(isReady(b)));
  for (const pod of ordered) {
    const current = await waitFor(server, pod, async (now) => othersReady(now, pod));
    // A new pod can receive the name of the old pod during the wait.
    if (samePod(remaining(current), pod) !== undefined)
      await server.kubectl.run(["delete", "pod", pod.metadata.name, "--wait=false", "--ignore-not-found"]);
    await waitFor(server, pod, (now) => replaced(server, now, { pod, readyBefore }));
  }
  const names = ordered.map(({ metadata }) => metadata.name);
  await printResult(output, { replaced: names }, () => `${counted(names.length, "pod")} replaced\n`);
  return EXIT_OK;
}

/** Polls the pods until a check is done. Prints each progress line once. @returns the pods at the last check */
async function waitFor(
  server: FtpServerClient,
  { metadata }: Pod,
  check: (pods: Pod[]) => Promise<Progress>,
): Promise<Pod[]> {
  let printed: string | undefined;
  for (;;) {
    const pods = await server.pods();
    const { line, isDone } = await check(pods);
    if (line !== undefined && line !== printed) writeProgress(`${metadata.name}: ${line}`);
    printed = line;
    if (isDone) return pods;
    await sleep(POLL_MILLISECONDS);
  }
}

/**
 * Returns the progress of the wait for another ready pod. The wait is done if another pod is ready, if no other pod
 * exists, or if this pod is not ready or no longer exists.
 */
function othersReady(pods: readonly Pod[], pod: Pod): Progress {
  const own = samePod(remaining(pods), pod);
  const others = remaining(pods).filter((other) => other !== own);
  const isNeeded = own !== undefined && isReady(own) && !others.some(isReady);
  if (!isNeeded || others.length === 0) return { isDone: true };
  const names = others.map(({ metadata }) => metadata.name).join(", ");
  return { line: `no other pod is ready; waiting for ${names}`, isDone: false };
}

/**
 * Returns the progress of replacing a pod. The replacement is done when the old pod no longer exists and the required
 * number of pods is ready. The required number is the number of ready pods at the start or `spec.replicas`, whichever
 * is lower.
 */
async function replaced(
  server: FtpServerClient,
  pods: readonly Pod[],
  { pod, readyBefore }: { pod: Pod; readyBefore: number },
): Promise<Progress> {
  const old = samePod(pods, pod);
  if (old !== undefined) {
    const sessions = await server.sessionsOf(old.metadata.name).catch(() => undefined);
    return { line: drainingText(sessions?.length), isDone: false };
  }
  const desired = Math.min((await server.read()).spec.replicas, readyBefore);
  const ready = remaining(pods).filter(isReady).length;
  return { line: `${ready} of ${desired} ready`, isDone: ready >= desired };
}

function remaining(pods: readonly Pod[]): Pod[] {
  return pods.filter((pod) => !isTerminating(pod));
}

function samePod(pods: readonly Pod[], { metadata: { uid } }: Pod): Pod | undefined {
  return pods.find(({ metadata }) => metadata.uid === uid);
}

function drainingText(sessions: number | undefined): string {
  return sessions === undefined ? "terminating" : counted(sessions, "open session");
}
