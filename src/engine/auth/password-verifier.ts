import { extname } from "node:path";
import { Worker } from "node:worker_threads";
import { hashCost, isExpensive } from "../../api/hash-cost.ts";
import { type HashKind, hashKind, parseHash, type PasswordHash } from "../../api/password-hash.ts";
import { EngineError } from "../errors.ts";

/**
 * Number of threads that verify passwords. The libuv thread pool is unsuitable, because file operations need its
 * threads. In addition, each thread in the pool would retain the memory of a hash computation
 * (docs/contributing/decisions/0009).
 */
const PASSWORD_THREADS = 2;
const PROGRAM = new URL(`./password-worker${extname(import.meta.filename)}`, import.meta.url);

/** Verifies passwords outside the main thread. */
export class PasswordVerifier {
  readonly #workers = Array.from({ length: PASSWORD_THREADS }, () => new PasswordWorker(PROGRAM));

  /**
   * Returns whether a password matches a hash.
   * @throws EngineError Internal when the thread exits during the verification
   */
  async verify(hash: string, password: string): Promise<boolean> {
    if (hashKind(hash) === undefined) return false;
    const [idlest] = this.#workers.toSorted((a, b) => a.pending - b.pending);
    return idlest !== undefined && (await idlest.verify(hash, password));
  }
}

interface Pending {
  resolve: (matches: boolean) => void;
  reject: (error: Error) => void;
}

/** Running thread with its pending requests. */
interface Running {
  worker: Worker;
  pending: Map<number, Pending>;
}

/** Worker thread that starts with the first request. After the thread exits, the next request starts another thread. */
export class PasswordWorker {
  readonly #file: URL;
  #running: Running | undefined;
  #lastId = 0;

  /** @param file thread program, which answers `{ id, hash, password }` with `{ id, matches }` */
  constructor(file: URL) {
    this.#file = file;
  }

  /** Number of pending requests. */
  get pending(): number {
    return this.#running?.pending.size ?? 0;
  }

  /**
   * Returns whether a password matches a hash.
   * @throws EngineError Internal when the thread exits during the verification
   */
  async verify(hash: string, password: string): Promise<boolean> {
    this.#running ??= this.#start();
    const { worker, pending } = this.#running;
    const id = ++this.#lastId;
    // The thread keeps the process alive only while requests are pending.
    worker.ref();
    try {
      return await new Promise<boolean>((resolve, reject) => {
        pending.set(id, { resolve, reject });
        worker.postMessage({ id, hash, password });
      });
    } finally {
      pending.delete(id);
      if (pending.size === 0) worker.unref();
    }
  }

  #start(): Running {
    const worker = new Worker(this.#file);
    const pending = new Map<number, Pending>();
    const running = { worker, pending };
    worker.on("message", ({ id, matches }: { id: number; matches: boolean }) => {
      pending.get(id)?.resolve(matches);
    });
    const onEnd = (cause?: unknown): void => {
      if (this.#running === running) this.#running = undefined;
      const error = new EngineError("Internal", "The password could not be verified; try again", { cause });
      for (const { reject } of pending.values()) reject(error);
    };
    worker.on("error", onEnd);
    // A thread can exit without an error, for example when it runs out of memory.
    worker.on("exit", onEnd);
    return running;
  }
}

const SALT = "A".repeat(22);
const KEY = "A".repeat(43);

/**
 * Hashes that match no password. The scrypt hash has the same cost as the hashes that the operator creates. The other
 * hashes have the highest cost for which `isExpensive` returns false.
 */
const DECOYS: Readonly<Record<HashKind, string>> = {
  scrypt: `$scrypt$ln=14,r=8,p=1$${SALT}$${KEY}`,
  argon2: `$argon2id$v=19$m=19456,t=3,p=1$${SALT}$${KEY}`,
  bcrypt: `$2b$10$${"a".repeat(53)}`,
  "sha-crypt": `$6$rounds=50000$salt$${"a".repeat(86)}`,
};

/**
 * Returns the hash that the engine verifies for an unknown name. The hash has the most common kind and cost among the
 * user hashes. A different computation time would reveal that the name is unknown (RFC 2577 section 6). The hash is
 * never expensive, because any client can send unknown names. The delay after failed logins
 * (`limits.failedLogins.delaySeconds`) hides the longer verification time of expensive hashes.
 */
export function decoyHash(hashes: readonly string[]): string {
  const groups = new Map<string, { hash: PasswordHash; text: string; users: number }>();
  for (const text of hashes) {
    const hash = parseHash(text);
    if (hash === undefined) continue;
    const group = `${hash.kind} ${hashCost(hash)}`;
    groups.set(group, { hash, text, users: (groups.get(group)?.users ?? 0) + 1 });
  }
  const [commonest] = [...groups.values()].toSorted((a, b) => b.users - a.users);
  if (commonest === undefined) return DECOYS.scrypt;
  return isExpensive(commonest.hash) ? DECOYS[commonest.hash.kind] : commonest.text;
}
