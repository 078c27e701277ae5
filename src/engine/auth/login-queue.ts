import type { Owner } from "../../common/fair-queue.ts";
import { Semaphore } from "../../common/semaphore.ts";
import { SNAT_KEY } from "../client-address.ts";
import { EngineError } from "../errors.ts";

/** Passwords verified at once. Each may take a core and tens of megabytes. */
const MAX_CONCURRENT = 2;
/**
 * Passwords with an expensive hash that are verified at once. Each uses all places of MAX_CONCURRENT, because its 64 MiB leave no
 * memory for another.
 */
const MAX_EXPENSIVE = 1;
/** Logins of one client that compete with those of other clients; its other logins wait for these. */
const MAX_COMPETING = 2;
/** Maximum number of waiting logins of one client. A masked client represents many clients, and may use all of MAX_WAITING. */
export const MAX_WAITING_PER_CLIENT = 128;
/** Maximum number of waiting logins. */
export const MAX_WAITING = 1024;

/** A login that needs its password verified. */
export interface QueuedLogin {
  /** The owner in the queue, from the widest group to the narrowest. */
  owner: Owner;
  /** Client by ClientKeys.networkOf. */
  client: string;
  /** Whether the hash is one that isExpensive. */
  expensive: boolean;
  /** Removes the login from the queue when it is aborted; a verification that has started continues. */
  signal: AbortSignal | undefined;
}

interface Client {
  readonly turns: Semaphore;
  /** By the time of arrival, oldest first. */
  readonly waiting: Set<AbortController>;
  /** Logins that wait or run. */
  logins: number;
}

/**
 * The logins that wait for a place to verify a password. Namespaces, users and clients are served in round-robin order. None of
 * them delays another by more than a few verifications, regardless of the number of its logins.
 */
export class LoginQueue {
  readonly #places = new Semaphore(MAX_CONCURRENT);
  readonly #expensive = new Semaphore(MAX_EXPENSIVE);
  readonly #clients = new Map<string, Client>();
  #logins = 0;
  #waiting = 0;

  /**
   * Runs the verification when a place is free for the login.
   * @throws EngineError TooManyLogins when too many wait, now or later; the reason of the signal
   */
  async run<T>(verify: () => Promise<T>, login: QueuedLogin): Promise<T> {
    // A login with a free place runs even after its client has disconnected: a script may send all its commands and
    // disconnect.
    const signal = this.#logins < MAX_CONCURRENT ? undefined : login.signal;
    signal?.throwIfAborted();
    const client = this.#clients.get(login.client) ?? newClient(login.client);
    this.#makeRoom(login.client, client);
    const waiting = new AbortController();
    const cancel = (): void => this.#cancel(client, waiting, signal?.reason);
    signal?.addEventListener("abort", cancel, { once: true });
    this.#enter(login.client, client, waiting);
    try {
      return await this.#inTurn(client, { ...login, signal: waiting.signal }, () => {
        this.#leaveQueue(client, waiting);
        return verify();
      });
    } finally {
      signal?.removeEventListener("abort", cancel);
      this.#leaveQueue(client, waiting);
      this.#logins -= 1;
      client.logins -= 1;
      if (client.logins === 0) this.#clients.delete(login.client);
    }
  }

  #inTurn<T>(client: Client, login: QueuedLogin, verify: () => Promise<T>): Promise<T> {
    const { owner, expensive, signal } = login;
    const options = { owner, ...(signal && { signal }) };
    const placed = (next: () => Promise<T>): Promise<T> => this.#places.run(next, options);
    // With MAX_EXPENSIVE of 1, no two logins each keep one place while they wait for the place of the other.
    const alone = (): Promise<T> => this.#expensive.run(() => placed(() => placed(verify)), options);
    return client.turns.run(() => (expensive ? alone() : placed(verify)), options);
  }

  #enter(key: string, client: Client, waiting: AbortController): void {
    this.#clients.set(key, client);
    client.waiting.add(waiting);
    client.logins += 1;
    this.#waiting += 1;
    this.#logins += 1;
  }

  #leaveQueue(client: Client, waiting: AbortController): void {
    if (client.waiting.delete(waiting)) this.#waiting -= 1;
  }

  #cancel(client: Client, waiting: AbortController, reason: unknown): void {
    this.#leaveQueue(client, waiting);
    waiting.abort(reason);
  }

  /** When the queue is full, removes the newest login of the client with the most waiting logins for a client with fewer. */
  #makeRoom(key: string, client: Client): void {
    if (key !== SNAT_KEY && client.waiting.size >= MAX_WAITING_PER_CLIENT) throw tooMany();
    if (this.#waiting < MAX_WAITING) return;
    let heaviest = client;
    for (const other of this.#clients.values())
      if (other.waiting.size > heaviest.waiting.size) heaviest = other;
    const newest = [...heaviest.waiting].at(-1);
    if (newest === undefined || heaviest.waiting.size <= client.waiting.size + 1) throw tooMany();
    this.#cancel(heaviest, newest, tooMany());
  }
}

function newClient(key: string): Client {
  return { turns: new Semaphore(key === SNAT_KEY ? Infinity : MAX_COMPETING), waiting: new Set(), logins: 0 };
}

function tooMany(): EngineError {
  return new EngineError("TooManyLogins", "Too many logins at once; try again");
}
