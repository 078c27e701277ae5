import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { type ControlPlane, startControlPlane } from "../cluster/control-plane.ts";
import { untilCrdsEstablished } from "../cluster/established-crds.ts";
import { CHART, documents, helm, one, render } from "./helm.ts";

const CI = join(CHART, "ci");

/** Chart values for linters, keyed by file name. */
const MATRIX = readdirSync(CI).map((file): [string, object] => [
  `ci/${file}`,
  documents(readFileSync(join(CI, file), "utf8"))[0] ?? {},
]);

function list(items: object[]): string {
  return JSON.stringify({ apiVersion: "v1", kind: "List", items });
}

/** Tests the rendered objects on a real API server. */
describe("the chart on an API server", () => {
  let cluster: ControlPlane;
  before(async () => {
    cluster = await startControlPlane();
    for (const namespace of ["ftp-system", "team-a", "team-b"])
      await cluster.kubectl(["create", "namespace", namespace]);
    await cluster.kubectl([
      "label",
      "namespace",
      "ftp-system",
      "pod-security.kubernetes.io/enforce=restricted",
    ]);
  });
  after(() => cluster.stop());

  const dryRun = (items: object[]) =>
    cluster.kubectl(
      ["apply", "--server-side", "--dry-run=server", "--validate=strict", "-f", "-"],
      list(items),
    );

  const ACCEPTED: Record<string, object> = {
    "the defaults": {},
    "one namespace": { watch: { namespaces: ["team-a"] } },
  };
  for (const [name, values] of [...Object.entries(ACCEPTED), ...MATRIX]) {
    it(`is accepted with ${name}`, async () => {
      // Kinds of the Prometheus Operator, whose CRDs are not installed.
      const objects = render(values).filter(({ apiVersion }) => !apiVersion.startsWith("monitoring."));
      const said = await dryRun(objects);
      assert.equal(said.trim().split("\n").length, objects.length, said);
    });
  }

  for (const [name, values] of MATRIX) {
    it(`passes the linter with ${name}`, () => {
      const { status, stdout, stderr } = helm(["lint", "--strict", CHART, "-f", "-"], values);
      assert.equal(status, 0, stdout + stderr);
    });
  }

  it("gives the operator of one namespace permissions in that namespace only", async () => {
    const objects = render({ watch: { namespaces: ["team-a"] } });
    await cluster.kubectl(["apply", "--server-side", "-f", "-"], list(objects));
    await untilCrdsEstablished(cluster);
    const operator = "--as=system:serviceaccount:ftp-system:rel-ftp-operator";
    const may = async (verb: string, resource: string, namespace: string) =>
      (
        await cluster
          .kubectl(["auth", "can-i", verb, ...resource.split(" "), "-n", namespace, operator])
          .catch(() => "no")
      ).trim();
    const table: [verb: string, resource: string, namespace: string, answer: string][] = [
      ["patch", "ftpservers.ftp-operator.io --subresource=status", "team-a", "yes"],
      ["create", "statefulsets.apps", "team-a", "yes"],
      ["list", "secrets", "team-a", "yes"],
      ["update", "leases.coordination.k8s.io/rel-ftp-operator", "ftp-system", "yes"],
      ["create", "leases.coordination.k8s.io", "ftp-system", "yes"],
      ["update", "leases.coordination.k8s.io/ftp-operator", "ftp-system", "no"],
      ["update", "ftpservers.ftp-operator.io", "team-a", "no"],
      ["list", "secrets", "default", "no"],
      ["list", "secrets", "ftp-system", "no"],
      ["update", "leases.coordination.k8s.io/rel-ftp-operator", "team-a", "no"],
      ["create", "pods", "team-a", "no"],
      ["list", "nodes", "", "no"],
    ];
    for (const [verb, resource, namespace, answer] of table) {
      assert.equal(await may(verb, resource, namespace), answer, `${verb} ${resource} in "${namespace}"`);
    }
  });

  it("runs pods that the restricted Pod Security standard admits", async () => {
    const objects = render({}, []);
    const { metadata, spec } = one(objects, "Deployment")["spec"].template;
    const pod = {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { ...metadata, name: "p", namespace: "ftp-system" },
      spec,
    };
    assert.match(await dryRun([pod]), /pod\/p serverside-applied/);
    assert.match(await dryRun([one(objects, "Pod")]), /-test serverside-applied/);
    // The API server enforces the `restricted` Pod Security level only if it rejects the same pod with user ID 0.
    const asRoot = { ...pod, spec: { ...spec, securityContext: { ...spec.securityContext, runAsUser: 0 } } };
    await assert.rejects(dryRun([asRoot]), /violates PodSecurity/);
  });
});
