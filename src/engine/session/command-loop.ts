import type { Owner } from "../../common/fair-queue.ts";
import type { TickBudget } from "../../common/tick-budget.ts";
import type { InputLine } from "../protocol/framing.ts";

/** What the loop needs of its session. */
export interface LoopSession {
  /** The owner of the commands. Owners are served in round-robin order, regardless of the number of their sessions. */
  owner(): Owner;
  /** Resolves when replies can be sent. */
  ready(): Promise<void>;
  /** The next line to process; undefined when there is none. */
  take(): InputLine | undefined;
  answer(line: InputLine): Promise<void>;
  /** Called when all lines have been processed. */
  idle(): void;
  /** Called when the session threw. */
  failed(error: unknown): void;
}

/** Processes the lines of one session, one after the other, within the session's share of the event loop. */
export class CommandLoop {
  readonly #ticks: TickBudget;
  readonly #session: LoopSession;
  #running = false;

  constructor(ticks: TickBudget, session: LoopSession) {
    this.#ticks = ticks;
    this.#session = session;
  }

  /** Processes the available lines, unless that is in progress. */
  work(): void {
    if (this.#running) return;
    this.#running = true;
    this.#run().catch((error: unknown) => this.#session.failed(error));
  }

  async #run(): Promise<void> {
    for (;;) {
      await this.#session.ready();
      if (this.#ticks.spent) await this.#ticks.next(this.#session.owner());
      const line = this.#session.take();
      if (line === undefined) break;
      await this.#session.answer(line);
    }
    this.#running = false;
    this.#session.idle();
  }
}
