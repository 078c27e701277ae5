import { get } from "node:http";
import { type EngineReport, parseReport } from "../api/engine-report.ts";
import { CONTAINER_METRICS_PORT } from "../api/names.ts";
import { deniedAddress, type DialPolicy } from "./dial-policy.ts";

/** Time limit for the complete request in milliseconds. */
const DEADLINE_MILLISECONDS = 3000;
/** Maximum report size in bytes. The list of supplementary groups is the longest part of a report. */
const MAX_BYTES = 256 * 1024;
/** HTTP status codes of `/readyz` responses that contain a report: 200 when the engine is ready, otherwise 503. */
const STATUSES: ReadonlySet<number | undefined> = new Set([200, 503]);

interface FetchOptions {
  port?: number;
  deadlineMilliseconds?: number;
  dialPolicy?: DialPolicy;
}

/**
 * Fetches the engine report from `/readyz`. Never rejects.
 * @param host IP address of the pod
 * @returns undefined when the engine does not respond within the time limit or the response is not a report
 */
export async function fetchEngineReport(
  host: string,
  signal: AbortSignal,
  {
    port = CONTAINER_METRICS_PORT,
    deadlineMilliseconds = DEADLINE_MILLISECONDS,
    dialPolicy = deniedAddress,
  }: FetchOptions = {},
): Promise<EngineReport | undefined> {
  if (dialPolicy(host) !== undefined) return undefined;
  try {
    const text = await fetchPage({ host, port, path: "/readyz", agent: false }, signal, deadlineMilliseconds);
    return text === undefined ? undefined : parseReport(text);
  } catch {
    return undefined;
  }
}

/** Resolves to undefined for any other HTTP status. Rejects when the response is too long or exceeds the time limit. */
function fetchPage(
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
        if (bytes > MAX_BYTES) request.destroy(new Error("response too long"));
        else chunks.push(chunk);
      });
      response.on("end", () => resolve(Buffer.concat(chunks).toString("utf8")));
      response.on("error", reject);
    });
    const abort = (): void => void request.destroy(new Error("aborted"));
    // For thousands of engines, a timer for each request uses fewer resources than an AbortSignal.
    const timer = setTimeout(abort, deadlineMilliseconds);
    signal.addEventListener("abort", abort, { once: true });
    request.on("error", reject);
    request.on("close", () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", abort);
      reject(new Error("connection closed"));
    });
  });
}
