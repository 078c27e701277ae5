import { once } from "node:events";
import type { Server } from "node:net";
import { EngineError } from "./errors.ts";
import type { Log } from "./observer.ts";

/** System error codes for an address family that the machine does not support. */
const NO_SUCH_FAMILY = new Set(["EAFNOSUPPORT", "EADDRNOTAVAIL"]);

/** Port that the engine binds at startup. */
export interface PortUse {
  port: number;
  /** Port description, for example `control port`. */
  name: string;
  /** Setting to change when the port is unavailable, for example `controlPort`. */
  setting: string;
}

/** Remedies for bind errors, keyed by system error code. */
const REMEDIES: Readonly<Record<string, (use: PortUse) => string>> = {
  EADDRINUSE: ({ name, port, setting }) =>
    `${name} ${port} is in use by another program: stop that program or change ${setting}`,
  EACCES: ({ name, port, setting }) =>
    `${name} ${port} requires the capability NET_BIND_SERVICE because it is below 1024: add the capability or change ${setting}`,
};

/**
 * Binds a port. Without a host, binds all addresses: IPv4 and IPv6 if the machine supports IPv6, otherwise only IPv4.
 * @param host address of this machine; undefined means all addresses
 * @throws EngineError with the port and the remedy when the port is unavailable
 */
export async function bindPort(
  server: Server,
  use: PortUse,
  host: string | undefined,
  log: Log,
): Promise<void> {
  const { port } = use;
  await explainBindError(use, bindAnyFamily(server, port, host));
  // A failure to accept a connection, for example because no file descriptor is free, must not end the process.
  server.on("error", (error) => log.warn({ err: error, port }, "accepting a connection failed"));
}

/**
 * Rejects with an EngineError that contains the port and the remedy when `bound` rejects because the port is
 * unavailable.
 */
export async function explainBindError<T>(use: PortUse, bound: Promise<T>): Promise<T> {
  try {
    return await bound;
  } catch (error) {
    const remedy = REMEDIES[codeOf(error)];
    if (remedy === undefined) throw error;
    throw new EngineError("Internal", remedy(use), { cause: error });
  }
}

async function bindAnyFamily(server: Server, port: number, host: string | undefined): Promise<void> {
  try {
    await bind(server, port, host ?? "::");
  } catch (error) {
    if (host !== undefined || !NO_SUCH_FAMILY.has(codeOf(error))) throw error;
    await bind(server, port, "0.0.0.0");
  }
}

async function bind(server: Server, port: number, host: string): Promise<void> {
  server.listen({ port, host });
  await once(server, "listening");
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}

/** Stops listening. Accepted connections remain open. */
export async function stopListening(server: Server): Promise<void> {
  if (!server.listening) return;
  // The callback of `close()` would wait until all accepted connections are closed. Sessions close these connections.
  server.close();
  await Promise.resolve();
}
