/** Tests that the policy in the guide for Amazon S3 permits exactly the actions that the engine requires. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { removeStaleUploads } from "../../../../src/engine/storage/object/uploads/stale-uploads.ts";
import { ReservedKeys } from "../../../../src/engine/storage/object/keys.ts";
import type { ObjectTree } from "../../../../src/engine/storage/object/object-tree.ts";
import { describeEachServer, type Running } from "../../../cluster/s3/each-server.ts";
import { breakUpload, download, namesIn, upload } from "../../../support/engine/storage-calls.ts";
import { BucketConfig, MIB } from "../../../support/s3/object-homes.ts";
import type { Statement } from "../../../support/s3/kind.ts";
import { patternOf } from "../../../support/s3/test-tree.ts";

const GUIDE = join(import.meta.dirname, "../../../../docs/how-to/use-amazon-s3.md");
const PART = 5 * MIB;

interface Policy {
  Statement: Statement[];
}

/** Returns the policy statements from the guide. Inserts the bucket name, and optionally removes one action. */
function statements(bucket: string, without?: string): Statement[] {
  const [, text = ""] = /<!-- policy -->\n```json\n(.*?)^```$/msu.exec(readFileSync(GUIDE, "utf8")) ?? [];
  const policy: Policy = JSON.parse(text);
  return policy.Statement.map((statement) => ({
    ...statement,
    Action: statement.Action.filter((action) => action !== without),
    Resource: statement.Resource.map((resource) => resource.replace("partner-files", bucket)),
  })).filter(({ Action }) => Action.length > 0);
}

const ACTIONS = statements("").flatMap(({ Action }) => Action);

/** Performs every client operation and engine operation that requires a permission. */
async function useAll(tree: ObjectTree, prefix: string, home: string): Promise<void> {
  const storage = await tree.openHome(home, { account: "alice" });
  const content = patternOf(2 * PART + 7);
  await storage.makeDirectory("/in");
  await upload(storage, "/in/small", "content");
  await upload(storage, "/in/large", content);
  await upload(storage, "/in/large", "more", { type: "Append" });
  await storage.setModificationTime("/in/small", new Date(0));
  await storage.makeDirectory("/out");
  await storage.rename("/in/small", "/out/small", "Nothing");
  await storage.rename("/out", "/done", "Files");
  await breakUpload(storage, "/broken", content);
  await upload(storage, "/broken", content.subarray(2 * PART), { type: "Resume", offset: 2 * PART });
  const dropped = await storage.openUpload("/dropped", { type: "Replace" });
  await dropped.write([content]);
  await dropped.abort("Removed");
  assert.ok((await download(storage, "/broken")).equals(content));
  assert.deepEqual(await namesIn(storage, "/"), ["broken", "done/", "in/"]);
  await storage.remove("/done/small");
  await storage.removeDirectory("/done");
  await removeStaleUploads(tree.store, prefix, new ReservedKeys(prefix));
}

async function tryWithout(running: Running, action: string | undefined): Promise<void> {
  const { server, bucket } = running;
  const as = await server.userWith(bucket.name, statements(bucket.name, action));
  await using config = await BucketConfig.create(server, bucket.name, { as, prefix: "ftp" });
  const tree = await config.openTree();
  try {
    await useAll(tree, "ftp", `/${action?.slice(3) ?? "all"}`);
  } finally {
    await tree.close();
  }
}

describe("the policy in the guide for Amazon S3", () => {
  describeEachServer((running) => {
    // id: bucket-policy
    test("permits everything that the engine does", () => tryWithout(running(), undefined));

    for (const action of ACTIONS)
      test(`has no unnecessary action: ${action}`, () =>
        assert.rejects(tryWithout(running(), action), { code: "PermissionDenied" }));
  });
});
