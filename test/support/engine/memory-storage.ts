import { EngineError } from "../../../src/engine/errors.ts";
import { sortedNames } from "../../../src/engine/storage/local/listing/sorted-names.ts";
import type {
  Entry,
  ReadHandle,
  Sorting,
  Storage,
  Usage,
  Upload,
  UploadMode,
} from "../../../src/engine/storage/storage.ts";

/** Number of entries in each listing batch. */
const BATCH = 64;

interface MemoryFile {
  bytes: Buffer;
  modified: Date;
  unique: string;
  mode: number;
}

/** An in-memory storage for protocol tests that need no disk. */
export class MemoryStorage implements Storage {
  readonly files = new Map<string, MemoryFile>();
  readonly directories = new Set(["/"]);
  /** Error that the next write call throws. */
  writeError: EngineError | undefined;
  /** Result of `availableBytes`. */
  available = 1_000_000;
  /** Stored checksums, which are the same for every file. */
  digests: ReadonlyMap<string, string> = new Map();
  #created = 0;

  put(path: string, content: string | Uint8Array): void {
    const unique = this.files.get(path)?.unique ?? `u${++this.#created}`;
    const modified = new Date("2026-01-02T03:04:05Z");
    this.files.set(path, { bytes: Buffer.from(content), modified, unique, mode: 0o644 });
  }

  text(path: string): string | undefined {
    return this.files.get(path)?.bytes.toString();
  }

  async stat(path: string): Promise<Entry> {
    const name = path === "/" ? "/" : path.slice(path.lastIndexOf("/") + 1);
    const file = this.files.get(path);
    if (file !== undefined) {
      return {
        name,
        type: "File",
        size: file.bytes.length,
        modified: file.modified,
        unique: file.unique,
        mode: file.mode,
      };
    }
    if (!this.directories.has(path)) throw new EngineError("NotFound", "No such file or directory");
    return {
      name,
      type: "Directory",
      size: 0,
      modified: new Date("2026-01-02T03:04:05Z"),
      unique: `d${path}`,
      mode: 0o755,
    };
  }

  /** A memory storage does not keep incomplete uploads. Tests can replace this method. */
  async resumable(_path: string): Promise<Entry | undefined> {
    return undefined;
  }

  async *list(path: string, sorting?: Sorting): AsyncGenerator<Entry[]> {
    const prefix = path === "/" ? "/" : `${path}/`;
    const names = this.#namesIn(prefix);
    for await (const some of sorting === undefined ? names : sortedNames(names, BATCH, sorting))
      yield await Promise.all(some.map((name) => this.stat(`${prefix}${name}`)));
  }

  async *#namesIn(prefix: string): AsyncGenerator<string[]> {
    const names = [...this.directories, ...this.files.keys()]
      .filter((child) => child !== "/" && child.startsWith(prefix))
      .map((child) => child.slice(prefix.length))
      .filter((name) => !name.includes("/"));
    for (let start = 0; start < names.length; start += BATCH) yield names.slice(start, start + BATCH);
  }

  async *measure(): AsyncGenerator<Usage> {
    for (const directory of this.directories)
      for await (const entries of this.list(directory))
        yield { bytes: entries.reduce((sum, { size }) => sum + size, 0), files: entries.length };
  }

  async openRead(path: string): Promise<ReadHandle> {
    const entry = await this.stat(path);
    if (entry.type === "Directory") throw new EngineError("IsADirectory", "Is a directory");
    const bytes = this.files.get(path)?.bytes ?? Buffer.alloc(0);
    return {
      entry,
      digests: this.digests,
      read: async (buffer, position) => bytes.copy(buffer, 0, position, position + buffer.length),
      close: async () => {},
    };
  }

  async openUpload(path: string, mode: UploadMode): Promise<Upload> {
    if (this.directories.has(path)) throw new EngineError("IsADirectory", "Is a directory");
    const isTaken = mode.type === "Create" ? this.files.has(path) : await this.#keeps(path, mode);
    if (isTaken) throw new EngineError("AlreadyExists", "File exists");
    const old = this.files.get(path)?.bytes ?? Buffer.alloc(0);
    let bytes: Buffer = mode.type === "Replace" || mode.type === "Create" ? Buffer.alloc(0) : old;
    if ("offset" in mode) bytes = old.subarray(0, mode.offset);
    return {
      write: async (chunks) => {
        const error = this.writeError;
        this.writeError = undefined;
        if (error !== undefined) throw error;
        bytes = Buffer.concat([bytes, ...chunks]);
        if (mode.type === "Append" || mode.type === "Resume") this.put(path, bytes);
      },
      commit: async () => this.put(path, bytes),
      abort: async () => {},
    };
  }

  async #keeps(path: string, { type }: UploadMode): Promise<boolean> {
    return type === "Append" && (await this.resumable(path)) !== undefined;
  }

  async remove(path: string): Promise<void> {
    await this.stat(path);
    if (!this.files.delete(path)) throw new EngineError("IsADirectory", "Is a directory");
  }

  async makeDirectory(path: string): Promise<void> {
    if (this.directories.has(path) || this.files.has(path))
      throw new EngineError("AlreadyExists", "File exists");
    this.directories.add(path);
  }

  async removeDirectory(path: string): Promise<void> {
    for await (const [entry] of this.list(path))
      throw new EngineError("DirectoryNotEmpty", `${entry?.name} is in it`);
    if (!this.directories.delete(path)) throw new EngineError("NotFound", "No such file or directory");
  }

  async rename(from: string, to: string): Promise<void> {
    const file = this.files.get(from);
    if (file === undefined) throw new EngineError("NotFound", "No such file or directory");
    this.files.delete(from);
    this.files.set(to, file);
  }

  async setModificationTime(path: string, time: Date): Promise<void> {
    const file = this.files.get(path);
    if (file === undefined) throw new EngineError("NotFound", "No such file or directory");
    file.modified = time;
  }

  async setMode(path: string, mode: number): Promise<void> {
    const file = this.files.get(path);
    if (file === undefined) throw new EngineError("NotFound", "No such file or directory");
    file.mode = mode;
  }

  async availableBytes(path: string): Promise<number> {
    const { type } = await this.stat(path);
    if (type !== "Directory") throw new EngineError("NotADirectory", "Not a directory");
    return this.available;
  }
}
