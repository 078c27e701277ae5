/** Tests the CRDs in a real API server. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import { Agent, request } from "undici";
import { validate, withDefaults } from "../../src/api/validate.ts";
import { startControlPlane } from "../cluster/control-plane.ts";
import type { ControlPlane } from "../cluster/control-plane.ts";
import { untilCrdsEstablished } from "../cluster/established-crds.ts";
import { waitUntil } from "../cluster/wait.ts";
import { anySpecs } from "./any-specs.ts";
import { asPod, BAD_NAMES, FULL_POD, ftpServer, LONGEST_NAME, REJECTIONS, UNKNOWN_FIELDS } from "./cases.ts";
import { assertRejectedBy, CRD_FILE, dotted, messagesOf } from "./crd.ts";

interface Answer {
  code: number;
  message: string;
  spec?: Record<string, unknown>;
  status?: unknown;
  details?: { causes?: { field: string; message: string }[] };
}

let controlPlane: ControlPlane;
let agent: Agent;

before(async () => {
  controlPlane = await startControlPlane();
  const { ca, clientCertificate: cert, clientKey: key } = controlPlane;
  agent = new Agent({ connect: { ca: readFileSync(ca), cert: readFileSync(cert), key: readFileSync(key) } });
  await kubectl("apply", "--server-side", "-f", CRD_FILE);
  await untilCrdsEstablished(controlPlane);
});

after(async () => {
  await agent?.close();
  await controlPlane?.stop();
});

const kubectl = (...args: string[]) => controlPlane.kubectl(args);
const applyWithKubectl = (object: unknown) =>
  controlPlane.kubectl(["apply", "-f", "-"], JSON.stringify(object));
const FTP_SERVERS = "/apis/ftp-operator.io/v1alpha1/namespaces/default/ftpservers";

async function send(method: "POST" | "PATCH", path: string, object: unknown): Promise<Answer> {
  const contentType = method === "POST" ? "application/json" : "application/merge-patch+json";
  const { statusCode, body } = await request(`${controlPlane.url}${path}`, {
    dispatcher: agent,
    method,
    headers: { "content-type": contentType },
    body: JSON.stringify(object),
  });
  const answer: Omit<Answer, "code"> = JSON.parse(await body.text());
  return { ...answer, message: answer.message ?? "", code: statusCode };
}

const tryToCreate = (object: unknown) =>
  send("POST", `${FTP_SERVERS}?dryRun=All&fieldValidation=Strict`, object);
const change = (name: string, spec: unknown) =>
  send("PATCH", `${FTP_SERVERS}/${name}?fieldValidation=Strict`, { spec });

const withLoadBalancer = (loadBalancer: unknown) => ({ exposure: { type: "LoadBalancer", loadBalancer } });
const withClaim = (create: unknown) => ({
  storage: { type: "PersistentVolumeClaim", persistentVolumeClaim: { create } },
});

/** Returns the cells of each line that `kubectl get` prints for the FtpServer `columns`. */
async function columns(...args: string[]): Promise<string[][]> {
  const text = await kubectl("get", "ftpsrv", "columns", ...args);
  return text.split("\n").map((line) => line.trim().split(/\s{2,}/));
}

async function create(name: string, spec: Record<string, unknown> = {}): Promise<void> {
  const { code, message } = await send("POST", FTP_SERVERS, ftpServer(spec, name));
  assert.equal(code, 201, message);
}

describe("the CRD", () => {
  it("is established and structural, and its rules are within the cost budget", async () => {
    const crd = JSON.parse(await kubectl("get", "crd", "ftpservers.ftp-operator.io", "-o", "json"));
    const conditions: { type: string; status: string }[] = crd.status.conditions;
    assert.deepEqual(
      conditions
        .filter(({ status }) => status === "True")
        .map(({ type }) => type)
        .toSorted(),
      ["Established", "NamesAccepted"],
    );
  });

  it("has a short name, a category and descriptions", async () => {
    await create("found");
    assert.match(
      await kubectl("get", "ftpsrv", "found", "-o", "name"),
      /^ftpserver\.ftp-operator\.io\/found$/m,
    );
    assert.match(await kubectl("get", "ftp-operator", "-o", "name"), /\/found/);
    assert.match(
      await kubectl("explain", "ftpservers.spec.passive.portRange.last"),
      /Highest port, inclusive/,
    );
  });
});

