/** FTP client that connects, logs in, lists a directory, and reports the first failing step. */
import { lookup } from "node:dns/promises";
import { ControlConnection } from "./control-connection.ts";
import { enterPassive, list } from "./data-connection.ts";
import { type FailureReason, ProbeFailure } from "./failure.ts";
import { chooseAddress, type ProbePolicy, requireDataAddress } from "./policy.ts";
import type { ProbeAccount, ProbeLimits, ProbeRequest } from "./request.ts";

/** All steps in order of execution. */
export const STEPS = ["Resolve", "Connect", "Encrypt", "LogIn", "PASV", "EPSV"] as const;
export const PASSIVE_COMMANDS = ["PASV", "EPSV"] as const;
export type PassiveCommand = (typeof PASSIVE_COMMANDS)[number];
export type Step = (typeof STEPS)[number];

/** Result of a completed step. */
export interface StepResult {
  step: Step;
  /** Human-readable observation. */
  detail: string;
  milliseconds: number;
  /** Failure of the step. The field is absent if the step succeeded. */
  failure?: { reason: FailureReason; usualCause: string };
}

export interface ProbeReport {
  steps: StepResult[];
  /** Passive ports that the listings used. */
  ports: number[];
  /** Steps that the probe did not try because the request has no account. */
  notTried: Step[];
}

/**
 * Outcome of a probe. `LoginNotTried` means that the request has no account and that all steps before the login
 * succeeded.
 */
export type ProbeOutcome = "Open" | "LoginNotTried" | "Failed";

export interface ProbeOptions extends ProbeLimits {
  /** Passive commands to test. Defaults to PASV and EPSV. */
  passiveCommands?: readonly PassiveCommand[];
  /** Called after each step. */
  onStep?: (result: StepResult) => void;
  /**
   * Restrictions for the probe. If this field is undefined, the probe can connect to any address, and the report quotes
   * text from the server.
   */
  policy?: ProbePolicy;
}

/** Runs the steps until a step fails. The promise never rejects, because the report contains the failure. */
export async function runProbe(request: ProbeRequest, options: ProbeOptions = {}): Promise<ProbeReport> {
  const run = new ProbeRun(request, options);
  try {
    await run.start();
  } catch (error) {
    if (!(error instanceof ProbeFailure)) throw error;
  }
  return { steps: run.steps, ports: run.ports, notTried: run.notTried };
}

export function outcomeOf(report: ProbeReport): ProbeOutcome {
  if (failureOf(report) !== undefined) return "Failed";
  return report.notTried.length === 0 ? "Open" : "LoginNotTried";
}

/** Returns the failed step, or undefined if all steps succeeded. */
export function failureOf({ steps }: ProbeReport): Required<StepResult> | undefined {
  return steps.find((step): step is Required<StepResult> => step.failure !== undefined);
}

class ProbeRun {
  readonly steps: StepResult[] = [];
  readonly ports: number[] = [];
  notTried: Step[] = [];
  readonly #request: ProbeRequest;
  readonly #options: ProbeOptions;
  /** All IP addresses of the host. */
  #addresses: string[] = [];
  #control: ControlConnection | undefined;

  constructor(request: ProbeRequest, options: ProbeOptions) {
    this.#request = request;
    this.#options = options;
  }

  async start(): Promise<void> {
    const { host, family, port, tls, account } = this.#request;
    try {
      const address = await this.#step("Resolve", async () => {
        this.#addresses = await resolve(host, family);
        const chosen = chooseAddress(this.#addresses, this.#options.policy);
        return [chosen, chosen === host ? `${host} is an address` : `${host} is ${chosen}`];
      });
      const control = await this.#step("Connect", async () => {
        this.#control = await ControlConnection.open(address, this.#request, this.#options.signal);
        await this.#control.expect("NoGreeting", "2");
        return [this.#control, `greeting from ${address} port ${port}`];
      });
      if (tls === "Explicit") await this.#step("Encrypt", () => encrypt(control));
      const passiveCommands = this.#passiveCommands(address);
      if (account === undefined) this.notTried = ["LogIn", ...passiveCommands];
      else {
        await this.#step("LogIn", () => logIn(control, account, tls));
        for (const command of passiveCommands)
          await this.#step(command, () => this.#transfer(control, command));
      }
      await control.expect("TransferFailed", "2", "QUIT").catch(() => undefined);
    } finally {
      this.#control?.close();
    }
  }

  /**
   * Returns the requested passive commands. Omits PASV for an IPv6 address, because PASV replies cannot contain IPv6
   * addresses (RFC 2428 section 1).
   */
  #passiveCommands(address: string): readonly PassiveCommand[] {
    const commands = this.#options.passiveCommands ?? PASSIVE_COMMANDS;
    return address.includes(":") ? commands.filter((command) => command !== "PASV") : commands;
  }

  async #transfer(control: ControlConnection, command: PassiveCommand): Promise<[undefined, string]> {
    const { policy } = this.#options;
    const endpoint = await enterPassive(control, command);
    requireDataAddress(endpoint.address, { own: this.#addresses, connected: control.address }, policy);
    const bytes = await list(control, endpoint, this.#request, this.#options);
    this.ports.push(endpoint.port);
    return [undefined, `listing of ${bytes} bytes from ${endpoint.address} port ${endpoint.port}`];
  }

  async #step<T>(step: Step, action: () => Promise<[result: T, detail: string]>): Promise<T> {
    const started = performance.now();
    const complete = (detail: string, failure?: StepResult["failure"]): void => {
      const milliseconds = Math.round(performance.now() - started);
      const result = { step, detail, milliseconds, ...(failure && { failure }) };
      this.steps.push(result);
      this.#options.onStep?.(result);
    };
    try {
      const [result, detail] = await action();
      complete(detail);
      return result;
    } catch (error) {
      if (error instanceof ProbeFailure) {
        complete(this.#options.policy === undefined ? error.message : error.safeMessage, {
          reason: error.reason,
          usualCause: error.usualCause,
        });
      }
      throw error;
    }
  }
}

/** Resolves a host name. A DNS lookup cannot be aborted, but the timeouts of the system resolver limit its duration. */
async function resolve(host: string, family: ProbeRequest["family"]): Promise<string[]> {
  try {
    const options = { all: true, order: "ipv4first", family: family ?? 0 } as const;
    return (await lookup(host, options)).map(({ address }) => address);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
    const kind = family === undefined ? "" : ` to an IPv${family} address`;
    throw new ProbeFailure("NameNotResolved", `${host} could not be resolved${kind} (${code})`);
  }
}

async function encrypt(control: ControlConnection): Promise<[undefined, string]> {
  await control.expect("EncryptionFailed", "2", "AUTH TLS");
  await control.encrypt();
  return [undefined, "TLS on the control connection"];
}

async function logIn(
  control: ControlConnection,
  { user, password }: ProbeAccount,
  tls: ProbeRequest["tls"],
): Promise<[undefined, string]> {
  const reply = await control.expect("LoginFailed", "23", `USER ${user}`);
  if (reply.code === 331) await control.expect("LoginFailed", "2", `PASS ${password}`);
  if (tls !== "None") {
    await control.expect("LoginFailed", "2", "PBSZ 0");
    await control.expect("LoginFailed", "2", "PROT P");
  }
  return [undefined, `logged in as ${user}`];
}
