import { createServer, type Server } from "node:http";
import { Session } from "node:inspector/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { getHeapSpaceStatistics, getHeapStatistics } from "node:v8";
import { urlOfTarget } from "../common/urls.ts";

/** Default duration of a CPU profile in seconds. */
const PROFILE_SECONDS = 10;
const MAX_PROFILE_SECONDS = 60;
const USAGE = `not found; use /debug/state, /debug/memory or /debug/profile?seconds=${PROFILE_SECONDS}\n`;

export interface DebugOptions {
  port: number;
  /** Returns the program state for the JSON response. */
  state: () => unknown;
}

interface DebugResponse {
  status: number;
  body: string;
}

/**
 * Serves the state, memory statistics and CPU profiles of this program. The server listens only on loopback, so that a
 * client requires permission for port forwarding to the pod. The server offers no heap snapshots, because the memory
 * contains Secrets. The promise resolves when the server listens.
 */
export async function serveDebug({ port, state }: DebugOptions): Promise<Server> {
  let profiling = false;
  const profile = async (seconds: number): Promise<DebugResponse> => {
    if (!(seconds > 0 && seconds <= MAX_PROFILE_SECONDS))
      return {
        status: 400,
        body: `invalid seconds; use a number greater than 0, up to ${MAX_PROFILE_SECONDS}\n`,
      };
    if (profiling) return { status: 409, body: "a profile is in progress; try again when it has finished\n" };
    profiling = true;
    try {
      return json(await cpuProfile(seconds));
    } finally {
      profiling = false;
    }
  };
  const respond = async (target: string): Promise<DebugResponse> => {
    const url = urlOfTarget(target);
    if (url === undefined) return { status: 400, body: USAGE };
    switch (url.pathname) {
      case "/debug/state":
        return json(state());
      case "/debug/memory":
        return json({
          process: process.memoryUsage(),
          heap: getHeapStatistics(),
          spaces: getHeapSpaceStatistics(),
        });
      case "/debug/profile":
        return await profile(Number(url.searchParams.get("seconds") ?? PROFILE_SECONDS));
      default:
        return { status: 404, body: USAGE };
    }
  };
  const server = createServer((request, response) => {
    respond(request.url ?? "").then(
      ({ status, body }) => response.writeHead(status).end(body),
      (error: unknown) => response.writeHead(500).end(`${String(error)}\n`),
    );
  });
  server.listen(port, "127.0.0.1");
  await new Promise((resolve, reject) => server.once("listening", resolve).once("error", reject));
  return server;
}

/** Returns a V8 CPU profile in the format of a `.cpuprofile` file. */
async function cpuProfile(seconds: number): Promise<unknown> {
  const session = new Session();
  session.connect();
  try {
    await session.post("Profiler.enable");
    await session.post("Profiler.start");
    await sleep(seconds * 1000);
    const { profile } = await session.post("Profiler.stop");
    return profile;
  } finally {
    session.disconnect();
  }
}

function json(value: unknown): DebugResponse {
  return { status: 200, body: `${JSON.stringify(value, undefined, 1)}\n` };
}
