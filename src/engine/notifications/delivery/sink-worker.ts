/**
 * Program of the thread that sends events to sinks. Requests, signatures and TLS therefore do not delay the event loop
 * of the engine.
 */
import { getPriority, setPriority } from "node:os";
import { type MessagePort, parentPort, workerData } from "node:worker_threads";
import * as sdk from "cloudevents";
import { RESULT_PERIOD, THREAD_NICENESS } from "../limits.ts";
import { HttpSink } from "./http-sink.ts";
import type { SinkResult } from "./response.ts";
import type { FromThread, SinkRequest, ThreadSettings, ToThread } from "./sink.ts";
import { parseStored } from "./stored-event.ts";

/** Result of a request that the thread could not send. */
const FAILED: SinkResult = { type: "Retry", reason: "ConnectionFailed" };

/** Sends the engine's requests to the sinks. Returns the results of several requests in one message. */
class SinkServer {
  readonly #port: MessagePort;
  readonly #sinks: readonly HttpSink[];
  #results: FromThread[number][] = [];
  #timer: NodeJS.Timeout | undefined;
  #isClosing = false;
  /** Number of requests without a result. */
  #running = 0;

  private constructor(port: MessagePort, { sinks, internalSinks }: ThreadSettings) {
    this.#port = port;
    this.#sinks = sinks.map((one) => new HttpSink(one, sdk, internalSinks));
  }

  static start(port: MessagePort, settings: ThreadSettings): void {
    const server = new SinkServer(port, settings);
    port.on("message", (message: ToThread) => {
      if (message.type === "Close") void server.#close();
      else for (const request of message.requests) void server.#serve(request);
    });
  }

  async #serve({ id, sink, line }: SinkRequest): Promise<void> {
    this.#running += 1;
    const target = this.#sinks[sink];
    const result = target === undefined ? FAILED : await resultOf(target, line);
    this.#results.push({ id, result });
    this.#running -= 1;
    if (this.#isClosing) this.#end();
    else this.#timer ??= setTimeout(() => this.#flush(), RESULT_PERIOD);
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const results: FromThread = this.#results;
    this.#results = [];
    this.#port.postMessage(results);
  }

  async #close(): Promise<void> {
    this.#isClosing = true;
    await Promise.all(this.#sinks.map((one) => one.close()));
    this.#end();
  }

  /** Ends the thread if no request is running. */
  #end(): void {
    if (this.#running > 0) return;
    this.#flush();
    this.#port.close();
  }
}

async function resultOf(sink: HttpSink, line: string | undefined): Promise<SinkResult> {
  if (line === undefined) {
    const failure = await sink.check();
    return failure === undefined ? { type: "Delivered" } : { type: "Retry", ...failure };
  }
  const stored = parseStored(line);
  return stored === undefined ? FAILED : await sink.send(stored.event);
}

/**
 * Gives other threads priority over this thread. Has an effect only on Linux, where each thread has a priority and the
 * process ID 0 means the calling thread. On other systems, the priority would apply to the entire process.
 */
function lowerPriority(): void {
  if (process.platform !== "linux") return;
  try {
    setPriority(0, Math.max(getPriority(0), THREAD_NICENESS));
  } catch {
    // If the system call is not permitted, the thread keeps its priority.
  }
}

lowerPriority();
if (parentPort !== null) SinkServer.start(parentPort, workerData);
