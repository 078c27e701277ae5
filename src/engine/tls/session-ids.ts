/** Sessions kept; the least recently used one goes first. Each is about 200 bytes, and a client certificate more. */
export const MAX_SESSIONS = 10_000;

/** TLS 1.2 sessions by their ID, for clients that take no tickets, as curl does. */
export class SessionIds {
  readonly #sessions = new Map<string, Buffer>();

  keep(id: Buffer, session: Buffer): void {
    this.#sessions.set(id.toString("base64"), session);
    const [oldest] = this.#sessions.keys();
    if (this.#sessions.size > MAX_SESSIONS && oldest !== undefined) this.#sessions.delete(oldest);
  }

  find(id: Buffer): Buffer | undefined {
    const key = id.toString("base64");
    const session = this.#sessions.get(key);
    if (session === undefined) return undefined;
    this.#sessions.delete(key);
    this.#sessions.set(key, session);
    return session;
  }
}
