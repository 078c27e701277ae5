import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";

const MIB = 1024 * 1024;

// id: expensive-hash-5
test("verification keeps the memory of two hashes, regardless of the number of passwords", async () => {
  const program = join(import.meta.dirname, "many-passwords.ts");
  const env = { ...process.env, UV_THREADPOOL_SIZE: "16" };
  const { stdout } = await promisify(execFile)(process.execPath, [program], { env });
  // Verifications on all 16 threads in the pool would keep about 300 MiB of memory.
  assert.ok(Number(stdout) > 0 && Number(stdout) < 160 * MIB, `${Number(stdout) / MIB} MiB`);
});
