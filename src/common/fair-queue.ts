/** The owner of a waiting item, from the widest group to the narrowest, for example namespace, user and client. */
export type Owner = readonly string[];

/**
 * A queue that serves its owners in round-robin order: one item of each outermost group, then within a group one item of each
 * subgroup. Within the innermost group, the oldest item comes first. One owner with many items delays another owner by one item,
 * not by all.
 */
export class FairQueue<T> {
  /** Groups in the order in which they are served. */
  readonly #groups = new Map<string, FairQueue<T>>();
  readonly #items = new Set<T>();
  #size = 0;

  /** Number of items of an owner, including those of its subgroups. */
  size(owner: Owner = []): number {
    const [group, ...below] = owner;
    if (group === undefined) return this.#size;
    return this.#groups.get(group)?.size(below) ?? 0;
  }

  add(owner: Owner, item: T): void {
    const [group, ...below] = owner;
    this.#size += 1;
    if (group === undefined) {
      this.#items.add(item);
      return;
    }
    const queue = this.#groups.get(group) ?? new FairQueue<T>();
    this.#groups.set(group, queue);
    queue.add(below, item);
  }

  /** Removes an item that no longer waits. @returns whether it was there */
  delete(owner: Owner, item: T): boolean {
    const [group, ...below] = owner;
    const queue = group === undefined ? undefined : this.#groups.get(group);
    const deleted = group === undefined ? this.#items.delete(item) : queue?.delete(below, item) === true;
    if (deleted) this.#size -= 1;
    if (group !== undefined && queue?.size() === 0) this.#groups.delete(group);
    return deleted;
  }

  /** Removes and returns the item to serve next; undefined when the queue is empty. */
  take(): T | undefined {
    if (this.#size === 0) return undefined;
    this.#size -= 1;
    for (const item of this.#items) {
      this.#items.delete(item);
      return item;
    }
    for (const [group, queue] of this.#groups) {
      this.#groups.delete(group);
      const item = queue.take();
      if (queue.size() > 0) this.#groups.set(group, queue);
      return item;
    }
    return undefined;
  }
}
