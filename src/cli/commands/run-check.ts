import { readFile } from "node:fs/promises";
import { isIP } from "node:net";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { type CheckReport, checkServer, outcomeOf, STEPS, type StepResult } from "../../probe/probe.ts";
import type { CheckAccount, CheckRequest } from "../../probe/request.ts";

export interface CheckCommand {
  /** An IPv6 address may be in brackets. */
  host: string;
  /** Undefined: any, IPv4 first. */
  family?: "ipv4" | "ipv6";
  /** Undefined: 21, or 990 with implicit TLS. */
  port?: number;
  tls: "none" | "explicit" | "implicit";
  /** Do not verify the server's certificate. */
  insecure?: boolean;
  /** Undefined: the login is not tried. */
  user?: string;
  /** `-`: standard input. Undefined: only an anonymous user needs none. */
  passwordFile?: string;
  timeout: number;
  /** Seconds for which a way that is not open is gone again. */
  wait?: number;
  output: "text" | "json";
}

/** Exit codes beside 0. */
const EXIT_FAILED = 1;
const EXIT_USAGE = 2;
/** Between two tries. */
const WAIT_PAUSE_MILLISECONDS = 2000;
/** What servers expect of anonymous users (RFC 1635). */
const ANONYMOUS_PASSWORD = "check@ftp-operator";

const FAMILIES = { ipv4: 4, ipv6: 6 } as const;

const MODES = { none: "None", explicit: "Explicit", implicit: "Implicit" } as const;

/** Login names that take any password (RFC 1635). */
const ANONYMOUS_USERS: ReadonlySet<string> = new Set(["anonymous", "ftp"]);
const NO_ACCOUNT = "no account was given: add --user NAME --password-file FILE, or --user anonymous";

/** The command line cannot be carried out; the message says what to write instead. */
class UsageError extends Error {}

/**
 * Checks the way to a server from where it runs, and prints each step.
 * @returns the exit code: 0 no step failed, 1 a step failed, 2 the command was wrong
 */
export async function runCheck(command: CheckCommand): Promise<number> {
  try {
    const account = await accountOf(command);
    const request: CheckRequest = {
      ...destinationOf(command),
      port: command.port ?? (command.tls === "implicit" ? 990 : 21),
      tls: MODES[command.tls],
      verifyCertificate: command.insecure !== true,
      ...(account && { account }),
      timeoutMilliseconds: command.timeout * 1000,
    };
    return await reportCheck(request, { ...command, whyNoAccount: NO_ACCOUNT });
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`ftp-operator check: ${error.message}\n`);
    return EXIT_USAGE;
  }
}

export interface ReportOptions {
  output: "text" | "json";
  /** Seconds for which a way that is not open is gone again. */
  wait?: number;
  /** Printed when the request has no account, for example what to add. */
  whyNoAccount: string;
}

/**
 * Goes the way of a client and prints each step; JSON once, of the last try.
 * @returns the exit code: 0 no step failed, 1 a step failed
 */
export async function reportCheck(
  request: CheckRequest,
  { output, wait = 0, whyNoAccount }: ReportOptions,
): Promise<number> {
  const isText = output === "text";
  const deadline = performance.now() + wait * 1000;
  for (;;) {
    const report = await checkServer(request, {
      onStep: (result) => isText && process.stdout.write(describeStep(result)),
    });
    const outcome = outcomeOf(report);
    if (outcome !== "Failed" || performance.now() + WAIT_PAUSE_MILLISECONDS > deadline) {
      const json = (): string => `${JSON.stringify({ outcome, ...report }, undefined, 2)}\n`;
      process.stdout.write(isText ? describeEnd(report, request.tls, whyNoAccount) : json());
      return outcome === "Failed" ? EXIT_FAILED : 0;
    }
    await sleep(WAIT_PAUSE_MILLISECONDS);
  }
}

/** @throws UsageError */
function destinationOf({ host, family }: CheckCommand): Pick<CheckRequest, "host" | "family"> {
  const bare = host.replace(/^\[(.*)\]$/u, "$1");
  if (family === undefined) return { host: bare };
  const seen = isIP(bare);
  if (seen !== 0 && seen !== FAMILIES[family])
    throw new UsageError(`--family ${family} does not fit the address ${bare}: remove --family`);
  return { host: bare, family: FAMILIES[family] };
}

/** @throws UsageError */
async function accountOf({ user, passwordFile }: CheckCommand): Promise<CheckAccount | undefined> {
  if (user === undefined) {
    if (passwordFile === undefined) return undefined;
    throw new UsageError("--password-file is the password of a user: add --user NAME");
  }
  // A line break would begin another command.
  if (user === "" || /\p{Cc}/u.test(user))
    throw new UsageError("--user is empty or has control characters: write a login name");
  if (passwordFile !== undefined) return { user, password: await readPassword(passwordFile) };
  if (ANONYMOUS_USERS.has(user.toLowerCase())) return { user, password: ANONYMOUS_PASSWORD };
  throw new UsageError(
    `user ${user} needs a password: add --password-file FILE, or --password-file - and send it by standard input`,
  );
}

/** @throws UsageError */
async function readPassword(file: string): Promise<string> {
  const content = await (file === "-" ? text(process.stdin) : readFile(file, "utf8")).catch(() => "");
  const password = content.replace(/\r?\n$/, "");
  if (password !== "" && !/[\r\n]/.test(password)) return password;
  throw new UsageError(
    `--password-file ${file} cannot be read, or holds no single line; write the password into it, or give "-" and send it by standard input`,
  );
}

const WIDTH = Math.max(...STEPS.map((step) => step.length));

function describeStep({ step, detail, milliseconds, failure }: StepResult): string {
  const line = `${step.padEnd(WIDTH)}  ${failure === undefined ? "ok    " : "FAILED"}  ${detail} (${milliseconds} ms)\n`;
  return failure === undefined ? line : `${line}\n${failure.reason}: ${failure.usualCause}\n`;
}

function describeEnd(report: CheckReport, tls: CheckRequest["tls"], whyNoAccount: string): string {
  const outcome = outcomeOf(report);
  if (outcome === "Open") return "\nThe whole way is open.\n";
  if (outcome === "Failed") return "";
  const lines = report.notTried.map((step) => `${step.padEnd(WIDTH)}  -       not tried\n`);
  const encryption = tls === "None" ? "" : " and speaks TLS";
  return `${lines.join("")}
The control port is open${encryption}. The login and the passive ports were not tried because ${whyNoAccount}.
`;
}
