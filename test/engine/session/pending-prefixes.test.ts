/**
 * Tests the state that preparatory commands set. Between the preparatory command and the command that uses its state,
 * the tests send every command in the command table.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Command } from "../../../src/engine/commands/command.ts";
import { SITE_COMMANDS } from "../../../src/engine/commands/site.ts";
import { COMMANDS } from "../../../src/engine/commands/table.ts";
import type { PrefixKind } from "../../../src/engine/session/pending-prefixes.ts";
import { KEPT, opens, overData, scene, type Scene } from "../../support/engine/upload-scene.ts";

interface Prefix {
  kind: PrefixKind;
  prepare: string;
  /** Fails unless the prepared state is set. */
  use: (scene: Scene) => Promise<void>;
  /** Fails unless the prepared state is cleared. */
  isGone: (scene: Scene) => Promise<void>;
  /** A command of the same kind that fails because of its argument. */
  wrong: string;
}

const needs = (line: string, first: string) => async (scene: Scene) =>
  assert.equal(await overData(scene, line), `503 ${first} required first.`);

const wholeFile = async (scene: Scene): Promise<void> => {
  scene.server.memory.put("/f", "0123456789");
  assert.equal(await overData(scene, "RETR /f"), "150 Opening BINARY mode data connection (10 bytes).");
};

const PREFIXES: readonly Prefix[] = [
  {
    kind: "range",
    prepare: "REST 2",
    use: (scene) => opens(scene, "STOR /f", { type: "Resume", offset: 2 }),
    isGone: (scene) => opens(scene, "STOR /f", { type: "Replace" }),
    wrong: "REST x",
  },
  {
    kind: "range",
    prepare: "REST 2",
    use: async (scene) =>
      assert.equal(await overData(scene, "RETR /f"), "150 Opening BINARY mode data connection (8 bytes)."),
    isGone: wholeFile,
    wrong: "REST",
  },
  {
    kind: "range",
    prepare: "RANG 1 3",
    use: async (scene) =>
      assert.equal(await overData(scene, "RETR /f"), "150 Opening BINARY mode data connection (3 bytes)."),
    isGone: wholeFile,
    wrong: "RANG 3 1",
  },
  {
    kind: "range",
    prepare: "RANG 1 3",
    use: async ({ client }) =>
      assert.match((await client.command("HASH /f")).lines[0] ?? "", /^213 SHA-256 1-3 /u),
    isGone: wholeFile,
    wrong: "REST 1 2",
  },
  {
    kind: "rename",
    prepare: "RNFR /f",
    async use({ client, server }) {
      assert.equal(await client.code("RNTO /g"), 250);
      assert.equal(server.memory.text("/g"), "0123456789");
    },
    isGone: needs("RNTO /g", "RNFR"),
    wrong: "RNFR /nothing",
  },
  {
    kind: "copy",
    prepare: "SITE CPFR /f",
    async use({ client, server }) {
      assert.equal(await client.code("SITE CPTO /g"), 250);
      assert.equal(server.memory.text("/g"), "0123456789");
    },
    isGone: needs("SITE CPTO /g", "SITE CPFR"),
    wrong: "SITE CPFR /nothing",
  },
  {
    kind: "resumable",
    prepare: "SIZE /p",
    use: (scene) => opens(scene, "APPE /p", { type: "ResumePartial", offset: KEPT }),
    isGone: async (scene) => assert.equal(await overData(scene, "APPE /p"), "550 File exists."),
    wrong: "SIZE /nothing",
  },
];

/** Valid arguments for commands that reject the default argument. */
const ARGUMENTS: Readonly<Record<string, string>> = {
  TYPE: "I",
  MODE: "S",
  STRU: "F",
  ALLO: "10",
  OPTS: "UTF8 ON",
  CWD: "/d",
  XCWD: "/d",
  MLSD: "/d",
  LIST: "/d",
  NLST: "/d",
  PORT: "192,0,2,1,4,1",
  EPRT: "|1|192.0.2.1|1025|",
  EPSV: "",
  SIZE: "/f",
  MDTM: "/f",
  MLST: "/f",
  STAT: "/d",
  RETR: "/f",
  HASH: "/f",
  XCRC: "/f",
  RNFR: "/f",
  MFMT: "20200229120000 /f",
  MFF: "Modify=20200229120000; /f",
  LANG: "EN",
  REST: "5",
  RANG: "4 5",
  "SITE CPFR": "/f",
  "SITE CHMOD": "600 /f",
  "SITE UTIME": "20200229120000 /f",
  "SITE UMASK": "022",
  "SITE IDLE": "60",
};

