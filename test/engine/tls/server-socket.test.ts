/** Tests that a TLS socket and its connection can be destroyed in any order. */
import assert from "node:assert/strict";
import { closed } from "../../support/engine/control-client.ts";
import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { test } from "node:test";
import { connect, type SecureVersion } from "node:tls";
import { systemClock } from "../../../src/common/clock.ts";
import { loadCredentials } from "../../../src/engine/tls/credentials.ts";
import { TlsLayer } from "../../../src/engine/tls/tls-layer.ts";
import { tlsConfig } from "../../support/engine/tls-world.ts";

const observer = { tlsHandshake: (): void => {}, tlsFailed: (): void => {} };
const options = { timeoutMilliseconds: 10_000, direction: "Download", requireCloseNotify: false } as const;
/** Number of repetitions. One run is not sufficient, because a use after free does not always cause a crash. */
const TRIES = 20;

for (const maxVersion of ["TLSv1.2", "TLSv1.3"] satisfies SecureVersion[]) {
  test(`a connection can be destroyed before its TLS socket during the handshake, ${maxVersion}`, async () => {
    const config = await tlsConfig();
    const layer = new TlsLayer(config, await loadCredentials(config), observer, systemClock);
    for (let tried = 0; tried < TRIES; tried++) {
      const server = createServer({ pauseOnConnect: true }).listen(0, "127.0.0.1");
      await once(server, "listening");
      const address = server.address();
      assert.ok(typeof address === "object" && address !== null);
      const client = connect({
        port: address.port,
        host: "127.0.0.1",
        rejectUnauthorized: false,
        maxVersion,
      });
      client.on("error", () => {});
      const [plain]: Socket[] = await once(server, "connection");
      assert.ok(plain);
      const secured = await layer.data(plain, options);
      plain.destroy();
      secured.destroy();
      await closed(secured);
      client.destroy();
      server.close();
    }
  });
}
