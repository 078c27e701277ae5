/** Tests notifications to a receiver that uses the CloudEvents SDK for Go. The receiver runs outside the cluster. */
import { NOTIFICATION_EVENTS } from "../../src/api/engine-notifications.ts";
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { curl, type Site, url } from "../support/clients/clients.ts";
import { killEngine } from "./engine-process.ts";
import { allowInternalSinks } from "./operator.ts";
import { answering, siteOf } from "./outside.ts";
import { isEvent, isUploadOf, notificationTo, RECEIVER_SECRET, SECRETS } from "./outside-notifications.ts";
import { OutsideReceiver, RECOVERY_LIMIT } from "./outside-receiver.ts";
import { dialFrom } from "./outside-s3.ts";
import { conditionOf, eventually, passwordSecret, timed, TestNamespace } from "./test-namespace.ts";
import { UploadLoop } from "./upload-loop.ts";

const USERS = { alice: "password-of-alice" };
const VOLUME = {
  type: "PersistentVolumeClaim",
  persistentVolumeClaim: { create: { size: "1Gi" }, whenDeleted: "Delete" },
};
const SMALL_BYTES = 10_007;
/** Maximum time in milliseconds until the status shows a receiver failure. */
const NOTICED_LIMIT = 120_000;

describe("notifications", () => {
  let namespace: TestNamespace;
  let team: TestNamespace;
  let directory: string;
  let receiver: OutsideReceiver;

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), "ftp-operator-e2e-"));
    [namespace, team] = await Promise.all([
      TestNamespace.create("e2e-notifications"),
      TestNamespace.create("e2e-notifications-team"),
    ]);
    receiver = await OutsideReceiver.start(namespace, SECRETS);
    await namespace.apply(RECEIVER_SECRET);
    await namespace.applyServer("demo", USERS, {
      storage: VOLUME,
      userSources: { from: "Selector", namespaceSelector: { matchLabels: { "notify-test": "allowed" } } },
      notifications: [
        notification("structured", NOTIFICATION_EVENTS),
        notification("binary", ["FileUploaded"], { mode: "Binary" }),
      ],
    });
    await namespace.waitReady("demo");
  });

  after(async () => {
    await allowInternalSinks(namespace, false);
    await Promise.all([namespace.remove(), team.remove()]);
    await receiver[Symbol.asyncDispose]();
    await rm(directory, { recursive: true });
  });

  const notification = (name: string, events: readonly string[], http: object = {}): object =>
    notificationTo(receiver, name, events, http);

  const siteOfAlice = async (): Promise<Site> =>
    siteOf(namespace, await answering(namespace, await namespace.login("demo", "alice", USERS.alice)));

  const upload = async (site: Site, path: string, content = "order 1\n"): Promise<string> => {
    const file = join(directory, "upload.txt");
    await writeFile(file, content);
    return await curl(site, "passive", "--ftp-create-dirs", "-T", file, `${url(site)}${path}`);
  };

  async function deliveredIs(name: string, reason: string, limit = NOTICED_LIMIT): Promise<string> {
    const what = `NotificationsDelivered of ${name} is ${reason}`;
    const hasReason = async (): Promise<string> => {
      const found = conditionOf(await namespace.server(name), "NotificationsDelivered");
      assert.equal(found?.reason, reason, found?.message ?? "");
      assert.equal(found?.status, reason === "Delivering" ? "True" : "False");
      return found?.message ?? "";
    };
    return await timed(what, () => eventually(what, hasReason, limit));
  }

  // id: notifications-internal-sink
  it("are not sent to an address that is not public unless the operator permits internal sinks", async () => {
    await upload(await siteOfAlice(), "denied.txt");
    const message = await deliveredIs("demo", "SinkAddressDenied");
    assert.match(
      message,
      /`structured` .*the host of the sink has no public address.*`--allow-internal-sinks`/u,
    );
    assert.deepEqual(receiver.requests.filter(isEvent), []);
    await allowInternalSinks(namespace, true);
    await deliveredIs("demo", "Delivering", RECOVERY_LIMIT);
    await receiver.receivesAll(["denied.txt"]);
  });

  // id: notifications-content-modes
  it("arrive signed in structured and binary mode, with the location of the file and without secrets", async () => {
    const site = await siteOfAlice();
    await upload(site, "inbox/order.csv");
    await upload({ ...site, login: { ...site.login, password: "typo-of-alice" } }, "no.txt").catch(String);
    await receiver.receivesAll(["inbox/order.csv"]);
    for (const mode of ["structured", "binary"]) {
      const event = receiver.accepted({ mode }).find(({ data }) => data["path"] === "/inbox/order.csv");
      assert.ok(event);
      const { specversion, type, source, subject, data } = event;
      assert.deepEqual([specversion, type], ["1.0", "io.ftp-operator.file.uploaded"]);
      assert.equal(source, `/namespaces/${namespace.name}/ftpservers/demo`);
      assert.equal(subject, "/alice/inbox/order.csv");
      const { namespace: found, server, slot, user, size, storage } = data;
      assert.deepEqual([found, server, slot, user, size], [namespace.name, "demo", "a", "alice", 8]);
      assert.deepEqual(storage, { type: "Volume", path: "/alice/inbox/order.csv" });
    }
    await eventually("the failed login arrives", async () =>
      assert.ok(receiver.accepted().some(({ type }) => type === "io.ftp-operator.login.failed")),
    );
    const status = JSON.stringify((await namespace.server("demo")).status);
    const config = await namespace.kubectl(["get", "configmaps", "-o", "json"]);
    for (const secret of [...Object.values(SECRETS), USERS.alice, "typo-of-alice"]) {
      assert.ok(!JSON.stringify(receiver.requests).includes(secret), "no event contains a secret");
      assert.ok(!status.includes(secret) && !config.includes(secret), "no object contains a secret");
    }
  });

  // id: notifications-egress
  it("need only the port of the sink, or the destinations of spec.networkPolicy.egress", async () => {
    const { address, port } = receiver;
    const { client } = namespace.cluster.hosts;
    const [pod = ""] = await namespace.pods("demo");
    const look = () =>
      Promise.all([
        dialFrom(namespace, pod, address, port),
        dialFrom(namespace, pod, client, port),
        dialFrom(namespace, pod, address, port + 1),
      ]);
    // No process listens on this port of the other host, so the host rejects the connection.
    assert.deepEqual(await look(), ["open", "closed", "silent"]);
    await namespace.patchSpec("demo", {
      networkPolicy: { egress: [{ to: [{ cidr: `${address}/32` }], ports: [port] }] },
    });
    await eventually("only the receiver is open", async () =>
      assert.deepEqual(await look(), ["open", "silent", "silent"]),
    );
    await upload(await siteOfAlice(), "after-egress.txt");
    await receiver.receivesAll(["after-egress.txt"]);
  });

  // id: notifications-order
  it("are retried with the same ID when the receiver fails, and arrive in order for each file", async () => {
    await namespace.applyServer("flaky", USERS, {
      notifications: [
        notification("flaky", ["FileUploaded", "FileRenamed", "FileDeleted"], {
          url: receiver.url("/flaky"),
        }),
      ],
    });
    await namespace.waitReady("flaky");
    const login = await answering(namespace, await namespace.login("flaky", "alice", USERS.alice));
    await upload(siteOf(namespace, login), "first.txt");
    using session = await namespace.session(login);
    await session.command("RNFR first.txt", 350);
    await session.command("RNTO second.txt", 250);
    await session.command("DELE second.txt", 250);
    await eventually("all events arrive", async () =>
      assert.deepEqual(
        receiver.accepted({ path: "/flaky" }).map(({ type }) => type),
        ["io.ftp-operator.file.uploaded", "io.ftp-operator.file.renamed", "io.ftp-operator.file.deleted"],
      ),
    );
    const requests = receiver.requests.filter(({ path }) => path === "/flaky").filter(isEvent);
    const [one, two, three] = [...new Set(requests.map(({ event }) => event.id))];
    assert.deepEqual(
      requests.map(({ status, event }) => [event.id, status]),
      [one, two, three].flatMap((id) => [
        [id, 503],
        [id, 204],
      ]),
    );
    await eventually("the receiver accepts the events", async () =>
      assert.equal(conditionOf(await namespace.server("flaky"), "NotificationsDelivered")?.status, "True"),
    );
    await namespace.kubectl(["delete", "ftpserver", "flaky", "--wait=false"]);
  });

  // id: notifications-receiver-outage
  it("do not delay uploads while the receiver is down, and all arrive when the receiver is back", async () => {
    await using uploads = new UploadLoop(await siteOfAlice(), directory, SMALL_BYTES);
    await uploads.more(2);
    await receiver.kill();
    const message = await deliveredIs("demo", "SinkUnreachable");
    assert.match(message, /`binary` cannot be delivered to `http:\/\/198\.51\.100\.3:9280\/events`/u);
    await uploads.more(5);
    assert.equal(conditionOf(await namespace.server("demo"), "Ready")?.status, "True");
    await receiver.resume(namespace.cluster);
    await uploads.more(2);
    const files = await uploads.end();
    assert.equal(uploads.failures, 0);
    await receiver.receivesAll(files.keys());
    await deliveredIs("demo", "Delivering", RECOVERY_LIMIT);
  });

  // id: notifications-pod-kill
  it("all arrive after the engine is killed and its pod is deleted, each with one ID", async () => {
    await using uploads = new UploadLoop(await siteOfAlice(), directory, SMALL_BYTES + 1);
    await uploads.more(2);
    await receiver.kill();
    await uploads.more(5);
    const [pod = ""] = await namespace.pods("demo");
    await killEngine(namespace, pod);
    await uploads.more(5);
    await namespace.kubectl(["delete", "pod", pod, "--grace-period=0", "--force"]);
    await uploads.more(5);
    const files = await uploads.end();
    await receiver.resume(namespace.cluster);
    await receiver.receivesAll(files.keys());
    await deliveredIs("demo", "Delivering", RECOVERY_LIMIT);
    const events = receiver.accepted({ mode: "structured" });
    for (const name of files.keys())
      assert.equal(events.filter((event) => isUploadOf(event, name)).length, 1, `${name} has one id`);
    console.log(`${files.size} acknowledged uploads, ${uploads.failures} failed`);
  });

  // id: notifications-ftp-user
  it("report the upload of an FtpUser in another namespace", async () => {
    await namespace.cluster.kubectl(["label", "namespace", team.name, "notify-test=allowed", "--overwrite"]);
    await team.apply(passwordSecret("scanner", "password-of-scanner"), {
      apiVersion: "ftp-operator.io/v1alpha1",
      kind: "FtpUser",
      metadata: { name: "scanner" },
      spec: {
        serverRef: { name: "demo", namespace: namespace.name },
        passwordSecretRef: { name: "scanner" },
      },
    });
    const site = siteOf(namespace, await namespace.login("demo", "scanner", "password-of-scanner"));
    await eventually("the FtpUser can upload", () => upload(site, "page.pdf"));
    await receiver.receivesAll(["page.pdf"]);
    const event = receiver.accepted().find(({ data }) => data["path"] === "/page.pdf");
    assert.equal(event?.data["user"], "scanner");
    assert.equal(event.subject, `/@${team.name}/scanner/page.pdf`);
  });

  // id: notifications-wrong-sink
  it("report wrong credentials and a wrong host", async () => {
    const wrong = {
      headersFrom: [{ name: "Authorization", secretKeyRef: { name: "pipeline", key: "wrong" } }],
    };
    await namespace.applyServer("wrong", USERS, {
      // When a Secret reference changes, the operator replaces the pod. Undelivered events remain on the volume.
      storage: VOLUME,
      notifications: [notification("pipeline", ["FileUploaded"], wrong)],
    });
    await namespace.waitReady("wrong");
    const login = await answering(namespace, await namespace.login("wrong", "alice", USERS.alice));
    await upload(siteOf(namespace, login), "order.csv");
    const message = await deliveredIs("wrong", "SinkUnauthorized");
    assert.match(message, /\(HTTP status 401\)\. Correct the Secrets in `headersFrom`/u);
    assert.doesNotMatch(message, /wrong-token/u);

    const elsewhere = { url: "http://receiver.example.invalid:9280/events" };
    await namespace.patchSpec("wrong", {
      notifications: [notification("pipeline", ["FileUploaded"], elsewhere)],
    });
    assert.match(await deliveredIs("wrong", "SinkNameNotResolved"), /`http:\/\/receiver\.example\.invalid/u);
    assert.equal(conditionOf(await namespace.server("wrong"), "Ready")?.status, "True");

    await namespace.patchSpec("wrong", { notifications: [notification("pipeline", ["FileUploaded"])] });
    await eventually("the event arrives after the correction", async () =>
      assert.ok(receiver.accepted().some(({ source }) => source.endsWith("/ftpservers/wrong"))),
    );
    await eventually("the sink is accepted", async () =>
      assert.equal(conditionOf(await namespace.server("wrong"), "NotificationsDelivered")?.status, "True"),
    );
  });
});
