import type { EngineConfig } from "../../../api/engine-config.ts";
import { behindTheEnd } from "../../errors.ts";
import type { PartialOf } from "./partial.ts";
import type { RunningUploads } from "./running-uploads.ts";
import type { OpenFile } from "./system-calls.ts";

export type UploadPolicy = Pick<EngineConfig["uploads"], "incomplete" | "sync">;

/** The target and the account of an upload. */
export interface UploadTarget extends PartialOf {
  /** Path below the root, for `running`. */
  path: string;
  /** The running uploads of all homes. */
  running: RunningUploads;
  /** Mode bits of a new file. */
  mode: number;
  /** Asked anew for each decision: it may change while an upload runs. */
  policy: () => UploadPolicy;
}

/**
 * Brings a file's bytes onto the disk, by policy, before `rename` gives them their name, and the name after it: a name must
 * never stand for bytes that a crash could take.
 */
export async function makeLasting(
  handle: OpenFile,
  { parent, policy }: UploadTarget,
  rename = async (): Promise<void> => undefined,
): Promise<void> {
  const { sync } = policy();
  if (sync === "Always") await handle.datasync();
  await rename();
  if (sync === "Always") await parent.sync();
}

/** @throws EngineError InvalidOffset when a file of `size` bytes is shorter than `offset` */
export function checkOffset(offset: number, size: number): void {
  if (offset > size) throw behindTheEnd(size);
}
