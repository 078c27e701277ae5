import { request } from "node:http";
import { text } from "node:stream/consumers";

/** One session as people see it. */
export interface SessionView {
  /** Of this engine; never used again while it runs. */
  id: number;
  /** Absent before the login. */
  user?: string;
  client: string;
  /** Whether TLS is on. */
  secured: boolean;
  /** RFC 3339. */
  since: string;
  state: "LoggingIn" | "Idle" | "Transferring" | "Computing" | "Ending";
  /** The working directory, as the user sees it. */
  directory?: string;
  transfer?: {
    direction: "Upload" | "Download" | "Listing";
    path: string;
    bytes: number;
    seconds: number;
  };
}

/** Which sessions to end. */
export type Selection = { id: number } | { user: string };

/** Sessions of the engine whose administration listens on a socket. @throws Error when nothing answers there */
export async function listSessions(socketPath: string): Promise<SessionView[]> {
  return JSON.parse(await ask(socketPath, "GET", ""));
}

/** Ends sessions. @returns how many @throws Error when nothing answers */
export async function endSessions(socketPath: string, selection: Selection): Promise<number> {
  const search = Object.entries(selection).map(([key, value]) => [key, String(value)]);
  const answer: { ended: number } = JSON.parse(
    await ask(socketPath, "DELETE", `?${new URLSearchParams(search).toString()}`),
  );
  return answer.ended;
}

/** @returns the body of the answer, as admin-server.ts writes it */
async function ask(socketPath: string, method: string, search: string): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  request({ socketPath, method, path: `/sessions${search}` }, (response) => {
    text(response).then(resolve, reject);
  })
    .once("error", reject)
    .end();
  return await promise;
}
