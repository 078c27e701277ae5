import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import type { EngineConfig } from "../../../src/api/engine-config.ts";
import { loadConfig, parseConfig } from "../../../src/engine/config/load.ts";
import { watchConfig } from "../../../src/engine/config/watch.ts";
import { testConfig, testUser } from "../../support/engine/server.ts";
import { notificationsTo } from "../../support/notifications/notified-engine.ts";

const HASH = `$scrypt$ln=14,r=8,p=1$${"A".repeat(22)}$${"A".repeat(43)}`;

function engineConfig(): EngineConfig {
  const passive = { ...testConfig().passive, portRange: { first: 50000, last: 50009 } };
  return testConfig({ controlPort: 2121, passive, users: [testUser("alice", { passwordHash: HASH })] });
}

/** Returns a valid configuration in which the value at `path` is replaced. */
function changed(path: string, value: unknown): string {
  const config: any = structuredClone(engineConfig());
  const names = path.split(".");
  const last = names.pop() ?? "";
  const target = names.reduce((object, name) => object[name], config);
  if (value === undefined) delete target[last];
  else target[last] = value;
  return JSON.stringify(config);
}

const REFUSED: readonly [path: string, value: unknown, why: RegExp][] = [
  ["version", 2, /version must be 1/],
  ["surprise", 1, /unknown field "surprise": remove it/],
  ["limits.surprise", 1, /limits has an unknown field/],
  ["controlPort", undefined, /required property 'controlPort'/],
  ["controlPort", 70000, /controlPort must be <= 65535/],
  ["controlPort", "21", /controlPort must be integer/],
  ["controlPort", 50001, /controlPort 50001 is in passive\.portRange/],
  ["metricsPort", 50001, /metricsPort 50001 is in passive\.portRange/],
  ["active", { mode: "Enabled", sourcePort: 0 }, /active\.sourcePort must be >= 1/],
  ["active", { mode: "Enabled", sourcePort: 50009 }, /active\.sourcePort 50009 is a port on which/],
  ["active", { mode: "Enabled", sourcePort: 2121 }, /active\.sourcePort 2121 .*: choose another/],
  ["passive.portRange", { first: 50009, last: 50000 }, /reversed: write first 50000, last 50009/],
  ["passive.address", { type: "Static", address: "ftp.example.com" }, /must be an IPv4 address/],
  ["passive.address", { type: "Guess" }, /passive\.address/],
  ["passive.portSharing", "Perhaps", /must be one of Enabled,Disabled/],
  ["maskedClients", ["198.51.100.0/33"], /must be an address or a network/],
  ["banner", "a\r\n221 bye", /banner/],
  ["users.0.homeDirectory", "/a/../b", /must be an absolute path/],
  ["users.0.homeDirectory", "a", /must be an absolute path/],
  ["users.0.permissions", ["Fly"], /must be one of List/],
  ["users.0.state", "Locked", /users\.0\.state must be one of Enabled,Disabled/],
  ["users.0.expiresAt", "tomorrow", /users\.0\.expiresAt must be an RFC 3339 time/],
  ["users.0.expiresAt", "2027-02-30T00:00:00Z", /must be an RFC 3339 time/],
  ["users.0.directories", [{ path: "/", permissions: [] }], /must be an absolute path below "\/"/],
  ["users.0.directories", [{ path: "/out/", permissions: [] }], /must be an absolute path below "\/"/],
  ["users.0.directories", [{ path: "/../out", permissions: [] }], /must be an absolute path below "\/"/],
  ["users.0.directories", [{ path: "out", permissions: [] }], /must be an absolute path below "\/"/],
  ["users.0.passwordHash", "secret", /users\.0\.passwordHash is not a hash/],
  ["limits.sessions", 0, /limits\.sessions must be >= 1/],
  ["logging.level", "Loud", /must be one of Error,Warn,Info,Debug/],
  ["storage.root", "relative", /storage\.root/],
  ["files", { fileMode: 0o640 }, /files\.fileMode must be string/],
  ...["0440", "0040", "2640", "4755", "640 ", "0888", "00640", ""].map(
    (fileMode): [string, unknown, RegExp] => ["files", { fileMode }, /files\.fileMode must be an octal mode/],
  ),
  ...["0650", "4750", "1770", "3770", "6770", "075", "u=rwx"].map(
    (directoryMode): [string, unknown, RegExp] => [
      "users.0.files",
      { directoryMode },
      /users\.0\.files\.directoryMode must be an octal mode/,
    ],
  ),
];

