import { execFile, spawn } from "node:child_process";

/** kubectl answered with an error; the message is its own, in one line. */
export class KubectlError extends Error {
  override name = "KubectlError";
  /** Of the API server, for instance `NotFound`. */
  readonly reason: string | undefined;
  /** What it printed all the same. */
  readonly output: string;

  constructor(message: string, { reason, output }: { reason?: string | undefined; output?: string } = {}) {
    super(message);
    this.reason = reason;
    this.output = output ?? "";
  }
}

/** Bounds of one command in a pod: whoever controls the pod also controls how long it runs and what it prints. */
const EXEC_LIMITS = { seconds: 30, bytes: 16 * 1024 * 1024 } as const;

/** Bounds of one call of kubectl. What exceeds them ends it. */
interface CallLimits {
  seconds: number;
  bytes: number;
}

/** Which cluster, as whom, and which namespace; what is left out is as the kubeconfig says at the time of a call. */
export interface Choice {
  namespace?: string;
  context?: string;
  kubeconfig?: string;
}

/** Runs kubectl, with the options that choose the cluster and the namespace before each call. */
export class Kubectl {
  readonly #choice: Choice;
  readonly #globals: readonly string[];

  constructor(choice: Choice) {
    this.#choice = choice;
    const { namespace, context, kubeconfig } = choice;
    this.#globals = Object.entries({ namespace, context, kubeconfig }).flatMap(([name, value]) =>
      value === undefined ? [] : [`--${name}=${value}`],
    );
  }

  /** One that stays in the context that is current now, whoever switches. @throws KubectlError */
  async inCurrentContext(): Promise<Kubectl> {
    if (this.#choice.context !== undefined) return this;
    const context = await this.run(["config", "view", "--output=jsonpath={.current-context}"]);
    // There is none inside a pod, where kubectl takes the pod's own cluster.
    return context === "" ? this : new Kubectl({ ...this.#choice, context });
  }

  inNamespace(namespace: string): Kubectl {
    return new Kubectl({ ...this.#choice, namespace });
  }

  /** @returns what it printed @throws KubectlError */
  async run(args: readonly string[], limits?: CallLimits): Promise<string> {
    const options = {
      timeout: (limits?.seconds ?? 0) * 1000,
      maxBuffer: limits?.bytes ?? Number.POSITIVE_INFINITY,
    };
    return await new Promise((resolve, reject) => {
      const child = execFile("kubectl", [...this.#globals, ...args], options, (error, output, complaint) => {
        if (error === null) resolve(output);
        else reject(limitExceeded(error, limits) ?? callFailed(error, complaint, output));
      });
      child.stdin?.end();
    });
  }

  /** Runs a command in a container for at most 30 seconds. @returns what it printed, at most 16 MiB @throws KubectlError */
  async exec(pod: string, container: string, command: readonly string[]): Promise<string> {
    return await this.run(["exec", pod, "-c", container, "--", ...command], EXEC_LIMITS);
  }

  /** What `get` prints as JSON. @throws KubectlError */
  async get<T>(...args: string[]): Promise<T> {
    return JSON.parse(await this.run(["get", ...args, "-o", "json"]));
  }

  /** Runs on until it ends by itself, on this terminal. @returns its exit code */
  async attach(args: readonly string[]): Promise<number> {
    const child = spawn("kubectl", [...this.#globals, ...args], { stdio: "inherit" });
    return await new Promise((resolve, reject) => {
      child.once("error", () => reject(new KubectlError("kubectl is not in PATH: install it")));
      child.once("close", (code) => resolve(code ?? 1));
    });
  }
}

function limitExceeded(
  { code, killed }: { code?: string | number | null; killed?: boolean },
  limits: CallLimits | undefined,
): KubectlError | undefined {
  if (limits === undefined) return undefined;
  if (code === "ERR_CHILD_PROCESS_STDIO_MAXBUFFER")
    return new KubectlError(`it printed more than ${limits.bytes / 1024 / 1024} MiB`);
  return killed ? new KubectlError(`no answer within ${limits.seconds} seconds`) : undefined;
}

function callFailed(
  { code }: { code?: string | number | null },
  complaint: string,
  output: string,
): KubectlError {
  if (code === "ENOENT") return new KubectlError("kubectl is not in PATH: install it");
  return errorOf(complaint, output);
}

/** The last line says what went wrong; those before it are warnings and log lines. */
function errorOf(complaint: string, output: string): KubectlError {
  const line = complaint.trim().split("\n").at(-1) ?? "";
  const [prefix = "", reason] = /^(?:error|Error from server \((\w+)\)): /.exec(line) ?? [];
  const message = line.slice(prefix.length) || "kubectl failed without a word";
  return new KubectlError(message, { reason, output });
}
