import type { FailedLoginLimits } from "../../api/engine-config.ts";
import type { Clock } from "../../common/clock.ts";
import type { BanTarget } from "../observer.ts";
import { SNAT_KEY } from "../client-address.ts";

/** Clients, names and pairs of both that are remembered; the one that was quiet for longest goes first. */
export const MAX_REMEMBERED = 30_000;
/** Longer names are no user's, and are remembered by their beginning. Characters. */
const MAX_NAME = 128;

interface Failures {
  /** Wrong passwords since `since`, milliseconds since the epoch. */
  count: number;
  since: number;
  /** Milliseconds since the epoch. */
  bannedUntil: number;
}

/**
 * Wrong passwords of clients and for names, and the bans that follow. A ban of a client shuts that client out. A ban of a name
 * must not shut its owner out, or anybody could do that to anybody: while it lasts, each client has one wrong password for that
 * name instead of many. So one who guesses from many addresses gets one guess from each, and the owner comes in from everywhere.
 * ClientKeys.networkOf identifies clients. A masked client represents all clients behind it, and is never banned. Only the delay
 * and the limit for each session apply to it.
 */
export class FailedLogins {
  readonly #clock: Clock;
  readonly #limits: () => FailedLoginLimits;
  /** By last failure, oldest first. */
  readonly #failures = new Map<string, Failures>();

  /** @param limits asked anew each time, as they may change */
  constructor(clock: Clock, limits: () => FailedLoginLimits) {
    this.#clock = clock;
    this.#limits = limits;
  }

  /** Whether a client may not try this name now, not even with the right password. */
  isBanned(client: string, name: string): boolean {
    if (client === SNAT_KEY) return false;
    const keys = keysOf(client, name);
    return this.#isBanned(keys.client) || (this.#isBanned(keys.name) && this.#current(keys.pair).count > 0);
  }

  /** Counts a wrong password. @returns the bans that begin with it */
  count(client: string, name: string): BanTarget[] {
    const keys = keysOf(client, name);
    const begun: BanTarget[] = [];
    if (client !== SNAT_KEY) {
      this.#add(keys.pair);
      if (this.#add(keys.client)) begun.push("Client");
    }
    if (this.#add(keys.name)) begun.push("Name");
    return begun;
  }

  #isBanned(key: string): boolean {
    return this.#current(key).bannedUntil > this.#clock.now();
  }

  /** @returns whether a ban begins */
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

  /** What stands against a key now: counts are forgotten after the period, and with the end of a ban. */
  #current(key: string): Failures {
    const now = this.#clock.now();
    const found = this.#failures.get(key);
    const fresh = { count: 0, since: now, bannedUntil: 0 };
    if (found === undefined) return fresh;
    if (found.bannedUntil > now) return found;
    const over = now - found.since >= this.#limits().periodSeconds * 1000;
    return over || found.bannedUntil > 0 ? fresh : found;
  }
}

function keysOf(client: string, name: string): Record<"client" | "name" | "pair", string> {
  const who = name.slice(0, MAX_NAME);
  return { client: `client ${client}`, name: `name ${who}`, pair: `pair ${client} ${who}` };
}
