import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { PERMISSIONS } from "../../../src/api/engine-config.ts";
import { MAX_LOGGED_DESCRIPTION } from "../../../src/engine/commands/client.ts";
import { MAX_STATUS_ENTRIES } from "../../../src/engine/commands/information.ts";
import { SITE_COMMANDS } from "../../../src/engine/commands/site.ts";
import { testUser } from "../../support/engine/server.ts";
import { limits, world } from "../../support/engine/world.ts";

// id: rfc-1123
describe("commands without a data connection", () => {
  const scripts: Record<string, [string, string][]> = {
    "create, rename and remove files and directories": [
      ["MKD /d", '257 "/d" created'],
      ["MKD /d", "550 File exists."],
      ['MKD quo"te', '257 "/quo""te" created'],
      ["CWD d", '250 Directory changed to "/d".'],
      ["PWD", '257 "/d" is the current directory'],
      ["CDUP", '250 Directory changed to "/".'],
      ["CWD ../../..", '250 Directory changed to "/".'],
      ["CWD nowhere", "550 No such file or directory."],
      ["CWD f", "550 Not a directory."],
      ["RNTO g", "503 RNFR required first."],
      ["RNFR nowhere", "550 No such file or directory."],
      ["RNFR f", "350 Ready for RNTO."],
      ["NOOP", "200 NOOP ok."],
      ["RNTO ", "501 Syntax: RNTO <path>"],
      ["RNTO g", "503 RNFR required first."],
      ["RNFR f", "350 Ready for RNTO."],
      ["RNTO g", "250 Rename successful."],
      ["DELE f", "550 No such file or directory."],
      ["DELE g", "250 Delete operation successful."],
      ["RMD d", "250 Remove directory operation successful."],
    ],
    "return facts and set transfer parameters": [
      ["SIZE f", "550 SIZE not allowed in ASCII mode; send TYPE I."],
      ["TYPE L 8", "200 Switching to Binary mode."],
      ["type l8", "200 Switching to Binary mode."],
      ["SIZE f", "213 5"],
      ["SIZE /", "550 Not a plain file."],
      ["MDTM f", "213 20260102030405"],
      ["MFMT 20250607080910 f", "213 Modify=20250607080910; /f"],
      ["MDTM f", "213 20250607080910"],
      ["MFMT 20259999999999 f", "501 Syntax: MFMT <YYYYMMDDHHMMSS> <path>"],
      ["TYPE E", "504 Only TYPE A, TYPE I and TYPE L 8 are supported."],
      ["MODE B", "504 Only MODE S and MODE Z are supported."],
      ["STRU R", "504 Only STRU F is supported."],
      ["ALLO 100", "202 ALLO command ignored."],
      ["ALLO x", "202 ALLO command ignored."],
      ["SMNT /other", "502 SMNT not implemented; use CWD."],
      ["LANG", "200 Language set to EN."],
      ["LANG en", "200 Language set to EN."],
      ["LANG fr", "504 Only LANG EN is supported."],
      ["AVBL", "213 1000000"],
      ["AVBL /", "213 1000000"],
      ["AVBL f", "550 Not a directory."],
      ["AVBL nowhere", "550 No such file or directory."],
      ["OPTS UTF8 ON", "200 Always in UTF8 mode."],
      ["OPTS UTF8", "200 Always in UTF8 mode."],
      ["opts utf-8 on ", "200 Always in UTF8 mode."],
      ["OPTS UTF8 OFF", "504 Only OPTS UTF8 ON is supported."],
      ["REST 99999999999999999999", "501 Invalid restart position."],
      ["RETR f", "425 Use EPSV or PASV first."],
      ["SYST", "215 UNIX Type: L8"],
    ],
    "change facts": [
      ["MFCT 20250607080910 f", "504 Creation times cannot be set; use MFMT."],
      ["MFCT 20250607080910 nowhere", "550 No such file or directory."],
      ["MFCT today f", "501 Syntax: MFCT <YYYYMMDDHHMMSS> <path>"],
      ["MFF Modify=20250607080910;unix.MODE=0600; f", "213 Modify=20250607080910;UNIX.mode=0600; /f"],
      ["MDTM f", "213 20250607080910"],
      ["MFF UNIX.mode=644; a b", "213 UNIX.mode=0644; /a b"],
      [
        "MFF Modify=20240101000000;Create=20240101000000; f",
        "504 Only the facts Modify and UNIX.mode can be set.",
      ],
      [
        "MFF Modify=20240101000000;UNIX.mode=u+x; f",
        "501 Invalid UNIX.mode fact; send an octal mode such as 0644.",
      ],
      ["MFF Modify=yesterday; f", "501 Invalid Modify fact; send YYYYMMDDHHMMSS."],
      ["MFF Modify=20240101000000 f", "501 Syntax: MFF <fact>=<value>;[<fact>=<value>;] <path>"],
      ["MFF Modify=20240101000000;", "501 Syntax: MFF <fact>=<value>;[<fact>=<value>;] <path>"],
      ["MFF ; f", "504 Only the facts Modify and UNIX.mode can be set."],
      ["MFF Modify=20240101000000; nowhere", "550 No such file or directory."],
      ["MDTM f", "213 20250607080910"],
      ["MDTM 20230405060708 f", "213 20230405060708"],
      ["MDTM f", "213 20230405060708"],
      ["MDTM 20239905060708 f", "550 No such file or directory."],
      ["MDTM 20230405060708 nowhere", "550 No such file or directory."],
      ["MDTM 20200101000000 named", "213 20260102030405"],
    ],
    "copy files": [
      ["SITE CPTO g", "503 SITE CPFR required first."],
      ["SITE CPFR nowhere", "550 No such file or directory."],
      ["SITE CPFR /", "550 Is a directory. Only files can be copied."],
      ["SITE CPTO g", "503 SITE CPFR required first."],
      ["RNFR f", "350 Ready for RNTO."],
      ["SITE CPTO g", "503 SITE CPFR required first."],
      ["RNFR nowhere", "550 No such file or directory."],
      ["SITE CPFR f", "350 File exists, ready for destination name."],
      ["RNTO g", "503 RNFR required first."],
      ["SITE CPFR nowhere", "550 No such file or directory."],
      ["MLST g", "550 No such file or directory."],
      ["site cpfr a b", "350 File exists, ready for destination name."],
      ["site cpto c d", "250 Copy successful."],
      ["site cpto e", "503 SITE CPFR required first."],
      ["SITE CPFR f", "350 File exists, ready for destination name."],
      ["SITE CPTO /", "550 Is a directory."],
      ["SITE CPFR f", "350 File exists, ready for destination name."],
      ["SITE CPTO f", "250 Copy successful."],
      ["TYPE I", "200 Switching to Binary mode."],
      ["SIZE c d", "213 5"],
      ["SIZE f", "213 5"],
    ],
    "accept SITE subcommands": [
      ["SITE CHMOD 600 f", "200 SITE CHMOD command successful."],
      ["site chmod 0640 a b", "200 SITE CHMOD command successful."],
      ["SITE CHMOD u+x f", "501 Syntax: SITE CHMOD <octal mode> <path>"],
      ["SITE CHMOD 888 f", "501 Syntax: SITE CHMOD <octal mode> <path>"],
      ["SITE CHMOD 600", "501 Syntax: SITE CHMOD <octal mode> <path>"],
      ["SITE CHMOD", "501 Syntax: SITE CHMOD <octal mode> <path>"],
      ["SITE CHMOD 600 nowhere", "550 No such file or directory."],
      ["SITE UTIME 202501020304 f", "200 SITE UTIME command successful."],
      ["MDTM f", "213 20250102030400"],
      ["SITE UTIME 20250102030405 a b", "200 SITE UTIME command successful."],
      ["MDTM a b", "213 20250102030405"],
      [
        "SITE UTIME a b 20200101000000 20210101000000 20220101000000 UTC",
        "200 SITE UTIME command successful.",
      ],
      ["MDTM a b", "213 20210101000000"],
      [
        "SITE UTIME yesterday f",
        "501 Syntax: SITE UTIME <YYYYMMDDHHMM[SS]> <path> | <path> <accessed> <modified> <created> UTC",
      ],
      ["SITE UTIME 20250102030405 nowhere", "550 No such file or directory."],
      ["SITE FROB", "504 Unknown SITE command; see SITE HELP."],
      ["SITE", "501 Syntax: SITE CHMOD | UTIME | CPFR | CPTO | UMASK | IDLE | HELP"],
      ["SITE HELP chmod", "214 Syntax: SITE CHMOD <octal mode> <path>"],
      ["SITE HELP frob", "504 Unknown SITE command."],
    ],
  };
  for (const [name, script] of Object.entries(scripts)) {
    test(name, async () => {
      await using server = world();
      for (const path of ["/f", "/a b", "/20200101000000 named"]) server.memory.put(path, "hello");
      const client = await server.client().login();
      for (const [line, expected] of script)
        assert.deepEqual((await client.command(line ?? "")).lines, [expected], line);
    });
  }

  test("show a changed mode in MLST", async () => {
    await using server = world();
    server.memory.put("/f", "hello");
    const client = await server.client().login();
    for (const [line, mode] of [
      ["SITE CHMOD 604 f", "0604"],
      ["MFF UNIX.mode=0060; f", "0060"],
      ["SITE CHMOD 0755 f", "0755"],
      ["SITE CHMOD 7 f", "0007"],
    ] as const) {
      await client.command(line);
      assert.match((await client.command("MLST f")).lines[1] ?? "", new RegExp(`UNIX.mode=${mode};`, "u"));
    }
  });

  // id: setuid-bits
  test("set the mode without setuid, setgid, sticky and file type bits", async () => {
    await using server = world();
    server.memory.put("/f", "hello");
    const client = await server.client().login();
    for (const [digits, mode] of [
      ["1755", "0755"],
      ["02770", "0770"],
      ["7644", "0644"],
      ["04711", "0711"],
      ["100640", "0640"],
      ["0100604", "0604"],
    ] as const) {
      assert.deepEqual((await client.command(`SITE CHMOD ${digits} f`)).lines, [
        "200 SITE CHMOD command successful.",
      ]);
      assert.equal(server.memory.files.get("/f")?.mode, Number.parseInt(mode, 8), digits);
      const { lines } = await client.command(`MFF UNIX.mode=${digits}; f`);
      assert.deepEqual(lines, [`213 UNIX.mode=${mode}; /f`]);
    }
  });

  for (const [line, permission] of [
    ["SITE CHMOD 600 f", "Write"],
    ["SITE UTIME 20250102030405 f", "SetModificationTime"],
    ["MFF UNIX.mode=0600; f", "Write"],
    ["MFF Modify=20250102030405; f", "SetModificationTime"],
    ["MDTM 20250102030405 f", "SetModificationTime"],
    ["STAT f", "List"],
  ] as const) {
    // id: mff
    test(`reject ${line} without the permission ${permission}`, async () => {
      const permissions = PERMISSIONS.filter((other) => other !== permission);
      await using server = world({ users: [testUser("alice", { permissions })] });
      server.memory.put("/f", "hello");
      const client = await server.client().login();
      assert.deepEqual((await client.command(line)).lines, [
        `550 Permission denied: ${permission} is required.`,
      ]);
      assert.equal(server.memory.files.get("/f")?.modified.getUTCFullYear(), 2026);
      assert.equal(server.memory.files.get("/f")?.mode, 0o644);
    });
  }

  // id: site
  test("list the SITE subcommands in SITE HELP", async () => {
    await using server = world();
    const client = await server.client().login();
    const { code, lines } = await client.command("SITE HELP");
    assert.equal(code, 214);
    assert.deepEqual(
      lines.slice(1, -1),
      [...SITE_COMMANDS.values()].map(({ syntax }) => ` ${syntax}`),
    );
  });

  for (const verb of ["CLNT", "CSID"]) {
    test(`log the description of ${verb} truncated and without control characters`, async () => {
      await using server = world();
      const client = server.client();
      await client.reply();
      const { code, lines } = await client.command(`${verb} evil\u001b[2J${"x".repeat(1000)}`);
      assert.equal(code, 200);
      if (verb === "CSID") assert.match(lines[0] ?? "", /^200 Name=ftp-operator;/u);
      const entry = server.log.entries.find(({ level }) => level === "debug");
      assert.deepEqual(entry?.fields, {
        client: "192.0.2.1",
        description: `evil?[2J${"x".repeat(1000)}`.slice(0, MAX_LOGGED_DESCRIPTION),
      });
    });
  }

  test("list a path with STAT", async () => {
    await using server = world();
    server.memory.put("/f", "hello");
    const client = await server.client().login();
    const { code, lines } = await client.command("STAT -l /");
    assert.equal(code, 212);
    assert.match(lines[1] ?? "", /^ -rw-r--r-- .* 5 Jan .* f$/u);
    assert.equal(await client.code("STAT f"), 213);
    assert.equal(await client.code("STAT nowhere"), 550);
  });

  test("end STAT with 451 above limits.listingEntries", async () => {
    await using server = world(limits({ listingEntries: 2 }));
    for (const path of ["/a", "/b"]) server.memory.put(path, "");
    const client = await server.client().login();
    assert.equal(await client.code("STAT /"), 212);
    server.memory.put("/c", "");
    assert.deepEqual((await client.command("STAT /")).lines, ["451 Listings are limited to 2 entries."]);
  });

  test("truncate STAT of a large directory", async () => {
    await using server = world();
    for (let index = 0; index <= MAX_STATUS_ENTRIES; index++) server.memory.put(`/f${index}`, "");
    const client = await server.client().login();
    const { lines } = await client.command("STAT /");
    assert.equal(lines.length, MAX_STATUS_ENTRIES + 3);
    assert.match(lines.at(-2) ?? "", /^ Truncated after/u);
  });
});
