import type { KnownDirectories } from "./known-directories.ts";
import type { MultipartUploads, ObjectStore } from "./object-store.ts";

/** Returns a store that records stored and removed objects in the cache of known directories. */
export function trackedStore(store: ObjectStore, known: KnownDirectories): ObjectStore {
  const storing = async <T>(key: string, request: () => Promise<T>): Promise<T> => {
    known.stored(key);
    try {
      return await request();
    } finally {
      known.stored(key);
    }
  };
  const removing = async (keys: readonly string[], request: () => Promise<void>): Promise<void> => {
    for (const key of keys) known.removed(key);
    try {
      await request();
    } finally {
      for (const key of keys) known.removed(key);
    }
  };
  const { multipart } = store;
  const uploads: MultipartUploads = {
    create: (...all) => multipart.create(...all),
    uploadPart: (...all) => multipart.uploadPart(...all),
    copyPart: (...all) => multipart.copyPart(...all),
    complete: (target, ...rest) => storing(target.key, () => multipart.complete(target, ...rest)),
    abort: (...all) => multipart.abort(...all),
    lastPart: (...all) => multipart.lastPart(...all),
    list: (...all) => multipart.list(...all),
  };
  return {
    head: (...all) => store.head(...all),
    get: (...all) => store.get(...all),
    open: (...all) => store.open(...all),
    list: (...all) => store.list(...all),
    put: (key, ...rest) => storing(key, () => store.put(key, ...rest)),
    copy: (source, to, ...rest) => storing(to, () => store.copy(source, to, ...rest)),
    remove: (key, ...rest) => removing([key], () => store.remove(key, ...rest)),
    removeAll: (keys) => removing(keys, () => store.removeAll(keys)),
    multipart: uploads,
  };
}
