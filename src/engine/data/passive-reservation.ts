import type { Duplex } from "node:stream";
import type { Cancel, Clock } from "../control/clock.ts";
import { EngineError } from "../errors.ts";
import type { TlsMember } from "../tls/families.ts";
import type { PassiveSource } from "./source.ts";

/** How long a reservation stands without a transfer command. Milliseconds. */
export const UNUSED_RESERVATION_TIMEOUT = 60_000;

type State =
  /** No transfer command, no connection. */
  | { type: "Reserved" }
  /** The client connected before its transfer command. */
  | { type: "Connected"; data: Duplex }
  /** The transfer command came first. */
  | { type: "Awaited"; resolve: (data: Duplex) => void; reject: (error: EngineError) => void }
  | { type: "Over" };

/** One session's claim to one data connection on one port, from PASV to the connection. */
export class PassiveReservation implements PassiveSource {
  readonly port: number;
  readonly client: string;
  /** Who may resume TLS sessions on it; undefined for plain data connections. */
  readonly member: TlsMember | undefined;
  readonly madeAt: number;
  /** Whether another one stood on the same port for the same client at any time: then TLS must say whose a connection is. */
  shared = false;
  /** Why connections were turned away, for a client that waits in vain. */
  #refused = "";
  #state: State = { type: "Reserved" };
  #cancelTimer: Cancel;
  readonly #clock: Clock;
  readonly #leavePort: () => void;

  /** @param leavePort called as soon as the port is no longer needed */
  constructor(
    { port, client, member }: Pick<PassiveReservation, "port" | "client" | "member">,
    clock: Clock,
    leavePort: (self: PassiveReservation) => void,
  ) {
    this.port = port;
    this.client = client;
    this.member = member;
    this.madeAt = clock.now();
    this.#clock = clock;
    this.#leavePort = () => leavePort(this);
    this.#cancelTimer = clock.schedule(UNUSED_RESERVATION_TIMEOUT, () => this.dispose());
  }

  /** Whether nobody would miss it yet: neither a transfer command nor a connection came. */
  get unused(): boolean {
    return this.#state.type === "Reserved";
  }

  /** Hands over the data connection. */
  deliver(data: Duplex): void {
    const state = this.#state;
    if (state.type === "Awaited") {
      this.#enter({ type: "Over" });
      state.resolve(data);
    } else {
      // Kept, not read: the timer of an unused reservation goes on.
      this.#state = { type: "Connected", data };
      data.once("error", () => data.destroy());
    }
    this.#leavePort();
  }

  /** Remembers that a connection to its port was turned away. */
  noteRefusal(reason: string): void {
    this.#refused = `; ${reason}`;
  }

  async open(timeoutMilliseconds: number): Promise<Duplex> {
    const state = this.#state;
    if (state.type === "Connected") {
      this.#enter({ type: "Over" });
      return state.data;
    }
    if (state.type !== "Reserved")
      throw new EngineError("DataConnectionFailed", "The passive port was given up; send EPSV or PASV again");
    return await new Promise<Duplex>((resolve, reject) => {
      this.#enter({ type: "Awaited", resolve, reject });
      const seconds = timeoutMilliseconds / 1000;
      this.#cancelTimer = this.#clock.schedule(timeoutMilliseconds, () =>
        this.#giveUp(`No data connection came to port ${this.port} within ${seconds} s${this.#refused}`),
      );
    });
  }

  dispose(): void {
    this.#giveUp("The data connection was given up");
  }

  #giveUp(reason: string): void {
    const state = this.#state;
    if (state.type === "Over") return;
    this.#enter({ type: "Over" });
    if (state.type === "Connected") state.data.destroy();
    else this.#leavePort();
    if (state.type === "Awaited") state.reject(new EngineError("DataConnectionFailed", reason));
  }

  #enter(state: State): void {
    this.#cancelTimer();
    this.#state = state;
  }
}
