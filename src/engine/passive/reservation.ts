import type { Duplex } from "node:stream";
import { nothingToCancel, type Cancel, type Clock } from "../../common/clock.ts";
import { SNAT_KEY } from "../client-address.ts";
import { EngineError } from "../errors.ts";
import { rejectionReason, type DataProtection, type SecuredConnection } from "../transfer/data-protection.ts";
import type { DataDirection, DataSource } from "../transfer/data-source.ts";

/** Maximum age of a reservation without a transfer command. Milliseconds. */
export const UNUSED_RESERVATION_TIMEOUT = 60_000;

/**
 * How long after the transfer command a connection without a resumed TLS session must remain the only one before it is used.
 * Milliseconds. Clients connect before they send the command, or together with it. A busy machine delays a connection from the
 * same address by no more than this. Connections from a SNAT source can take different paths through the network.
 */
export const SOLE_CONNECTION_WAIT = { sameAddress: 25, snatAddress: 100 };
/** How long such a connection waits for the handshakes of other connections. Milliseconds. */
export const PENDING_CONNECTION_WAIT = 5000;
/**
 * How long a transfer waits for another connection after all earlier ones were rejected. Milliseconds. Longer than the
 * retransmission time of a lost SYN.
 */
export const REJECTION_WAIT = 1500;

const AMBIGUOUS_TLS =
  "Several connections arrived and none resumed the TLS session of the control connection; try again";
const AMBIGUOUS_PLAIN =
  "Several connections arrived and the client's connection cannot be identified; use TLS, or try again";

type State =
  /** No transfer command and no connection. */
  | { type: "Reserved" }
  /** The connection came before the transfer command. */
  | { type: "Connected"; data: Duplex }
  /** The transfer command came before the connection. */
  | { type: "Awaited"; resolve: (data: Duplex) => void; reject: (error: EngineError) => void }
  | { type: "Over" };

/** The port of a reservation, as the reservation sees it. */
export interface ReservedPort {
  /** Releases the port for other reservations. */
  release(reservation: PassiveReservation): void;
  /** Handles the arrival of the transfer command. */
  onTransferCommand(reservation: PassiveReservation): void;
  /** Returns the number of connections at the port whose handshake is not complete. */
  pendingConnections(reservation: PassiveReservation): number;
}

/** A source for a data connection at a reserved port. */
export interface PassiveSource extends DataSource {
  readonly port: number;
}

/** The reservation of a port for one data connection of one session, from PASV to the connection. */
export class PassiveReservation implements PassiveSource {
  readonly port: number;
  readonly client: string;
  /** Undefined for plain data connections. */
  readonly protection: DataProtection | undefined;
  readonly madeAt: number;
  /** Direction of the transfer command; undefined before it. */
  direction: DataDirection | undefined;
  #shared = false;
  /** The only connection so far that can belong to this session or to another client. */
  #unidentified: Duplex | undefined;
  #unidentifiedSince = 0;
  /** Whether several such connections arrived. None of them is used. */
  #ambiguous = false;
  /** Why the last connection was rejected, for the reply when the transfer times out. */
  #rejection: string | undefined;
  #state: State = { type: "Reserved" };
  #awaitedSince = 0;
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

  /** Whether neither a transfer command nor a connection of the session has arrived. */
  get unused(): boolean {
    return this.#state.type === "Reserved";
  }

  /** Whether a transfer waits for its connection. */
  get isAwaited(): boolean {
    return this.#state.type === "Awaited";
  }

  /** Whether the client had another reservation on the port at any time. Only TLS identifies the session of a connection then. */
  get shared(): boolean {
    return this.#shared;
  }

  share(): void {
    this.#shared = true;
    this.#dropUnidentified();
    this.review();
  }

