import { lookup } from "node:dns/promises";
import { type ProbePolicy, chooseAddress, judgeDataAddress } from "./probe-policy.ts";
import { ControlConnection } from "./control-connection.ts";
import { enterPassive, list, type ListingLimits } from "./data-connection.ts";
import { CheckFailure, type FailureReason } from "./failure.ts";
import type { CheckAccount, CheckRequest } from "./request.ts";

/** The steps of a client, in their order. */
export const STEPS = ["Resolve", "Connect", "Encrypt", "LogIn", "PASV", "EPSV"] as const;
export const PASSIVE_COMMANDS = ["PASV", "EPSV"] as const;
export type PassiveCommand = (typeof PASSIVE_COMMANDS)[number];
export type Step = (typeof STEPS)[number];

/** A step that was gone: `failure` is undefined when it went well. */
export interface StepResult {
  step: Step;
  /** What was seen, for people. */
  detail: string;
  milliseconds: number;
  failure?: { reason: FailureReason; usualCause: string };
}

export interface CheckReport {
  steps: StepResult[];
  /** Passive ports that listings came over. */
  ports: number[];
  /** Steps that need a login, when the request has no account. */
  notTried: Step[];
}

/** LoginNotTried: every step before the login went well, and the request has no account. */
export type CheckOutcome = "Open" | "LoginNotTried" | "Failed";

/** When `signal` aborts, the step that is under way fails. */
export interface CheckOptions extends ListingLimits {
  /** Default: both. */
  passiveCommands?: readonly PassiveCommand[];
  /** Called as each step ends. */
  onStep?: (result: StepResult) => void;
  /** Undefined: it dials whatever it is told to, and quotes the server. */
  caution?: ProbePolicy;
}

/** Goes the way of an FTP client, as far as it leads. Never rejects: where it ends is in the report. */
export async function checkServer(request: CheckRequest, options: CheckOptions = {}): Promise<CheckReport> {
  const walk = new Walk(request, options);
  try {
    await walk.go();
  } catch (error) {
    if (!(error instanceof CheckFailure)) throw error;
  }
  return { steps: walk.steps, ports: walk.ports, notTried: walk.notTried };
}

export function outcomeOf(report: CheckReport): CheckOutcome {
  if (failureOf(report) !== undefined) return "Failed";
  return report.notTried.length === 0 ? "Open" : "LoginNotTried";
}

/** The step that failed; undefined when none did. */
export function failureOf({ steps }: CheckReport): Required<StepResult> | undefined {
  return steps.find((step): step is Required<StepResult> => step.failure !== undefined);
}

class Walk {
  readonly steps: StepResult[] = [];
  readonly ports: number[] = [];
  notTried: Step[] = [];
  readonly #request: CheckRequest;
  readonly #options: CheckOptions;
  /** That the host has. */
  #addresses: string[] = [];
  #control: ControlConnection | undefined;

  constructor(request: CheckRequest, options: CheckOptions) {
    this.#request = request;
    this.#options = options;
  }

  async go(): Promise<void> {
    const { host, family, port, tls, account } = this.#request;
    try {
      const address = await this.#step("Resolve", async () => {
        this.#addresses = await resolve(host, family);
        const chosen = chooseAddress(this.#addresses, this.#options.caution);
        return [chosen, chosen === host ? `${host} is an address` : `${host} is ${chosen}`];
      });
      const control = await this.#step("Connect", async () => {
        this.#control = await ControlConnection.open(address, this.#request, this.#options.signal);
        await this.#control.expect("NoGreeting", "2");
        return [this.#control, `${address} port ${port} greets`];
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

  /** Those that are asked for; PASV has no form for IPv6 addresses (RFC 2428 section 1). */
  #passiveCommands(address: string): readonly PassiveCommand[] {
    const commands = this.#options.passiveCommands ?? PASSIVE_COMMANDS;
    return address.includes(":") ? commands.filter((command) => command !== "PASV") : commands;
  }

  async #transfer(control: ControlConnection, command: PassiveCommand): Promise<[undefined, string]> {
    const end = await enterPassive(control, command);
    const ends = { own: this.#addresses, dialled: control.address };
    judgeDataAddress(end.address, ends, this.#options.caution);
    const bytes = await list(control, end, this.#request, this.#options);
    this.ports.push(end.port);
    return [undefined, `listing of ${bytes} bytes from ${end.address} port ${end.port}`];
  }

  async #step<T>(step: Step, go: () => Promise<[result: T, detail: string]>): Promise<T> {
    const started = performance.now();
    const end = (detail: string, failure?: StepResult["failure"]): void => {
      const milliseconds = Math.round(performance.now() - started);
      const result = { step, detail, milliseconds, ...(failure && { failure }) };
      this.steps.push(result);
      this.#options.onStep?.(result);
    };
    try {
      const [result, detail] = await go();
      end(detail);
      return result;
    } catch (error) {
      if (error instanceof CheckFailure) {
        end(this.#options.caution === undefined ? error.message : error.ownWords, {
          reason: error.reason,
          usualCause: error.usualCause,
        });
      }
      throw error;
    }
  }
}

/** Nothing can cut a lookup off; it ends by the timeouts of the system's resolver. */
async function resolve(host: string, family: CheckRequest["family"]): Promise<string[]> {
  try {
    const options = { all: true, order: "ipv4first", family: family ?? 0 } as const;
    return (await lookup(host, options)).map(({ address }) => address);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
    const kind = family === undefined ? "" : ` to an IPv${family} address`;
    throw new CheckFailure("NameNotResolved", `${host} could not be resolved${kind} (${code})`);
  }
}

async function encrypt(control: ControlConnection): Promise<[undefined, string]> {
  await control.expect("EncryptionFailed", "2", "AUTH TLS");
  await control.encrypt();
  return [undefined, "TLS on the control connection"];
}

async function logIn(
  control: ControlConnection,
  { user, password }: CheckAccount,
  tls: CheckRequest["tls"],
): Promise<[undefined, string]> {
  const asked = await control.expect("LoginFailed", "23", `USER ${user}`);
  if (asked.code === 331) await control.expect("LoginFailed", "2", `PASS ${password}`);
  if (tls !== "None") {
    await control.expect("LoginFailed", "2", "PBSZ 0");
    await control.expect("LoginFailed", "2", "PROT P");
  }
  return [undefined, `logged in as ${user}`];
}
