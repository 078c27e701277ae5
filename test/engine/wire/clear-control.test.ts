import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { startTlsServer, type TlsServer, FtpsClient } from "../../support/engine/tls-world.ts";

const run = promisify(execFile);

/** Runs curl with CCC. The mode determines which side ends TLS first. @returns the verbose output */
async function curl(world: TlsServer, mode: "active" | "passive", ...args: string[]): Promise<string> {
  const url = `ftp://127.0.0.1:${world.engine.controlPort}/`;
  const options = ["-sSvk", "--ssl-reqd", "--ftp-ssl-ccc", "--ftp-ssl-ccc-mode", mode, "-u", "alice:secret"];
  const { stdout, stderr } = await run("curl", [...options, ...args, url], { timeout: 60_000 });
  return stdout + stderr;
}

describe("CCC", () => {
  // id: ccc
  for (const mode of ["active", "passive"] as const)
    for (const version of ["1.2", "1.3"] as const)
      it(`ends TLS ${version} only on the control connection, with curl in its ${mode} mode`, async () => {
        await using world = await startTlsServer({ mode: "Optional", clearControl: "Allow" });
        world.memory.put("/kept.txt", "what was there");
        const said = await curl(world, mode, "--tls-max", version, `--tlsv${version}`);
        assert.match(said, /> CCC/u);
        assert.match(said, /< 200 /u);
        assert.match(said, /kept\.txt/u);
        assert.match(said, /< 226 /u);
        assert.equal([...world.counts.keys()].filter((name) => name.startsWith("handshake Data")).length, 1);
      });

  // id: tls-downgrade-2
  it("is rejected before the login or when clearControl is not Allow", async () => {
    await using world = await startTlsServer({ clearControl: "Allow" });
    const { control } = await FtpsClient.explicit(world.engine);
    assert.match((await control.command("FEAT")).lines.join("\n"), /^ CCC$/mu);
    assert.equal(await control.code("CCC"), 503);
    await using strict = await startTlsServer();
    const refused = await FtpsClient.explicit(strict.engine);
    assert.doesNotMatch((await refused.control.command("FEAT")).lines.join("\n"), /CCC/u);
    assert.equal(await refused.control.code("CCC"), 534);
  });

  it("ends the session of a client that has disconnected", async () => {
    await using world = await startTlsServer({ clearControl: "Allow" });
    const client = await (await FtpsClient.explicit(world.engine)).login();
    assert.equal(await client.control.code("CCC"), 200);
    client.socket.destroy();
    while (world.engine.sessions.size > 0) await sleep(5);
  });
});
