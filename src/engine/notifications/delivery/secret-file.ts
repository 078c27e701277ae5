import { readFile } from "node:fs/promises";
import { SECRET_INVALID } from "./response.ts";

/** Time in milliseconds after which the engine reads the file again. */
const MAX_VALUE_AGE = 1000;

/**
 * Value from a file in a mounted Secret. The engine repeatedly reads the file, because the kubelet replaces it when the
 * Secret changes.
 */
export class SecretFile {
  readonly #path: string;
  #value: Promise<string> | undefined;
  #readAt = 0;

  constructor(path: string) {
    this.#path = path;
  }

  /**
   * Returns the value without a final line break.
   * @throws Error with the code ERR_SECRET_INVALID if the value cannot be used
   */
  read(now = Date.now()): Promise<string> {
    if (this.#value === undefined || now - this.#readAt >= MAX_VALUE_AGE) {
      this.#readAt = now;
      this.#value = readValue(this.#path);
    }
    return this.#value;
  }
}

async function readValue(path: string): Promise<string> {
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw invalidSecret("cannot be read", cause);
  });
  const value = text.replace(/\r?\n$/u, "");
  if (value === "") throw invalidSecret("is empty");
  return value;
}

/** Returns an error that does not contain the secret value. */
export function invalidSecret(text: string, cause?: unknown): Error {
  return Object.assign(new Error(`Secret ${text}`, { cause }), { code: SECRET_INVALID });
}
