import assert from "node:assert/strict";
import { test } from "node:test";
import { ControlClient } from "../../support/engine/control-client.ts";
import { startServer } from "../../support/engine/server.ts";

// id: stou
test("STOU gives each upload a unique name and sends it in the reply", async () => {
  await using world = await startServer();
  world.memory.directories.add("/d");
  const client = await (await ControlClient.overTcp(world.engine)).login();
  const names = new Set<string>();
  for (const [line, form] of [
    ["STOU", /^150 FILE: (stou\.[0-9a-f]{16})$/u],
    ["STOU report", /^150 FILE: (report\.[0-9a-f]{16})$/u],
    ["STOU report", /^150 FILE: (report\.[0-9a-f]{16})$/u],
    ["STOU d/", /^150 FILE: (d\/stou\.[0-9a-f]{16})$/u],
  ] as const) {
    const data = await client.passive();
    const [announcement = ""] = (await client.command(line)).lines;
    assert.match(announcement, form);
    const name = form.exec(announcement)?.[1] ?? "";
    data.end(name);
    assert.equal((await client.reply())?.code, 226);
    assert.equal(world.memory.text(`/${name}`), name);
    names.add(name);
  }
  assert.equal(names.size, 4);
  assert.equal(await client.code("STOU"), 425);
});
