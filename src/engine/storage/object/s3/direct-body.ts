import type { ClientRequest } from "node:http";
import type { ObjectBody } from "../object-store.ts";

/** Returns an error with a name. `explainFailure` finds the meaning of an error by its name. */
export function namedError(name: string, message: string): Error {
  return Object.assign(new Error(message), { name });
}

/**
 * Writes the body of a request, and ends the request. Never rejects: an error ends the request.
 * @param signal signal that destroys the request
 */
export async function writeBody(
  request: ClientRequest,
  body: ObjectBody,
  signal: AbortSignal,
): Promise<void> {
  if (body.whole !== undefined) {
    request.end(body.whole);
    return;
  }
  try {
    for await (const chunks of body.open()) {
      await written(request, chunks, signal);
      if (request.destroyed) return;
    }
    request.end();
  } catch (error) {
    request.destroy(error instanceof Error ? error : new Error(String(error)));
  }
}

/** Resolves when the kernel has accepted all chunks, or when the request has ended. */
function written(request: ClientRequest, chunks: readonly Uint8Array[], signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      request.off("close", end);
      signal.removeEventListener("abort", end);
      resolve();
    };
    request.once("close", end);
    signal.addEventListener("abort", end);
    chunks.forEach((chunk, index) => {
      if (index < chunks.length - 1) request.write(chunk);
      else request.write(chunk, end);
    });
  });
}
