import type { Owner } from "../../common/fair-queue.ts";
import type { TickBudget } from "../../common/tick-budget.ts";
import type { InputLine } from "./framing.ts";

/** What the loop needs of its session. */
export interface LoopSession {
  /** On whose behalf the lines are answered: sessions of different owners take turns, however many one of them has. */
  owner(): Owner;
  /** Resolves when replies can be sent. */
  ready(): Promise<void>;
  /** The next line to answer now; undefined when there is none. */
  take(): InputLine | undefined;
  answer(line: InputLine): Promise<void>;
  /** Called when there is no line to answer any more. */
  idle(): void;
  /** Called when the session threw. */
  failed(error: unknown): void;
}

/** Answers the lines of one session, one after the other, as long as the session's share of the event loop lasts. */
export class CommandLoop {
  readonly #ticks: TickBudget;
  readonly #session: LoopSession;
  #running = false;

  constructor(ticks: TickBudget, session: LoopSession) {
    this.#ticks = ticks;
    this.#session = session;
  }

  /** Answers what is there, unless that is under way. */
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
