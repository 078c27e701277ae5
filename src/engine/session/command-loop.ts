import type { Owner } from "../../common/fair-queue.ts";
import type { TickBudget } from "../../common/tick-budget.ts";
import type { InputLine } from "../protocol/framing.ts";
import type { ControlConnection } from "./control-connection.ts";
import type { SessionState } from "./state.ts";

/** Session functions that the loop uses. A function returns a promise only if the command must wait. */
export interface LoopSession {
  /**
   * Returns the owner of the commands. The event-loop budget serves owners in round-robin order, regardless of their
   * number of sessions.
   */
  owner(): Owner;
  /** Resolves when the session can send replies. Returns undefined when replies can be sent immediately. */
  ready(): Promise<void> | undefined;
  /** Takes the next line. Returns undefined when no line can be processed. */
  take(): InputLine | undefined;
  /** Processes a line. */
  answer(line: InputLine): Promise<void> | undefined;
  /** Called when no line is left. */
  idle(): void;
  /** Called when a session function throws. */
  crashed(error: unknown): void;
}

/** Processes the lines of a session in order and within the event-loop budget. */
export class CommandLoop {
  readonly #ticks: TickBudget;
  readonly #session: LoopSession;
  #running = false;
  /** Whether the event-loop budget has admitted the next line. */
  #admitted = false;

  constructor(ticks: TickBudget, session: LoopSession) {
    this.#ticks = ticks;
    this.#session = session;
  }

  /** Processes the available lines. Has no effect while lines are being processed. */
  work(): void {
    if (this.#running) return;
    this.#running = true;
    try {
      const waiting = this.#advance();
      if (waiting === undefined) this.#rest();
      else this.#continue(waiting).catch((error: unknown) => this.#session.crashed(error));
    } catch (error) {
      this.#session.crashed(error);
    }
  }

  async #continue(waiting: Promise<void>): Promise<void> {
    for (let next: Promise<void> | undefined = waiting; next !== undefined; next = this.#advance())
      await next;
    this.#rest();
  }

  /** Processes lines until a line must wait. Returns a promise for the wait, or undefined when no line is left. */
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
 * Takes the next line to process. During a transfer or background job, the session processes ABOR before other lines.
 * Commands that cannot run during a transfer wait until the transfer or job ends.
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

/**
 * Returns whether a line is an ABOR command. Compares only the verb, because this function runs for every queued line
 * before each reply.
 */
function isAbort(line: InputLine): boolean {
  if (line.type !== "Line" || line.text.slice(0, ABORT.length).toUpperCase() !== ABORT) return false;
  return line.text.length === ABORT.length || line.text[ABORT.length] === " ";
}
