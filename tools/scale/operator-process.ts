/** The operator as a process of its own, so that its memory and its requests are its own. */
import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { parseQuantity } from "../../src/common/quantity.ts";
import { freePorts } from "../../test/cluster/free-ports.ts";
import { one, render } from "../../test/charts/helm.ts";
import type { ControlPlane } from "../../test/cluster/control-plane.ts";
import { endWithUs } from "../../test/cluster/run.ts";
import { heapAfterCollection, residentMemory } from "../support/process-memory.ts";
import { limitMemory } from "../support/memory-limit.ts";
import { type PodAccess, podAccess } from "./pod-access.ts";

const POLL_MILLISECONDS = 500;
/** An operator that has done nothing for this long has nothing to do. */
const QUIET_MILLISECONDS = 2000;
/** As the image sets it. */
const THREADS = "16";

/** What it takes to start an operator. */
export interface OperatorProgram {
  /** `dist/main.js` as it is shipped, or `src/main.ts`. */
  readonly main: string;
  readonly plane: ControlPlane;
  /** Options of Node, for profiles. */
  readonly nodeOptions?: readonly string[];
}

/** Bytes. */
export interface Memory {
  /** Resident now, as the container's limit counts it. */
  readonly resident: number;
  readonly peak: number;
  /** JavaScript heap after a full collection. */
  readonly heap: number;
}

export class OperatorProcess implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #metricsPort: number;
  readonly #inspectorPort: number;
  readonly #cleanup: AsyncDisposableStack;
  #slowestAnswer = 0;

  private constructor(
    child: ChildProcess,
    { metricsPort, inspectorPort }: { metricsPort: number; inspectorPort: number },
    cleanup: AsyncDisposableStack,
  ) {
    this.#child = child;
    this.#cleanup = cleanup;
    this.#metricsPort = metricsPort;
    this.#inspectorPort = inspectorPort;
  }

  /** Starts it and waits until every kind has been listed. */
  static async start({ main, plane, nodeOptions = [] }: OperatorProgram): Promise<OperatorProcess> {
    const [metricsPort = 0, inspectorPort = 0] = await freePorts(2);
    // Standard error is the inspector's.
    const node = [...nodeOptions, `--inspect=127.0.0.1:${inspectorPort}`, "--inspect-publish-uid=http"];
    const options = ["--engine-image", "ftp-operator:scale", "--metrics-port", String(metricsPort)];
    const argv = [process.execPath, ...node, main, "operator", ...options, "--log-level", "Warn"];
    await using cleanup = new AsyncDisposableStack();
    const child = spawnOperator(argv, process.getuid?.() === 0 ? await asPod(plane, cleanup) : onHost(plane));
    endWithUs(child);
    const operator = new OperatorProcess(child, { metricsPort, inspectorPort }, cleanup.move());
    while (!(await operator.#isReady())) {
      operator.#mustLive();
      await sleep(POLL_MILLISECONDS);
    }
    return operator;
  }

  #isReady(): Promise<boolean> {
    return this.#page("/readyz").then(
      ({ ok }) => ok,
      () => false,
    );
  }

  /** On a connection of its own: one kept open may be the one that the operator closes at that moment. */
  #page(path: string): Promise<Response> {
    return fetch(`http://127.0.0.1:${this.#metricsPort}${path}`, { headers: { connection: "close" } });
  }

  /** @throws Error that tells how the operator ended, if it has */
  #mustLive(): void {
    const end = this.#child.signalCode ?? this.#child.exitCode;
    if (end !== null) throw new Error(`the operator ended with ${end}`);
  }

  /** Longest time it took for its metrics, in seconds: as long as that a probe of its liveness can wait. */
  get slowestAnswer(): number {
    return this.#slowestAnswer;
  }

  /** The metrics by name, those of several labels summed up. */
  async metrics(): Promise<Map<string, number>> {
    const askedAt = performance.now();
    const sums = new Map<string, number>();
    const text = await this.#page("/metrics").then(
      (page) => page.text(),
      async (error: unknown) => {
        // The connection ends a moment before the process is seen to have.
        await sleep(POLL_MILLISECONDS);
        this.#mustLive();
        throw error;
      },
    );
    this.#slowestAnswer = Math.max(this.#slowestAnswer, (performance.now() - askedAt) / 1000);
    for (const [, name = "", value] of text.matchAll(/^(\w+)(?:\{.*\})? (\S+)$/gmu)) {
      sums.set(name, (sums.get(name) ?? 0) + Number(value));
    }
    return sums;
  }

  /**
   * Waits until at least so many reconciles are done and none is left.
   * @param progress hears of the number done and the keys waiting
   */
  async settled(reconciles: number, progress: (done: number, waiting: number) => void): Promise<void> {
    let quietSince = performance.now();
    let last = -1;
    while (performance.now() - quietSince < QUIET_MILLISECONDS) {
      const seen = await this.metrics();
      const done = seen.get("controller_runtime_reconcile_total") ?? 0;
      const waiting = seen.get("workqueue_depth") ?? 0;
      const active = seen.get("controller_runtime_active_workers") ?? 0;
      if (done !== last || done < reconciles || waiting + active > 0) quietSince = performance.now();
      last = done;
      progress(done, waiting);
      await sleep(POLL_MILLISECONDS);
    }
  }

  /** Resident memory first: weighing the heap collects what is garbage. */
  async memory(): Promise<Memory> {
    const held = await residentMemory(this.#child.pid);
    return { ...held, heap: await heapAfterCollection(this.#inspectorPort) };
  }

  /** Ends it as Kubernetes does. @returns its exit code */
  async stop(): Promise<number | null> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return this.#child.exitCode;
    const ended = once(this.#child, "exit");
    this.#child.kill("SIGTERM");
    await ended;
    return this.#child.exitCode;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    await this.#cleanup.disposeAsync();
  }
}

function spawnOperator(argv: readonly string[], { wrapper, env }: PodAccess): ChildProcess {
  const [program = "", ...rest] = [...wrapper, ...argv];
  return spawn(program, rest, {
    stdio: ["ignore", "inherit", "ignore"],
    env: {
      PATH: process.env["PATH"],
      NODE_ENV: "production",
      UV_THREADPOOL_SIZE: THREADS,
      ...chartEnvironment(),
      ...env,
    },
  });
}

/** With the token, and within the memory, that it has in its pod. */
async function asPod(plane: ControlPlane, cleanup: AsyncDisposableStack): Promise<PodAccess> {
  const { memory } = chartContainer().resources.limits;
  const limit = cleanup.use(
    await limitMemory(`ftp-operator-scale-${randomUUID()}`, parseQuantity(memory) ?? 0n),
  );
  const access = await podAccess(plane);
  return { ...access, wrapper: [...limit.wrapper, ...access.wrapper] };
}

/** Without root there is no mount of its own, so it takes the kubeconfig, and no limit of its memory. */
function onHost({ kubeconfig }: ControlPlane): PodAccess {
  return { wrapper: [], env: { KUBECONFIG: kubeconfig } };
}

/** The variables that the chart gives the operator. */
function chartEnvironment(): Record<string, string> {
  return Object.fromEntries(chartContainer().env.map(({ name, value }) => [name, value]));
}

interface Container {
  env: { name: string; value: string }[];
  resources: { limits: { memory: string } };
}

function chartContainer(): Container {
  return one(render(), "Deployment")["spec"].template.spec.containers[0];
}
