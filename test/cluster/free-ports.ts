import { randomInt } from "node:crypto";
import { createServer, type Server } from "node:net";

/** Returns distinct ports on 127.0.0.1 that are currently free. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(Array.from({ length: count }, listenAnywhere));
  const ports = servers.map((server) => portOf(server));
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

/** Range of random ports, below the Linux ephemeral ports. */
const RANGES = { first: 10_000, last: 32_767 } as const;

/** Returns a random range of `count` ports that is probably free. If binding a port fails, try another range. */
export function likelyFreeRange(count: number): { first: number; last: number } {
  const first = randomInt(RANGES.first, RANGES.last - count + 2);
  return { first, last: first + count - 1 };
}

function portOf(server: Server): number {
  const address = server.address();
  if (typeof address !== "object" || !address) throw new Error("a TCP server has a port");
  return address.port;
}

function listenAnywhere(): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(0, "127.0.0.1", () => resolve(server));
  });
}
