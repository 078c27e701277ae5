import { randomUUID } from "node:crypto";
import { setImmediate as nextTick } from "node:timers/promises";
import type { Logger } from "pino";
import type { ObjectKey } from "../api/kubernetes.ts";
import { retryAfterMilliseconds } from "./errors.ts";
import type { ControllerMetrics } from "./metrics.ts";
import { withDeadline } from "./retry.ts";
import { type QueueState, WorkQueue } from "./work-queue.ts";

/** Result of a reconcile. */
export type Outcome =
  | { type: "Done" }
  /** Reconcile the key again after all waiting keys. */
  | { type: "Requeue" }
  /** Reconcile the key again after a delay. */
  | { type: "RequeueAfter"; seconds: number }
  /** Reconcile the key again with backoff. */
  | { type: "Retry"; error: unknown }
  /** Do not retry. Only a change to an object can resolve the error. Each change enqueues the key again. */
  | { type: "Terminal"; error: unknown };

export interface ReconcileContext {
  /** Signal that aborts at the deadline or when the controller stops. */
  signal: AbortSignal;
  /** Logger that adds the key and the reconcile ID to each log line. */
  log: Logger;
}

export type Reconcile = (key: ObjectKey, context: ReconcileContext) => Promise<Outcome>;

const RECONCILE_TIMEOUT_MILLISECONDS = 120_000;

/** Work queue with the workers that reconcile its keys. */
export class Controller {
  readonly #queue: WorkQueue<ObjectKey>;
  readonly #metrics: ControllerMetrics;
  readonly #log: Logger;
  readonly #workers: number;
  readonly #timeoutMilliseconds: number;
  #isRunning = false;

  constructor(options: {
    metrics: ControllerMetrics;
    log: Logger;
    /** Maximum number of concurrent reconciles. */
    workers: number;
    /** Time limit for one reconcile in milliseconds. Defaults to 120,000 (2 minutes). */
    timeoutMilliseconds?: number;
  }) {
    this.#metrics = options.metrics;
    this.#log = options.log;
    this.#workers = options.workers;
    this.#timeoutMilliseconds = options.timeoutMilliseconds ?? RECONCILE_TIMEOUT_MILLISECONDS;
    this.#queue = new WorkQueue(options.metrics.queue);
  }

  enqueue(key: ObjectKey): void {
    this.#queue.add(key);
  }

  /** Whether the workers are running. The workers start when the operator becomes the leader. */
  get isRunning(): boolean {
    return this.#isRunning;
  }

  get queue(): QueueState<ObjectKey> {
    return this.#queue.state;
  }

  /** Reconciles queued keys until the signal aborts. Resolves when all workers have finished. */
  async run(reconcile: Reconcile, signal: AbortSignal): Promise<void> {
    const shutDown = (): void => this.#queue.shutDown();
    signal.addEventListener("abort", shutDown, { once: true });
    if (signal.aborted) shutDown();
    this.#isRunning = true;
    await Promise.all(Array.from({ length: this.#workers }, () => this.#work(reconcile, signal)));
    this.#isRunning = false;
  }

  async #work(reconcile: Reconcile, signal: AbortSignal): Promise<void> {
    for (let key = await this.#queue.get(); key !== undefined; key = await this.#queue.get()) {
      const log = this.#log.child({ ftpServer: key, reconcileId: randomUUID() });
      const startedAt = performance.now();
      this.#metrics.reconcileStarted();
      const outcome = await this.#attempt(key, reconcile, { log, signal });
      const seconds = (performance.now() - startedAt) / 1000;
      this.#metrics.reconcileEnded(outcome.type, seconds);
      this.#queue.done(key);
      if (!signal.aborted) this.#requeue(key, outcome, log);
      // A reconcile without writes never waits for I/O. Without this pause, thousands of reconciles would delay health
      // probes and Lease renewals.
      await nextTick();
    }
  }

  async #attempt(
    key: ObjectKey,
    reconcile: Reconcile,
    { log, signal: outer }: ReconcileContext,
  ): Promise<Outcome> {
    try {
      return await withDeadline(this.#timeoutMilliseconds, outer, (signal) =>
        reconcile(key, { signal, log }),
      );
    } catch (error) {
      return { type: "Retry", error };
    }
  }

  #requeue(key: ObjectKey, outcome: Outcome, log: Logger): void {
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
        log.warn({ err: outcome.error }, "reconcile failed, retrying with backoff");
        this.#queue.addRateLimited(key, retryAfterMilliseconds(outcome.error));
        break;
      case "Terminal":
        log.error({ err: outcome.error }, "reconcile failed, not retrying");
        this.#queue.forget(key);
        break;
    }
  }
}
