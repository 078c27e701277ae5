import type { EngineError } from "../errors.ts";
import type { Reply } from "../protocol/reply.ts";

/** Work that takes long and needs no data connection. Like a transfer it leaves the control connection free, for ABOR above all. */
export class Computation {
  /** What goes on, for STAT. */
  readonly what: string;
  /** What to tell the client at the end. Never rejects. */
  readonly outcome: Promise<Reply>;
  readonly #controller = new AbortController();

  /**
   * Starts at once.
   * @param what a sentence for STAT
   * @param run looks at the signal between its steps; its reason is an EngineError
   * @param failed the reply for whatever `run` throws
   */
  constructor(what: string, run: (signal: AbortSignal) => Promise<Reply>, failed: (error: unknown) => Reply) {
    this.what = what;
    this.outcome = run(this.#controller.signal).catch(failed);
  }

  /** Ends it at its next step. */
  abort(reason: EngineError): void {
    this.#controller.abort(reason);
  }
}
