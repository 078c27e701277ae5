import { randomBytes } from "node:crypto";
import type { EngineObjectStorage } from "../../../src/api/engine-storage.ts";
import { OBJECT_LIMITS, type ObjectLimits } from "../../../src/engine/storage/object/limits.ts";
import { ObjectTree, type ObjectTreeOptions } from "../../../src/engine/storage/object/object-tree.ts";
import type { Credentials, Endpoint } from "./kind.ts";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { tmpdir } from "node:os";

export const MIB = 1024 * 1024;

/** Limits with short pauses between retries, so that failure tests are fast. */
const FAST: Partial<ObjectLimits> = { pause: 1, maxPause: 5 };

export interface ConfigChange extends Partial<EngineObjectStorage> {
  /** Credentials in the files. Defaults to the credentials of the administrator. */
  as?: Credentials;
}

/** Object storage configuration with credentials in files. */
export class BucketConfig implements AsyncDisposable {
  readonly config: EngineObjectStorage;
  readonly directory: string;

  private constructor(config: EngineObjectStorage, directory: string) {
    this.config = config;
    this.directory = directory;
  }

  static async create(endpoint: Endpoint, bucket: string, change: ConfigChange = {}): Promise<BucketConfig> {
    const { as = endpoint, ...other } = change;
    const directory = await mkdtemp(join(tmpdir(), "ftp-operator-credentials-"));
    const config: EngineObjectStorage = {
      bucket,
      prefix: `test-${randomBytes(6).toString("hex")}`,
      region: endpoint.region,
      endpoint: endpoint.endpoint,
      forcePathStyle: true,
      credentials: { type: "Files", directory },
      multipart: { partSizeBytes: 5 * MIB, concurrency: 3 },
      ...(endpoint.caFile !== undefined && { caFile: endpoint.caFile }),
      ...other,
    };
    const created = new BucketConfig(config, directory);
    await created.writeCredentials(as);
    return created;
  }

  async writeCredentials({ accessKeyId, secretAccessKey, sessionToken = "" }: Credentials): Promise<void> {
    for (const [name, text] of Object.entries({ accessKeyId, secretAccessKey, sessionToken }))
      await writeFile(join(this.directory, name), `${text}\n`);
  }

  openTree(options: Partial<ObjectTreeOptions> = {}): Promise<ObjectTree> {
    return ObjectTree.open({
      config: this.config,
      policy: () => ({ incomplete: "Keep", sync: "Always" }),
      ...options,
      limits: { ...OBJECT_LIMITS, ...FAST, ...options.limits },
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.directory, { recursive: true, force: true });
  }
}