describe("the API server rejects", () => {
  for (const { title, bad, good, path, rule, message } of REJECTIONS) {
    it(title, async () => {
      const [rejected, accepted] = await Promise.all([
        tryToCreate(ftpServer(bad)),
        tryToCreate(ftpServer(good)),
      ]);
      assert.equal(rejected.code, 422, rejected.message);
      const causes = rejected.details?.causes ?? [];
      const expected = rule === undefined ? [message ?? ""] : messagesOf(rule);
      const found = causes.find(
        (cause) =>
          dotted(cause.field) === `spec.${path}` &&
          expected.some((text) =>
            typeof text === "string" ? cause.message.includes(text) : text.test(cause.message),
          ),
      );
      assert.ok(found, JSON.stringify(causes, undefined, 1));
      assert.equal(accepted.code, 201, accepted.message);
    });
  }

  it("names of FtpServers whose children would have invalid names", async () => {
    for (const name of BAD_NAMES) {
      const { code, message } = await tryToCreate(ftpServer({}, name));
      assert.equal(code, 422);
      assert.match(message, /use at most 48 lowercase letters/);
    }
    assert.equal((await tryToCreate(ftpServer({}, LONGEST_NAME))).code, 201);
  });

  it("the name default without another ServiceAccount", async () => {
    const { code, message } = await tryToCreate(ftpServer({}, "default"));
    assert.equal(code, 422);
    assert.match(message, /Kubernetes owns the ServiceAccount default/);
    assert.equal(
      (await tryToCreate(ftpServer({ pod: { serviceAccountName: "default" } }, "default"))).code,
      201,
    );
  });

  it("no change of an FtpServer with the name default that is older than this rule", async () => {
    const crd = JSON.parse(await kubectl("get", "crd", "ftpservers.ftp-operator.io", "-o", "json"));
    const [{ schema }] = crd.spec.versions;
    const rules = schema.openAPIV3Schema["x-kubernetes-validations"];
    const others = rules.filter(({ rule }: { rule: string }) => !rule.includes("'default'"));
    assert.equal(others.length, rules.length - 1);
    schema.openAPIV3Schema["x-kubernetes-validations"] = others;
    await controlPlane.kubectl(["replace", "-f", "-"], JSON.stringify(crd));
    const server = ftpServer({}, "default");
    await waitUntil("the rule is gone", 60_000, async () =>
      assert.equal((await send("POST", FTP_SERVERS, server)).code, 201),
    );
    await kubectl("apply", "--server-side", "--force-conflicts", "-f", CRD_FILE);
    await waitUntil("the rule is back", 60_000, async () =>
      assert.equal((await tryToCreate(server)).code, 422),
    );
    const { code, message } = await change("default", { banner: "Hello" });
    assert.equal(code, 200, message);
    await kubectl("delete", "ftpserver", "default");
  });

  it("unknown fields in manifests that kubectl applies", async () => {
    for (const { spec, path } of UNKNOWN_FIELDS) {
      await assert.rejects(applyWithKubectl(ftpServer(spec)), (error: Error) => {
        assert.ok(error.message.includes(`unknown field "spec.${path}"`), error.message);
        return true;
      });
    }
  });
});

