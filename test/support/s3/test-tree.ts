import { after, before } from "node:test";
import type { ObjectTree, ObjectTreeOptions } from "../../../src/engine/storage/object/object-tree.ts";
import { HomeKeys, ReservedKeys } from "../../../src/engine/storage/object/keys.ts";
import type { HomeOptions } from "../../../src/engine/storage/home-tree.ts";
import type { Storage } from "../../../src/engine/storage/storage.ts";
import type { UploadPolicy } from "../../../src/engine/storage/uploads/incomplete-uploads.ts";
import type { Running } from "../../cluster/s3/each-server.ts";
import { BucketConfig, type ConfigChange } from "./object-homes.ts";

/** Opens object trees in the bucket of a running server. Closes the trees after the tests in a group. */
export class TestTrees {
  policy: UploadPolicy = { incomplete: "Keep", sync: "Always" };
  readonly #running: () => Running;
  readonly #change: ConfigChange;
  #config: BucketConfig | undefined;
  readonly #trees: ObjectTree[] = [];
  #homes = 0;

  constructor(running: () => Running, change: ConfigChange = {}) {
    this.#running = running;
    this.#change = change;
    before(async () => {
      const { server, bucket } = this.#running();
      this.#config = await BucketConfig.create(server, bucket.name, this.#change);
    });
    after(async () => {
      await Promise.all(this.#trees.map((tree) => tree.close()));
      await this.#config?.[Symbol.asyncDispose]();
    });
  }

  get config(): BucketConfig {
    if (this.#config === undefined) throw new Error("used outside a test");
    return this.#config;
  }

  async open(options: Partial<ObjectTreeOptions> = {}): Promise<ObjectTree> {
    const tree = await this.config.openTree({ policy: () => this.policy, ...options });
    this.#trees.push(tree);
    return tree;
  }

  /** Opens a new home and its object store. */
  async home(options: HomeOptions & Partial<ObjectTreeOptions> = {}): Promise<TestHome> {
    const { account = "alice", directories, changes, modes, ledger, ...treeOptions } = options;
    const tree = await this.open(treeOptions);
    const path = `/home-${++this.#homes}`;
    const homeOptions: HomeOptions = {
      account,
      ...(directories && { directories }),
      ...(changes && { changes }),
      ...(modes && { modes }),
      ...(ledger && { ledger }),
    };
    const { prefix } = this.config.config;
    return {
      tree,
      path,
      storage: await tree.openHome(path, homeOptions),
      keys: new HomeKeys(prefix, path),
      reserved: new ReservedKeys(prefix),
    };
  }
}

export interface TestHome {
  tree: ObjectTree;
  path: string;
  storage: Storage;
  keys: HomeKeys;
  reserved: ReservedKeys;
}

/** Returns bytes whose values depend on their positions, so that a test can verify their order. */
export function patternOf(bytes: number, seed = 1): Buffer {
  const buffer = Buffer.alloc(bytes);
  let state = seed;
  for (let index = 0; index + 4 <= bytes; index += 4) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    buffer.writeUInt32LE(state, index);
  }
  return buffer;
}
