/**
 * Locks that serialize conflicting changes to keys. A change waits for earlier changes to the same key, to directories
 * that contain the key, and to keys below the key. Changes to other keys run concurrently.
 */
export class KeyLocks {
  /** Running and waiting changes, in the order in which they were requested. */
  readonly #changes = new Set<{ keys: readonly string[]; ended: Promise<void> }>();

  /** @param keys file keys, or directory keys without the trailing slash */
  async run<T>(keys: readonly string[], change: () => Promise<T>): Promise<T> {
    const earlier = [...this.#changes].filter((one) => overlap(one.keys, keys));
    const { promise: ended, resolve: end } = Promise.withResolvers<void>();
    const own = { keys, ended };
    this.#changes.add(own);
    try {
      // Each change waits only for earlier changes, so changes to several keys cannot cause a deadlock.
      await Promise.all(earlier.map((one) => one.ended));
      return await change();
    } finally {
      this.#changes.delete(own);
      end();
    }
  }
}

function overlap(some: readonly string[], others: readonly string[]): boolean {
  return some.some((one) => others.some((other) => isInside(one, other) || isInside(other, one)));
}

function isInside(key: string, directory: string): boolean {
  return key === directory || key.startsWith(`${directory}/`);
}
