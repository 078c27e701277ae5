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
export async function verifyInWorker(hash: string, password: string): Promise<boolean> {
  worker ??= startWorker();
  const asked = worker;
  const id = ++lastId;
  // Only an open question keeps the process alive.
  asked.ref();
  try {
    return await new Promise<boolean>((resolve, reject) => {
      pending.set(id, { resolve, reject });
      asked.postMessage({ id, hash, password });
    });
  } finally {
    pending.delete(id);
    if (pending.size === 0) asked.unref();
  }
}

function startWorker(): Worker {
  const file = new URL(`./password-worker${extname(import.meta.filename)}`, import.meta.url);
  const started = new Worker(file);
  started.on("message", ({ id, matches }: { id: number; matches: boolean }) => {
    pending.get(id)?.resolve(matches);
  });
  started.on("error", (error: Error) => {
    worker = undefined;
    for (const { reject } of pending.values()) reject(error);
  });
  return started;
}
