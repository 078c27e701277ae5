/**
 * Tests which values the API server keeps when two field managers, for example Helm and kubectl, apply the same object.
 */
import assert from "node:assert/strict";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { Agent, request } from "undici";
import { schemaOf, type Crd } from "../../tools/generate-api/crd.ts";
import { readCrds } from "../../tools/generate-api/files.ts";
import { helm } from "../charts/helm.ts";
import { type ControlPlane, startControlPlane } from "../cluster/control-plane.ts";
import { untilCrdsEstablished } from "../cluster/established-crds.ts";
import { inTemporaryFolder } from "../cluster/temporary.ts";
import { CRD_FILE, ROOT } from "./crd.ts";
import { mergePlaces, type MergePlace, structureOf } from "./merge-places.ts";

const { ftpserver, ftpuser } = await readCrds(ROOT);
/** API group of the test CRDs, which have the same structure as the published CRDs. */
const GROUP = "structure.ftp-operator.io";
const CRDS = [ftpserver, ftpuser].map((crd) => [crd, structureCrd(crd)] as const);

let cluster: ControlPlane;
let agent: Agent;

before(async () => {
  cluster = await startControlPlane();
  const [ca, cert, key] = await Promise.all(
    [cluster.ca, cluster.clientCertificate, cluster.clientKey].map((file) => readFile(file)),
  );
  agent = new Agent({ connect: { ca, cert, key } });
  const items = CRDS.map(([, structure]) => structure);
  await cluster.kubectl(
    ["apply", "--server-side", "-f", "-"],
    JSON.stringify({ apiVersion: "v1", kind: "List", items }),
  );
  await cluster.kubectl(["apply", "--server-side", "-f", CRD_FILE]);
  await untilCrdsEstablished(cluster);
});

after(async () => {
  await agent?.close();
  await cluster?.stop();
});

