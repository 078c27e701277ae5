import assert from "node:assert/strict";
import { test } from "node:test";
import { UploadMemory } from "../../../../src/engine/storage/object/uploads/upload-memory.ts";

const LIMITS = { uploadMemory: 0, spoolBytes: 300 };
const REJECTED = { code: "TooManyTransfers" };

test("one account uses at most two thirds of the temporary files", () => {
  const memory = new UploadMemory(LIMITS, "/tmp");
  memory.spool("alice", 200);
  assert.throws(() => memory.spool("alice", 1), REJECTED);
  memory.spool("bob", 100);
  assert.throws(() => memory.spool("bob", 1), REJECTED);
  memory.spool("alice", -200);
  memory.spool("bob", 100);
});
