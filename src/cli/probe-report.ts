/** Runs a probe and prints each step, for the `check` commands of both programs. */
import { setTimeout as sleep } from "node:timers/promises";
import { EXIT_FAILED, EXIT_OK } from "../common/command-error.ts";
import { outcomeOf, type ProbeReport, runProbe, STEPS, type StepResult } from "../probe/probe.ts";
import type { ProbeRequest } from "../probe/request.ts";
import { colored, type OutputFormat, printResult } from "./output.ts";

/** Time between two attempts. */
const RETRY_MILLISECONDS = 2000;
const STEP_WIDTH = Math.max(...STEPS.map((step) => step.length));

export interface ReportOptions {
  output: OutputFormat;
  /** Maximum time in seconds for retries of a failed probe. */
  wait?: number;
  /** Reason why a request has no account, for example with the options that the user must add. */
  whyNoAccount: string;
}

/**
 * Runs a probe and prints each step. JSON and YAML contain only the last attempt.
 * @returns the exit code: 0 if no step failed, 1 if a step failed
 */
export async function reportProbe(
  request: ProbeRequest,
  { output, wait = 0, whyNoAccount }: ReportOptions,
): Promise<number> {
  const deadline = performance.now() + wait * 1000;
  for (;;) {
    const report = await runProbe(request, {
      onStep: (result) => output === "text" && process.stdout.write(stepText(result)),
    });
    const outcome = outcomeOf(report);
    if (outcome !== "Failed" || performance.now() + RETRY_MILLISECONDS > deadline) {
      await printResult(output, { outcome, ...report }, () => summaryText(report, request.tls, whyNoAccount));
      return outcome === "Failed" ? EXIT_FAILED : EXIT_OK;
    }
    await sleep(RETRY_MILLISECONDS);
  }
}

function stepText({ step, detail, milliseconds, failure }: StepResult): string {
  const result = failure === undefined ? "ok    " : colored("red", "FAILED");
  const line = `${step.padEnd(STEP_WIDTH)}  ${result}  ${detail} (${milliseconds} ms)\n`;
  return failure === undefined ? line : `${line}\n${failure.reason}: ${failure.usualCause}\n`;
}

function summaryText(report: ProbeReport, tls: ProbeRequest["tls"], whyNoAccount: string): string {
  const outcome = outcomeOf(report);
  if (outcome === "Open") return "\nAll steps succeeded.\n";
  if (outcome === "Failed") return "";
  const lines = report.notTried.map((step) => `${step.padEnd(STEP_WIDTH)}  -       not tried\n`);
  const withTls = tls === "None" ? "" : " with TLS";
  return `${lines.join("")}
The control port is open${withTls}. The login and the passive ports were not tested because ${whyNoAccount}.
`;
}
