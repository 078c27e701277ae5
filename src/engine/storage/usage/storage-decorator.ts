import type { Sorting } from "../local/sorted-names.ts";
import type { Entry, ReadHandle, Storage, Usage } from "../storage.ts";

/** The operations of a home that need no space. */
export class StorageDecorator
  implements Pick<Storage, "stat" | "resumable" | "list" | "measure" | "openRead" | "setModificationTime">
{
  protected readonly inner: Storage;

  constructor(inner: Storage) {
    this.inner = inner;
  }

  stat(path: string): Promise<Entry> {
    return this.inner.stat(path);
  }

  resumable(path: string): Promise<Entry | undefined> {
    return this.inner.resumable(path);
  }

  list(path: string, sorting?: Sorting): AsyncIterable<readonly Entry[]> {
    return this.inner.list(path, sorting);
  }

  measure(): AsyncIterable<Usage> {
    return this.inner.measure();
  }

  openRead(path: string): Promise<ReadHandle> {
    return this.inner.openRead(path);
  }

  setModificationTime(path: string, time: Date): Promise<void> {
    return this.inner.setModificationTime(path, time);
  }
}
