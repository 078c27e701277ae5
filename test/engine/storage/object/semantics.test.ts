import { after, before, describe } from "node:test";
import type { ObjectTree } from "../../../../src/engine/storage/object/object-tree.ts";
import { describeEachServer } from "../../../cluster/s3/each-server.ts";
import { BucketConfig } from "../../../support/s3/object-homes.ts";
import { defineSemantics } from "../semantics.ts";

describe("object storage", () => {
  // id: s3-compatible
  describeEachServer((running) => {
    let config: BucketConfig | undefined;
    let tree: ObjectTree | undefined;
    let homes = 0;
    before(async () => {
      const { server, bucket } = running();
      config = await BucketConfig.create(server, bucket.name);
      tree = await config.openTree();
    });
    after(async () => {
      await tree?.close();
      await config?.[Symbol.asyncDispose]();
    });
    defineSemantics(async () => {
      if (tree === undefined) throw new Error("used outside a test");
      return await tree.openHome(`/home-${++homes}`, { account: "alice" });
    });
  });
});
