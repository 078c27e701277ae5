import { sessionTable } from "../session-table.ts";
import { askPods } from "../cluster/ask-pods.ts";
import { podNamed } from "../cluster/pod-named.ts";
import type { ServerView } from "../cluster/ftp-server-client.ts";

const EXIT_FAILED = 1;

/** Prints the sessions of every pod of a server. @returns the exit code: 0 all told, 1 a pod did not answer */
export async function showSessions(server: ServerView, output: "text" | "json"): Promise<number> {
  const pods = await server.pods();
  const { byPod, isComplete } = await askPods(pods, (pod) => server.sessionsOf(pod));
  const sessions = pods.flatMap(({ metadata: { name: pod } }) =>
    (byPod.get(pod) ?? []).map((session) => ({ pod, ...session })),
  );
  process.stdout.write(
    output === "json" ? `${JSON.stringify(sessions, undefined, 2)}\n` : sessionTable(sessions, Date.now()),
  );
  return isComplete ? 0 : EXIT_FAILED;
}

/** Which sessions to end: all of a user, or one of a pod. */
export type Kick = { user: string } | { pod: string; id: number };

/**
 * Ends sessions with 421, in each pod by one call, so that sessions which come and go meanwhile do no harm.
 * @returns the exit code: 0 ended some, 1 there were none, or a pod did not answer
 * @throws KubectlError when there is no such pod
 */
export async function kick(server: ServerView, whom: Kick): Promise<number> {
  const pods = await server.pods();
  const isOfUser = "user" in whom;
  const chosen = isOfUser ? pods : [podNamed(pods, whom.pod)];
  const selection = isOfUser ? whom : { id: whom.id };
  const { byPod, isComplete } = await askPods(chosen, (pod) => server.endSessions(pod, selection));
  const ended = byPod.values().reduce((sum, count) => sum + count, 0);
  process.stdout.write(`${ended === 1 ? "1 session" : `${ended} sessions`} ended\n`);
  return isComplete && ended > 0 ? 0 : EXIT_FAILED;
}
