import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { PERMISSIONS } from "../../../src/api/engine-config.ts";
import { SITE_COMMANDS } from "../../../src/engine/commands/site.ts";
import { COMMANDS, NOT_IMPLEMENTED } from "../../../src/engine/commands/table.ts";
import { ControlClient } from "../../support/engine/control-client.ts";
import { EngineError } from "../../../src/engine/errors.ts";
import { makeServer, testUser, type TestServer } from "../../support/engine/server.ts";
import { settle } from "../../support/engine/world.ts";

const SLICE = { first: 50_000, last: 50_009 };

/** Starts an engine with one user that has the given permissions. */
function world(permissions = [...PERMISSIONS]): TestServer {
  return makeServer({ config: { users: [testUser("alice", { permissions })] } }, SLICE);
}

/** Returns an argument that the command accepts. */
function legalArgument({ argument }: { argument: string }): string {
  return argument === "None" ? "" : " x";
}

/** All rows in the command table and in the SITE table, each with its complete verb. */
const ROWS = [...COMMANDS, ...[...SITE_COMMANDS].map(([word, row]) => [`SITE ${word}`, row] as const)];

describe("the command table", () => {
  for (const [verb, command] of ROWS) {
    test(`sets the login that ${verb} requires: ${command.login}`, async () => {
      await using server = world();
      const client = ControlClient.inMemory(server.engine);
      await client.reply();
      const code = await client.code(verb + legalArgument(command));
      if (command.login === "Needed") assert.equal(code, 530);
      else assert.notEqual(code, 530);
    });

    test(`sets the argument that ${verb} requires: ${command.argument}`, async () => {
      await using server = world();
      const client = await ControlClient.inMemory(server.engine).login();
      const { code: without, lines } = await client.command(verb);
      if (command.argument === "Required")
        assert.deepEqual([without, lines], [501, [`501 Syntax: ${command.syntax}`]]);
      else assert.notEqual(without, 501);
      if (command.argument === "None" && verb !== "QUIT")
        assert.notEqual(await client.code(`${verb} x`), 501, "what comes behind is ignored");
    });

    const { permission } = command;
    if (permission !== undefined) {
      test(`sets the permission that ${verb} requires: ${permission}`, async () => {
        await using server = world(PERMISSIONS.filter((other) => other !== permission));
        const client = await ControlClient.inMemory(server.engine).login();
        assert.deepEqual((await client.command(`${verb} x`)).lines, [
          `550 Permission denied: ${permission} is required.`,
        ]);
        server.authenticator.users = [testUser("alice")];
        assert.notDeepEqual(
          (await client.command(`${verb} x`)).lines,
          [`550 Permission denied: ${permission} is required.`],
          "at once, when granted",
        );
      });
    }

    test(`contains the syntax that HELP shows for ${verb}`, async () => {
      await using server = world();
      const client = await ControlClient.inMemory(server.engine).login();
      const help = verb.startsWith("SITE ") ? "SITE HELP" : "HELP";
      assert.deepEqual((await client.command(`${help} ${command.verb.toLowerCase()}`)).lines, [
        `214 Syntax: ${command.syntax}`,
      ]);
      assert.ok(command.syntax.startsWith(verb));
    });

    test(`names the specifications of ${verb}, or none`, () =>
      assert.match(command.specification, /^(none|(RFC \d+|draft-[a-z-]+)(, (RFC \d+|draft-[a-z-]+))*)$/u));

    const atOnce = command.duringTransfer === true;
    // ABOR aborts the running command first. The tests for transfers and checksums cover ABOR.
    if (verb === "ABOR") continue;
    test(`sets when ${verb} gets its reply during a running command: ${atOnce ? "immediately" : "afterwards"}`, async () => {
      await using server = world();
      const running = Promise.withResolvers<never>();
      server.memory.openRead = () => running.promise;
      const client = await ControlClient.inMemory(server.engine).login();
      client.send("HASH f\r\n");
      await settle();
      let answered = false;
      client.duplex.once("data", () => (answered = true));
      client.send(`${verb}${legalArgument(command)}\r\n`);
      await settle();
      assert.equal(answered, atOnce);
      running.reject(new EngineError("NotFound", "the end of HASH"));
      const codes = [(await client.reply())?.code, (await client.reply())?.code];
      assert.equal(codes[atOnce ? 1 : 0], 550);
      assert.notEqual(codes[atOnce ? 0 : 1], undefined);
    });
  }
});

test("a verb gets 502 when an RFC defines it and the engine does not support it, and 500 when it is unknown", async () => {
  await using server = world();
  const client = await ControlClient.inMemory(server.engine).login();
  for (const verb of NOT_IMPLEMENTED) assert.equal(await client.code(verb), 502, verb);
  assert.deepEqual((await client.command("FROB <script>")).lines, ["500 Unknown command."]);
});

test("HELP lists every command as a separate word", async () => {
  await using server = world();
  const client = await ControlClient.inMemory(server.engine).login();
  const { code, lines } = await client.command("HELP");
  assert.equal(code, 214);
  assert.equal(lines[0], "214-The following commands are recognized.");
  const words = lines.slice(1, -1).flatMap((line) => line.trim().split(/ +/u));
  assert.deepEqual(words, [...COMMANDS.keys()].toSorted());
  for (const line of lines) assert.ok(line.length <= 80, line);
});

// id: feat-opts
test("FEAT lists the supported features, and EPRT only while active mode is enabled", async () => {
  await using server = world();
  const client = await ControlClient.inMemory(server.engine).login();
  const { lines } = await client.command("FEAT");
  assert.deepEqual(lines, [
    "211-Features:",
    " AVBL",
    " CLNT",
    " CSID",
    " EPSV",
    " HASH SHA-256*;SHA-512;SHA-1;MD5;CRC32",
    " HOST",
    " LANG EN*",
    " MDTM",
    " MFF Modify;UNIX.mode;",
    " MFMT",
    " MLST Type*;Size*;Modify*;Perm*;Unique*;UNIX.mode*;",
    " MODE Z",
    " RANG STREAM",
    " REST STREAM",
    " SIZE",
    " TVFS",
    " UTF8",
    " XCRC filename;start;end",
    " XMD5 filename;start;end",
    " XSHA1 filename;start;end",
    " XSHA256 filename;start;end",
    " XSHA512 filename;start;end",
    "211 End",
  ]);
  server.engine.reconfigure({ ...server.config, active: { mode: "Enabled" } });
  assert.ok((await client.command("FEAT")).lines.includes(" EPRT"));
});

test("OPTS MLST selects the facts of MLST", async () => {
  await using server = world();
  server.memory.put("/f", "abc");
  const client = await ControlClient.inMemory(server.engine).login();
  assert.deepEqual((await client.command("OPTS MLST size;nonsense;TYPE;")).lines, [
    "200 MLST OPTS Type;Size;",
  ]);
  assert.deepEqual((await client.command("MLST f")).lines, [
    "250-Start of list:",
    " Type=file;Size=3; /f",
    "250 End of list.",
  ]);
  assert.ok((await client.command("FEAT")).lines.includes(" MLST Type*;Size*;Modify;Perm;Unique;UNIX.mode;"));
  assert.deepEqual((await client.command("OPTS MLST")).lines, ["200 MLST OPTS"]);
});
