import { request } from "node:http";
import { text } from "node:stream/consumers";
import type { Selection, SessionView } from "./session-list.ts";

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
