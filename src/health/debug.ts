import { createServer, type Server } from "node:http";
import { Session } from "node:inspector/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { urlOfTarget } from "../common/urls.ts";
import { getHeapSpaceStatistics, getHeapStatistics } from "node:v8";

/** Length of a profile, in seconds, and the longest that may be asked for. */
const PROFILE_SECONDS = 10;
const MAX_PROFILE_SECONDS = 60;
const USAGE = `try /debug/state, /debug/memory or /debug/profile?seconds=${PROFILE_SECONDS}\n`;

export interface DebugOptions {
  port: number;
  /** What the program is at, as JSON can hold it. */
  state: () => unknown;
}

interface Answer {
  status: number;
  body: string;
}

/**
 * Serves a look inside a running program, on loopback alone: who may forward a port or run a command in the pod. What it tells holds
 * no contents of memory, as Secrets pass through it; so there is no heap snapshot. Resolves when it listens.
 */
export async function serveDebug({ port, state }: DebugOptions): Promise<Server> {
  let profiling = false;
  const profile = async (seconds: number): Promise<Answer> => {
    if (!(seconds > 0 && seconds <= MAX_PROFILE_SECONDS))
      return { status: 400, body: `write seconds=1 up to seconds=${MAX_PROFILE_SECONDS}\n` };
    if (profiling) return { status: 409, body: "a profile is being taken; try again when it is done\n" };
    profiling = true;
    try {
      return json(await cpuProfile(seconds));
    } finally {
      profiling = false;
    }
  };
  const answer = async (target: string): Promise<Answer> => {
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
    answer(request.url ?? "").then(
      ({ status, body }) => response.writeHead(status).end(body),
      (error: unknown) => response.writeHead(500).end(`${String(error)}\n`),
    );
  });
  server.listen(port, "127.0.0.1");
  await new Promise((resolve, reject) => server.once("listening", resolve).once("error", reject));
  return server;
}

/** What V8 saw the processor do, in the format of a `.cpuprofile` file. */
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

function json(value: unknown): Answer {
  return { status: 200, body: `${JSON.stringify(value, undefined, 1)}\n` };
}
