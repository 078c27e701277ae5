/** Runs the operator as a separate process, so that its memory and requests can be measured. */
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
/** Time in milliseconds without activity after which the operator is considered idle. */
const QUIET_MILLISECONDS = 2000;
/** UV_THREADPOOL_SIZE of the image. */
const THREADS = "16";

/** Options for an operator process. */
export interface OperatorProgram {
  /** `dist/main.js` or `src/main.ts`. */
  readonly main: string;
  readonly plane: ControlPlane;
  /** Node.js options, for example to record profiles. */
  readonly nodeOptions?: readonly string[];
}

/** Memory in bytes. */
export interface Memory {
  /** Current resident memory in bytes. The memory limit of the container applies to this value. */
  readonly resident: number;
  readonly peak: number;
  /** JavaScript heap in bytes after a full garbage collection. */
  readonly heap: number;
}

export class OperatorProcess implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #metricsPort: number;
  readonly #inspectorPort: number;
  readonly #cleanup: AsyncDisposableStack;
  #longestResponse = 0;

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

  /** Starts an operator and waits until it has listed all resource kinds. */
  static async start({ main, plane, nodeOptions = [] }: OperatorProgram): Promise<OperatorProcess> {
    const [metricsPort = 0, inspectorPort = 0] = await freePorts(2);
    // The inspector prints its address to standard error.
    const node = [...nodeOptions, `--inspect=127.0.0.1:${inspectorPort}`, "--inspect-publish-uid=http"];
    const options = ["--engine-image", "ftp-operator:scale", "--metrics-port", String(metricsPort)];
    const argv = [process.execPath, ...node, main, "operator", ...options, "--log-level", "Warn"];
    await using cleanup = new AsyncDisposableStack();
    const child = spawnOperator(argv, process.getuid?.() === 0 ? await asPod(plane, cleanup) : onHost(plane));
    endWithUs(child);
    const operator = new OperatorProcess(child, { metricsPort, inspectorPort }, cleanup.move());
    while (!(await operator.#isReady())) {
      operator.#requireRunning();
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

  /** Requests a page on a new connection, because the operator can close an idle connection at any time. */
  #page(path: string): Promise<Response> {
    return fetch(`http://127.0.0.1:${this.#metricsPort}${path}`, { headers: { connection: "close" } });
  }

  /** @throws Error with the exit code if the operator has exited */
  #requireRunning(): void {
    const end = this.#child.signalCode ?? this.#child.exitCode;
    if (end !== null) throw new Error(`the operator exited with ${end}`);
  }

  /** Longest response time of /metrics in seconds. A request from a liveness probe can take equally long. */
  get longestResponseSeconds(): number {
    return this.#longestResponse;
  }

  /** Returns the sums of all series by metric name. */
  async metrics(): Promise<Map<string, number>> {
    const requestedAt = performance.now();
    const sums = new Map<string, number>();
    const text = await this.#page("/metrics").then(
      (page) => page.text(),
      async (error: unknown) => {
        // Node.js reports the closed connection before it reports the process exit.
        await sleep(POLL_MILLISECONDS);
        this.#requireRunning();
        throw error;
      },
    );
    this.#longestResponse = Math.max(this.#longestResponse, (performance.now() - requestedAt) / 1000);
    for (const [, name = "", value] of text.matchAll(/^(\w+)(?:\{.*\})? (\S+)$/gmu)) {
      sums.set(name, (sums.get(name) ?? 0) + Number(value));
    }
    return sums;
  }

  /**
   * Waits until the given number of reconciles have finished and the work queue is empty.
   * @param progress called with the number of reconciles and the number of waiting keys
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

  /** Measures resident memory first, because the heap measurement starts a garbage collection. */
  async memory(): Promise<Memory> {
    const resident = await residentMemory(this.#child.pid);
    return { ...resident, heap: await heapAfterCollection(this.#inspectorPort) };
  }

  /** Stops the operator with SIGTERM. Returns its exit code. */
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

/** Runs the operator with a pod token and the memory limit of its pod. */
async function asPod(plane: ControlPlane, cleanup: AsyncDisposableStack): Promise<PodAccess> {
  const { memory } = chartContainer().resources.limits;
  const limit = cleanup.use(
    await limitMemory(`ftp-operator-scale-${randomUUID()}`, parseQuantity(memory) ?? 0n),
  );
  const access = await podAccess(plane);
  return { ...access, wrapper: [...limit.wrapper, ...access.wrapper] };
}

/**
 * Runs the operator with a kubeconfig file and without a memory limit. Unlike mounts and memory limits, this mode does
 * not require root permissions.
 */
function onHost({ kubeconfig }: ControlPlane): PodAccess {
  return { wrapper: [], env: { KUBECONFIG: kubeconfig } };
}

/** Returns the environment variables that the chart sets for the operator. */
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
