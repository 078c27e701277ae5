import { extname } from "node:path";
import { Worker } from "node:worker_threads";

interface Pending {
  resolve: (matches: boolean) => void;
  reject: (error: Error) => void;
}

let worker: Worker | undefined;
let lastId = 0;
const pending = new Map<number, Pending>();

/** Verifies a bcrypt or sha-crypt hash in the one worker thread, which starts with the first of them. */
export function verifyInWorker(hash: string, password: string): Promise<boolean> {
  worker ??= startWorker();
  const id = ++lastId;
  return new Promise((resolve, reject) => {
    pending.set(id, { resolve, reject });
    worker?.postMessage({ id, hash, password });
  });
}

function startWorker(): Worker {
  const started = new Worker(new URL(`./password-worker${extname(import.meta.filename)}`, import.meta.url));
  started.unref();
  started.on("message", ({ id, matches }: { id: number; matches: boolean }) => {
    pending.get(id)?.resolve(matches);
    pending.delete(id);
  });
  started.on("error", (error: Error) => {
    worker = undefined;
    for (const { reject } of pending.values()) reject(error);
    pending.clear();
  });
  return started;
}
