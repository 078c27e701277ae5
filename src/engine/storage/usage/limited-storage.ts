import { StorageDecorator } from "./storage-decorator.ts";
import type { Replaces, Storage, Usage, Upload, UploadMode } from "../storage.ts";
import { limitedUpload } from "./limited-upload.ts";
import type { SpaceLimit } from "./space-limit.ts";

/** A home on a volume with a {@link SpaceLimit}. */
export class LimitedStorage extends StorageDecorator implements Storage {
  readonly #limit: SpaceLimit;

  constructor(inner: Storage, limit: SpaceLimit) {
    super(inner);
    this.#limit = limit;
  }

  async openUpload(path: string, mode: UploadMode, umask?: number): Promise<Upload> {
    await this.#limit.addEntry();
    const handle = await this.inner.openUpload(path, mode, umask);
    return limitedUpload(handle, "offset" in mode ? mode.offset : 0, this.#limit);
  }

  remove(path: string): Promise<Usage> {
    return this.inner.remove(path);
  }

  async makeDirectory(path: string, umask?: number): Promise<void> {
    await this.#limit.addEntry();
    await this.inner.makeDirectory(path, umask);
  }

  removeDirectory(path: string): Promise<Usage> {
    return this.inner.removeDirectory(path);
  }

  rename(from: string, to: string, replaces: Replaces): Promise<Usage> {
    const { usage } = this.#limit;
    // A count that runs may miss what is moved.
    return usage.inTurn(async () => {
      const moved = await this.inner.stat(from).catch(() => undefined);
      const gone = await this.inner.rename(from, to, replaces);
      usage.moved(moved);
      return gone;
    });
  }

  setMode(path: string, mode: number): Promise<void> {
    return this.inner.setMode(path, mode);
  }

  async availableBytes(path: string): Promise<number> {
    return Math.min(await this.inner.availableBytes(path), this.#limit.available);
  }
}
