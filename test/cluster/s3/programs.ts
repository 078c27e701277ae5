/**
 * S3 servers for tests. Each server has its own Go module, because the other programs require different versions of
 * shared packages.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Part } from "../programs.ts";
import { buildModule, type GoModule, moduleFolder } from "../standalone-module.ts";

export type S3Program = "versitygw" | "minio";

const modules: Record<S3Program, GoModule & { readonly parts: readonly Part[] }> = {
  versitygw: {
    name: "versitygw",
    folder: join(import.meta.dirname, "versitygw"),
    packages: ["github.com/versity/versitygw/cmd/versitygw"],
    parts: ["control-plane", "e2e"],
  },
  minio: {
    name: "minio",
    folder: join(import.meta.dirname, "minio"),
    packages: ["github.com/minio/minio"],
    // Building MinIO takes several minutes.
    parts: ["e2e"],
  },
};

/**
 * Builds the missing S3 servers for a part: versitygw for `make test`, versitygw and MinIO for `make e2e`, and no
 * server for other parts.
 */
export async function buildS3Programs(part: Part, say: (line: string) => void): Promise<void> {
  for (const module of Object.values(modules)) {
    if (!module.parts.includes(part) || existsSync(moduleFolder(module))) continue;
    const start = Date.now();
    say(`building ${module.name}`);
    await buildModule(module);
    say(`built ${module.name} in ${Math.round((Date.now() - start) / 1000)} s`);
  }
}

/** Returns whether the executable of a server exists. */
export function hasS3Program(name: S3Program): boolean {
  return existsSync(moduleFolder(modules[name]));
}

/** Returns the path of a server's executable. Builds the server if it is missing. */
export async function s3Program(name: S3Program): Promise<string> {
  await buildModule(modules[name]);
  return join(moduleFolder(modules[name]), name);
}
