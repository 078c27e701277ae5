import { randomBytes } from "node:crypto";
import type { SecureContext } from "node:tls";

/** Maximum number of stored sessions. A session is about 200 bytes, and up to 10 KiB with a client certificate. */
export const MAX_SESSIONS = 10_000;
/** Maximum size of all stored sessions, in bytes. Clients choose the length of their certificates before they are authenticated. */
export const MAX_SESSION_BYTES = 8 * 1024 * 1024;
/** Maximum number of sessions in use that are skipped in the search for one to remove. */
const MAX_SKIPPED = 100;

/**
 * TLS 1.2 sessions by their ID, for clients that accept no tickets, such as curl. The least recently used one is removed first.
 * Those of open control connections stay longer: a client that keeps its session must be able to resume it, regardless of the
 * number of handshakes of other clients.
 */
export class SessionIds {
  readonly #sessions = new Map<string, Buffer>();
  readonly #isInUse: (session: Buffer) => boolean;
  #bytes = 0;

  /** @param isInUse whether a session belongs to an open control connection */
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

  /** Adds a session as the most recently used one. */
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

/** Length of a ticket's name, of each of its keys, and of its initialization vector, in bytes. */
const PART_BYTES = 16;

/** Results of OpenSSL's ticket callback (SSL_CTX_set_tlsext_ticket_key_evp_cb). */
const REJECTED = 0;
const ACCEPTED = 1;
const ACCEPTED_AND_RENEWED = 2;

type KeysOfTicket = [result: number, hmac: Uint8Array, aes: Uint8Array, name: Uint8Array, iv: Uint8Array];

/** An undocumented interface that Node has for its tests. */
interface TicketCallbacks {
  enableTicketKeyCallback(): void;
  onticketkeycallback?: (name: Uint8Array, iv: Uint8Array, isNew: boolean) => KeysOfTicket;
}

/**
 * Gives clients a new ticket with every connection that resumes a session. Clients that use each ticket of TLS 1.3 only once (RFC
 * 8446 appendix C.4), such as curl, could otherwise resume only every second time. A Node without the callback works without new
 * tickets.
 * @param keys name, HMAC key and AES key: those of the context
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
