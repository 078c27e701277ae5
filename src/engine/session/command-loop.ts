import type { Owner } from "../../common/fair-queue.ts";
import type { TickBudget } from "../../common/tick-budget.ts";
import type { InputLine } from "../protocol/framing.ts";
import type { ControlConnection } from "./control-connection.ts";
import type { SessionState } from "./state.ts";

/** What the loop needs of its session. Promises only for what really waits, because most commands do not. */
export interface LoopSession {
  /** The owner of the commands. Owners are served in round-robin order, regardless of the number of their sessions. */
  owner(): Owner;
  /** Resolves when replies can be sent; undefined when they can be sent now. */
  ready(): Promise<void> | undefined;
  /** The next line to process; undefined when there is none. */
  take(): InputLine | undefined;
  /** Processes a line. */
  answer(line: InputLine): Promise<void> | undefined;
  /** Called when all lines have been processed. */
  idle(): void;
  /** Called when the session threw. */
  failed(error: unknown): void;
}

/** Processes the lines of one session in order, within the event-loop budget of the session. */
export class CommandLoop {
  readonly #ticks: TickBudget;
  readonly #session: LoopSession;
  #running = false;
  /** The budget has admitted the next line. */
  #admitted = false;

  constructor(ticks: TickBudget, session: LoopSession) {
    this.#ticks = ticks;
    this.#session = session;
  }

  /** Processes the available lines, unless that is in progress. */
  work(): void {
    if (this.#running) return;
    this.#running = true;
    try {
      const waiting = this.#advance();
      if (waiting === undefined) this.#rest();
      else this.#continue(waiting).catch((error: unknown) => this.#session.failed(error));
    } catch (error) {
      this.#session.failed(error);
    }
  }

  async #continue(waiting: Promise<void>): Promise<void> {
    for (let next: Promise<void> | undefined = waiting; next !== undefined; next = this.#advance())
      await next;
    this.#rest();
  }

  /** Processes lines until one must wait. Returns the wait; undefined when no line is left. */
  #advance(): Promise<void> | undefined {
    for (;;) {
      const blocked = this.#session.ready();
      if (blocked !== undefined) return blocked;
      if (!this.#admitted && this.#ticks.spent) {
        this.#admitted = true;
        return this.#ticks.next(this.#session.owner());
      }
      this.#admitted = false;
      const line = this.#session.take();
      if (line === undefined) return undefined;
      const answering = this.#session.answer(line);
      if (answering !== undefined) return answering;
    }
  }

  #rest(): void {
    this.#running = false;
    this.#session.idle();
  }
}

const ABORT = "ABOR";

/**
 * Takes the next line to process. During a transfer or background job, ABOR overtakes the other lines, and commands that need its
 * end wait.
 */
export function takeLine(
  control: ControlConnection,
  state: SessionState,
  runsDuringTransfer: (line: InputLine) => boolean,
): InputLine | undefined {
  if (state.type !== "Transferring" && state.type !== "RunningJob") return control.take();
  const abort = control.queued.findIndex(isAbort);
  if (abort >= 0) return control.takeAt(abort);
  const [first] = control.queued;
  return first !== undefined && runsDuringTransfer(first) ? control.take() : undefined;
}

/** Compares the verb only, because this runs for every queued line before each reply. */
function isAbort(line: InputLine): boolean {
  if (line.type !== "Line" || line.text.slice(0, ABORT.length).toUpperCase() !== ABORT) return false;
  return line.text.length === ABORT.length || line.text[ABORT.length] === " ";
}
