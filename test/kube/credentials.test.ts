import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { inClusterAccess } from "../../src/kube/credentials.ts";
import { inTemporaryFolder } from "../cluster/temporary.ts";

describe("inClusterAccess", () => {
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port } = process.env;
  const set = (name: string, value: string | undefined): void => {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  };
  before(() => {
    set("KUBERNETES_SERVICE_HOST", "198.19.0.1");
    set("KUBERNETES_SERVICE_PORT", "443");
  });
  after(() => {
    set("KUBERNETES_SERVICE_HOST", host);
    set("KUBERNETES_SERVICE_PORT", port);
  });

  it("returns the current token of the service account", () =>
    inTemporaryFolder(async (folder) => {
      await writeFile(join(folder, "ca.crt"), "authority");
      await writeFile(join(folder, "token"), "first\n");
      assert.deepEqual(await inClusterAccess(folder), {
        url: "https://198.19.0.1:443",
        tls: { ca: Buffer.from("authority") },
        authorization: "Bearer first",
      });
      await writeFile(join(folder, "token"), "renewed");
      assert.equal((await inClusterAccess(folder))?.authorization, "Bearer renewed");
      set("KUBERNETES_SERVICE_HOST", "2001:db8::1");
      assert.equal((await inClusterAccess(folder))?.url, "https://[2001:db8::1]:443");
    }));

  it("returns undefined without the files or without the environment variables", async () => {
    assert.equal(await inClusterAccess("/nowhere"), undefined);
    set("KUBERNETES_SERVICE_PORT", undefined);
    await inTemporaryFolder(async (folder) => {
      for (const name of ["ca.crt", "token"]) await writeFile(join(folder, name), "x");
      assert.equal(await inClusterAccess(folder), undefined);
    });
  });
});
