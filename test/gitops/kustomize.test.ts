/** Tests the command in the comment of the Kustomize example. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { documents, one, render } from "../charts/helm.ts";
import { programFile } from "../cluster/programs.ts";

const ROOT = join(import.meta.dirname, "../..");
const BASE = join(ROOT, "examples/gitops/kustomize");

test("kustomize renders the chart with the patch", () => {
  const flags = ["--enable-helm", "--load-restrictor=LoadRestrictionsNone"];
  const helm = ["--helm-command", programFile("helm", "helm")];
  const output = execFileSync(programFile("kube", "kubectl"), ["kustomize", ...flags, ...helm, BASE], {
    encoding: "utf8",
  });
  const objects = documents(output);
  const kinds = (list: typeof objects): string[] => list.map(({ kind }) => kind).toSorted();
  assert.deepEqual(kinds(objects), ["Namespace", ...kinds(render())].toSorted());
  assert.deepEqual(
    new Set(objects.flatMap(({ metadata }) => metadata.namespace ?? [])),
    new Set([one(objects, "Namespace").metadata.name]),
    "applied to a new cluster, it brings the namespace that it goes to",
  );
  const deployment = one(objects, "Deployment");
  assert.equal(deployment.metadata.annotations?.["example.com/owner"], "platform");
  const { version }: { version: string } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
  assert.equal(
    deployment["spec"].template.spec.containers[0].image,
    `registry.example.com/ftp-operator:${version}`,
  );
});
