import assert from "node:assert/strict";
import { it } from "node:test";
import { startServer } from "../../support/engine/server.ts";
import { FakeKubectl } from "../../support/cli/fake-kubectl.ts";

it("kubectl ftpsrv check reports that the login was not tried when reachability checks are disabled", async () => {
  await using made = await startServer();
  const object = {
    metadata: { name: "demo", namespace: "team-a" },
    spec: { tls: { mode: "Disabled" } },
    status: { endpoint: `ftp://127.0.0.1:${made.engine.controlPort}` },
  };
  const config = Buffer.from(JSON.stringify({ ...made.config, check: undefined })).toString("base64");
  await using kubectl = await FakeKubectl.start(([verb, what]) => {
    if (verb !== "get") return {};
    return { stdout: JSON.stringify(what === "secret" ? { data: { "engine.json": config } } : object) };
  });
  const { code, stdout, stderr } = await kubectl.ftpsrv("check", "demo");
  assert.deepEqual([code, stderr], [0, ""]);
  assert.match(stdout, /^Connect +ok /m);
  assert.match(stdout, /^LogIn +- +not tried$/m);
  assert.match(stdout, /were not tested because reachability checks are disabled .*`ftp-operator check`/);
  const json = JSON.parse((await kubectl.ftpsrv("check", "demo", "--output", "json")).stdout);
  assert.deepEqual([json.outcome, json.notTried], ["LoginNotTried", ["LogIn", "PASV", "EPSV"]]);
});

it("kubectl ftpsrv check --family connects to an address of the family or lists the addresses", async () => {
  await using made = await startServer();
  const addresses = ["127.0.0.1", "::1"].map((value) => ({ type: "IPAddress", value }));
  const object = {
    metadata: { name: "demo", namespace: "team-a" },
    spec: { tls: { mode: "Disabled" } },
    status: { endpoint: `ftp://127.0.0.1:${made.engine.controlPort}`, addresses },
  };
  await using kubectl = await FakeKubectl.start(([verb, what]) =>
    verb === "get" ? { stdout: JSON.stringify(what === "secret" ? {} : object) } : {},
  );
  const { stdout } = await kubectl.ftpsrv("check", "demo", "--family", "ipv6");
  assert.match(stdout, /^Connect +ok +greeting from ::1 port /m);
  addresses.pop();
  const { code, stderr } = await kubectl.ftpsrv("check", "demo", "--family", "ipv6");
  assert.equal(code, 2);
  assert.match(
    stderr,
    /^error: the FtpServer has no IPv6 address\nhint: addresses of the FtpServer: 127\.0\.0\.1$/m,
  );
});
