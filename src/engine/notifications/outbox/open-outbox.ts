import type { Clock } from "../../../common/clock.ts";
import type { EventBucket } from "../../storage/object/object-store.ts";
import { BucketOutbox } from "./bucket/bucket-outbox.ts";
import type { Outbox, OutboxListener } from "./outbox.ts";
import { VolumeOutbox } from "./volume/volume-outbox.ts";

/** Location of undelivered events: a directory, or the bucket for homes. */
export type OutboxPlace =
  | { type: "Directory"; path: string }
  | { type: "Bucket"; bucket: EventBucket; source: string };

/** @throws Error if the directory or the bucket cannot be used */
export async function openOutbox(
  place: OutboxPlace,
  names: readonly string[],
  clock: Clock,
  listener: OutboxListener,
): Promise<Outbox> {
  if (place.type === "Directory") return await VolumeOutbox.open(place.path, names, clock, listener);
  const { store } = place.bucket;
  const prefix = place.bucket.prefixOf(place.source);
  return await BucketOutbox.open({ store, prefix }, names, clock, listener);
}
