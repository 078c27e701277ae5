import type { EngineMount } from "../../../src/api/engine-storage.ts";
import { type MountServer, mountServer } from "../engine/mount-server.ts";
import { Bucket } from "./bucket.ts";
import { FaultProxy } from "./fault-proxy.ts";
import { BucketConfig } from "./object-homes.ts";
import { type S3Server, startVersityGw } from "./s3-server.ts";

/** Engine for the user alice, whose home is on a volume and whose mounts are in the storage `bucket`. */
export interface BucketMounts extends AsyncDisposable {
  s3: S3Server;
  /** Proxy between the engine and the object store. */
  proxy: FaultProxy;
  bucket: Bucket;
  world: MountServer;
  /** Returns the key of a path in the storage `bucket`. */
  key: (path: string) => string;
}

/**
 * Starts an object store and an engine.
 * @param objects contents of the objects by their path in the storage `bucket`
 */
export async function bucketMounts(
  mounts: EngineMount[],
  objects: Readonly<Record<string, string>>,
): Promise<BucketMounts> {
  await using started = new AsyncDisposableStack();
  const s3 = started.use(await startVersityGw());
  const proxy = started.use(await FaultProxy.start(s3.endpoint));
  const bucket = new Bucket(s3.client(), await s3.createBucket());
  started.defer(() => bucket.client.destroy());
  const { config } = started.use(await BucketConfig.create(s3, bucket.name, { endpoint: proxy.endpoint }));
  const key = (path: string): string => `${config.prefix}/${path}`;
  for (const [path, content] of Object.entries(objects)) await bucket.put(key(path), content);
  const world = started.use(await mountServer({ mounts, buckets: { bucket: { objectStorage: config } } }));
  const running = started.move();
  return { s3, proxy, bucket, world, key, [Symbol.asyncDispose]: () => running.disposeAsync() };
}
