import assert from "node:assert/strict";
import { test } from "node:test";
import { sessionTable } from "../../src/cli/commands/sessions.ts";
import { formatTable } from "../../src/cli/output.ts";

test("a table aligns its columns and prints a dash for an empty cell", () => {
  const table = formatTable(
    ["A", "LONG"],
    [
      ["wide cell", ""],
      ["x", "y"],
    ],
  );
  assert.equal(table, "A           LONG\nwide cell   -\nx           y\n");
});

test("a table replaces control characters, which could change the terminal, with question marks", () => {
  assert.equal(formatTable(["A"], [["\u001b]0;x\u0007\u009b31m\n"]]), "A\n?]0;x??31m?\n");
});

test("the session table contains transfers, and the pod when sessions have one", () => {
  const session = {
    id: 7,
    client: "192.0.2.1",
    secured: true,
    since: "2026-01-01T00:00:00.000Z",
    state: "Transferring",
    user: "alice",
    directory: "/",
    transfer: { direction: "Download", path: "/big", bytes: 3_145_728, seconds: 1.5 },
  } as const;
  const now = Date.parse("2026-01-01T00:05:00Z");
  assert.match(
    sessionTable([session], now),
    /^ID .*\n7 +alice +192\.0\.2\.1 +yes +5m +Download +\/big +3\.0 MiB +2\.0 MiB\/s\n$/,
  );
  assert.match(sessionTable([{ pod: "demo-a-0", ...session }], now), /^POD .*\ndemo-a-0 +7 /);
  assert.equal(sessionTable([], now).trim().split("\n").length, 1);
});
