/** The examples for Flux, as far as they name each other. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { documents, one } from "../charts/helm.ts";

const FOLDER = join(import.meta.dirname, "../../examples/gitops/flux");

const objects = readdirSync(FOLDER).flatMap((file) => documents(readFileSync(join(FOLDER, file), "utf8")));

test("what waits for another object names one of its own kind that there is", () => {
  const has = (kind: string, name: string): boolean =>
    objects.some((object) => object.kind === kind && object.metadata.name === name);
  for (const { kind, metadata, ...object } of objects)
    for (const { name } of object["spec"].dependsOn ?? [])
      assert.ok(
        has(kind, name),
        `${kind} ${metadata.name} waits for ${kind} ${name}, which no example makes`,
      );
});

test("the release has the name that every other page uses", () => {
  // Without it Flux puts the target's namespace before the name.
  assert.equal(one(objects, "HelmRelease")["spec"].releaseName, "ftp-operator");
});
