/** Tests that a client receives the reply to a transfer before the engine does work for which no client waits. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { duplexPair } from "node:stream";
import { mock, test } from "node:test";
import type { EventRecorder } from "../../../src/engine/notifications/event.ts";
import { ControlClient } from "../../support/engine/control-client.ts";
import { startServer } from "../../support/engine/server.ts";

for (const verb of ["STOR", "RETR"])
  test(`the log entry and the metrics of ${verb} follow its reply and precede the next command`, async () => {
    await using world = await startServer();
    world.memory.put("/f", "content");
    const [ours, theirs] = duplexPair();
    const seen: string[] = [];
    const write = theirs.write.bind(theirs);
    mock.method(theirs, "write", (text: string, ...rest: []) => {
      const logged = world.log.entries.filter(({ message }) => message === "transfer").length;
      const counted = [...world.counts.keys()].filter((name) => name.startsWith("transferEnded")).length;
      seen.push(`${text.slice(0, 3)} ${logged} ${counted}`);
      return write(text, ...rest);
    });
    world.engine.serve(theirs, { client: "127.0.0.1", local: "127.0.0.1" });
    const client = await new ControlClient(ours).login();
    const data = await client.passive();
    data.resume();
    client.send(`${verb} /f\r\nPWD\r\n`);
    assert.equal((await client.reply())?.code, 150);
    data.end();
    assert.equal((await client.reply())?.code, 226);
    assert.equal((await client.reply())?.code, 257);
    assert.deepEqual(seen.slice(-2), ["226 0 0", "257 1 1"]);
  });

test("an upload closes its data connection only after its event is stored", async () => {
  const recording = Promise.withResolvers<void>();
  const stored = Promise.withResolvers<void>();
  const recorder: EventRecorder = {
    wants: (type) => type === "FileUploaded",
    record: ({ type }) => {
      if (type !== "FileUploaded") return undefined;
      recording.resolve();
      return stored.promise;
    },
  };
  await using world = await startServer({ recorder });
  const client = await (await ControlClient.overTcp(world.engine)).login();
  const data = await client.passive();
  data.resume();
  const ended = once(data, "end");
  assert.equal(await client.code("STOR /f"), 150);
  data.end("content");
  await recording.promise;
  // Each reply proves that the engine has finished the event-loop tick in which the upload was stored.
  for (let round = 0; round < 3; round++) assert.equal(await client.code("NOOP"), 200);
  const isEarly = data.readableEnded;
  stored.resolve();
  assert.equal(isEarly, false);
  assert.equal((await client.reply())?.code, 226);
  await ended;
});
