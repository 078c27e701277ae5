import type { Duplex } from "node:stream";
import { EngineError } from "../errors.ts";
import { RecordCutter } from "./record-cutter.ts";
import { Relay } from "./relay.ts";
import type { ServerSocket } from "./server-socket.ts";

/**
 * Breaks an upload that ends without a close_notify: it may have been cut on the way (RFC 8446 section 6.1). OpenSSL 3.5 does not
 * report the close_notify that follows user_canceled, which is how Java ends every TLS 1.3 connection. So an end also counts as
 * said when the last record held no data: only the client can make a record, and it ends none of its others like that.
 */
export class TruncationGuard extends Relay {
  readonly #records = new RecordCutter();
  #socket: ServerSocket | undefined;
  /** Before the record under way; undefined in the handshake, whose last record is no end. */
  #received: number | undefined;
  #secure = false;
  #lastWasSilent = false;

  /** @param secure puts TLS on the connection that it is given */
  static over(plain: Duplex, secure: (guard: Duplex) => ServerSocket): ServerSocket {
    const guard = new TruncationGuard(plain);
    // Before TLS listens to the guard, so that these are asked first.
    guard.on("data", () => (guard.#received = guard.#secure ? guard.#socket?.receivedBytes : undefined));
    guard.once("end", () => guard.#atEnd());
    const socket = secure(guard);
    guard.#socket = socket;
    socket.once("secure", () => (guard.#secure = true));
    guard.on("data", () => (guard.#lastWasSilent = socket.receivedBytes === guard.#received));
    return socket;
  }

  protected override forward(chunk: Buffer): boolean {
    return this.#records.cut(chunk).reduce((_, piece) => super.forward(piece), true);
  }

  #atEnd(): void {
    const socket = this.#socket;
    if (socket === undefined || socket.closeNotified) return;
    if (socket.getProtocol() === "TLSv1.3" && this.#records.isBetween && this.#lastWasSilent) return;
    socket.destroy(new EngineError("ConnectionLost", "The upload ended without a TLS close_notify"));
  }
}
