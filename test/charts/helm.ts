import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { loadAll } from "js-yaml";
import { programFile } from "../cluster/programs.ts";

/** The chart under test. */
export const CHART = join(import.meta.dirname, "../../charts/ftp-operator");

/** A rendered object with types for the fields that tests read. */
export interface Rendered {
  apiVersion: string;
  kind: string;
  metadata: {
    name: string;
    namespace?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
  };
  [field: string]: any;
}

/** Parses the YAML documents in a string. */
export function documents(text: string): Rendered[] {
  // JSON.parse returns untyped values.
  return JSON.parse(JSON.stringify(loadAll(text).filter((document) => document !== null)));
}

/** Runs Helm. The values are passed as JSON on standard input with `-f -`. */
export function helm(args: string[], values: object = {}) {
  const run = spawnSync(programFile("helm", "helm"), args, {
    input: JSON.stringify(values),
    encoding: "utf8",
  });
  if (run.error) throw run.error;
  return { status: run.status, stdout: run.stdout, stderr: run.stderr };
}

/** Runs `helm template` without hooks for the release `rel` in namespace `ftp-system`. */
export function template(values: object = {}, flags: readonly string[] = ["--no-hooks"]) {
  return helm(["template", "rel", CHART, "--namespace", "ftp-system", "-f", "-", ...flags], values);
}

/** Renders the chart. @throws Error when Helm fails */
export function render(values: object = {}, flags?: readonly string[]): Rendered[] {
  const { status, stdout, stderr } = template(values, flags);
  if (status !== 0) throw new Error(stderr);
  return documents(stdout);
}

/** Returns the only rendered object of a kind, or the object whose name ends in `suffix`. */
export function one(objects: Rendered[], kind: string, suffix = ""): Rendered {
  const found = objects.filter((object) => object.kind === kind && object.metadata.name.endsWith(suffix));
  if (found.length !== 1) throw new Error(`expected one ${kind} *${suffix}, found ${found.length}`);
  return found[0]!;
}
