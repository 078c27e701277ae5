import type { InputLine } from "./framing.ts";
import type { TickBudget } from "../../common/tick-budget.ts";

/** What the loop needs of its session. */
export interface LoopOwner {
  /** Resolves when replies can be sent. */
  ready(): Promise<void>;
  /** The next line to answer now; undefined when there is none. */
  take(): InputLine | undefined;
  answer(line: InputLine): Promise<void>;
  /** Called when there is no line to answer any more. */
  idle(): void;
  /** Called when the owner threw. */
  failed(error: unknown): void;
}

/** Answers the lines of one session, one after the other, as long as the session's share of the event loop lasts. */
export class CommandLoop {
  readonly #ticks: TickBudget;
  readonly #owner: LoopOwner;
  #running = false;

  constructor(ticks: TickBudget, owner: LoopOwner) {
    this.#ticks = ticks;
    this.#owner = owner;
  }

  /** Answers what is there, unless that is under way. */
  work(): void {
    if (this.#running) return;
    this.#running = true;
    this.#run().catch((error: unknown) => this.#owner.failed(error));
  }

  async #run(): Promise<void> {
    for (;;) {
      await this.#owner.ready();
      if (this.#ticks.spent) await this.#ticks.next();
      const line = this.#owner.take();
      if (line === undefined) break;
      await this.#owner.answer(line);
    }
    this.#running = false;
    this.#owner.idle();
  }
}
