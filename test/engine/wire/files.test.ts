import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { MAX_STATUS_ENTRIES } from "../../../src/engine/commands/information.ts";
import { world } from "./world.ts";

describe("files without a data connection", () => {
  const scripts: Record<string, [string, string][]> = {
    "making, renaming and removing": [
      ["MKD /d", '257 "/d" was made'],
      ["MKD /d", "550 File exists"],
      ['MKD quo"te', '257 "/quo""te" was made'],
      ["CWD d", '250 Now in "/d"'],
      ["PWD", '257 "/d" is the current directory'],
      ["CDUP", '250 Now in "/"'],
      ["CWD ../../..", '250 Now in "/"'],
      ["CWD nowhere", "550 No such file or directory"],
      ["CWD f", "550 Not a directory"],
      ["RNTO g", "503 Send RNFR right before RNTO"],
      ["RNFR nowhere", "550 No such file or directory"],
      ["RNFR f", "350 Send RNTO with the new name"],
      ["NOOP", "200 OK"],
      ["RNTO g", "503 Send RNFR right before RNTO"],
      ["RNFR f", "350 Send RNTO with the new name"],
      ["RNTO g", "250 Renamed"],
      ["DELE f", "550 No such file or directory"],
      ["DELE g", "250 File removed"],
      ["RMD d", "250 Directory removed"],
    ],
    "facts and parameters": [
      ["SIZE f", "550 SIZE needs TYPE I"],
      ["TYPE L 8", "200 Type is binary"],
      ["SIZE f", "213 5"],
      ["SIZE /", "550 Not a plain file"],
      ["MDTM f", "213 20260102030405"],
      ["MFMT 20250607080910 f", "213 Modify=20250607080910; /f"],
      ["MDTM f", "213 20250607080910"],
      ["MFMT 20259999999999 f", "501 Send MFMT YYYYMMDDHHMMSS <file>"],
      ["TYPE E", "504 Only TYPE A, TYPE I and TYPE L 8 are supported"],
      ["MODE B", "504 Only MODE S is supported"],
      ["STRU R", "504 Only STRU F is supported"],
      ["ALLO 100", "202 No need to allocate storage"],
      ["ALLO x", "501 Send a number of bytes"],
      ["OPTS UTF8 ON", "200 UTF-8 is always on"],
      ["OPTS UTF8 OFF", "504 Only OPTS UTF8 ON is supported"],
      ["REST 99999999999999999999", "501 Send a number of bytes"],
      ["RETR f", "425 Send EPSV or PASV first"],
      ["SYST", "215 UNIX Type: L8"],
    ],
  };
  for (const [name, script] of Object.entries(scripts)) {
    test(name, async () => {
      await using server = world();
      server.memory.put("/f", "hello");
      const client = await server.client().login();
      for (const [line, expected] of script)
        assert.deepEqual((await client.command(line ?? "")).lines, [expected], line);
    });
  }

  test("STAT of a path lists it", async () => {
    await using server = world();
    server.memory.put("/f", "hello");
    const client = await server.client().login();
    const { code, lines } = await client.command("STAT -l /");
    assert.equal(code, 212);
    assert.match(lines[1] ?? "", /^ -rw-r--r-- .* 5 Jan .* f$/u);
    assert.equal(await client.code("STAT f"), 213);
    assert.equal(await client.code("STAT nowhere"), 550);
  });

  test("STAT of a huge directory is cut", async () => {
    await using server = world();
    for (let index = 0; index <= MAX_STATUS_ENTRIES; index++) server.memory.put(`/f${index}`, "");
    const client = await server.client().login();
    const { lines } = await client.command("STAT /");
    assert.equal(lines.length, MAX_STATUS_ENTRIES + 3);
    assert.match(lines.at(-2) ?? "", /^ Cut after/u);
  });
});
