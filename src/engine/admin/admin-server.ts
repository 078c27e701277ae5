/**
 * Administration API of a running engine: HTTP on a Unix socket that only the engine's user can open. Access from
 * outside the pod requires permission to run `kubectl exec`.
 */
import { once } from "node:events";
import { rm } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { connect } from "node:net";
import { urlOfTarget } from "../../common/urls.ts";
import { toEngineError, EngineError } from "../errors.ts";
import type { Selection } from "./client.ts";
import type { SessionList } from "./session-list.ts";

/** Umask that permits only the owner of a new socket to open it. */
const OWNER_ONLY = 0o177;

/**
 * Listens on a Unix socket. Replaces the socket of a previous engine, but not a socket on which an engine is still
 * listening.
 * @throws EngineError InvalidConfig
 */
export async function serveAdministration(path: string, sessions: SessionList): Promise<Server> {
  const server = createServer((request, response) => answer(request, response, sessions));
  if (await isServed(path)) {
    throw new EngineError(
      "InvalidConfig",
      `--admin-socket ${path}: another engine listens on this socket; stop that engine or set another path`,
    );
  }
  try {
    await rm(path, { force: true });
    listenForOwner(server, path);
    await new Promise((resolve, reject) => server.once("listening", resolve).once("error", reject));
  } catch (error) {
    throw new EngineError(
      "InvalidConfig",
      `--admin-socket ${path}: ${toEngineError(error).message}; set a path in a writable directory`,
    );
  }
  return server;
}

/**
 * Binds the path synchronously with a umask. If the engine changed the mode later, other processes could open the
 * socket before the change.
 */
function listenForOwner(server: Server, path: string): void {
  const mask = process.umask(OWNER_ONLY);
  try {
    server.listen(path);
  } finally {
    process.umask(mask);
  }
}

/** Returns whether a program accepts connections on the socket. */
async function isServed(path: string): Promise<boolean> {
  const socket = connect(path);
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

function answer({ method, url }: IncomingMessage, response: ServerResponse, sessions: SessionList): void {
  const target = urlOfTarget(url);
  if (target === undefined) return respond(response, 400, { error: "invalid path; use /sessions" });
  const selection = selectionOf(target.searchParams);
  if (target.pathname !== "/sessions") return respond(response, 404, { error: "not found; use /sessions" });
  if (method === "GET") return respond(response, 200, sessions.views());
  if (method !== "DELETE") return respond(response, 405, { error: "method not allowed; use GET or DELETE" });
  if (selection === undefined)
    return respond(response, 400, { error: "no session selected; set id=NUMBER or user=NAME" });
  return respond(response, 200, { ended: sessions.end(selection) });
}

function selectionOf(search: URLSearchParams): Selection | undefined {
  const id = search.get("id");
  const user = search.get("user");
  if (id !== null && /^\d+$/.test(id)) return { id: Number(id) };
  return user === null || user === "" ? undefined : { user };
}

function respond(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}
