/** Checks the references between the Flux examples. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { documents, one } from "../charts/helm.ts";

const FOLDER = join(import.meta.dirname, "../../examples/gitops/flux");

const objects = readdirSync(FOLDER).flatMap((file) => documents(readFileSync(join(FOLDER, file), "utf8")));

test("dependsOn refers to existing objects of the same kind", () => {
  const has = (kind: string, name: string): boolean =>
    objects.some((object) => object.kind === kind && object.metadata.name === name);
  for (const { kind, metadata, ...object } of objects)
    for (const { name } of object["spec"].dependsOn ?? [])
      assert.ok(
        has(kind, name),
        `${kind} ${metadata.name} waits for ${kind} ${name}, which no example makes`,
      );
});

test("the release has the name that all pages use", () => {
  // By default, Flux adds the target namespace to the release name.
  assert.equal(one(objects, "HelmRelease")["spec"].releaseName, "ftp-operator");
});
