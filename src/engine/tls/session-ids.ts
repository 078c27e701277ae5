/** Sessions kept. Each is about 200 bytes, and a client certificate more: Node passes on up to 10 KiB. */
export const MAX_SESSIONS = 10_000;
/** Bytes of all sessions kept. Clients choose the length of their certificates before they are authenticated. */
export const MAX_SESSION_BYTES = 8 * 1024 * 1024;
/** Maximum number of sessions in use that are skipped in the search for one to remove. */
const MAX_PASSED_OVER = 100;

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
    let passedOver = 0;
    for (const [key, session] of this.#sessions) {
      if (passedOver < MAX_PASSED_OVER && this.#isInUse(session)) {
        passedOver += 1;
        this.#put(key, session);
        continue;
      }
      this.#remove(key);
      return;
    }
  }

  /** The newest one is the last one. */
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
