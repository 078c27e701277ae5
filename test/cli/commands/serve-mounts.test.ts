/** Tests `ftp-operator serve` with additional storage. */
import assert from "node:assert/strict";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { test } from "node:test";
import { Client } from "basic-ftp";
import { Serving } from "../../support/cli/serving.ts";
import { inTemporaryFolder } from "../../cluster/temporary.ts";

/** Name of the folder in the served directory that contains the additional storage. */
const ADDITIONAL = ".ftp-operator-additional";

/** The home of alice is the served directory, which also contains the additional storage. */
const SERVER = {
  apiVersion: "ftp-operator.io/v1alpha1",
  kind: "FtpServer",
  metadata: { name: "demo" },
  spec: {
    additionalStorage: ["inbox", "archive"].map((name) => ({
      name,
      type: "PersistentVolumeClaim",
      persistentVolumeClaim: { claimName: name },
    })),
    users: [
      {
        name: "alice",
        passwordSecretRef: { name: "alice" },
        homeDirectory: "/",
        mounts: [
          { path: "/inbox", storage: "inbox", subPath: "/orders" },
          { path: "/archive", storage: "archive", access: "ReadOnly" },
        ],
      },
    ],
  },
};
const SECRET = {
  apiVersion: "v1",
  kind: "Secret",
  metadata: { name: "alice" },
  stringData: { password: "wonderland" },
};

test("serve replaces the volumes of mounts with directories that clients cannot see", async () => {
  await inTemporaryFolder(async (folder) => {
    const manifest = join(folder, "server.json");
    const files = join(folder, "files");
    await writeFile(manifest, [SERVER, SECRET].map((one) => JSON.stringify(one)).join("\n---\n"));
    await mkdir(join(files, ADDITIONAL, "archive"), { recursive: true });
    await writeFile(join(files, ADDITIONAL, "archive/report.csv"), "archived");
    const args = ["-f", manifest, "--directory", files];
    await using serving = await Serving.start(args, { ready: '"msg":"serving"' });
    const client = new Client();
    await client.access({ host: "127.0.0.1", port: serving.port, user: "alice", password: "wonderland" });
    const namesIn = async (path: string): Promise<string[]> =>
      (await client.list(path)).map(({ name }) => name);
    assert.deepEqual(await namesIn("/"), ["archive", "inbox"]);
    assert.deepEqual(await namesIn("/archive"), ["report.csv"]);
    await client.uploadFrom(Readable.from(["order"]), "/inbox/order.csv");
    await assert.rejects(client.uploadFrom(Readable.from(["x"]), "/archive/x"), { code: 550 });
    await assert.rejects(client.cd(ADDITIONAL), /reserved/);
    client.close();
    assert.equal(await readFile(join(files, ADDITIONAL, "inbox/orders/order.csv"), "utf8"), "order");
    assert.equal(await serving.end("SIGTERM"), 0);
  });
});
