import { extname } from "node:path";
import { Worker } from "node:worker_threads";
import type { Clock } from "../../../common/clock.ts";
import type { Log } from "../../observer.ts";
import { THREAD_END_TIMEOUT } from "../limits.ts";
import type { NotificationObserver } from "../notification-observer.ts";
import { Backoff } from "./backoff.ts";
import type { SinkResult } from "./response.ts";
import type { FromThread, Sink, SinkRequest, ThreadSettings, ToThread } from "./sink.ts";

const PROGRAM = new URL(`./sink-worker${extname(import.meta.filename)}`, import.meta.url);

interface ThreadParts {
  clock: Clock;
  log: Log;
  observer: Pick<NotificationObserver, "threadFailed">;
}

/** Running thread. */
interface Running {
  worker: Worker;
  /** Resolves when the thread has ended. */
  ended: Promise<void>;
  /** Requests without a result. */
  pending: Map<number, (result: SinkResult) => void>;
}

/**
 * Thread that sends the events for all notifications. The thread starts with the first request. After a thread failure,
 * the first request after a delay starts another thread.
 */
export class SinkThread {
  readonly #settings: ThreadSettings;
  readonly #parts: ThreadParts;
  readonly #program: URL;
  readonly #backoff = new Backoff();
  #running: Running | undefined;
  /** Requests from this event-loop tick. */
  #unsent: SinkRequest[] = [];
  #lastId = 0;
  #isClosed = false;

  /** @param program thread program */
  constructor(settings: ThreadSettings, parts: ThreadParts, program: URL = PROGRAM) {
    this.#settings = settings;
    this.#parts = parts;
    this.#program = program;
  }

  /** Returns a sink by its index in the settings. */
  sink(index: number): Sink {
    return {
      send: (line) => this.#request(index, line),
      check: async () => {
        const result = await this.#request(index);
        if (result.type !== "Retry") return undefined;
        const { reason, status } = result;
        return { reason, ...(status !== undefined && { status }) };
      },
    };
  }

  /** Ends all requests and the thread. Requests without a response fail. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const running = this.#running;
    if (running === undefined) return;
    this.#send();
    post(running.worker, { type: "Close" });
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(() => {
      void running.worker.terminate();
      // A thread in which a name resolution is pending ends later.
      resolve();
    }, THREAD_END_TIMEOUT);
    await Promise.race([running.ended, late]);
    clearTimeout(timer);
    this.#fail(running, 0);
  }

  #request(sink: number, line?: string): Promise<SinkResult> {
    const { clock } = this.#parts;
    const delay = this.#backoff.until - clock.now();
    if (this.#isClosed || (this.#running === undefined && delay > 0))
      return Promise.resolve(failedFor(Math.max(0, delay)));
    const running = (this.#running ??= this.#tryToStart());
    if (running === undefined) return Promise.resolve(failedFor(this.#backoff.until - clock.now()));
    const id = ++this.#lastId;
    if (this.#unsent.push({ id, sink, ...(line !== undefined && { line }) }) === 1)
      setImmediate(() => this.#send());
    return new Promise((resolve) => void running.pending.set(id, resolve));
  }

  /** Sends the requests from this event-loop tick in one message. */
  #send(): void {
    const requests = this.#unsent;
    this.#unsent = [];
    if (this.#running !== undefined && requests.length > 0)
      post(this.#running.worker, { type: "Requests", requests });
  }

  /** Returns undefined if the thread cannot be created, for example because the container has too many threads. */
  #tryToStart(): Running | undefined {
    const startedAt = this.#parts.clock.now();
    try {
      return this.#start(startedAt);
    } catch (err) {
      this.#failed(startedAt, { err, requests: 0 });
      return undefined;
    }
  }

  #start(startedAt: number): Running {
    const worker = new Worker(this.#program, { workerData: this.#settings });
    const { promise: ended, resolve: onEnded } = Promise.withResolvers<void>();
    const running: Running = { worker, ended, pending: new Map() };
    worker.on("message", (results: FromThread) => {
      this.#backoff.succeeded();
      for (const { id, result } of results) {
        running.pending.get(id)?.(result);
        running.pending.delete(id);
      }
    });
    let err: unknown;
    worker.on("error", (error) => (err = error));
    worker.on("exit", (code) => {
      onEnded();
      if (this.#isClosed) return;
      this.#running = undefined;
      this.#unsent = [];
      this.#failed(startedAt, { err, code, requests: running.pending.size });
      this.#fail(running, this.#backoff.until - this.#parts.clock.now());
    });
    return running;
  }

  /** Records a failure of the thread. The next thread starts after a delay. */
  #failed(startedAt: number, details: { err: unknown; code?: number; requests: number }): void {
    const { clock, log, observer } = this.#parts;
    log.error(details, "thread for notifications ended");
    observer.threadFailed();
    this.#backoff.failed(startedAt, clock.now());
  }

  /** Resolves the pending requests with a failure. */
  #fail({ pending }: Running, delay: number): void {
    for (const resolve of pending.values()) resolve(failedFor(delay));
    pending.clear();
  }
}

function post(worker: Worker, message: ToThread): void {
  worker.postMessage(message);
}

/** @param delay time in milliseconds until another request can start a thread */
function failedFor(delay: number): SinkResult {
  return { type: "Retry", reason: "ConnectionFailed", retryAfter: delay };
}
