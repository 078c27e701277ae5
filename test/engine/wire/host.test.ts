import assert from "node:assert/strict";
import { test } from "node:test";
import { ControlClient } from "../../support/engine/control-client.ts";
import { startTlsServer, FtpsClient } from "../../support/engine/tls-world.ts";
import { world } from "../../support/engine/world.ts";

test("HOST accepts any host name or address before USER, and is rejected afterwards", async () => {
  await using server = world();
  const client = server.client();
  await client.reply();
  for (const name of ["ftp.example.com", "FTP.EXAMPLE.COM.", "localhost", "[192.0.2.1]", "[2001:db8::1]"])
    assert.equal(await client.code(`HOST ${name}`), 220, name);
  for (const name of ["-x", "a..b", "a b", "[::", "[ftp]", "192.0.2.1/8", "x".repeat(254)])
    assert.equal(await client.code(`HOST ${name}`), 501, name);
  await client.command("USER alice");
  assert.equal(await client.code("HOST localhost"), 503);
  await client.command("PASS secret");
  assert.equal(await client.code("HOST localhost"), 503);
});

// id: host
test("HOST accepts only serverNames when they are set, and only the SNI name over TLS", async () => {
  await using server = await startTlsServer({ serverNames: ["one.example.com", "two.example.com"] });
  const plain = await ControlClient.overTcp(server.engine);
  await plain.reply();
  assert.equal(await plain.code("HOST one.example.com"), 220);
  assert.equal(await plain.code("HOST three.example.com"), 504);
  const { control } = await FtpsClient.explicit(server.engine, { servername: "one.example.com" });
  assert.equal(await control.code("HOST ONE.example.com"), 220);
  assert.equal(await control.code("HOST two.example.com"), 504);
});
