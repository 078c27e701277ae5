import type { Duplex } from "node:stream";
import { nothingToCancel, type Cancel, type Clock } from "../../common/clock.ts";
import { SNAT_KEY } from "../client-address.ts";
import { EngineError } from "../errors.ts";
import { rejectionReason, type DataProtection, type SecuredConnection } from "../transfer/data-protection.ts";
import type { DataDirection, DataSource } from "../transfer/data-source.ts";

/** Maximum age in milliseconds of a reservation without a transfer command. */
export const UNUSED_RESERVATION_TIMEOUT = 60_000;

/**
 * Delay in milliseconds between the transfer command and the use of a connection without a resumed TLS session. The
 * reservation uses the connection only if no other connection arrives during this time. Clients connect before or
 * together with the transfer command. Even on a busy machine, a connection from the same address arrives within
 * `sameAddress` milliseconds. The delay is longer for connections after SNAT, because they can take different network
 * paths.
 */
export const SOLE_CONNECTION_WAIT = { sameAddress: 25, snatAddress: 100 };
/** Maximum time in milliseconds that an unidentified connection waits for the handshakes of other connections. */
export const PENDING_CONNECTION_WAIT = 5000;
/**
 * Maximum time in milliseconds that a transfer waits for another connection after the rejection of all earlier
 * connections. The time exceeds the retransmission time of a lost SYN.
 */
export const REJECTION_WAIT = 1500;

const AMBIGUOUS_TLS =
  "Several connections arrived and none resumed the TLS session of the control connection; try again";
const AMBIGUOUS_PLAIN =
  "Several connections arrived and the client's connection cannot be identified; use TLS, or try again";

type State =
  /** Neither the transfer command nor a connection has arrived. */
  | { type: "Reserved" }
  /** The connection arrived before the transfer command. */
  | { type: "Connected"; data: Duplex }
  /** The transfer command arrived before the connection. */
  | { type: "Awaited"; resolve: (data: Duplex) => void; reject: (error: EngineError) => void }
  | { type: "Over" };

/** Functions of the passive port that a reservation uses. */
export interface ReservedPort {
  /** Releases the port for other reservations. */
  release(reservation: PassiveReservation): void;
  /** Called when the transfer command arrives. */
  onTransferCommand(reservation: PassiveReservation): void;
  /** Returns the number of connections with an incomplete handshake on the port. */
  pendingConnections(reservation: PassiveReservation): number;
}

/** Source of a data connection on a reserved port. */
export interface PassiveSource extends DataSource {
  readonly port: number;
}

/**
 * Reservation of a port for one data connection in one session. The reservation lasts from the PASV or EPSV command
 * until its session uses the connection.
 */
export class PassiveReservation implements PassiveSource {
  readonly port: number;
  readonly client: string;
  /** TLS protection. The value is undefined for unencrypted data connections. */
  readonly protection: DataProtection | undefined;
  readonly madeAt: number;
  /** Direction of the transfer. The value is undefined before the transfer command. */
  direction: DataDirection | undefined;
  #shared = false;
  /**
   * The unidentified connection, if exactly one such connection has arrived. The connection can belong to this session
   * or to another client.
   */
  #unidentified: Duplex | undefined;
  #unidentifiedSince = 0;
  /** Whether several unidentified connections have arrived. The reservation then uses none of these connections. */
  #ambiguous = false;
  /** Reason for the rejection of the last connection. The reply contains the reason when the transfer times out. */
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

  /** Whether neither a transfer command nor a connection for the session has arrived. */
  get unused(): boolean {
    return this.#state.type === "Reserved";
  }

  /** Whether a transfer is waiting for its connection. */
  get isAwaited(): boolean {
    return this.#state.type === "Awaited";
  }

  /**
   * Whether another reservation for the same client has ever shared the port with this reservation. On a shared port,
   * only TLS can identify the session of a connection.
   */
  get shared(): boolean {
    return this.#shared;
  }

  share(): void {
    this.#shared = true;
    this.#dropUnidentified();
    this.review();
  }

  /**
   * Accepts an unencrypted connection. If SNAT hides the client address, the transfer uses the only connection that
   * arrived before the command. If no connection arrived before the command, the transfer uses the first connection
   * after the command. If several connections arrived before the command, the transfer rejects all of these
   * connections.
   * @returns reason for a rejection
   */
  offerPlain(data: Duplex): string | undefined {
    if (this.client !== SNAT_KEY || (this.#state.type === "Awaited" && !this.#ambiguous)) this.deliver(data);
    else if (this.#ambiguous || this.#unidentified?.destroyed === false) return this.#markAmbiguous();
    else this.#hold(data.on("error", () => data.destroy()));
    return undefined;
  }

  /**
   * Evaluates a connection after its TLS handshake when no other reservation shares the port.
   * @returns reason for a rejection, or undefined when the connection is accepted or held for a later decision
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

  /** Uses the connection for the transfer. */
  deliver(data: Duplex): void {
    const state = this.#state;
    if (this.#unidentified === data) this.#unidentified = undefined;
    this.#dropUnidentified();
    if (state.type === "Awaited") {
      this.#enter({ type: "Over" });
      state.resolve(data);
    } else {
      // The timer for unused reservations remains active.
      this.#state = { type: "Connected", data };
      data.once("error", () => data.destroy());
    }
    this.#reserved.release(this);
  }

  /** Records the reason for the rejection of a connection to the port. */
  noteRejection(reason: string): void {
    this.#rejection = reason;
  }

  /** Chooses the connection again after the connections on the port have changed. */
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
      // Without TLS, a later connection could not be identified either.
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

  /** Returns the time at which the transfer uses an unidentified connection if no other connection arrives. */
  #soleConnectionTime({ destroyed }: Duplex): number {
    if (this.protection === undefined) return this.#awaitedSince;
    // If the connection has broken, the transfer reports the error of this connection unless another connection
    // arrives.
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
