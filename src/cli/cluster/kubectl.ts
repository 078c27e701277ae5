import { execFile, spawn } from "node:child_process";
import { CommandError } from "../../common/command-error.ts";

/** An error reported by kubectl. The message is the last line of standard error without the prefix `error:`. */
export class KubectlError extends CommandError {
  override name = "KubectlError";
  /** Reason that the API server returns, for example `NotFound`. */
  readonly reason: string | undefined;
  /** Standard output of the failed kubectl call. */
  readonly output: string;

  constructor(
    message: string,
    { reason, output, hint }: { reason?: string | undefined; output?: string; hint?: string } = {},
  ) {
    super(message, { hint });
    this.reason = reason;
    this.output = output ?? "";
  }
}

/** Limits for one command in a pod. The author of the pod controls the duration and the output of the command. */
const EXEC_LIMITS = { seconds: 30, bytes: 16 * 1024 * 1024 } as const;

/** Limits for one kubectl call. The client terminates a call that exceeds a limit. */
interface CallLimits {
  seconds: number;
  bytes: number;
}

/**
 * Options that select the cluster, the user and the namespace. The current kubeconfig supplies absent options for each
 * call.
 */
export interface ClusterOptions {
  namespace?: string;
  context?: string;
  kubeconfig?: string;
}

/** Runs kubectl with the same cluster options for each call. */
export class Kubectl {
  readonly #options: ClusterOptions;
  readonly #arguments: readonly string[];

  constructor(options: ClusterOptions) {
    this.#options = options;
    const { namespace, context, kubeconfig } = options;
    this.#arguments = Object.entries({ namespace, context, kubeconfig }).flatMap(([name, value]) =>
      value === undefined ? [] : [`--${name}=${value}`],
    );
  }

  /** Returns a Kubectl that always uses the context that is current at the time of the call. @throws KubectlError */
  async inCurrentContext(): Promise<Kubectl> {
    if (this.#options.context !== undefined) return this;
    const context = await this.run(["config", "view", "--output=jsonpath={.current-context}"]);
    // Without a context, for example inside a pod, kubectl uses the cluster of the pod.
    return context === "" ? this : new Kubectl({ ...this.#options, context });
  }

  inNamespace(namespace: string): Kubectl {
    return new Kubectl({ ...this.#options, namespace });
  }

  /** Runs kubectl. @returns the standard output @throws KubectlError */
  async run(args: readonly string[], limits?: CallLimits): Promise<string> {
    const options = {
      timeout: (limits?.seconds ?? 0) * 1000,
      maxBuffer: limits?.bytes ?? Number.POSITIVE_INFINITY,
    };
    return await new Promise((resolve, reject) => {
      const child = execFile("kubectl", [...this.#arguments, ...args], options, (error, stdout, stderr) => {
        if (error === null) resolve(stdout);
        else reject(limitExceeded(error, limits) ?? callFailed(error, stderr, stdout));
      });
      child.stdin?.end();
    });
  }

  /** Runs a command in a container for at most 30 seconds. @returns the output, at most 16 MiB @throws KubectlError */
  async exec(pod: string, container: string, command: readonly string[]): Promise<string> {
    return await this.run(["exec", pod, "-c", container, "--", ...command], EXEC_LIMITS);
  }

  /** Returns the parsed JSON output of `kubectl get`. @throws KubectlError */
  async get<T>(...args: string[]): Promise<T> {
    return JSON.parse(await this.run(["get", ...args, "-o", "json"]));
  }

  /**
   * Runs kubectl on this terminal until kubectl exits.
   * @returns the exit code
   * @throws KubectlError if kubectl cannot start
   */
  async attach(args: readonly string[]): Promise<number> {
    const child = spawn("kubectl", [...this.#arguments, ...args], { stdio: "inherit" });
    return await new Promise((resolve, reject) => {
      child.once("error", () => reject(notInstalled()));
      child.once("close", (code) => resolve(code ?? 1));
    });
  }
}

function notInstalled(): KubectlError {
  return new KubectlError("kubectl not found in PATH", { hint: "install kubectl" });
}

function limitExceeded(
  { code, killed }: { code?: string | number | null; killed?: boolean },
  limits: CallLimits | undefined,
): KubectlError | undefined {
  if (limits === undefined) return undefined;
  if (code === "ERR_CHILD_PROCESS_STDIO_MAXBUFFER")
    return new KubectlError(`more than ${limits.bytes / 1024 / 1024} MiB of output`);
  return killed ? new KubectlError(`no response within ${limits.seconds} seconds`) : undefined;
}

function callFailed(
  { code }: { code?: string | number | null },
  stderr: string,
  output: string,
): KubectlError {
  if (code === "ENOENT") return notInstalled();
  // Lines before the last line contain warnings and log messages.
  const line = stderr.trim().split("\n").at(-1) ?? "";
  const [prefix = "", reason] = /^(?:error|Error from server \((\w+)\)): /.exec(line) ?? [];
  const message = line.slice(prefix.length) || "kubectl failed without an error message";
  return new KubectlError(message, { reason, output });
}
