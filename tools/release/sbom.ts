/** Generates the software bill of materials (SBOM) of the image. */
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { output } from "./command.ts";

/**
 * Returns the image SBOM for a checkout in CycloneDX format. The serial number and the time depend only on the commit.
 * The values that npm generates differ in each run.
 */
export async function cycloneDx(root: string, epoch: number): Promise<string> {
  const sbom: { serialNumber: string; metadata: { timestamp: string } } = JSON.parse(
    await npmSbom(root, "cyclonedx"),
  );
  sbom.serialNumber = "";
  sbom.metadata.timestamp = timeOf(epoch);
  sbom.serialNumber = `urn:uuid:${uuidOf(JSON.stringify(sbom))}`;
  return `${JSON.stringify(sbom, null, 2)}\n`;
}

/** Returns the image SBOM for a checkout in SPDX format. */
export async function spdx(root: string, epoch: number): Promise<string> {
  const sbom: { documentNamespace: string; creationInfo: { created: string } } = JSON.parse(
    await npmSbom(root, "spdx"),
  );
  // The document namespace from npm contains a random UUID.
  const namespace = sbom.documentNamespace.replace(/[0-9a-f-]{36}$/u, "");
  sbom.documentNamespace = namespace;
  sbom.creationInfo.created = timeOf(epoch);
  sbom.documentNamespace = `${namespace}${uuidOf(JSON.stringify(sbom))}`;
  return `${JSON.stringify(sbom, null, 2)}\n`;
}

/**
 * Runs `npm sbom` in a copy of the project without development packages. With `--omit dev`, npm 11.19 also omits
 * packages that both the image and development packages use.
 */
async function npmSbom(root: string, format: string): Promise<string> {
  const parent = await mkdtemp(join(tmpdir(), "sbom-"));
  // npm uses the folder name as the project name.
  const folder = join(parent, "ftp-operator");
  try {
    await mkdir(folder);
    for (const file of ["package.json", "package-lock.json"]) {
      const manifest: Manifest = JSON.parse(await readFile(join(root, file), "utf8"));
      await writeFile(join(folder, file), JSON.stringify(withoutDevelopment(manifest)));
    }
    const args = ["sbom", "--package-lock-only", "--sbom-format", format, "--sbom-type", "application"];
    return await output("npm", args, { cwd: folder });
  } finally {
    await rm(parent, { recursive: true });
  }
}

/** Content of package.json or package-lock.json. The lock file lists packages by path. */
interface Manifest {
  devDependencies?: object;
  optionalDependencies?: object;
  packages?: Record<string, Manifest & { dev?: boolean; optional?: boolean; devOptional?: boolean }>;
}

function withoutDevelopment(manifest: Manifest): Manifest {
  const rest = { ...manifest };
  delete rest.devDependencies;
  delete rest.optionalDependencies;
  if (rest.packages === undefined) return rest;
  const { "": project = {}, ...packages } = rest.packages;
  const needed = Object.entries(packages).filter(
    ([, { dev, optional, devOptional }]) => !dev && !optional && !devOptional,
  );
  return { ...rest, packages: { "": withoutDevelopment(project), ...Object.fromEntries(needed) } };
}

function timeOf(epoch: number): string {
  return new Date(epoch * 1000).toISOString();
}

/** Returns a name-based UUID of version 5 (RFC 9562 section 5.5) without a namespace. */
function uuidOf(text: string): string {
  const bytes = createHash("sha1").update(text).digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/u, "$1-$2-$3-$4-$5");
}
