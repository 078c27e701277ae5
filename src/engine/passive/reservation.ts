import type { Duplex } from "node:stream";
import { nothingToCancel, type Cancel, type Clock } from "../../common/clock.ts";
import { EngineError } from "../errors.ts";
import { SNAT_KEY } from "../client-address.ts";
import { refusalOf, type DataProtection, type Handshaken } from "../transfer/data-protection.ts";
import type { DataDirection, DataSource } from "../transfer/data-source.ts";

/** How long a reservation stands without a transfer command. Milliseconds. */
export const UNUSED_RESERVATION_TIMEOUT = 60_000;

/**
 * How long after the transfer command a connection that resumed no TLS session must remain the only one, before it counts as the
 * client's. Milliseconds. Clients connect before they send the command, or together with it. A busy machine does not delay a
 * connection from the same address by more than this. Connections of a masked address take two paths through the network.
 */
export const RIVAL_WAIT = { sameAddress: 25, maskedAddress: 100 };
/** How long it waits for the handshakes of other connections. Milliseconds. */
export const RIVAL_PATIENCE = 5000;
/**
 * How long a transfer waits for another connection when all earlier ones were rejected: longer than the retransmission time of a
 * lost SYN. Milliseconds.
 */
export const AFTER_REFUSAL = 1500;

const CONTESTED =
  "Several connections came, and none resumed the TLS session of the control connection; try again";
const CONTESTED_PLAIN =
  "Several connections came, and any of them may be the client's; use TLS, or try again";

type State =
  /** No transfer command, no connection. */
  | { type: "Reserved" }
  /** The client's connection came before its transfer command. */
  | { type: "Connected"; data: Duplex }
  /** The transfer command came first. */
  | { type: "Awaited"; resolve: (data: Duplex) => void; reject: (error: EngineError) => void }
  | { type: "Over" };

/** The port of a reservation, as an interface to the pool. */
export interface ReservedPort {
  /** Called as soon as the port is no longer needed. */
  leave(self: PassiveReservation): void;
  /** Called when the transfer command has come. */
  awaited(self: PassiveReservation): void;
  /** Number of connections that wait there to be identified. */
  candidates(self: PassiveReservation): number;
}

/** The data connection that will arrive at a reserved port. */
export interface PassiveSource extends DataSource {
  readonly port: number;
}

/** One session's claim to one data connection on one port, from PASV to the connection. */
export class PassiveReservation implements PassiveSource {
  readonly port: number;
  readonly client: string;
  /** Undefined for plain data connections. */
  readonly protection: DataProtection | undefined;
  readonly madeAt: number;
  /** Options of the transfer command. */
  direction: DataDirection | undefined;
  #shared = false;
  /** The only connection so far that nothing distinguishes from a stranger's. */
  #unidentified: Duplex | undefined;
  #heldAt = 0;
  /** Whether there were several such connections: then none of them counts. */
  #contested = false;
  /** Why the last connection was rejected, for the reply to a client whose transfer times out. */
  #refusal: string | undefined;
  #state: State = { type: "Reserved" };
  #awaitedAt = 0;
  #cancelTimer: Cancel;
  #cancelDecision = nothingToCancel;
  readonly #clock: Clock;
  readonly #reserved: ReservedPort;

  constructor(
    { port, client, protection }: Pick<PassiveReservation, "port" | "client" | "protection">,
    clock: Clock,
    reserved: ReservedPort,
  ) {
    this.port = port;
    this.client = client;
    this.protection = protection;
    this.madeAt = clock.now();
    this.#clock = clock;
    this.#reserved = reserved;
    this.#cancelTimer = clock.schedule(UNUSED_RESERVATION_TIMEOUT, () => this.dispose());
  }

  /** Whether it is unused: neither a transfer command nor a connection of its session came. */
  get unused(): boolean {
    return this.#state.type === "Reserved";
  }

  get isAwaited(): boolean {
    return this.#state.type === "Awaited";
  }

  /** Whether the same client had another reservation on the same port at any time: then TLS must identify the session of a connection. */
  get shared(): boolean {
    return this.#shared;
  }

  share(): void {
    this.#shared = true;
    this.#dropUnidentified();
    this.review();
  }

