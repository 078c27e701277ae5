import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { useOperatorCluster } from "../support/operator/operator-cluster.ts";
import {
  assertQuiet,
  eventually,
  getJson,
  startOperator,
  untilQuiet,
  writesOf,
} from "../support/operator/running.ts";

const BASIC = new URL("../../examples/basic.yaml", import.meta.url);

const cluster = useOperatorCluster({ controllerManager: true });

const condition = (server: any, type: string): any =>
  server.status?.conditions?.find((c: any) => c.type === type);
const engineConfig = async (): Promise<any> => {
  const { data } = await getJson(cluster.plane, "secret", "demo-config");
  return JSON.parse(Buffer.from(data["engine.json"], "base64").toString());
};

test("an applied FtpServer gets its children and a status that reports missing objects", async () => {
  await cluster.plane.kubectl(["apply", "-f", "-"], await readFile(BASIC, "utf8"));
  await eventually("status", async () => {
    const server = await getJson(cluster.plane, "ftpserver", "demo");
    assert.equal(condition(server, "AddressAssigned").status, "False");
    assert.equal(condition(server, "Ready").status, "False");
    assert.equal(server.status.observedGeneration, server.metadata.generation);
  });
  const sets = await getJson(cluster.plane, "statefulset");
  assert.deepEqual(
    sets.items.map((set: any) => [set.metadata.name, set.spec.replicas]),
    [["demo-a", 1]],
  );
  for (const child of ["service/demo", "networkpolicy/demo", "pdb/demo", "serviceaccount/demo"]) {
    await cluster.plane.kubectl(["get", child]);
  }
});

test("the address of the load balancer appears in the engine configuration and in the status", async () => {
  const status = JSON.stringify({ status: { loadBalancer: { ingress: [{ ip: "198.51.100.200" }] } } });
  await cluster.plane.kubectl([
    "patch",
    "service",
    "demo",
    "--subresource=status",
    "--type=merge",
    "-p",
    status,
  ]);
  await eventually("address", async () => {
    assert.deepEqual((await engineConfig()).passive.address, { type: "Static", address: "198.51.100.200" });
    const server = await getJson(cluster.plane, "ftpserver", "demo");
    assert.equal(server.status.addresses?.[0]?.value, "198.51.100.200");
    assert.equal(server.status.endpoint, "ftp://198.51.100.200:21");
  });
});

test("a changed password Secret changes the hash", async () => {
  const before = (await engineConfig()).users[0].passwordHash;
  await cluster.plane.kubectl([
    "patch",
    "secret",
    "alice",
    "--type=merge",
    "-p",
    '{"stringData":{"password":"new one"}}',
  ]);
  await eventually("new hash", async () =>
    assert.notEqual((await engineConfig()).users[0].passwordHash, before),
  );
});

test("a missing Secret appears in a condition and an Event, and other users can log in", async () => {
  const users = [
    { name: "alice", passwordSecretRef: { name: "alice" } },
    { name: "bob", passwordSecretRef: { name: "bob-secret" } },
  ];
  await cluster.plane.kubectl([
    "patch",
    "ftpserver",
    "demo",
    "--type=merge",
    "-p",
    JSON.stringify({ spec: { users } }),
  ]);
  await eventually("condition", async () => {
    const { status, message } = condition(await getJson(cluster.plane, "ftpserver", "demo"), "UsersReady");
    assert.equal(status, "False");
    assert.match(message, /bob-secret/);
    const events = await getJson(cluster.plane, "events.events.k8s.io");
    assert.ok(
      events.items.some((event: any) => event.type === "Warning" && event.note.includes("bob-secret")),
    );
  });
  assert.deepEqual(
    (await engineConfig()).users.map((user: any) => user.name),
    ["alice"],
  );
  await cluster.plane.kubectl(["create", "secret", "generic", "bob-secret", "--from-literal=password=x"]);
  await eventually("bob", async () => assert.equal((await engineConfig()).users.length, 2));
  // The operator writes the status only in the next reconcile.
  await eventually("users", async () =>
    assert.equal(condition(await getJson(cluster.plane, "ftpserver", "demo"), "UsersReady").status, "True"),
  );
});

test("the operator writes nothing without a change, nor after a restart", async () => {
  await untilQuiet(cluster.plane);
  await cluster.operator.stop();
  const before = writesOf(cluster.plane).length;
  cluster.operator = startOperator(cluster.plane);
  await assertQuiet(cluster.plane, 3000);
  assert.equal(writesOf(cluster.plane).length, before);
});

test("a child that was edited or deleted manually is restored", async () => {
  const scale = { spec: { ports: [{ port: 21, name: "ftp", targetPort: "metrics" }] } };
  await cluster.plane.kubectl(["patch", "service", "demo", "-p", JSON.stringify(scale)]);
  await cluster.plane.kubectl(["delete", "networkpolicy", "demo"]);
  await eventually("repair", async () => {
    const service = await getJson(cluster.plane, "service", "demo");
    assert.equal(service.spec.ports.find((port: any) => port.name === "ftp").targetPort, "ftp");
    await cluster.plane.kubectl(["get", "networkpolicy", "demo"]);
  });
});

test("manually replaced ports of the Service are restored and owned by the operator", async () => {
  const portsOf = async (): Promise<string[]> =>
    (await getJson(cluster.plane, "service", "demo")).spec.ports.map(
      ({ name, port }: any) => `${name}=${port}`,
    );
  const before = await portsOf();
  assert.equal(before.length, 11);
  const patch = JSON.stringify({
    spec: {
      ports: [
        { name: "ftp", port: 2222 },
        { name: "own", port: 9000 },
      ],
    },
  });
  await cluster.plane.kubectl(["patch", "service", "demo", "--type=merge", "-p", patch]);
  await eventually("all ports", async () => assert.deepEqual(await portsOf(), before));
  // Only the owner of a field can remove it with server-side apply.
  const range = JSON.stringify({ spec: { passive: { portRange: { first: 50100, last: 50104 } } } });
  await cluster.plane.kubectl(["patch", "ftpserver", "demo", "--type=merge", "-p", range]);
  await eventually("the new range alone", async () =>
    assert.deepEqual(await portsOf(), [
      "ftp=21",
      ...[50100, 50101, 50102, 50103, 50104].map((port) => `pasv-${port}=${port}`),
    ]),
  );
});

test("an object with the name of a child and another owner is unchanged and reported", async () => {
  await cluster.plane.kubectl(["create", "configmap", "unrelated"]);
  await cluster.plane.kubectl(["create", "secret", "generic", "other-config", "--from-literal=mine=yes"]);
  const other = (await readFile(BASIC, "utf8")).replaceAll("name: demo", "name: other");
  await cluster.plane.kubectl(["apply", "-f", "-"], other);
  await eventually("NameTaken", async () => {
    const stalled = condition(await getJson(cluster.plane, "ftpserver", "other"), "Stalled");
    assert.equal(stalled.status, "True");
    assert.match(stalled.message, /other-config/);
  });
  assert.ok((await getJson(cluster.plane, "secret", "other-config")).data.mine);
  await cluster.plane.kubectl(["delete", "ftpserver", "other"]);
});

test("deleting an FtpServer deletes its children", async () => {
  await cluster.plane.kubectl(["delete", "ftpserver", "demo"]);
  await eventually("gone", async () => {
    const left = await cluster.plane.kubectl([
      "get",
      "service,statefulset,networkpolicy,pdb,secret,serviceaccount",
      "-l",
      "app.kubernetes.io/instance=demo",
      "-o",
      "name",
    ]);
    assert.equal(left, "");
  });
});
