import { randomUUID } from "node:crypto";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Logger } from "pino";
import type { ObjectKey } from "../api/kubernetes.ts";
import { withDeadline } from "./retry.ts";
import { askedDelay } from "./errors.ts";
import type { ControllerMetrics } from "./metrics.ts";
import { type QueueState, WorkQueue } from "./work-queue.ts";

/** How a reconcile ended. */
export type Outcome =
  | { type: "Done" }
  /** Come again, after the keys that wait already. */
  | { type: "Requeue" }
  /** Come again, although nothing has failed. */
  | { type: "RequeueAfter"; seconds: number }
  /** Come again after a delay that grows. */
  | { type: "Retry"; error: unknown }
  /** Wrong until somebody changes something; their change brings the key back. */
  | { type: "Terminal"; error: unknown };

export interface ReconcileContext {
  /** Aborts at the deadline or when the controller stops. */
  signal: AbortSignal;
  /** Tagged with the key and an id of this reconcile. */
  log: Logger;
}

export type Reconcile = (key: ObjectKey, context: ReconcileContext) => Promise<Outcome>;

const RECONCILE_TIMEOUT_MILLISECONDS = 120_000;

/** A queue of keys and workers that reconcile them: level-based, one worker for a key at a time. */
export class Controller {
  readonly #queue: WorkQueue<ObjectKey>;
  readonly #reconcile: Reconcile;
  readonly #metrics: ControllerMetrics;
  readonly #log: Logger;
  readonly #workers: number;
  readonly #timeoutMilliseconds: number;
  #isRunning = false;

  constructor(options: {
    reconcile: Reconcile;
    metrics: ControllerMetrics;
    log: Logger;
    workers: number;
    /** Longest time for one reconcile. */
    timeoutMilliseconds?: number;
  }) {
    this.#reconcile = options.reconcile;
    this.#metrics = options.metrics;
    this.#log = options.log;
    this.#workers = options.workers;
    this.#timeoutMilliseconds = options.timeoutMilliseconds ?? RECONCILE_TIMEOUT_MILLISECONDS;
    this.#queue = new WorkQueue(options.metrics.queue);
  }

  /** Something about this object has changed. */
  enqueue(key: ObjectKey): void {
    this.#queue.add(key);
  }

  /** Whether its workers are at work: not before its operator leads. */
  get isRunning(): boolean {
    return this.#isRunning;
  }

  /** Where the keys stand. */
  get queue(): QueueState<ObjectKey> {
    return this.#queue.state;
  }

  /** Works until the signal aborts, then ends what is under way. */
  async run(signal: AbortSignal): Promise<void> {
    const close = (): void => this.#queue.close();
    signal.addEventListener("abort", close, { once: true });
    if (signal.aborted) close();
    this.#isRunning = true;
    await Promise.all(Array.from({ length: this.#workers }, () => this.#work(signal)));
    this.#isRunning = false;
  }

  async #work(signal: AbortSignal): Promise<void> {
    for (let key = await this.#queue.take(); key !== undefined; key = await this.#queue.take()) {
      const log = this.#log.child({ ftpServer: key, reconcileId: randomUUID() });
      const startedAt = performance.now();
      this.#metrics.reconcileStarted();
      const outcome = await this.#attempt(key, log, signal);
      const seconds = (performance.now() - startedAt) / 1000;
      this.#metrics.reconcileEnded(outcome.type, seconds);
      this.#queue.done(key);
      if (!signal.aborted) this.#follow(key, outcome, log);
      // A reconcile that has nothing to write waits for nothing: thousands of them would keep probes and the lease waiting.
      await nextTurn();
    }
  }

  async #attempt(key: ObjectKey, log: Logger, signal: AbortSignal): Promise<Outcome> {
    try {
      return await withDeadline(this.#timeoutMilliseconds, signal, (deadline) =>
        this.#reconcile(key, { signal: deadline, log }),
      );
    } catch (error) {
      return { type: "Retry", error };
    }
  }

  #follow(key: ObjectKey, outcome: Outcome, log: Logger): void {
    switch (outcome.type) {
      case "Done":
        this.#queue.forget(key);
        break;
      case "Requeue":
        this.#queue.forget(key);
        this.#queue.add(key);
        break;
      case "RequeueAfter":
        this.#queue.forget(key);
        this.#queue.addAfter(key, outcome.seconds * 1000);
        break;
      case "Retry":
        log.warn({ err: outcome.error }, "reconcile failed; it will be tried again");
        this.#queue.addRateLimited(key, askedDelay(outcome.error));
        break;
      case "Terminal":
        log.error({ err: outcome.error }, "reconcile can not succeed until something is changed");
        this.#queue.forget(key);
        break;
    }
  }
}
