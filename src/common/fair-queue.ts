/** Groups to which an owner belongs, from the widest to the narrowest group, for example namespace, user and client. */
export type Owner = readonly string[];

/**
 * Queue that serves its owners in round-robin order. The queue serves one item from each outermost group per round.
 * Within a group, the queue serves one item from each subgroup per round. Within the innermost group, the oldest item
 * comes first. An owner with many items delays another owner by only one item.
 */
export class FairQueue<T> {
  /** Groups in service order. */
  readonly #groups = new Map<string, FairQueue<T>>();
  readonly #items = new Set<T>();
  #size = 0;

  /** Returns the number of items that belong to an owner, including items in subgroups. */
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

  /** Removes a waiting item. @returns whether the item was in the queue */
  delete(owner: Owner, item: T): boolean {
    const [group, ...below] = owner;
    const queue = group === undefined ? undefined : this.#groups.get(group);
    const deleted = group === undefined ? this.#items.delete(item) : queue?.delete(below, item) === true;
    if (deleted) this.#size -= 1;
    if (group !== undefined && queue?.size() === 0) this.#groups.delete(group);
    return deleted;
  }

  /** Removes and returns the next item, or undefined if the queue is empty. */
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
