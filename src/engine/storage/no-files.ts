import { EngineError } from "../errors.ts";
import type { Entry, Storage, Usage } from "./storage.ts";

const ROOT: Entry = {
  name: "/",
  type: "Directory",
  size: 0,
  modified: new Date(0),
  unique: "0g0",
  mode: 0o555,
};

/** An empty home for an account without files. Uses no disk space. */
export class NoFiles implements Storage {
  async stat(path: string): Promise<Entry> {
    return this.#rootAt(path);
  }

  async *list(path: string): AsyncGenerator<readonly Entry[]> {
    this.#rootAt(path);
    yield [];
  }

  async *measure(): AsyncGenerator<Usage> {
    yield { bytes: 0, files: 0 };
  }

  async resumable(): Promise<undefined> {
    return undefined;
  }

  async openRead(): Promise<never> {
    throw new EngineError("NotFound", "No such file or directory");
  }

  openUpload = reject;
  remove = reject;
  makeDirectory = reject;
  removeDirectory = reject;
  rename = reject;
  setModificationTime = reject;
  setMode = reject;

  async availableBytes(): Promise<number> {
    return 0;
  }

  #rootAt(path: string): Entry {
    if (path !== "/") throw new EngineError("NotFound", "No such file or directory");
    return ROOT;
  }
}

async function reject(): Promise<never> {
  throw new EngineError("PermissionDenied", "This account has no files");
}
