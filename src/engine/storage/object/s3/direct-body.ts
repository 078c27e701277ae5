import type { ClientRequest } from "node:http";
import type { ObjectBody } from "../object-store.ts";

/** Returns an error with a name, which the explanation of failures uses. */
export function namedError(name: string, message: string): Error {
  return Object.assign(new Error(message), { name });
}

/** Writes the body of a request, and ends the request. Never rejects: an error ends the request. */
export async function writeBody(request: ClientRequest, body: ObjectBody): Promise<void> {
  if (body.whole !== undefined) {
    request.end(body.whole);
    return;
  }
  try {
    for await (const chunks of body.open()) {
      await written(request, chunks);
      if (request.destroyed) return;
    }
    request.end();
  } catch (error) {
    request.destroy(error instanceof Error ? error : new Error(String(error)));
  }
}

/** Resolves when the kernel has accepted all chunks, or when the request has ended. */
function written(request: ClientRequest, chunks: readonly Uint8Array[]): Promise<void> {
  return new Promise((resolve) => {
    request.once("close", resolve);
    chunks.forEach((chunk, index) => {
      if (index < chunks.length - 1) request.write(chunk);
      else
        request.write(chunk, () => {
          request.off("close", resolve);
          resolve();
        });
    });
  });
}
