/** Software bill of materials (SBOM) of the image. */
import { createHash } from "node:crypto";
import { output } from "./command.ts";

/** Returns the SBOM of a checkout in CycloneDX format. Serial number and time depend only on the commit, unlike those of npm. */
export async function cycloneDx(root: string, epoch: number): Promise<string> {
  const sbom: { serialNumber: string; metadata: { timestamp: string } } = JSON.parse(
    await npmSbom(root, "cyclonedx"),
  );
  sbom.serialNumber = "";
  sbom.metadata.timestamp = timeOf(epoch);
  sbom.serialNumber = `urn:uuid:${uuidOf(JSON.stringify(sbom))}`;
  return `${JSON.stringify(sbom, null, 2)}\n`;
}

/** Returns the SBOM of a checkout in SPDX format. */
export async function spdx(root: string, epoch: number): Promise<string> {
  const sbom: { documentNamespace: string; creationInfo: { created: string } } = JSON.parse(
    await npmSbom(root, "spdx"),
  );
  // npm adds a random UUID to the namespace.
  const namespace = sbom.documentNamespace.replace(/[0-9a-f-]{36}$/u, "");
  sbom.documentNamespace = namespace;
  sbom.creationInfo.created = timeOf(epoch);
  sbom.documentNamespace = `${namespace}${uuidOf(JSON.stringify(sbom))}`;
  return `${JSON.stringify(sbom, null, 2)}\n`;
}

async function npmSbom(root: string, format: string): Promise<string> {
  const selection = ["--package-lock-only", "--omit", "dev", "--omit", "optional"];
  return await output("npm", ["sbom", "--sbom-format", format, "--sbom-type", "application", ...selection], {
    cwd: root,
  });
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
