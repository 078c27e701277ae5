import { request } from "node:http";
import { text } from "node:stream/consumers";

/** Session in a response of the administration API. */
export interface SessionView {
  /** Session number, unique until the engine exits. */
  id: number;
  /** User name. The field is absent before login. */
  user?: string;
  client: string;
  /** Whether the control connection uses TLS. */
  secured: boolean;
  /** Start time of the session (RFC 3339). */
  since: string;
  state: "LoggingIn" | "Idle" | "Transferring" | "Computing" | "Ending";
  /** Working directory. The field is absent before login. */
  directory?: string;
  transfer?: {
    direction: "Upload" | "Download" | "Listing";
    path: string;
    bytes: number;
    seconds: number;
  };
}

/** Selects the sessions to end. */
export type Selection = { id: number } | { user: string };

/**
 * Returns the sessions of the engine that listens on the socket.
 * @throws Error when no engine answers
 */
export async function listSessions(socketPath: string): Promise<SessionView[]> {
  return JSON.parse(await send(socketPath, "GET", ""));
}

/**
 * Ends the selected sessions.
 * @returns number of ended sessions
 * @throws Error when no engine answers
 */
export async function endSessions(socketPath: string, selection: Selection): Promise<number> {
  const search = Object.entries(selection).map(([key, value]) => [key, String(value)]);
  const answer: { ended: number } = JSON.parse(
    await send(socketPath, "DELETE", `?${new URLSearchParams(search).toString()}`),
  );
  return answer.ended;
}

/** @returns response body */
async function send(socketPath: string, method: string, search: string): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  request({ socketPath, method, path: `/sessions${search}` }, (response) => {
    text(response).then(resolve, reject);
  })
    .once("error", reject)
    .end();
  return await promise;
}
