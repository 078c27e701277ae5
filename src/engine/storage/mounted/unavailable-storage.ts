import type { EngineError } from "../../errors.ts";
import type { Storage } from "../storage.ts";

/**
 * Storage of a mount that the engine could not open at login. Every operation fails with the same error until the next
 * login.
 */
export class UnavailableStorage implements Storage {
  readonly #error: EngineError;

  constructor(error: EngineError) {
    this.#error = error;
  }

  // oxlint-disable-next-line require-yield -- every listing fails
  async *list(): AsyncGenerator<never> {
    throw this.#error;
  }

  // oxlint-disable-next-line require-yield -- every count fails
  async *measure(): AsyncGenerator<never> {
    throw this.#error;
  }

  readonly #fail = async (): Promise<never> => {
    throw this.#error;
  };

  stat = this.#fail;
  resumable = this.#fail;
  openRead = this.#fail;
  openUpload = this.#fail;
  remove = this.#fail;
  makeDirectory = this.#fail;
  removeDirectory = this.#fail;
  rename = this.#fail;
  setModificationTime = this.#fail;
  setMode = this.#fail;
  availableBytes = this.#fail;
}
