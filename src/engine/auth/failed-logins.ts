import type { FailedLoginLimits } from "../../api/engine-config.ts";
import type { Clock } from "../../common/clock.ts";
import type { BanTarget } from "../observer.ts";
import { SNAT_KEY } from "../client-address.ts";

/**
 * Maximum number of entries with stored failures. Each entry is a client, a name, or a pair of client and name. When
 * the limit is exceeded, the engine removes the entry whose last failure is the oldest.
 */
export const MAX_REMEMBERED = 30_000;
/**
 * Maximum length of a stored name in characters. The engine truncates longer names, because no user has a longer name.
 */
const MAX_NAME = 128;

interface Failures {
  /** Number of wrong passwords since the time `since` (milliseconds since the epoch). */
  count: number;
  since: number;
  /** End of the ban in milliseconds since the epoch. */
  bannedUntil: number;
}

/**
 * Counts wrong passwords by client and by name, and bans clients and names.
 * A banned client cannot log in. A ban on a name must not lock out the owner of the name, because any client can cause
 * such a ban. During the ban, each client can send only one wrong password for this name. An attacker therefore has
 * only one attempt per address. The owner can log in from every address.
 * `ClientKeys.networkOf` identifies clients. A SNAT source represents many clients and is never banned. Only the login
 * delay and the limit per session apply to a SNAT source.
 */
export class FailedLogins {
  readonly #clock: Clock;
  readonly #limits: () => FailedLoginLimits;
  /** Failures by key, ordered by last failure, oldest first. */
  readonly #failures = new Map<string, Failures>();

  /** @param limits returns the current limits */
  constructor(clock: Clock, limits: () => FailedLoginLimits) {
    this.#clock = clock;
    this.#limits = limits;
  }

  /** Returns whether the engine rejects this client's logins with this name, even if the password is correct. */
  isBanned(client: string, name: string): boolean {
    if (client === SNAT_KEY) return false;
    const keys = keysOf(client, name);
    return this.#isBanned(keys.client) || (this.#isBanned(keys.name) && this.#current(keys.pair).count > 0);
  }

  /**
   * Counts a wrong password.
   * @returns targets of the bans that this wrong password causes
   */
  count(client: string, name: string): BanTarget[] {
    const keys = keysOf(client, name);
    const started: BanTarget[] = [];
    if (client !== SNAT_KEY) {
      this.#add(keys.pair);
      if (this.#add(keys.client)) started.push("Client");
    }
    if (this.#add(keys.name)) started.push("Name");
    return started;
  }

  #isBanned(key: string): boolean {
    return this.#current(key).bannedUntil > this.#clock.now();
  }

  /** @returns whether a ban starts */
  #add(key: string): boolean {
    const now = this.#clock.now();
    const { attempts, banSeconds } = this.#limits();
    const { count, since, bannedUntil } = this.#current(key);
    const full = count + 1 >= attempts && bannedUntil <= now && banSeconds > 0;
    this.#failures.delete(key);
    this.#failures.set(key, {
      count: count + 1,
      since,
      bannedUntil: full ? now + banSeconds * 1000 : bannedUntil,
    });
    const [oldest] = this.#failures.keys();
    if (this.#failures.size > MAX_REMEMBERED && oldest !== undefined) this.#failures.delete(oldest);
    return full;
  }

  /** Returns the failures for a key. A count expires after the counting period or at the end of a ban. */
  #current(key: string): Failures {
    const now = this.#clock.now();
    const found = this.#failures.get(key);
    const fresh = { count: 0, since: now, bannedUntil: 0 };
    if (found === undefined) return fresh;
    if (found.bannedUntil > now) return found;
    const expired = now - found.since >= this.#limits().periodSeconds * 1000;
    return expired || found.bannedUntil > 0 ? fresh : found;
  }
}

function keysOf(client: string, name: string): Record<"client" | "name" | "pair", string> {
  const who = name.slice(0, MAX_NAME);
  return { client: `client ${client}`, name: `name ${who}`, pair: `pair ${client} ${who}` };
}
