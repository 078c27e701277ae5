import { randomInt } from "node:crypto";
import { once } from "node:events";
import { createServer, type Server } from "node:net";

/** Range of random ports, below the Linux ephemeral ports. */
const RANGES = { first: 10_000, last: 32_767 } as const;

/**
 * Returns distinct ports on 127.0.0.1 that are currently free. The kernel assigns none of these ports to other
 * programs, because they are not ephemeral ports.
 */
export async function freePorts(count: number): Promise<number[]> {
  const ports = new Map<number, Server>();
  while (ports.size < count) {
    const { first: port } = likelyFreeRange(1);
    const server = ports.has(port) ? undefined : await listenOn(port);
    if (server !== undefined) ports.set(port, server);
  }
  await Promise.all(Array.from(ports.values(), (server) => server[Symbol.asyncDispose]()));
  return [...ports.keys()];
}

/** Returns a random range of `count` ports that is probably free. If binding a port fails, try another range. */
export function likelyFreeRange(count: number): { first: number; last: number } {
  const first = randomInt(RANGES.first, RANGES.last - count + 2);
  return { first, last: first + count - 1 };
}

/** Returns a server on 127.0.0.1, or undefined when the port is in use. */
async function listenOn(port: number): Promise<Server | undefined> {
  const server = createServer().listen(port, "127.0.0.1");
  try {
    await once(server, "listening");
    return server;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EADDRINUSE") return undefined;
    throw error;
  }
}
