import type { ObjectLimits } from "./limits.ts";

/** Share of `listedKeys` that the listings of one home can hold before their new pages are limited to `minPageKeys`. */
const HOME_SHARE = 3 / 4;

/** The keys of one page. Disposing of the lease releases the keys. */
export interface PageLease extends Disposable {
  /** Maximum number of keys in the page. */
  readonly keys: number;
}

/**
 * Limits the number of keys that all listings in a bucket hold in memory. A listing holds the keys of a page until the
 * client has received the page. When many listings run, their pages become smaller, but no listing waits for another.
 */
export class ListedKeys {
  readonly #limits: Pick<ObjectLimits, "listedKeys" | "minPageKeys" | "pageKeys">;
  #held = 0;
  readonly #byHome = new Map<string, number>();

  constructor(limits: Pick<ObjectLimits, "listedKeys" | "minPageKeys" | "pageKeys">) {
    this.#limits = limits;
  }

  /** Number of keys for which pages are reserved. */
  get held(): number {
    return this.#held;
  }

  /** Reserves a page. @param home key prefix of the home */
  lease(home: string): PageLease {
    const { listedKeys, minPageKeys, pageKeys } = this.#limits;
    const ofHome = listedKeys * HOME_SHARE - (this.#byHome.get(home) ?? 0);
    const free = Math.floor(Math.min(listedKeys - this.#held, ofHome));
    const keys = Math.min(pageKeys, Math.max(minPageKeys, free));
    this.#change(home, keys);
    return { keys, [Symbol.dispose]: () => this.#change(home, -keys) };
  }

  #change(home: string, keys: number): void {
    this.#held += keys;
    const held = (this.#byHome.get(home) ?? 0) + keys;
    if (held > 0) this.#byHome.set(home, held);
    else this.#byHome.delete(home);
  }
}
