import { randomInt } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:net";

/** Ports of {@link freePorts}, below the Linux ephemeral ports. Each process uses one slice of these ports. */
const SINGLE = { first: 10_000, last: 19_999 } as const;
/** Number of ports in the slice of a process. Processes with consecutive process IDs have different slices. */
const SLICE = 100;
/** Ports of {@link likelyFreeRange}, below the Linux ephemeral ports. */
const RANGES = { first: 20_000, last: 32_767 } as const;

/** Random at first, because processes whose IDs differ by a multiple of the number of slices share a slice. */
let offset = randomInt(SLICE);

/**
 * Returns distinct ports that are currently free on 127.0.0.1. The kernel assigns none of these ports to other
 * programs, because they are not ephemeral ports. Test processes that start at about the same time get ports from
 * different slices.
 * @throws Error when fewer than `count` ports in the slice of this process are free
 */
export async function freePorts(count: number): Promise<number[]> {
  const { first, last } = sliceOf(process.pid);
  const ports: number[] = [];
  for (let tries = 0; ports.length < count; tries++) {
    if (tries === SLICE) throw new Error(`fewer than ${count} of the ports ${first} to ${last} are free`);
    const port = first + (offset++ % SLICE);
    if (await isFree(port)) ports.push(port);
  }
  return ports;
}

/** Returns the ports from which a process with this ID takes free ports. */
export function sliceOf(processId: number): { first: number; last: number } {
  const slices = Math.floor((SINGLE.last - SINGLE.first + 1) / SLICE);
  const first = SINGLE.first + (processId % slices) * SLICE;
  return { first, last: first + SLICE - 1 };
}

/** Returns a random range of `count` ports that is probably free. If binding a port fails, try another range. */
export function likelyFreeRange(count: number): { first: number; last: number } {
  const first = randomInt(RANGES.first, RANGES.last - count + 2);
  return { first, last: first + count - 1 };
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, "127.0.0.1");
  try {
    await once(server, "listening");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EADDRINUSE") return false;
    throw error;
  }
  await server[Symbol.asyncDispose]();
  return true;
}
