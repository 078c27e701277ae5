/** Tests a second chart release that serves one namespace and has no permissions outside that namespace. */
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { installChart, OPERATOR_NAMESPACE, RELEASE } from "./installation.ts";
import { scaleOperator } from "./operator.ts";
import { answering, clientNamed, roundTrip, siteOf } from "./outside.ts";
import { eventually, TestNamespace } from "./test-namespace.ts";

const OWN_RELEASE = "ftp-operator-own";
const OWN_NAMESPACE = "e2e-own-operator";

interface Question {
  group?: string;
  resource: string;
  name?: string;
  verb: string;
  namespace?: string;
}

const SERVED = "e2e-served";
const UNSERVED = "e2e-unserved";
const MAY: readonly Question[] = [
  { group: "ftp-operator.io", resource: "ftpservers", verb: "watch", namespace: SERVED },
  { resource: "secrets", verb: "get", namespace: SERVED },
  {
    group: "coordination.k8s.io",
    resource: "leases",
    name: OWN_RELEASE,
    verb: "update",
    namespace: OWN_NAMESPACE,
  },
];
const MAY_NOT: readonly Question[] = [
  { resource: "nodes", verb: "list" },
  { resource: "namespaces", verb: "list" },
  { resource: "secrets", verb: "list" },
  { group: "ftp-operator.io", resource: "ftpservers", verb: "list" },
  { group: "ftp-operator.io", resource: "ftpservers", verb: "update", namespace: SERVED },
  { resource: "secrets", verb: "get", namespace: UNSERVED },
  { group: "ftp-operator.io", resource: "ftpservers", verb: "list", namespace: UNSERVED },
  { resource: "secrets", verb: "get", namespace: OWN_NAMESPACE },
  { resource: "secrets", verb: "get", namespace: "kube-system" },
];

describe("an operator for one namespace", () => {
  let served: TestNamespace;
  let unserved: TestNamespace;
  let directory: string;

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), "ftp-operator-e2e-"));
    served = await TestNamespace.create(SERVED);
    unserved = await TestNamespace.create(UNSERVED);
    // The first release serves all namespaces.
    await scaleOperator(served, 0);
    const { image } = JSON.parse(
      await served.cluster.helm(["get", "values", RELEASE, "--namespace", OPERATOR_NAMESPACE, "-o", "json"]),
    );
    await installChart(served.cluster, {
      release: OWN_RELEASE,
      namespace: OWN_NAMESPACE,
      values: [
        `--set=image.repository=${image.repository}`,
        `--set-string=image.tag=${image.tag}`,
        "--set=crds.enabled=false",
        `--set=watch.namespaces={${SERVED}}`,
      ],
    });
  });

  after(async () => {
    const { cluster } = served;
    await cluster.helm([
      "uninstall",
      OWN_RELEASE,
      "--namespace",
      OWN_NAMESPACE,
      "--ignore-not-found",
      "--wait",
    ]);
    await cluster.kubectl(["delete", "namespace", OWN_NAMESPACE, "--ignore-not-found", "--wait=false"]);
    await scaleOperator(served, 1);
    await Promise.all([served.remove(), unserved.remove()]);
    await rm(directory, { recursive: true });
  });

  it("serves FtpServers only in this namespace", async () => {
    await unserved.applyServer("demo", { alice: "one" });
    await served.applyServer("demo", { alice: "one" });
    await served.waitReady("demo");
    const site = siteOf(served, await answering(served, await served.login("demo", "alice", "one")));
    await roundTrip(clientNamed("curl"), site, "passive", directory);
    assert.equal((await unserved.server("demo")).status, undefined);
  });

  it("removes the objects of a deleted FtpServer", async () => {
    await served.kubectl(["delete", "ftpserver", "demo"]);
    await eventually("the pods are gone", async () => assert.deepEqual(await served.pods("demo"), []));
  });

  for (const question of MAY)
    it(`can ${wordOf(question)}`, async () => assert.equal(await allows(served, question), true));

  for (const question of MAY_NOT)
    it(`cannot ${wordOf(question)}`, async () => assert.equal(await allows(served, question), false));
});

function wordOf({ verb, resource, namespace }: Question): string {
  return `${verb} ${resource} ${namespace === undefined ? "of every namespace" : `in ${namespace}`}`;
}

/** Asks the API server whether the operator of the second release has a permission, and returns the answer. */
async function allows({ cluster }: TestNamespace, question: Question): Promise<boolean> {
  const review = {
    apiVersion: "authorization.k8s.io/v1",
    kind: "SubjectAccessReview",
    spec: {
      user: `system:serviceaccount:${OWN_NAMESPACE}:${OWN_RELEASE}`,
      groups: ["system:serviceaccounts", `system:serviceaccounts:${OWN_NAMESPACE}`, "system:authenticated"],
      resourceAttributes: question,
    },
  };
  const { status } = JSON.parse(
    await cluster.kubectl(["create", "-f", "-", "-o", "json"], JSON.stringify(review)),
  );
  return status.allowed;
}
