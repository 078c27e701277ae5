import type { FileModes } from "../../../api/file-modes.ts";
import { EngineError } from "../../errors.ts";
import type { Entry, Usage } from "../storage.ts";
import { directoryEntry, fileEntry } from "./entries.ts";
import { type HomeKeys, isExpressible, isReservedKey, type ReservedKeys } from "./keys.ts";
import type { PageLease } from "./listed-keys.ts";
import type { ListPage, ObjectStore } from "./object-store.ts";
import { bytesOfState } from "./uploads/partials.ts";

/**
 * Yields all pages of keys with a prefix.
 * @param lease reserves memory for a page until the calling function requests the next page
 */
export async function* pagesOf(
  store: Pick<ObjectStore, "list">,
  prefix: string,
  { delimiter, lease }: { delimiter?: "/"; lease?: () => PageLease } = {},
): AsyncGenerator<ListPage> {
  for (let token: string | undefined; ; ) {
    using held = lease?.();
    const options = { token, pageKeys: held?.keys, ...(delimiter !== undefined && { delimiter }) };
    const page = await store.list(prefix, options);
    yield page;
    token = page.next;
    if (token === undefined) return;
  }
}

/**
 * Yields the entries of a directory in pages. Omits names that FTP cannot express. If an object and a prefix have the
 * same name, yields only the object. Entries are sorted by key, so a directory can follow files whose names begin with
 * the directory name.
 * @param prefix key prefix of the directory
 * @throws EngineError NotFound if the directory does not exist
 */
export async function* entriesIn(
  store: Pick<ObjectStore, "list">,
  prefix: string,
  { modes, mustHaveKeys, lease }: { modes: FileModes; mustHaveKeys: boolean; lease: () => PageLease },
): AsyncGenerator<readonly Entry[]> {
  let isFirst = true;
  const shadowing = new ShadowingFiles();
  for await (const page of pagesOf(store, prefix, { delimiter: "/", lease })) {
    if (isFirst && mustHaveKeys && page.objects.length + page.prefixes.length === 0)
      throw new EngineError("NotFound", "No such file or directory");
    isFirst = false;
    yield entriesOf(page, prefix, modes, shadowing);
  }
}

function entriesOf(page: ListPage, prefix: string, modes: FileModes, shadowing: ShadowingFiles): Entry[] {
  const files = page.objects.flatMap((object) => {
    const name = object.key.slice(prefix.length);
    return isExpressible(name) ? [fileEntry(`/${name}`, object.key, object, modes)] : [];
  });
  shadowing.add(files.map(({ name }) => name));
  const directories = page.prefixes.flatMap((key) => {
    const name = key.slice(prefix.length, -1);
    return isExpressible(name) && !shadowing.has(name) ? [directoryEntry(`/${name}`, key, modes)] : [];
  });
  const last = [page.objects.at(-1)?.key ?? "", page.prefixes.at(-1) ?? ""].toSorted().at(-1) ?? "";
  shadowing.forgetBefore(last.slice(prefix.length));
  return [...files, ...directories].toSorted((one, other) => (one.name < other.name ? -1 : 1));
}

/** Names of files in earlier pages that a directory in a later page can also have. */
class ShadowingFiles {
  #names = new Set<string>();

  add(names: readonly string[]): void {
    for (const name of names) this.#names.add(name);
  }

  has(name: string): boolean {
    return this.#names.has(name);
  }

  /**
   * Removes the names that no directory after the given key can have. All remaining names are prefixes of this key, so
   * only a few names remain.
   */
  forgetBefore(key: string): void {
    this.#names = new Set([...this.#names].filter((name) => `${name}/` > key));
  }
}

/** Yields the usage of a home page by page, including incomplete uploads. */
export async function* usageOf(
  store: ObjectStore,
  home: HomeKeys,
  reserved: ReservedKeys,
): AsyncGenerator<Usage> {
  let last: readonly string[] = [];
  for await (const { objects } of pagesOf(store, home.base)) {
    const usage: Usage = { bytes: 0, files: 0 };
    for (const { key, size } of objects) {
      const relative = key.slice(home.base.length);
      if (isReservedKey(relative)) continue;
      const names = relative.split("/");
      const name = names.pop();
      usage.bytes += size;
      usage.files += newDirectories(last, names) + (name === "" ? 0 : 1);
      last = names;
    }
    yield usage;
  }
  for await (const { objects } of pagesOf(store, reserved.ofHome(home))) {
    const sizes = objects.map(({ key }) => bytesOfState(key)).filter((bytes) => bytes > 0);
    yield { bytes: sizes.reduce((sum, bytes) => sum + bytes, 0), files: sizes.length };
  }
}

/**
 * Returns how many of the directories that contain a key do not contain the previous key. Keys are sorted, so this
 * function counts each directory only once.
 */
function newDirectories(last: readonly string[], names: readonly string[]): number {
  let common = 0;
  while (common < names.length && names[common] === last[common]) common += 1;
  return names.length - common;
}
