import type { Clock } from "../../../../common/clock.ts";
import { bodyOf, EMPTY, newIdentity } from "../../../storage/object/bodies.ts";
import { findStored, isCode, storeUnder } from "../../../storage/object/conditional.ts";
import type { Condition, ObjectBody, ObjectStore } from "../../../storage/object/object-store.ts";

/** Size in bytes of a released lease. Another engine can acquire a released lease immediately. */
export const RELEASED_BYTES = EMPTY.bytes;

export interface LeaseTarget {
  store: ObjectStore;
  key: string;
  /** ID of the engine that holds the lease. */
  holder: string;
  clock: Clock;
}

/**
 * Exclusive access to the events of one outbox in a bucket. The lease is an object. Each renewal changes the object.
 * The renewal fails if another engine has acquired the lease.
 */
export class Lease {
  readonly #target: LeaseTarget;
  #etag: string;
  #renewals = 0;
  #renewedAt: number;

  private constructor(target: LeaseTarget, etag: string) {
    this.#target = target;
    this.#etag = etag;
    this.#renewedAt = target.clock.now();
  }

  /**
   * Acquires a lease whose object has the given state. Returns undefined if another engine has changed or
   * removed the object in the meantime.
   */
  static async take(target: LeaseTarget, state: Condition["condition"]): Promise<Lease | undefined> {
    try {
      return new Lease(target, await put(target, bodyOf(`${target.holder} 0\n`), state));
    } catch (error) {
      if (isCode(error, "Conflict", "NotFound")) return undefined;
      throw error;
    }
  }

  /** Time in milliseconds since the last renewal. */
  get silence(): number {
    return this.#target.clock.now() - this.#renewedAt;
  }

  /** Renews the lease. Returns false if another engine has acquired the lease. */
  async renew(): Promise<boolean> {
    const { holder, clock } = this.#target;
    const startedAt = clock.now();
    this.#renewals += 1;
    try {
      this.#etag = await put(this.#target, bodyOf(`${holder} ${this.#renewals}\n`), { etag: this.#etag });
    } catch (error) {
      if (isCode(error, "Conflict", "NotFound")) return false;
      throw error;
    }
    this.#renewedAt = startedAt;
    return true;
  }

  /** Releases the lease, so that another engine can acquire it immediately. */
  async release(): Promise<void> {
    await put(this.#target, EMPTY, { etag: this.#etag });
  }

  /**
   * Removes the lease of an empty outbox, unless another engine has acquired the lease. Some services ignore the
   * condition of a removal request. This method therefore renews the lease first, because no engine acquires a lease
   * soon after its renewal.
   */
  async end(): Promise<void> {
    if (!(await this.renew())) return;
    const { store, key } = this.#target;
    await store.remove(key, this.#etag).catch((error: unknown) => {
      if (!isCode(error, "Conflict")) throw error;
    });
  }
}

/** Stores the lease object and returns its ETag. */
async function put(
  { store, key }: LeaseTarget,
  body: ObjectBody,
  state: Condition["condition"],
): Promise<string> {
  const metadata = newIdentity();
  let etag = "";
  try {
    await storeUnder(store, key, state, async (condition) => {
      const stored = await store.put(key, body, { metadata, condition });
      etag = stored.etag;
      return stored;
    });
    return etag;
  } catch (error) {
    // The response to a successful request can be lost. The retry of the request then fails.
    const found = await findStored(store, key, metadata);
    if (found === undefined) throw error;
    return found.etag;
  }
}
