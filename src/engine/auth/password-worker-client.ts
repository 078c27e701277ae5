import { Worker } from "node:worker_threads";
import { EngineError } from "../errors.ts";

interface Pending {
  resolve: (matches: boolean) => void;
  reject: (error: Error) => void;
}

/** A worker thread and the questions that wait for its answers. */
interface Running {
  worker: Worker;
  pending: Map<number, Pending>;
}

/** Asks one worker thread, which starts with the first question, and anew with the next one after it died. */
export class PasswordWorker {
  readonly #file: URL;
  #running: Running | undefined;
  #lastId = 0;

  /** @param file the thread's program: answers { id, hash, password } with { id, matches } */
  constructor(file: URL) {
    this.#file = file;
  }

  /** Number of questions that wait for an answer. */
  get pending(): number {
    return this.#running?.pending.size ?? 0;
  }

  /** Whether the password belongs to the hash. @throws EngineError Internal when the thread dies meanwhile */
  async verify(hash: string, password: string): Promise<boolean> {
    this.#running ??= this.#start();
    const { worker, pending } = this.#running;
    const id = ++this.#lastId;
    // Only an open question keeps the process alive.
    worker.ref();
    try {
      return await new Promise<boolean>((resolve, reject) => {
        pending.set(id, { resolve, reject });
        worker.postMessage({ id, hash, password });
      });
    } finally {
      pending.delete(id);
      if (pending.size === 0) worker.unref();
    }
  }

  #start(): Running {
    const worker = new Worker(this.#file);
    const pending = new Map<number, Pending>();
    const running = { worker, pending };
    worker.on("message", ({ id, matches }: { id: number; matches: boolean }) => {
      pending.get(id)?.resolve(matches);
    });
    const dead = (cause?: unknown): void => {
      if (this.#running === running) this.#running = undefined;
      const error = new EngineError("Internal", "The password could not be checked; try again", { cause });
      for (const { reject } of pending.values()) reject(error);
    };
    worker.on("error", dead);
    // Also without an error: out of memory, or ended by the system.
    worker.on("exit", dead);
    return running;
  }
}
