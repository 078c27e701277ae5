import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { localConfig } from "../../../src/cli/serve/local-config.ts";
import { readManifests } from "../../../src/cli/manifests/read-manifests.ts";
import { welcome } from "../../../src/cli/serve/welcome.ts";
import { inTemporaryFolder } from "../../cluster/temporary.ts";

const BASIC = join(import.meta.dirname, "../../../examples/basic.yaml");

/**
 * Returns the welcome text for a manifest file and a listen address. The quoted YAML string `password` replaces the
 * password in the example.
 */
async function printed({
  file = "basic.yaml",
  host = "127.0.0.1",
  password = "change-me",
  state = "Enabled",
}): Promise<string> {
  return await inTemporaryFolder(async (folder) => {
    const manifest = join(folder, file);
    await writeFile(manifest, (await readFile(BASIC, "utf8")).replace("change-me", password));
    const manifests = await readManifests([manifest], "default");
    const [server] = manifests.servers;
    assert.ok(server);
    for (const user of server.spec.users) Object.assign(user, { state });
    const { config } = await localConfig(server, manifests, folder, { port: 2121, metricsPort: 0 });
    const options = { server, manifests, config, host, metricsPort: undefined, isTemporary: true };
    return welcome({ ...options, files: [file] });
  });
}

test("serve quotes the URL of an IPv6 address, whose brackets are a pattern for a shell", async () => {
  const text = await printed({ host: "::1" });
  assert.match(text, /^ {2}curl 'ftp:\/\/alice:change-me@\[::1\]:2121\/'$/m);
  assert.match(text, /this machine only/);
});

test("serve prints a command that takes the name of a manifest file literally", async () => {
  const text = await printed({ file: "it's {a,b} [1-3].yaml" });
  assert.match(text, /^ {2}curl --globoff -T 'it'\\''s \{a,b\} \[1-3\]\.yaml' ftp:/m);
});

test("serve prints no password with control characters, which would change the terminal", async () => {
  for (const password of [String.raw`"a\e[31mb"`, String.raw`"a\u009b31mb"`, String.raw`"a\u202Eb"`]) {
    const text = await printed({ password });
    assert.match(text, /^ {2}Users +alice$/m);
    assert.match(text, /^ {2}curl --user alice ftp:/m);
    assert.doesNotMatch(text, /\p{Cf}/u);
    assert.doesNotMatch(text.replaceAll("\n", ""), /\p{Cc}/u);
  }
});

test("serve names no account that cannot log in", async () => {
  const text = await printed({ state: "Disabled" });
  assert.match(text, /^ {2}Users +no user can log in$/m);
  assert.doesNotMatch(text, /curl/);
});