describe("the API server", () => {
  it("fills in the same defaults as withDefaults", async () => {
    for (const { good } of REJECTIONS) {
      const { spec } = await tryToCreate(ftpServer(good));
      assert.deepEqual(spec, withDefaults("FtpServer", ftpServer(good)).spec);
    }
  });

  it("rejects the same text as validate", async () => {
    for (const [place, spec] of Object.entries(anySpecs())) {
      const { code, message, details } = await tryToCreate(ftpServer(spec));
      assert.equal(code, 422, message);
      const rejected = new Set(details?.causes?.map(({ field }) => dotted(field)));
      const expected = new Set(validate("FtpServer", ftpServer(spec)).map(({ path }) => path));
      assert.deepEqual([...rejected].toSorted(), [...expected].toSorted(), place);
    }
  });

  it("accepts all fields of spec.pod", async () => {
    const { code, message, spec } = await tryToCreate(ftpServer({ pod: FULL_POD }));
    assert.equal(code, 201, message);
    const securityContext = { ids: "Fixed", fsGroupChangePolicy: "OnRootMismatch", supplementalGroups: [] };
    assert.deepEqual(spec?.["pod"], { dnsPolicy: "ClusterFirst", securityContext, ...FULL_POD });
    const { code: podCode, message: podMessage } = await send(
      "POST",
      "/api/v1/namespaces/default/pods?dryRun=All&fieldValidation=Strict",
      asPod(FULL_POD),
    );
    assert.equal(podCode, 201, podMessage);
  });

  it("rejects changes that Kubernetes does not support", async () => {
    await create("class", withLoadBalancer({ class: "example.com/a" }));
    for (const loadBalancer of [null, { class: null }, { class: "example.com/b" }]) {
      const { code, message } = await change("class", withLoadBalancer(loadBalancer));
      assert.equal(code, 422);
      assertRejectedBy("load-balancer-class-immutable", message);
    }
    assert.equal((await change("class", { exposure: { type: "ClusterIP", loadBalancer: null } })).code, 200);
    assert.equal((await change("class", withLoadBalancer({ class: "example.com/b" }))).code, 200);

    await create("claim", withClaim({ size: "10Gi" }));
    for (const template of [{ accessModes: ["ReadWriteMany"] }, { storageClassName: "fast" }]) {
      const { code, message } = await change("claim", withClaim(template));
      assert.equal(code, 422);
      assertRejectedBy("claim-immutable", message);
    }
    const smaller = await change("claim", withClaim({ size: "9Gi" }));
    assert.match(smaller.message, /create\.size: /);
    assertRejectedBy("claim-shrink", smaller.message);
    assert.equal((await change("claim", withClaim({ size: "20480Mi" }))).code, 200);
  });

  it("scales through the scale subresource and enforces the rules", async () => {
    await create("scaled", { passive: { portRange: { first: 50_000, last: 50_003 } } });
    await kubectl("scale", "ftpsrv", "scaled", "--replicas=3");
    assert.equal(await kubectl("get", "ftpsrv", "scaled", "-o", "jsonpath={.spec.replicas}"), "3");
    await assert.rejects(kubectl("scale", "ftpsrv", "scaled", "--replicas=4"), (error: Error) => {
      assertRejectedBy("port-range-too-small", error.message);
      return true;
    });
    const selector = "app.kubernetes.io/instance=scaled";
    await send("PATCH", `${FTP_SERVERS}/scaled/status`, { status: { replicas: 3, selector } });
    const scale = JSON.parse(await kubectl("get", "--raw", `${FTP_SERVERS}/scaled/scale`));
    assert.deepEqual(scale.status, { replicas: 3, selector });
  });

  it("prints columns", async () => {
    await create("columns");
    const condition = {
      type: "Ready",
      status: "False",
      reason: "AddressPending",
      message: "Waiting.",
      observedGeneration: 1,
    };
    const status = {
      addresses: [{ type: "IPAddress", value: "192.0.2.10" }],
      endpoint: "ftp://192.0.2.10:21",
      passivePorts: { first: 50_000, last: 50_009 },
      version: "0.2.0",
      readyReplicas: 0,
      conditions: [{ ...condition, lastTransitionTime: "2026-01-01T00:00:00Z" }],
    };
    const { code, message } = await send("PATCH", `${FTP_SERVERS}/columns/status?fieldValidation=Strict`, {
      status,
    });
    assert.equal(code, 200, message);
    const [head, row] = await columns();
    assert.deepEqual(head, ["NAME", "READY", "DESIRED", "AVAILABLE", "ENDPOINT", "TLS", "VERSION", "AGE"]);
    assert.deepEqual(row?.slice(0, 7), [
      "columns",
      "False",
      "1",
      "0",
      "ftp://192.0.2.10:21",
      "Disabled",
      "0.2.0",
    ]);
    const [wideHead, wideRow] = await columns("-o", "wide");
    assert.deepEqual(wideHead?.slice(8), ["FIRST PORT", "LAST PORT", "REASON"]);
    assert.deepEqual(wideRow?.slice(8), ["50000", "50009", "AddressPending"]);
  });

  it("ignores the status when a client writes the spec", async () => {
    const { status } = await tryToCreate({ ...ftpServer(), status: { endpoint: "ftp://192.0.2.10:21" } });
    assert.equal(status, undefined);
  });

  it("selects by field", async () => {
    await create("inside", { exposure: { type: "ClusterIP" } });
    const names = await kubectl(
      "get",
      "ftpsrv",
      "--field-selector=spec.exposure.type=ClusterIP",
      "-o",
      "name",
    );
    assert.match(names, /inside/);
    assert.doesNotMatch(names, /columns/);
  });

  it("accepts an object that is older than a rule while its invalid field is unchanged", async () => {
    const crd = "crd/ftpservers.ftp-operator.io";
    const spec = "/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties";
    const selector = `${spec}/userSources/properties/namespaceSelector/properties/matchExpressions/items`;
    const removals = [`${spec}/banner`, selector].map((at) => ({
      op: "remove",
      path: `${at}/x-kubernetes-validations`,
    }));
    await kubectl("patch", crd, "--type=json", `-p=${JSON.stringify(removals)}`);
    const matchExpressions = [{ key: "team", operator: "NotIn" }];
    const userSources = { from: "Selector", namespaceSelector: { matchExpressions } };
    const old = ftpServer({ banner: "two\nlines", userSources }, "old");
    await untilAnswer(201, FTP_SERVERS, old);
    await kubectl("apply", "--server-side", "--force-conflicts", "-f", CRD_FILE);
    await untilAnswer(422, `${FTP_SERVERS}?dryRun=All`, old);
    assert.equal((await change("old", { replicas: 2 })).code, 200);
    assertRejectedBy("banner-line", (await change("old", { banner: "three\nlines" })).message);
  });
});

const PATIENCE_MS = 60_000;

/** The API server applies a change to a CRD after a short delay. */
async function untilAnswer(code: number, path: string, object: unknown): Promise<void> {
  await waitUntil(`the API server answers ${code}`, PATIENCE_MS, async () => {
    assert.equal((await send("POST", path, object)).code, code);
  });
}
