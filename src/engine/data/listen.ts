import { once } from "node:events";
import type { Server } from "node:net";
import type { Log } from "../control/observer.ts";

/** What an address family says that the machine does not have. */
const NO_SUCH_FAMILY = new Set(["EAFNOSUPPORT", "EADDRNOTAVAIL"]);

/** Binds a port on all addresses: dual-stack where the machine has IPv6, IPv4 alone where it has not. */
export async function listenEverywhere(server: Server, port: number, log: Log): Promise<void> {
  try {
    await bind(server, port, "::");
  } catch (error) {
    if (!(error instanceof Error && "code" in error && NO_SUCH_FAMILY.has(String(error.code)))) throw error;
    await bind(server, port, "0.0.0.0");
  }
  // A connection that cannot be accepted, as when files run out, must not end the process.
  server.on("error", (error) => log.warn({ err: error, port }, "a connection could not be accepted"));
}

async function bind(server: Server, port: number, host: string): Promise<void> {
  server.listen({ port, host });
  await once(server, "listening");
}

/** Stops listening; connections it accepted live on. */
export async function stopListening(server: Server): Promise<void> {
  if (!server.listening) return;
  // Not awaited to its end: that waits for every accepted connection, and those belong to their sessions.
  server.close();
  await Promise.resolve();
}
