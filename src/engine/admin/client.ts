import { request } from "node:http";
import { json } from "node:stream/consumers";
import type { Selection, SessionView } from "./session-list.ts";

/** Sessions of the engine whose administration listens on a socket. @throws Error when nothing answers there */
export async function listSessions(socketPath: string): Promise<SessionView[]> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it is what admin-server.ts sends
  return (await ask(socketPath, "GET", "")) as SessionView[];
}

/** Ends sessions. @returns how many @throws Error when nothing answers */
export async function endSessions(socketPath: string, selection: Selection): Promise<number> {
  const search = Object.entries(selection).map(([key, value]) => [key, String(value)]);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it is what admin-server.ts sends
  const { ended } = (await ask(socketPath, "DELETE", `?${new URLSearchParams(search).toString()}`)) as {
    ended: number;
  };
  return ended;
}

async function ask(socketPath: string, method: string, search: string): Promise<unknown> {
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  request({ socketPath, method, path: `/sessions${search}` }, (response) => {
    json(response).then(resolve, reject);
  })
    .once("error", reject)
    .end();
  return await promise;
}
