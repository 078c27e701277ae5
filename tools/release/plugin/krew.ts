/** Generates ftpsrv.yaml, the manifest of the plugin for krew (https://krew.sigs.k8s.io/docs/developer-guide/plugin-manifest). */
import { join } from "node:path";
import { sha256 } from "../checksums.ts";
import { toYaml } from "../yaml.ts";
import { archiveName, executableName } from "./archives.ts";
import { PLATFORMS, runtimeVersion } from "./platforms.ts";

export interface KrewOptions {
  readonly root: string;
  readonly home: string;
  readonly version: string;
  /** Folder with the archives. */
  readonly folder: string;
}

export async function krewManifest({ root, home, version, folder }: KrewOptions): Promise<string> {
  const platforms = PLATFORMS.map(async (platform) => {
    const file = archiveName(platform, version);
    return {
      selector: { matchLabels: { os: platform.os, arch: platform.arch } },
      uri: `${home}/releases/download/v${version}/${file}`,
      sha256: await sha256(join(folder, file)),
      bin: executableName(platform),
    };
  });
  const description = [
    "Shows FtpServers of ftp-operator with their address, port slices, conditions and open sessions.",
    "Connects to an FtpServer as an FTP client and reports failures, follows logs, ends sessions and drains pods.",
  ];
  return toYaml({
    apiVersion: "krew.googlecontainertools.github.com/v1alpha2",
    kind: "Plugin",
    metadata: { name: "ftpsrv" },
    spec: {
      version: `v${version}`,
      homepage: home,
      shortDescription: "Inspect FtpServers, their sessions and users",
      description: `${description.join("\n")}\n`,
      caveats: `The plugin contains Node.js ${runtimeVersion(root)}. It runs kubectl with your permissions.\n`,
      platforms: await Promise.all(platforms),
    },
  });
}
