import { once } from "node:events";
import type { Server } from "node:net";
import type { Log } from "./observer.ts";

/** What an address family says that the machine does not have. */
const NO_SUCH_FAMILY = new Set(["EAFNOSUPPORT", "EADDRNOTAVAIL"]);

/** A port, and the one address of this machine where it is bound. */
export interface ListenAddress {
  port: number;
  /** Undefined: all addresses. */
  host: string | undefined;
}

/** Binds a port. On all addresses that is dual-stack where the machine has IPv6, and IPv4 alone where it has not. */
export async function listenAt(server: Server, { port, host }: ListenAddress, log: Log): Promise<void> {
  try {
    await bind(server, port, host ?? "::");
  } catch (error) {
    const isMissing = error instanceof Error && "code" in error && NO_SUCH_FAMILY.has(String(error.code));
    if (host !== undefined || !isMissing) throw error;
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
