import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { Client } from "basic-ftp";
import { waitUntil } from "../../cluster/wait.ts";
import { inTemporaryFolder } from "../../cluster/temporary.ts";
import { Serving } from "../../support/cli/serving.ts";
import { EventReceiver } from "../../support/notifications/event-receiver.ts";

function manifests(url: string): object[] {
  const apiVersion = "ftp-operator.io/v1alpha1";
  const namespace = "files";
  const notification = {
    name: "pipeline",
    events: ["FileUploaded"],
    paths: ["/*.csv"],
    sink: {
      type: "HTTP",
      http: {
        url,
        headersFrom: [{ name: "Authorization", secretKeyRef: { name: "sink", key: "token" } }],
        hmacSecretRef: { name: "sink", key: "hmac" },
      },
    },
  };
  return [
    {
      apiVersion,
      kind: "FtpServer",
      metadata: { name: "demo", namespace },
      spec: {
        passive: { portRange: { first: 50000, last: 50009 } },
        users: [{ name: "alice", passwordSecretRef: { name: "alice" } }],
        notifications: [notification],
      },
    },
    {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "alice", namespace },
      stringData: { password: "wonderland" },
    },
    {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "sink", namespace },
      stringData: { token: "Bearer abc", hmac: "signing key" },
    },
  ];
}

test("serve sends the event of an upload to the sink with the values of the Secret", async () => {
  await inTemporaryFolder(async (folder) => {
    await using receiver = await EventReceiver.start();
    const file = join(folder, "server.json");
    await writeFile(file, JSON.stringify({ apiVersion: "v1", kind: "List", items: manifests(receiver.url) }));
    await using serving = await Serving.start(["-f", file], { ready: '"msg":"serving"' });
    const client = new Client();
    await client.access({ host: "127.0.0.1", port: serving.port, user: "alice", password: "wonderland" });
    await client.uploadFrom(file, "ignored.json");
    await client.uploadFrom(file, "order.csv");
    client.close();
    await waitUntil("the event has arrived", 60_000, () => assert.equal(receiver.events.length, 1));
    const { event, headers } = receiver.events[0] ?? assert.fail();
    assert.equal(event.subject, "/alice/order.csv");
    assert.equal(event.source, "/namespaces/files/ftpservers/demo");
    assert.equal(headers.authorization, "Bearer abc");
    assert.ok(headers["webhook-signature"]);
    assert.doesNotMatch(serving.stdout, /Bearer|signing key/);
  });
});
