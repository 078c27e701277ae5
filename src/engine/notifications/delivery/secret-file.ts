import { readFile } from "node:fs/promises";
import { SECRET_INVALID } from "./response.ts";

/** Time in milliseconds for which a value is used without reading its file. */
const MAX_VALUE_AGE = 1000;

/** Value in a file of a mounted Secret. The file is read again, because the kubelet replaces files of a changed Secret. */
export class SecretFile {
  readonly #path: string;
  #value: Promise<string> | undefined;
  #readAt = 0;

  constructor(path: string) {
    this.#path = path;
  }

  /**
   * Returns the value without a final line end.
   * @throws Error with the code ERR_SECRET_INVALID
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

/** Returns an error that does not contain the value. */
export function invalidSecret(text: string, cause?: unknown): Error {
  return Object.assign(new Error(`Secret ${text}`, { cause }), { code: SECRET_INVALID });
}
