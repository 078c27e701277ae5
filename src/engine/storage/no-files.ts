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

/** A home with nothing in it, nowhere on a disk. */
export class NoFiles implements Storage {
  async stat(path: string): Promise<Entry> {
    return this.#only(path);
  }

  async *list(path: string): AsyncGenerator<readonly Entry[]> {
    this.#only(path);
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

  openUpload = refuse;
  remove = refuse;
  makeDirectory = refuse;
  removeDirectory = refuse;
  rename = refuse;
  setModificationTime = refuse;
  setMode = refuse;

  async availableBytes(): Promise<number> {
    return 0;
  }

  #only(path: string): Entry {
    if (path !== "/") throw new EngineError("NotFound", "No such file or directory");
    return ROOT;
  }
}

async function refuse(): Promise<never> {
  throw new EngineError("PermissionDenied", "This account has no files");
}