function lineOf(verb: string, { argument }: Command): string {
  if (argument === "None") return verb;
  return `${verb} ${ARGUMENTS[verb] ?? "/other"}`;
}

/** Commands that clear all prepared state because they end the login. */
const ENDS_LOGIN = new Set(["REIN", "USER"]);
const ROWS = [...COMMANDS, ...[...SITE_COMMANDS].map(([word, row]) => [`SITE ${word}`, row] as const)].filter(
  ([verb]) => verb !== "QUIT",
);

describe("the state of a preparatory command", () => {
  for (const { kind, prepare, use, isGone, wrong } of PREFIXES) {
    for (const [verb, row] of ROWS) {
      if (row.prepares === kind || row.uses === kind || ENDS_LOGIN.has(verb)) continue;
      // APPE fails after REST and RANG, because APPE always writes at the end. append.test.ts covers APPE.
      if (kind === "resumable" && row.prepares === "range") continue;
      const line = lineOf(verb, row);
      // id: pending-prefixes
      test(`of ${prepare} is kept after ${line}`, async () => {
        const at = await scene();
        await using _ = at.server;
        await at.client.command(prepare);
        await overData(at, line);
        await use(at);
      });
    }

    test(`of ${prepare} is kept after lines that are not commands and after a hundred NOOPs`, async () => {
      const at = await scene();
      await using _ = at.server;
      await at.client.command(prepare);
      for (const line of ["", "FROB", "x".repeat(5000), "CWD", "SITE FROB"]) await at.client.command(line);
      at.client.send("NOOP\r\n".repeat(100));
      for (let count = 0; count < 100; count++) assert.equal((await at.client.reply())?.code, 200);
      await use(at);
    });

    test(`of ${prepare} is cleared after its use`, async () => {
      const at = await scene();
      await using _ = at.server;
      await at.client.command(prepare);
      await use(at);
      await isGone(at);
    });

    // id: pending-prefixes-2
    test(`of ${prepare} is cleared by ${wrong}, which fails`, async () => {
      const at = await scene();
      await using _ = at.server;
      await at.client.command(prepare);
      const { code } = await at.client.command(wrong);
      assert.ok(code >= 500, wrong);
      await isGone(at);
    });

    // id: pending-prefixes-3
    for (const end of ["REIN", "USER alice"])
      test(`of ${prepare} is cleared by ${end}`, async () => {
        const at = await scene();
        await using _ = at.server;
        await at.client.command(prepare);
        if (end === "REIN") await at.client.command(end);
        await at.client.command("USER alice");
        assert.equal(await at.client.code("PASS secret"), 230);
        await at.client.command("TYPE I");
        await isGone(at);
      });
  }

  // id: pending-prefixes-4
  for (const line of ["RETR /nothing", "STOR /d", "APPE /f", "STOU", "HASH /nothing"])
    test(`of REST is cleared by ${line}, which fails`, async () => {
      const at = await scene();
      await using _ = at.server;
      await at.client.command("REST 2");
      assert.match(await overData(at, line), /^55\d /u);
      await wholeFile(at);
    });

  test("selects the complete file after REST 0 and RANG 1 0", async () => {
    for (const line of ["REST 0", "RANG 1 0"]) {
      const at = await scene();
      await using _ = at.server;
      await at.client.command("REST 2");
      assert.equal(await at.client.code(line), 350);
      await opens(at, "STOR /f", { type: "Replace" });
    }
  });

  test("is kept when a command of another kind sets its own state", async () => {
    const at = await scene();
    await using _ = at.server;
    for (const line of ["RNFR /f", "SITE CPFR /f", "SIZE /p"]) await at.client.command(line);
    await opens(at, "APPE /p", { type: "ResumePartial", offset: KEPT });
    await at.client.command("REST 2");
    await opens(at, "STOR /f", { type: "Resume", offset: 2 });
    assert.equal(await at.client.code("SITE CPTO /copy"), 250);
    assert.equal(await at.client.code("RNTO /g"), 250);
    assert.deepEqual([...at.server.memory.files.keys()].toSorted(), ["/copy", "/g"]);
  });
});
