import { randomBytes } from "node:crypto";
import type { SecureContext } from "node:tls";

/** Length of a ticket's name, of each of its keys, and of its initialization vector, in bytes. */
const PART_BYTES = 16;

/** Results of OpenSSL's ticket callback (SSL_CTX_set_tlsext_ticket_key_evp_cb). */
const UNKNOWN = 0;
const ACCEPTED = 1;
const ACCEPTED_AND_RENEWED = 2;

type KeysOfTicket = [outcome: number, hmac: Uint8Array, aes: Uint8Array, name: Uint8Array, iv: Uint8Array];

/** An undocumented interface of Node for its own tests. */
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
    return [name.equals(presented) ? ACCEPTED_AND_RENEWED : UNKNOWN, hmac, aes, none, none];
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
