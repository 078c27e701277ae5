import { get } from "node:http";
import { type EngineReport, parseReport } from "../api/engine-report.ts";
import { CONTAINER_METRICS_PORT } from "../api/names.ts";
import { deniedAddress } from "./dial-policy.ts";

/** For the whole answer. */
const DEADLINE_MILLISECONDS = 3000;
/** Supplementary groups are the longest part of a report. */
const MAX_BYTES = 256 * 1024;
/** Of /readyz: ready, and not ready. */
const STATUSES: ReadonlySet<number | undefined> = new Set([200, 503]);

interface ReadOptions {
  port?: number;
  deadlineMilliseconds?: number;
  /** See {@link deniedAddress}. */
  objection?: typeof deniedAddress;
}

/**
 * Reads what an engine reports at /readyz.
 * @param host IP address of the pod
 * @returns undefined when there is no answer in time, or one that is not a report. Never rejects.
 */
export async function fetchEngineReport(
  host: string,
  signal: AbortSignal,
  {
    port = CONTAINER_METRICS_PORT,
    deadlineMilliseconds = DEADLINE_MILLISECONDS,
    objection = deniedAddress,
  }: ReadOptions = {},
): Promise<EngineReport | undefined> {
  if (objection(host) !== undefined) return undefined;
  try {
    const text = await readPage({ host, port, path: "/readyz", agent: false }, signal, deadlineMilliseconds);
    return text === undefined ? undefined : parseReport(text);
  } catch {
    return undefined;
  }
}

/** @returns undefined for another status; rejects for an answer that is too long or too late */
function readPage(
  target: { host: string; port: number; path: string; agent: false },
  signal: AbortSignal,
  deadlineMilliseconds: number,
): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const request = get(target, (response) => {
      if (!STATUSES.has(response.statusCode)) {
        request.destroy();
        resolve(undefined);
        return;
      }
      const chunks: Buffer[] = [];
      let bytes = 0;
      response.on("data", (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > MAX_BYTES) request.destroy(new Error("the report is too long"));
        else chunks.push(chunk);
      });
      response.on("end", () => resolve(Buffer.concat(chunks).toString("utf8")));
      response.on("error", reject);
    });
    const end = (): void => void request.destroy(new Error("aborted"));
    // A signal for each of thousands of engines would cost more than the timer.
    const timer = setTimeout(end, deadlineMilliseconds);
    signal.addEventListener("abort", end, { once: true });
    request.on("error", reject);
    request.on("close", () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      reject(new Error("the connection was closed"));
    });
  });
}
