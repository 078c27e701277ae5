/** Builds the release files in dist/release/. */
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { readFileSync } from "node:fs";
import { parseChangelog, releaseNotes, type Section } from "./changelog.ts";
import { findHelm, homeOf, packageChart } from "./chart.ts";
import { copySource, releaseSource } from "./checkout.ts";
import { checksums } from "./checksums.ts";
import { clusterManifest, crdManifest, namespacedManifest } from "./manifests.ts";
import { writeBundle } from "./olm/bundle.ts";
import { writePluginArchives } from "./plugin/archives.ts";
import { krewManifest } from "./plugin/krew.ts";
import { ReleaseError } from "./release-error.ts";
import { cycloneDx, spdx } from "./sbom.ts";

export interface BuildOptions {
  /** Checkout with node_modules. */
  readonly root: string;
  readonly version: string;
  /** Digest of the published image. Without a digest, the manifests use the image tag. */
  readonly imageDigest?: string | undefined;
  readonly say: (line: string) => void;
}

/** Inputs and folders for a release build. */
interface Build {
  readonly root: string;
  /** Folder with a copy of the commit. All files in the copy contain the release version. */
  readonly source: string;
  readonly version: string;
  readonly commit: string | undefined;
  readonly epoch: number;
  readonly helm: string;
  readonly home: string;
  readonly image: Readonly<Record<string, unknown>>;
  readonly section: Section;
  readonly replaces: string | undefined;
  /** Folder that becomes dist/release/. */
  readonly folder: string;
  /** Folder for intermediate files. */
  readonly work: string;
}

/**
 * Builds a release in a copy of the commit and returns its folder. The checkout remains unchanged.
 * @throws ReleaseError when the version or the checkout is invalid
 */
export async function buildRelease({ root, version, imageDigest, say }: BuildOptions): Promise<string> {
  if (imageDigest !== undefined && !/^sha256:[0-9a-f]{64}$/u.test(imageDigest)) {
    throw new ReleaseError(
      `invalid image digest: ${imageDigest}`,
      "make release VERSION=0.2.0 IMAGE_DIGEST=sha256:...    # 64 hexadecimal digits, or omit IMAGE_DIGEST",
    );
  }
  const source = await releaseSource(root, version);
  const helm = await findHelm(say);
  if (source.changes.size > 0) {
    say(
      `HEAD does not have version ${version}: building from a copy with \`make version VERSION=${version}\` applied`,
    );
  }
  const target = join(root, "dist/release");
  const partial = join(root, "dist/release.partial");
  await rm(partial, { recursive: true, force: true });
  const [folder, work, copy] = [join(partial, "files"), join(partial, "work"), join(partial, "source")];
  await Promise.all([folder, work].map((path) => mkdir(path, { recursive: true })));
  await copySource(root, copy, source);
  const { section, replaces } = sectionOf(copy, version);
  await writeFiles(
    {
      root,
      source: copy,
      version,
      commit: source.changes.size === 0 ? source.commit : undefined,
      epoch: source.epoch,
      helm,
      home: homeOf(copy),
      image: imageDigest === undefined ? {} : { "image.digest": imageDigest },
      section,
      replaces,
      folder,
      work,
    },
    say,
  );
  await rm(target, { recursive: true, force: true });
  await rename(folder, target);
  await rm(partial, { recursive: true });
  return target;
}

async function writeFiles(build: Build, say: (line: string) => void): Promise<void> {
  const { root, source, version, epoch, helm, home, image, section, replaces, folder } = build;
  const write = async (name: string, text: string): Promise<void> =>
    await writeFile(join(folder, name), text);
  const manifest = { root: source, helm, version, image };

  say("install manifests and CRDs");
  await write("install.yaml", await clusterManifest(manifest));
  await write("install-namespaced.yaml", await namespacedManifest(manifest));
  await write("crds.yaml", crdManifest(source));
  say("OLM bundle");
  const bundle = join(folder, `ftp-operator-olm-bundle-${version}.tar.gz`);
  await writeBundle({ root: source, helm, version, replaces, epoch, image, file: bundle });
  say("chart");
  await packageChart(source, helm, folder, { section: section.body, epoch });
  say("SBOM");
  await write("sbom.cdx.json", await cycloneDx(source, epoch));
  await write("sbom.spdx.json", await spdx(source, epoch));
  say("kubectl plugin (about a minute; the first build downloads Node.js for each platform: 260 MB)");
  await writePluginArchives(build);
  await write("ftpsrv.yaml", await krewManifest({ root, home, version, folder }));
  say("release notes and checksums");
  await write("RELEASE_NOTES.md", releaseNotes({ version, home, section: section.body }));
  await write("checksums.txt", await checksums(folder));
}

function sectionOf(source: string, version: string): { section: Section; replaces: string | undefined } {
  const { sections } = parseChangelog(readFileSync(join(source, "CHANGELOG.md"), "utf8"));
  const index = sections.findIndex((candidate) => candidate.version === version);
  const section = sections[index];
  if (section === undefined || section.body === "") {
    throw new ReleaseError(
      `the section ${version} of CHANGELOG.md is empty`,
      `git log --oneline    # then describe the changes for users below "## [${version}]"`,
    );
  }
  return { section, replaces: sections[index + 1]?.version };
}
