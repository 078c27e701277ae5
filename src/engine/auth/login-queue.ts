import type { Owner } from "../../common/fair-queue.ts";
import { Semaphore } from "../../common/semaphore.ts";
import { SNAT_KEY } from "../client-address.ts";
import { EngineError } from "../errors.ts";

/**
 * Maximum number of concurrent verifications. Each verification can use one CPU core and tens of megabytes of memory.
 */
const MAX_CONCURRENT = 2;
/**
 * Maximum number of concurrent verifications with an expensive hash. An expensive verification takes all
 * `MAX_CONCURRENT` permits, because its 64 MiB leave no memory for another verification.
 */
const MAX_EXPENSIVE = 1;
/**
 * Maximum number of logins from one client that compete with logins from other clients. Further logins from this client
 * wait for the competing logins.
 */
const MAX_COMPETING = 2;
/**
 * Maximum number of waiting logins from one client. A SNAT source represents many clients. Logins from this source can
 * therefore fill the entire queue (`MAX_WAITING`).
 */
export const MAX_WAITING_PER_CLIENT = 128;
/** Maximum number of waiting logins. */
export const MAX_WAITING = 1024;

/** Login whose password must be verified. */
export interface QueuedLogin {
  /** Groups to which the login belongs in the queue, from the outermost to the innermost group. */
  owner: Owner;
  /** Key of the client address (`ClientKeys.networkOf`). */
  client: string;
  /** Whether the hash is expensive (see `isExpensive`). */
  expensive: boolean;
  /** Signal that removes the login from the queue. A running verification continues. */
  signal: AbortSignal | undefined;
}

interface Client {
  readonly competing: Semaphore;
  /** Waiting logins, oldest first. */
  readonly waiting: Set<AbortController>;
  /** Number of waiting and running logins. */
  logins: number;
}

/**
 * Limits concurrent password verifications and queues further logins. The queue serves namespaces, users and clients in
 * round-robin order. A namespace delays other namespaces by at most a few verifications, regardless of its number of
 * logins. The same limit applies to the users in a namespace and to the clients of a user.
 */
export class LoginQueue {
  readonly #permits = new Semaphore(MAX_CONCURRENT);
  readonly #expensive = new Semaphore(MAX_EXPENSIVE);
  readonly #clients = new Map<string, Client>();
  #logins = 0;
  #waiting = 0;

  /**
   * Runs the verification when a permit is available.
   * @throws EngineError TooManyLogins when the queue is full, or when a newer login displaces this login from the full
   *   queue. Throws the abort reason when the signal aborts.
   */
  async run<T>(verify: () => Promise<T>, login: QueuedLogin): Promise<T> {
    // A login that does not wait runs even after its client has disconnected, because a script can send all its
    // commands and disconnect.
    const signal = this.#logins < MAX_CONCURRENT ? undefined : login.signal;
    signal?.throwIfAborted();
    const client = this.#clients.get(login.client) ?? newClient(login.client);
    this.#makeRoom(login.client, client);
    const waiting = new AbortController();
    const cancel = (): void => this.#cancel(client, waiting, signal?.reason);
    signal?.addEventListener("abort", cancel, { once: true });
    this.#enter(login.client, client, waiting);
    try {
      return await this.#runLimited(client, { ...login, signal: waiting.signal }, () => {
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

  #runLimited<T>(client: Client, login: QueuedLogin, verify: () => Promise<T>): Promise<T> {
    const { owner, expensive, signal } = login;
    const options = { owner, ...(signal && { signal }) };
    const withPermit = (next: () => Promise<T>): Promise<T> => this.#permits.run(next, options);
    // MAX_EXPENSIVE is 1. Two logins therefore cannot each hold one permit and wait for the permit of the other login.
    const exclusively = (): Promise<T> =>
      this.#expensive.run(() => withPermit(() => withPermit(verify)), options);
    return client.competing.run(() => (expensive ? exclusively() : withPermit(verify)), options);
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

  /**
   * If the queue is full, removes the newest waiting login of the client that has the most waiting logins.
   * @throws EngineError TooManyLogins when the client has too many waiting logins, or when the queue is full and no
   *   other client has more waiting logins, counting the new login
   */
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
  return {
    competing: new Semaphore(key === SNAT_KEY ? Infinity : MAX_COMPETING),
    waiting: new Set(),
    logins: 0,
  };
}

function tooMany(): EngineError {
  return new EngineError("TooManyLogins", "Too many concurrent logins; try again later");
}
