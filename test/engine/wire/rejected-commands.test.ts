import assert from "node:assert/strict";
import { test } from "node:test";
import { ControlClient } from "../../support/engine/control-client.ts";
import { makeServer } from "../../support/engine/server.ts";

test("the debug log contains rejected commands with a path, and no commands with a password", async () => {
  await using made = makeServer({}, { first: 50_000, last: 50_000 });
  const client = await ControlClient.inMemory(made.engine).login();
  for (const line of [
    "MDTM a\u0007b",
    "DELE /missing",
    "PWD",
    "PASS hunter2",
    "USER bob",
    "PASS hunter2",
    "NONE x",
  ])
    await client.command(line);
  const rejected = made.log.entries.filter(({ message }) => message === "command rejected");
  const common = { event: "CommandRejected", client: "192.0.2.1", user: "alice" };
  assert.deepEqual(
    rejected.map(({ level, fields }) => ({ level, fields })),
    [
      {
        level: "debug",
        fields: {
          ...common,
          command: "MDTM",
          path: "a?b",
          reply: "553 Control characters are not allowed in names.",
        },
      },
      {
        level: "debug",
        fields: { ...common, command: "DELE", path: "/missing", reply: "550 No such file or directory." },
      },
    ],
  );
  assert.doesNotMatch(JSON.stringify(made.log.entries), /hunter2/);
});