/** Returns a CRD that contains only the schema properties that control merging, without rules or bounds. */
function structureCrd({ spec: { names } }: Crd) {
  const { plural, kind } = names;
  const crd = names.kind === "FtpServer" ? ftpserver : ftpuser;
  const schema = { openAPIV3Schema: { type: "object", properties: { spec: structureOf(specOf(crd)) } } };
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${plural}.${GROUP}` },
    spec: {
      group: GROUP,
      scope: "Namespaced",
      names: { kind, plural, singular: kind.toLowerCase() },
      versions: [{ name: "v1alpha1", served: true, storage: true, schema }],
    },
  };
}

function specOf(crd: Crd) {
  const spec = schemaOf(crd).properties?.["spec"];
  assert.ok(spec);
  return spec;
}

interface Applied {
  code: number;
  body: { spec?: unknown; message?: string };
}

describe("two appliers", () => {
  for (const [
    crd,
    {
      spec: { names },
    },
  ] of CRDS) {
    const { kind } = crd.spec.names;
    const apply = async (manager: string, name: string, spec: unknown, force: boolean): Promise<Applied> => {
      const path = `/apis/${GROUP}/v1alpha1/namespaces/default/${names.plural}/${name}`;
      const { statusCode, body } = await request(
        `${cluster.url}${path}?fieldManager=${manager}&force=${force}`,
        {
          dispatcher: agent,
          method: "PATCH",
          headers: { "content-type": "application/apply-patch+yaml" },
          body: JSON.stringify({ apiVersion: `${GROUP}/v1alpha1`, kind, metadata: { name }, spec }),
        },
      );
      return { code: statusCode, body: JSON.parse(await body.text()) };
    };
    const applyBoth = async (place: MergePlace, name: string): Promise<unknown> => {
      const first = await apply("helm", name, place.wrap(place.first), false);
      assert.equal(first.code, 201, `${place.path}: ${first.body.message}`);
      const rejected = await apply("kubectl", name, place.wrap(place.second), false);
      assert.equal(rejected.code, place.conflicts ? 409 : 200, `${place.path}: ${rejected.body.message}`);
      if (place.conflicts) assert.match(rejected.body.message ?? "", /conflict with "helm"/);
      const { code, body } = await apply("kubectl", name, place.wrap(place.second), true);
      assert.equal(code, 200, `${place.path}: ${body.message}`);
      return place.read(body.spec);
    };
    const places = [...mergePlaces(specOf(crd))];

    it(`of the same ${kind} cannot mix a reference or selector: the second one replaces it or conflicts`, async () => {
      const references = places.filter(({ merge }) => merge === "atomic object");
      const names = references.map(({ path }) => path.split(".").at(-1) ?? "");
      assert.deepEqual(
        places.filter(({ path }) => /Refs?$/.test(path)).map(({ path }) => path),
        references.filter(({ path }) => /Refs?$/.test(path)).map(({ path }) => path),
      );
      assert.ok(names.includes("passwordSecretRef"), names.join());
      for (const [index, place] of references.entries())
        assert.deepEqual(await applyBoth(place, `reference-${index}`), place.second, place.path);
    });

    it(`of the same ${kind} replace atomic lists, merge sets and own separate items of maps`, async () => {
      const lists = places.filter(({ merge }) => merge.endsWith("list"));
      assert.ok(lists.length >= 2);
      for (const [index, place] of lists.entries()) {
        const merged = await applyBoth(place, `list-${index}`);
        const expected = place.merge === "atomic list" ? place.second : [...place.first, ...place.second];
        assert.deepEqual(merged, expected, place.path);
      }
    });
  }

  it("mix values in a reference without x-kubernetes-map-type: atomic", async () => {
    const name = "granular";
    const crd = structureCrd(ftpuser);
    const text = JSON.stringify(crd)
      .replaceAll('"x-kubernetes-map-type":"atomic",', "")
      .replaceAll(',"x-kubernetes-map-type":"atomic"', "");
    await cluster.kubectl(
      ["apply", "--server-side", "-f", "-"],
      text
        .replaceAll("ftpusers", "granulars")
        .replaceAll("FtpUser", "Granular")
        .replaceAll("ftpuser", "granular"),
    );
    await untilCrdsEstablished(cluster);
    const object = (passwordSecretRef: object): string =>
      JSON.stringify({
        apiVersion: `${GROUP}/v1alpha1`,
        kind: "Granular",
        metadata: { name },
        spec: { passwordSecretRef },
      });
    const apply = (manager: string, ref: object): Promise<string> =>
      cluster.kubectl(
        ["apply", "--server-side", "--force-conflicts", `--field-manager=${manager}`, "-f", "-"],
        object(ref),
      );
    await apply("helm", { name: "a", key: "a" });
    await apply("kubectl", { name: "b" });
    const stored = JSON.parse(await cluster.kubectl(["get", "granular", name, "-o", "json"]));
    assert.deepEqual(stored.spec.passwordSecretRef, { name: "b", key: "a" });
  });
});

describe("helm and kubectl", () => {
  it("cannot mix a password reference of an FtpServer", async () => {
    await inTemporaryFolder(async (chart) => {
      await mkdir(join(chart, "templates"));
      await writeFile(join(chart, "Chart.yaml"), "apiVersion: v2\nname: demo\nversion: 0.1.0\n");
      const server = (passwordSecretRef: object): string =>
        JSON.stringify({
          apiVersion: "ftp-operator.io/v1alpha1",
          kind: "FtpServer",
          metadata: { name: "demo", namespace: "default" },
          spec: { users: [{ name: "alice", passwordSecretRef }] },
        });
      await writeFile(join(chart, "templates/server.yaml"), server({ name: "from-helm", key: "helm" }));
      const { status, stderr } = helm(["install", "demo", chart, "--kubeconfig", cluster.kubeconfig]);
      assert.equal(status, 0, stderr);
      const apply = (...flags: string[]): Promise<string> =>
        cluster.kubectl(["apply", "--server-side", ...flags, "-f", "-"], server({ name: "from-kubectl" }));
      await assert.rejects(apply(), /conflict with "helm"[^]*passwordSecretRef/);
      await apply("--force-conflicts");
      const ref = await cluster.kubectl([
        "get",
        "ftpsrv",
        "demo",
        "-o",
        "jsonpath={.spec.users[0].passwordSecretRef}",
      ]);
      assert.deepEqual(JSON.parse(ref), { name: "from-kubectl", key: "password" });
    });
  });
});
