import type { RunningUpload } from "../../uploads/running-uploads.ts";
import type { Part } from "../object-store.ts";
import type { PartSender } from "./part-sender.ts";
import type { KeptPart } from "./partial-state.ts";
import { keepState } from "./partials.ts";
import { growthOver, replacedFiles } from "./replaced-files.ts";
import type { ObjectTarget, UploadPlan } from "./upload-target.ts";

/** An upload that ends before its commit. */
export interface IncompleteUpload {
  target: ObjectTarget;
  plan: UploadPlan;
  sender: PartSender;
  running: RunningUpload;
  /** For each part in order, the CRC-32 of the file from its beginning to the end of the part. */
  checksums: readonly number[];
}

/**
 * Returns whether to keep the parts of an incomplete upload. The result is false if another upload of the same file is
 * already complete. After a lost connection, a client often sends the file again before the engine detects the loss.
 */
export async function isWorthKeeping({ target, plan, sender, running }: IncompleteUpload): Promise<boolean> {
  const { account, policy, store, key } = target;
  const { isKept, old, condition, reservation } = plan;
  if (!isKept || account === undefined || policy().incomplete === "Remove") return false;
  if (!sender.hasStarted || running.isOvertaken || reservation?.isExceeded === true) return false;
  if (condition === "Absent") return true;
  const now = await store.head(key);
  return now === undefined || now.etag === old?.etag;
}

/** Keeps the complete parts. Returns whether any complete parts exist. */
export async function keepParts({ target, plan, sender, checksums }: IncompleteUpload): Promise<boolean> {
  const { reservation, metadata } = plan;
  const settled = await sender.settle();
  const parts = settled?.parts.map((part) => keptPart(part, checksums)) ?? [];
  const bytes = parts.reduce((sum, { size }) => sum + size, 0);
  if (settled === undefined || bytes === 0) return false;
  const growth =
    reservation?.isExact === true ? growthOver(bytes, await replacedFiles(target, undefined)) : undefined;
  if (growth !== undefined && reservation?.rejection(growth) !== undefined) return false;
  await keepState(target, { ...settled.upload, metadata, parts });
  reservation?.settle(growth);
  return true;
}

function keptPart(part: Part, checksums: readonly number[]): KeptPart {
  return { ...part, crc32: part.crc32 ?? 0, fileCrc32: checksums[part.number - 1] ?? 0 };
}
