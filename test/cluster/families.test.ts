import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { test } from "node:test";
import { usableFamilies } from "./families.ts";
import { inTemporaryFolder } from "./temporary.ts";

const canRun = process.getuid?.() === 0 && existsSync("/usr/sbin/ip6tables-nft");
const skip = canRun ? false : "needs root and ip6tables-nft";

test("a kernel that cannot queue IPv6 packets results in an IPv4 cluster and a reason", {
  skip,
}, async (t) => {
  await inTemporaryFolder(async (folder) => {
    const script = "#!/bin/sh\necho 'no such table: mangle' >&2\nexit 3\n";
    await writeFile(join(folder, "ip6tables-nft"), script, { mode: 0o755 });
    const before = process.env["PATH"] ?? "";
    t.after(() => (process.env["PATH"] = before));
    process.env["PATH"] = `${folder}${delimiter}${before}`;
    assert.deepEqual(await usableFamilies(), { families: ["IPv4"], reason: "no such table: mangle" });
  });
});
