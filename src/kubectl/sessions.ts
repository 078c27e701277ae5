import { sessionTable } from "../cli/session-table.ts";
import type { ServerView } from "./server.ts";

const EXIT_FAILED = 1;

/** Prints the sessions of every pod of a server. @returns the exit code: 0 all told, 1 a pod did not answer */
export async function showSessions(server: ServerView, output: "text" | "json"): Promise<number> {
  const answers = await server.sessions(await server.pods());
  const sessions = answers.flatMap(({ pod, sessions = [] }) =>
    sessions.map((session) => ({ pod, ...session })),
  );
  const silent = answers.flatMap(({ pod, problem }) =>
    problem === undefined ? [] : [`${pod}: ${problem}\n`],
  );
  process.stdout.write(
    output === "json" ? `${JSON.stringify(sessions, undefined, 2)}\n` : sessionTable(sessions, Date.now()),
  );
  process.stderr.write(silent.join(""));
  return silent.length === 0 ? 0 : EXIT_FAILED;
}

/** Which sessions to end: all of a user, or one of a pod. */
export type Kick = { user: string } | { pod: string; id: number };

/** Ends sessions with 421. @returns the exit code: 0 ended some, 1 there were none */
export async function kick(server: ServerView, whom: Kick): Promise<number> {
  const answers = await server.sessions(await server.pods());
  const chosen = answers.flatMap(({ pod, sessions = [] }) =>
    sessions
      .filter(({ id, user }) => ("user" in whom ? user === whom.user : pod === whom.pod && id === whom.id))
      .map(({ id }) => ({ pod, id })),
  );
  for (const { pod, id } of chosen) await server.administer(pod, ["kick", "--id", String(id)]);
  process.stdout.write(`${chosen.length === 1 ? "1 session" : `${chosen.length} sessions`} ended\n`);
  return chosen.length > 0 ? 0 : EXIT_FAILED;
}
