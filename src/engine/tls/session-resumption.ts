import { randomBytes } from "node:crypto";
import type { SecureContext } from "node:tls";

/** Maximum number of stored sessions. A session occupies about 200 bytes, or up to 10 KiB with a client certificate. */
export const MAX_SESSIONS = 10_000;
/**
 * Maximum total size of stored sessions in bytes. Before authentication, a client can send a certificate of any length.
 */
export const MAX_SESSION_BYTES = 8 * 1024 * 1024;
/** Maximum number of sessions of open control connections to skip during the search for a session to remove. */
const MAX_SKIPPED = 100;

/**
 * TLS 1.2 sessions, keyed by session ID, for clients that accept no tickets, such as curl. The cache removes the least
 * recently used session first. Sessions of open control connections remain in the cache longer, so that many handshakes
 * by other clients do not prevent a client from resuming its session.
 */
export class SessionIds {
  readonly #sessions = new Map<string, Buffer>();
  readonly #isInUse: (session: Buffer) => boolean;
  #bytes = 0;

  /** @param isInUse returns whether a session belongs to an open control connection */
  constructor(isInUse: (session: Buffer) => boolean = () => false) {
    this.#isInUse = isInUse;
  }

  get bytes(): number {
    return this.#bytes;
  }

  keep(id: Buffer, session: Buffer): void {
    this.#put(id.toString("base64"), session);
    while (this.#sessions.size > MAX_SESSIONS || this.#bytes > MAX_SESSION_BYTES) this.#dropOne();
  }

  find(id: Buffer): Buffer | undefined {
    const key = id.toString("base64");
    const session = this.#sessions.get(key);
    if (session !== undefined) this.#put(key, session);
    return session;
  }

  #dropOne(): void {
    let skipped = 0;
    for (const [key, session] of this.#sessions) {
      if (skipped < MAX_SKIPPED && this.#isInUse(session)) {
        skipped += 1;
        this.#put(key, session);
        continue;
      }
      this.#remove(key);
      return;
    }
  }

  /** Adds a session as the most recently used session. */
  #put(key: string, session: Buffer): void {
    this.#remove(key);
    this.#sessions.set(key, session);
    this.#bytes += session.length;
  }

  #remove(key: string): void {
    this.#bytes -= this.#sessions.get(key)?.length ?? 0;
    this.#sessions.delete(key);
  }
}

/** Length in bytes of a ticket name, of each ticket key, and of the initialization vector. */
const PART_BYTES = 16;

/** Return values of OpenSSL's ticket callback (SSL_CTX_set_tlsext_ticket_key_evp_cb). */
const REJECTED = 0;
const ACCEPTED = 1;
const ACCEPTED_AND_RENEWED = 2;

type KeysOfTicket = [result: number, hmac: Uint8Array, aes: Uint8Array, name: Uint8Array, iv: Uint8Array];

/** Undocumented Node.js interface that the tests of Node.js use. */
interface TicketCallbacks {
  enableTicketKeyCallback(): void;
  onticketkeycallback?: (name: Uint8Array, iv: Uint8Array, isNew: boolean) => KeysOfTicket;
}

/**
 * Issues a new ticket on every connection that resumes a session. Clients such as curl use each TLS 1.3 ticket only
 * once (RFC 8446 appendix C.4). Without new tickets, these clients could resume a session only on every second
 * connection. Has no effect if Node.js does not provide the ticket callback.
 * @param keys ticket name, HMAC key and AES key of the context
 */
export function renewTickets({ context }: SecureContext, keys: Buffer): void {
  if (!hasTicketCallbacks(context)) return;
  const [name, hmac, aes] = [0, 1, 2].map((part) =>
    keys.subarray(part * PART_BYTES, (part + 1) * PART_BYTES),
  );
  if (name === undefined || hmac === undefined || aes === undefined) return;
  const none = new Uint8Array();
  context.enableTicketKeyCallback();
  context.onticketkeycallback = (presented, _iv, isNew) => {
    if (isNew) return [ACCEPTED, hmac, aes, name, randomBytes(PART_BYTES)];
    return [name.equals(presented) ? ACCEPTED_AND_RENEWED : REJECTED, hmac, aes, none, none];
  };
}

function hasTicketCallbacks(context: unknown): context is TicketCallbacks {
  return (
    typeof context === "object" &&
    context !== null &&
    "enableTicketKeyCallback" in context &&
    typeof context.enableTicketKeyCallback === "function"
  );
}
