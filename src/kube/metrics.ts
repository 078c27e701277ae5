import { Counter, Gauge, Histogram, type Registry } from "@prometheus-io/client";
import type { ServerClock } from "./http.ts";
import type { ReflectorObserver } from "./reflector.ts";
import type { QueueObserver } from "./work-queue.ts";

/** Histogram buckets in seconds, a subset of the buckets in controller-runtime. */
const DURATION_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

/** Values of the label `result`. The values are the same as in controller-runtime. */
const RESULTS = {
  Done: "success",
  Requeue: "requeue",
  RequeueAfter: "requeue_after",
  Retry: "error",
  Terminal: "error",
} as const;

/**
 * Metrics for one controller and its work queue. Metric names and labels are the same as in controller-runtime and
 * client-go.
 */
export class ControllerMetrics {
  readonly queue: QueueObserver;
  readonly #results: Counter<"controller" | "result">;
  readonly #terminal: Counter<"controller">;
  readonly #active: Gauge<"controller">;
  readonly #seconds: Histogram<"controller">;
  readonly #controller: string;

  constructor(registry: Registry, controller: string, workers: number) {
    const registers = [registry];
    const labelNames = ["controller"] as const;
    this.#controller = controller;
    this.#results = new Counter({
      name: "controller_runtime_reconcile_total",
      help: "Number of reconciles, by result.",
      labelNames: ["controller", "result"],
      registers,
    });
    this.#terminal = new Counter({
      name: "controller_runtime_terminal_reconcile_errors_total",
      help: "Number of reconciles that failed and are not retried.",
      labelNames,
      registers,
    });
    this.#active = new Gauge({
      name: "controller_runtime_active_workers",
      help: "Number of reconciles in progress.",
      labelNames,
      registers,
    });
    this.#seconds = new Histogram({
      name: "controller_runtime_reconcile_time_seconds",
      help: "Duration of reconciles in seconds.",
      labelNames,
      buckets: DURATION_BUCKETS,
      registers,
    });
    const max = new Gauge({
      name: "controller_runtime_max_concurrent_reconciles",
      help: "Maximum number of concurrent reconciles.",
      labelNames,
      registers,
    });
    max.set({ controller }, workers);
    for (const result of new Set(Object.values(RESULTS))) this.#results.inc({ controller, result }, 0);
    this.#terminal.inc({ controller }, 0);
    this.#active.set({ controller }, 0);
    this.queue = queueMetrics(registry, controller);
  }

  reconcileStarted(): void {
    this.#active.inc({ controller: this.#controller });
  }

  reconcileEnded(outcome: keyof typeof RESULTS, seconds: number): void {
    const controller = this.#controller;
    this.#active.dec({ controller });
    this.#seconds.observe({ controller }, seconds);
    this.#results.inc({ controller, result: RESULTS[outcome] });
    if (outcome === "Terminal") this.#terminal.inc({ controller });
  }
}

function queueMetrics(registry: Registry, name: string): QueueObserver {
  const shared = { labelNames: ["name"] as const, registers: [registry] };
  const depth = new Gauge({
    name: "workqueue_depth",
    help: "Number of keys that wait in the work queue.",
    ...shared,
  });
  const adds = new Counter({
    name: "workqueue_adds_total",
    help: "Number of keys added to the work queue.",
    ...shared,
  });
  const retries = new Counter({
    name: "workqueue_retries_total",
    help: "Number of retries after a failed reconcile.",
    ...shared,
  });
  const waited = new Histogram({
    name: "workqueue_queue_duration_seconds",
    help: "Time in seconds that a key waits until a worker processes the key.",
    buckets: DURATION_BUCKETS,
    ...shared,
  });
  depth.set({ name }, 0);
  adds.inc({ name }, 0);
  retries.inc({ name }, 0);
  return {
    added(length): void {
      adds.inc({ name });
      depth.set({ name }, length);
    },
    taken(length, waitedSeconds): void {
      depth.set({ name }, length);
      waited.observe({ name }, waitedSeconds);
    },
    retried: () => retries.inc({ name }),
  };
}

/** Registers the reflector metrics. Returns a function that provides an observer for each kind. */
export function reflectorMetrics(
  registry: Registry,
  clock: ServerClock,
): (kind: string) => ReflectorObserver {
  const shared = { labelNames: ["kind"] as const, registers: [registry] };
  const lists = new Counter({
    name: "reflector_lists_total",
    help: "Number of completed list requests.",
    ...shared,
  });
  const watches = new Counter({
    name: "reflector_watches_total",
    help: "Number of started watches.",
    ...shared,
  });
  const failures = new Counter({
    name: "reflector_failures_total",
    help: "Number of failed lists and watches.",
    ...shared,
  });
  const last = new Gauge({
    name: "reflector_last_event_timestamp_seconds",
    help: "Time of the last list, watch event or bookmark in seconds since the epoch. A healthy watch receives an event or bookmark within 3 minutes.",
    ...shared,
  });
  return (kind) => {
    for (const counter of [lists, watches, failures]) counter.inc({ kind }, 0);
    const seen = (): void => last.set({ kind }, clock.now().getTime() / 1000);
    return {
      listed(): void {
        lists.inc({ kind });
        seen();
      },
      watchStarted: () => watches.inc({ kind }),
      watchFailed: () => failures.inc({ kind }),
      eventReceived: seen,
    };
  };
}