let directory: string;
before(async () => {
  directory = await mkdtemp(join(tmpdir(), "engine-config-"));
});
after(() => rm(directory, { recursive: true, force: true }));

describe("parseConfig", () => {
  it("returns a valid configuration unchanged", () => {
    assert.deepEqual(parseConfig(JSON.stringify(engineConfig()), "engine.json"), engineConfig());
  });

  for (const [path, value, why] of REFUSED) {
    it(`rejects ${path} ${JSON.stringify(value)}`, () => {
      assert.throws(
        () => parseConfig(changed(path, value), "engine.json"),
        ({ message }: Error) =>
          why.test(message) && message.startsWith("engine.json: ") && !message.includes("\n"),
      );
    });
  }

  it("rejects two users with the same name", () => {
    const [user] = engineConfig().users;
    assert.throws(() => parseConfig(changed("users", [user, user]), "f"), /duplicate name "alice"/);
  });

  it("requires a directory for undelivered events unless the storage is a bucket", () => {
    const { outboxDirectory: _, ...notifications } = notificationsTo("https://example.com/", "/srv/ftp");
    assert.throws(
      () => parseConfig(changed("notifications", notifications), "f"),
      /notifications\.outboxDirectory is missing/,
    );
  });

  it("omits the text from the error when it is not JSON, because it can contain a hash", () => {
    assert.throws(() => parseConfig('{"passwordHash": "$6$secret" oops', "f"), { message: "f: is not JSON" });
  });
});

describe("ftp-operator engine --config", () => {
  for (const [what, text, why] of [
    ["a broken file", "{", /^error: .*bad\.json: is not JSON\n$/],
    ["a wrong value", changed("version", 7), /^error: .*version must be 1\n$/],
    [
      "a root that is not there",
      changed("storage.root", "/nowhere"),
      /^error: storage\.root \/nowhere cannot be opened .*\n$/,
    ],
  ] as const) {
    it(`exits with code 2 and prints one line for ${what}`, async () => {
      const file = join(directory, "bad.json");
      await writeFile(file, text);
      const main = join(import.meta.dirname, "../../../src/main.ts");
      const { code, stdout, stderr } = await new Promise<{ code: unknown; stdout: string; stderr: string }>(
        (resolve) => {
          execFile(process.execPath, [main, "engine", "--config", file], (error, out, err) =>
            resolve({ code: error?.code, stdout: out, stderr: err }),
          );
        },
      );
      assert.equal(code, 2);
      assert.match(stderr, why);
      assert.equal(stdout, "");
    });
  }
});

describe("watchConfig", () => {
  /**
   * Creates a directory with the layout of a Secret volume: file -> ..data/file, ..data -> one directory for each
   * version.
   */
  async function mount(
    config: EngineConfig,
  ): Promise<{ file: string; update: (text: string) => Promise<void> }> {
    const volume = await mkdtemp(join(directory, "volume-"));
    let version = 0;
    const update = async (text: string): Promise<void> => {
      const name = `..${++version}`;
      await mkdir(join(volume, name));
      await writeFile(join(volume, name, "engine.json"), text);
      await symlink(name, join(volume, "..data_tmp"));
      await rename(join(volume, "..data_tmp"), join(volume, "..data"));
    };
    await update(JSON.stringify(config));
    await symlink("..data/engine.json", join(volume, "engine.json"));
    return { file: join(volume, "engine.json"), update };
  }

  it("reports changed and invalid configurations only", async () => {
    const { file, update } = await mount(engineConfig());
    const ending = new AbortController();
    const told: string[] = [];
    let wake = (): void => undefined;
    const next = async (count: number): Promise<void> => {
      while (told.length < count) await new Promise<void>((resolve) => (wake = resolve));
    };
    const tell = (text: string): void => {
      told.push(text);
      wake();
    };
    const listener = {
      onChange: async (config: EngineConfig) => tell(config.generation),
      onInvalid: (message: string) => tell(message),
    };
    watchConfig(file, await loadConfig(file), listener, ending.signal);
    await update(changed("generation", "second"));
    await next(1);
    await update("{");
    await next(2);
    // A difference in whitespace is not a configuration change.
    await update(JSON.stringify(JSON.parse(changed("generation", "second")), undefined, 2));
    await update(changed("generation", "third"));
    await next(3);
    ending.abort();
    assert.equal(told[0], "second");
    assert.match(told[1] ?? "", /is not JSON/);
    assert.deepEqual(told.slice(2), ["third"]);
  });
});
