import { Relay } from "./relay.ts";

/** Header and payload of the longest TLS record (RFC 5246 section 6.2.3), in bytes. */
const MAX_RECORD_BYTES = 5 + 16_384 + 2048;

/**
 * Completes any record that was cut, and then starts one of a type that does not exist. No TLS connection can authenticate either, so
 * TLS fails unless it ignores them. It ignores only what follows a close_notify (RFC 8446 section 6.1).
 */
const PROBE = Buffer.alloc(MAX_RECORD_BYTES);

/**
 * Makes TLS fail when the client ends the connection without close_notify, because the upload may have been cut on the path. Node
 * does not report how TLS ended, and OpenSSL 3.5 does not report the close_notify that follows user_canceled, which is how Java
 * ends every TLS 1.3 connection. The guard therefore inserts a probe after the client's last byte.
 */
export class TruncationGuard extends Relay {
  #ended = false;
  #isArmed = true;

  /** Whether the connection has ended, so that an error of TLS comes from the probe or from a record before it. */
  get ended(): boolean {
    return this.#ended;
  }

  /** From now on the end of the connection needs no check. */
  disarm(): void {
    this.#isArmed = false;
  }

  protected override atEnd(): void {
    if (!this.#isArmed) return;
    this.#ended = true;
    this.push(PROBE);
  }
}
