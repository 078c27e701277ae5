import type { Duplex } from "node:stream";
import type { Clock } from "../../common/clock.ts";
import type { RejectionReason } from "../observer.ts";
import { encodeReply, lastReply } from "../protocol/reply.ts";

/** How long a rejected client may take to read the reply. Milliseconds. */
const GRACE = 2000;
/** Maximum number of rejected clients that read a reply at the same time. More are rejected without a reply. */
export const MAX_REJECTIONS = 256;

/** Reasons that are known before login. */
export type Rejection = Exclude<RejectionReason, "SessionsPerUser">;

/** Texts of the 421 replies to rejected clients. */
export const REJECTION_TEXTS: Readonly<Record<Rejection, string>> = {
  Sessions: "Too many sessions; try later",
  SessionsPerClient: "Too many sessions from your address; try later",
  Draining: "The server is going down; try again",
};

/** Rejects clients that get no session. */
export class Rejections {
  readonly #clock: Clock;
  #open = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Sends 421 and closes the connection. Closes it without a reply when too many clients are being rejected. */
  reject(duplex: Duplex, reason: Rejection): void {
    if (this.#open >= MAX_REJECTIONS) {
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
    duplex.end(encodeReply(lastReply(421, REJECTION_TEXTS[reason])));
    duplex.resume();
  }
}
