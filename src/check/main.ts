import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { type CheckReport, checkServer, failureOf, STEPS, type StepResult } from "./check.ts";
import type { CheckRequest } from "./request.ts";

export interface CheckCommand {
  host: string;
  /** Undefined: 21, or 990 with implicit TLS. */
  port?: number;
  tls: "none" | "explicit" | "implicit";
  /** Do not verify the server's certificate. */
  insecure?: boolean;
  user: string;
  /** `-`: standard input. Undefined: the password that anonymous logins have. */
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

const MODES = { none: "None", explicit: "Explicit", implicit: "Implicit" } as const;

/**
 * Checks the way to a server from where it runs, and prints each step.
 * @returns the exit code: 0 the whole way is open, 1 a step failed, 2 the command was wrong
 */
export async function runCheck(command: CheckCommand): Promise<number> {
  const password = await readPassword(command.passwordFile);
  if (password === undefined) {
    process.stderr.write(
      `ftp-operator check: --password-file ${command.passwordFile} cannot be read, or holds no single line; write the password into it, or give "-" and send it by standard input\n`,
    );
    return EXIT_USAGE;
  }
  const request: CheckRequest = {
    host: command.host,
    port: command.port ?? (command.tls === "implicit" ? 990 : 21),
    tls: MODES[command.tls],
    verifyCertificate: command.insecure !== true,
    user: command.user,
    password,
    timeoutMilliseconds: command.timeout * 1000,
  };
  return await reportCheck(request, command.output, command.wait);
}

/**
 * Goes the way of a client and prints each step; JSON once, of the last try.
 * @param wait seconds for which a way that is not open is gone again
 * @returns the exit code: 0 the whole way is open, 1 a step failed
 */
export async function reportCheck(request: CheckRequest, output: "text" | "json", wait = 0): Promise<number> {
  const isText = output === "text";
  const deadline = performance.now() + wait * 1000;
  for (;;) {
    const report = await checkServer(request, {
      onStep: (result) => isText && process.stdout.write(describeStep(result)),
    });
    const isOpen = failureOf(report) === undefined;
    if (isOpen || performance.now() + WAIT_PAUSE_MILLISECONDS > deadline) {
      process.stdout.write(isText ? describeEnd(report) : `${JSON.stringify(report, undefined, 2)}\n`);
      return isOpen ? 0 : EXIT_FAILED;
    }
    await sleep(WAIT_PAUSE_MILLISECONDS);
  }
}

async function readPassword(file: string | undefined): Promise<string | undefined> {
  if (file === undefined) return ANONYMOUS_PASSWORD;
  try {
    const content = file === "-" ? await text(process.stdin) : await readFile(file, "utf8");
    const password = content.replace(/\r?\n$/, "");
    return /[\r\n]/.test(password) || password === "" ? undefined : password;
  } catch {
    return undefined;
  }
}

const WIDTH = Math.max(...STEPS.map((step) => step.length));

function describeStep({ step, detail, milliseconds, failure }: StepResult): string {
  const line = `${step.padEnd(WIDTH)}  ${failure === undefined ? "ok    " : "FAILED"}  ${detail} (${milliseconds} ms)\n`;
  return failure === undefined ? line : `${line}\n${failure.reason}: ${failure.usualCause}\n`;
}

function describeEnd(report: CheckReport): string {
  return failureOf(report) === undefined ? "\nThe whole way is open.\n" : "";
}
