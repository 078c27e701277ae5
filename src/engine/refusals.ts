import type { Duplex } from "node:stream";
import type { Clock } from "./control/clock.ts";
import type { RefusalReason } from "./control/observer.ts";
import { encodeReply, lastReply } from "./control/reply.ts";

/** How long a client that was turned away may take to read why. Milliseconds. */
const GRACE = 2000;
/** Clients that read why at the same time; more are turned away without a reply. */
export const MAX_REFUSALS = 256;

/** Reasons that are known before login. */
export type Refusal = Exclude<RefusalReason, "SessionsPerUser">;

/** Texts of the 421 that turns a client away. */
export const REFUSALS: Readonly<Record<Refusal, string>> = {
  Sessions: "Too many sessions; try later",
  SessionsPerClient: "Too many sessions from your address; try later",
  Draining: "The server is going down; try again",
};

/** Turns clients away that get no session. */
export class Refusals {
  readonly #clock: Clock;
  #open = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Sends 421 and closes, at once when too many clients are being turned away. */
  refuse(duplex: Duplex, reason: Refusal): void {
    if (this.#open >= MAX_REFUSALS) {
      duplex.destroy();
      return;
    }
    this.#open += 1;
    const cancel = this.#clock.schedule(GRACE, () => duplex.destroy());
    duplex.on("error", () => duplex.destroy());
    duplex.once("close", () => {
      this.#open -= 1;
      cancel();
    });
    duplex.once("end", () => duplex.destroy());
    duplex.end(encodeReply(lastReply(421, REFUSALS[reason])));
    duplex.resume();
  }
}
