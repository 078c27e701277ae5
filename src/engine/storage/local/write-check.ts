import { randomUUID } from "node:crypto";
import { constants } from "node:fs";
import { type FileHandle, open, stat, unlink } from "node:fs/promises";
import { join } from "node:path";
import type { VolumeReport, VolumeState } from "../../../api/engine-report.ts";
import { modeText } from "../../../api/file-modes.ts";
import { TEMPORARY_PREFIX } from "../path.ts";

const { O_RDONLY, O_WRONLY, O_CREAT, O_TRUNC, O_DIRECTORY, O_NOFOLLOW } = constants;
/**
 * Number of bytes that each check writes. File systems can store a smaller file in the inode, so the check would not
 * detect a full volume.
 */
const CHECK_BYTES = 4096;
const PRIVATE = 0o600;
const MODE_BITS = 0o7777;
/** Maximum number of homes to check if the root is not writable. */
const MAX_HOMES = 100;

/** Returns a name for the file that each check creates. Clients cannot see this name. */
export function newCheckName(): string {
  return `${TEMPORARY_PREFIX}check-${randomUUID()}`;
}

/** The result of a volume check. */
export type WriteCheck = Pick<VolumeReport, "state" | "code" | "step">;

/** Volume states, keyed by system error code. Other codes mean `Failed`. */
const STATES: Readonly<Record<string, VolumeState>> = {
  EACCES: "NotWritable",
  EPERM: "NotWritable",
  EROFS: "ReadOnly",
  ENOSPC: "Full",
  EDQUOT: "Full",
};

/**
 * Creates, writes, synchronizes and removes a file in the root of a volume. All calls run on threads, because a network
 * volume can stop responding. Never rejects.
 * @param name file name. All checks use the same name, so that only one file remains when files cannot be removed.
 * @param homes homes of accounts that can change files, as paths below the root. If undefined, no account can change
 *   files, and the check writes no file.
 */
export async function checkWritable(
  root: string,
  name: string,
  homes: Iterable<string> | undefined,
): Promise<WriteCheck> {
  const opened = await attempt("open", () => open(root, O_RDONLY | O_DIRECTORY));
  if ("failure" in opened) return opened.failure;
  await opened.value.close().catch(() => undefined);
  if (homes === undefined) return { state: "NotNeeded" };
  const found = await writeIn(root, name);
  // An administrator can provide a volume whose root is not writable, with a writable home for each account.
  const isPrepared = found.state === "NotWritable" && (await isAnyWritable(root, name, homes));
  return isPrepared ? { ...found, state: "RootNotWritable" } : found;
}

/** The fields of a report that do not depend on the result of the check. */
export type VolumeIdentity = Omit<VolumeReport, "state" | "code" | "step">;

/** Returns the path of a volume, and the user and group IDs of this process. */
export function identityOf(path: string): VolumeIdentity {
  return {
    path,
    uid: process.geteuid?.() ?? 0,
    gid: process.getegid?.() ?? 0,
    groups: process.getgroups?.() ?? [],
  };
}

/** Returns the path of a volume, the owner of its root, and the user and group IDs of this process. */
export async function describeRoot(path: string): Promise<VolumeIdentity> {
  const stats = await stat(path).catch(() => undefined);
  const root = stats && { uid: stats.uid, gid: stats.gid, mode: modeText(stats.mode & MODE_BITS) };
  return { ...identityOf(path), ...(root && { root }) };
}

async function isAnyWritable(root: string, name: string, homes: Iterable<string>): Promise<boolean> {
  let tried = 0;
  for (const home of homes) {
    if (tried++ === MAX_HOMES) break;
    if ((await writeIn(join(root, home), name)).state === "Writable") return true;
  }
  return false;
}

async function writeIn(directory: string, name: string): Promise<WriteCheck> {
  const path = join(directory, name);
  const created = await attempt("create", () =>
    open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, PRIVATE),
  );
  if ("failure" in created) return created.failure;
  const failure = await storeIn(created.value);
  const removed = await attempt("remove", () => unlink(path).catch(ignoreRemoved));
  return failure ?? ("failure" in removed ? removed.failure : { state: "Writable" });
}

/** Ignores the error when another program has already removed the file. */
function ignoreRemoved(error: unknown): void {
  if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
}

/** Writes and closes the file. Returns the first failure. */
async function storeIn(file: FileHandle): Promise<WriteCheck | undefined> {
  const written = await attempt("write", () => file.write(Buffer.alloc(CHECK_BYTES)));
  const synced = "failure" in written ? written : await attempt("sync", () => file.sync());
  // Some file systems report a failed write only when the file is closed.
  const closed = await attempt("write", () => file.close());
  for (const one of [synced, closed]) if ("failure" in one) return one.failure;
  return undefined;
}

async function attempt<T>(
  step: NonNullable<WriteCheck["step"]>,
  call: () => Promise<T>,
): Promise<{ value: T } | { failure: WriteCheck }> {
  try {
    return { value: await call() };
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "UNKNOWN";
    return { failure: { state: STATES[code] ?? "Failed", code, step } };
  }
}