  /**
   * Accepts a plain connection. When the address is masked, the transfer command uses the only connection that came before it, or
   * the first one after it. If several came before it, any of them could be a stranger's.
   * @returns why the connection is rejected
   */
  accept(data: Duplex): string | undefined {
    if (this.client !== SNAT_KEY || (this.#state.type === "Awaited" && !this.#contested)) this.deliver(data);
    else if (this.#contested || this.#unidentified?.destroyed === false) return this.#contest();
    else this.#hold(data.on("error", () => data.destroy()));
    return undefined;
  }

  /** Hands over the data connection. */
  deliver(data: Duplex): void {
    const state = this.#state;
    if (this.#unidentified === data) this.#unidentified = undefined;
    this.#dropUnidentified();
    if (state.type === "Awaited") {
      this.#enter({ type: "Over" });
      state.resolve(data);
    } else {
      // Kept, not read: the timer of an unused reservation goes on.
      this.#state = { type: "Connected", data };
      data.once("error", () => data.destroy());
    }
    this.#reserved.leave(this);
  }

  /**
   * Evaluates a connection to its port after the handshake, when there is no other reservation on the port.
   * @returns why it does not belong to the session; undefined when it does, or when that is not decided yet
   */
  consider({ data, key }: Handshaken): string | undefined {
    if (this.protection === undefined) throw new EngineError("Internal", "A plain connection needs no judge");
    const { member } = this.protection;
    const relation = member.judge(key);
    const refusal = refusalOf(relation, this.protection.mustResume);
    if (refusal !== undefined) return refusal;
    if (relation === "Own") this.deliver(data);
    else if (this.#contested || this.#unidentified?.destroyed === false) return this.#contest();
    else this.#hold(data);
    return undefined;
  }

  /** Remembers that a connection to its port was turned away. */
  noteRejection(reason: string): void {
    this.#refusal = reason;
  }

  /** Evaluates the connections again after a change. */
  review(): void {
    this.#cancelDecision();
    if (this.#state.type !== "Awaited") return;
    const others = this.#reserved.candidates(this);
    const chosen = this.#unidentified;
    if (chosen !== undefined) {
      const time = others > 0 ? this.#patienceEnds : this.#aloneSince(chosen);
      this.#decideAt(time, () => this.deliver(chosen));
    } else if (others === 0 && this.#refusal !== undefined) {
      const reason = this.#refusal;
      // No better plain connection can come.
      const wait = this.protection === undefined ? 0 : AFTER_REFUSAL;
      this.#decideAt(this.#clock.now() + wait, () => this.#giveUp(reason));
    }
  }

  async open(timeoutMilliseconds: number, direction: DataDirection): Promise<Duplex> {
    const state = this.#state;
    if (state.type === "Connected") {
      this.#enter({ type: "Over" });
      return state.data;
    }
    if (state.type !== "Reserved")
      throw new EngineError("DataConnectionFailed", "The passive port was given up; send EPSV or PASV again");
    this.direction = direction;
    this.#awaitedAt = this.#clock.now();
    return await new Promise<Duplex>((resolve, reject) => {
      this.#enter({ type: "Awaited", resolve, reject });
      this.#cancelTimer = this.#clock.schedule(timeoutMilliseconds, () =>
        this.#giveUp(this.#whyInVain(timeoutMilliseconds / 1000)),
      );
      this.#reserved.awaited(this);
      this.review();
    });
  }

  dispose(): void {
    this.#giveUp("The data connection was given up");
  }

  #whyInVain(seconds: number): string {
    if (this.#unidentified !== undefined) return CONTESTED;
    if (this.#refusal !== undefined) return this.#refusal;
    return this.#reserved.candidates(this) > 0
      ? `No TLS handshake was finished on port ${this.port} within ${seconds} s`
      : `No data connection came to port ${this.port} within ${seconds} s`;
  }

  #hold(data: Duplex): void {
    this.#unidentified = data;
    this.#heldAt = this.#clock.now();
    data.once("close", () => this.review());
  }

  get #patienceEnds(): number {
    return Math.max(this.#awaitedAt, this.#heldAt) + RIVAL_PATIENCE;
  }

  /** When a connection that resumed nothing starts to count, if no other comes. */
  #aloneSince({ destroyed }: Duplex): number {
    if (this.protection === undefined) return this.#awaitedAt;
    // The transfer reports why it broke, unless a better connection comes.
    if (destroyed) return this.#clock.now() + AFTER_REFUSAL;
    return this.#awaitedAt + (this.client === SNAT_KEY ? RIVAL_WAIT.maskedAddress : RIVAL_WAIT.sameAddress);
  }

  #contest(): string {
    this.#contested = true;
    this.#dropUnidentified();
    return this.protection === undefined ? CONTESTED_PLAIN : CONTESTED;
  }

  #dropUnidentified(): void {
    const data = this.#unidentified;
    this.#unidentified = undefined;
    data?.destroy();
  }

  #decideAt(time: number, decide: () => void): void {
    const wait = time - this.#clock.now();
    if (wait <= 0) decide();
    else this.#cancelDecision = this.#clock.schedule(wait, decide);
  }

  #giveUp(reason: string): void {
    const state = this.#state;
    if (state.type === "Over") return;
    this.#enter({ type: "Over" });
    this.#dropUnidentified();
    if (state.type === "Connected") state.data.destroy();
    else this.#reserved.leave(this);
    if (state.type === "Awaited") state.reject(new EngineError("DataConnectionFailed", reason));
  }

  #enter(state: State): void {
    this.#cancelTimer();
    this.#cancelDecision();
    this.#state = state;
  }
}