  /**
   * Accepts a plain connection. From a SNAT source, the transfer uses the only connection that came before its command, or the
   * first one after it. If several came before the command, none is used.
   * @returns why the connection is rejected
   */
  offerPlain(data: Duplex): string | undefined {
    if (this.client !== SNAT_KEY || (this.#state.type === "Awaited" && !this.#ambiguous)) this.deliver(data);
    else if (this.#ambiguous || this.#unidentified?.destroyed === false) return this.#markAmbiguous();
    else this.#hold(data.on("error", () => data.destroy()));
    return undefined;
  }

  /**
   * Evaluates a connection after its TLS handshake, when the reservation is the only one on its port.
   * @returns why the connection is rejected; undefined when it is accepted, or held for a later decision
   */
  offer({ data, key }: SecuredConnection): string | undefined {
    if (this.protection === undefined)
      throw new EngineError("Internal", "Plain data connections have no TLS");
    const { tlsClient, mustResume } = this.protection;
    const relation = tlsClient.identify(key);
    const reason = rejectionReason(relation, mustResume);
    if (reason !== undefined) return reason;
    if (relation === "Own") this.deliver(data);
    else if (this.#ambiguous || this.#unidentified?.destroyed === false) return this.#markAmbiguous();
    else this.#hold(data);
    return undefined;
  }

  /** Uses a connection for the transfer. */
  deliver(data: Duplex): void {
    const state = this.#state;
    if (this.#unidentified === data) this.#unidentified = undefined;
    this.#dropUnidentified();
    if (state.type === "Awaited") {
      this.#enter({ type: "Over" });
      state.resolve(data);
    } else {
      // The timer for unused reservations continues.
      this.#state = { type: "Connected", data };
      data.once("error", () => data.destroy());
    }
    this.#reserved.release(this);
  }

  /** Records why a connection to the port was rejected. */
  noteRejection(reason: string): void {
    this.#rejection = reason;
  }

  /** Decides again after a change of the connections at the port. */
  review(): void {
    this.#cancelDecision();
    if (this.#state.type !== "Awaited") return;
    const pending = this.#reserved.pendingConnections(this);
    const chosen = this.#unidentified;
    if (chosen !== undefined) {
      const time = pending > 0 ? this.#pendingDeadline : this.#soleConnectionTime(chosen);
      this.#decideAt(time, () => this.deliver(chosen));
    } else if (pending === 0 && this.#rejection !== undefined) {
      const reason = this.#rejection;
      // Only a TLS handshake can identify a later connection.
      const wait = this.protection === undefined ? 0 : REJECTION_WAIT;
      this.#decideAt(this.#clock.now() + wait, () => this.#end(reason));
    }
  }

  async open(timeoutMilliseconds: number, direction: DataDirection): Promise<Duplex> {
    const state = this.#state;
    if (state.type === "Connected") {
      this.#enter({ type: "Over" });
      return state.data;
    }
    if (state.type !== "Reserved")
      throw new EngineError("DataConnectionFailed", "The passive port has expired; send EPSV or PASV again");
    this.direction = direction;
    this.#awaitedSince = this.#clock.now();
    return await new Promise<Duplex>((resolve, reject) => {
      this.#enter({ type: "Awaited", resolve, reject });
      this.#cancelTimer = this.#clock.schedule(timeoutMilliseconds, () =>
        this.#end(this.#timeoutReason(timeoutMilliseconds / 1000)),
      );
      this.#reserved.onTransferCommand(this);
      this.review();
    });
  }

  dispose(): void {
    this.#end("The data connection was canceled");
  }

  #timeoutReason(seconds: number): string {
    if (this.#unidentified !== undefined) return AMBIGUOUS_TLS;
    if (this.#rejection !== undefined) return this.#rejection;
    return this.#reserved.pendingConnections(this) > 0
      ? `TLS handshake on port ${this.port} not finished within ${seconds} s`
      : `No data connection to port ${this.port} within ${seconds} s`;
  }

  #hold(data: Duplex): void {
    this.#unidentified = data;
    this.#unidentifiedSince = this.#clock.now();
    data.once("close", () => this.review());
  }

  get #pendingDeadline(): number {
    return Math.max(this.#awaitedSince, this.#unidentifiedSince) + PENDING_CONNECTION_WAIT;
  }

  /** Returns when an unidentified connection is used, if no other connection arrives. */
  #soleConnectionTime({ destroyed }: Duplex): number {
    if (this.protection === undefined) return this.#awaitedSince;
    // The transfer reports the error of a broken connection, unless another one arrives.
    if (destroyed) return this.#clock.now() + REJECTION_WAIT;
    const { sameAddress, snatAddress } = SOLE_CONNECTION_WAIT;
    return this.#awaitedSince + (this.client === SNAT_KEY ? snatAddress : sameAddress);
  }

  #markAmbiguous(): string {
    this.#ambiguous = true;
    this.#dropUnidentified();
    return this.protection === undefined ? AMBIGUOUS_PLAIN : AMBIGUOUS_TLS;
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

  #end(reason: string): void {
    const state = this.#state;
    if (state.type === "Over") return;
    this.#enter({ type: "Over" });
    this.#dropUnidentified();
    if (state.type === "Connected") state.data.destroy();
    else this.#reserved.release(this);
    if (state.type === "Awaited") state.reject(new EngineError("DataConnectionFailed", reason));
  }

  #enter(state: State): void {
    this.#cancelTimer();
    this.#cancelDecision();
    this.#state = state;
  }
}
