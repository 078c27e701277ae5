/** RELEASE_NOTES.md: what changes for users, and how to install this version. */

export interface NotesOptions {
  readonly version: string;
  readonly home: string;
  /** Body of the version's section in CHANGELOG.md. */
  readonly section: string;
}

export function releaseNotes({ version, home, section }: NotesOptions): string {
  const download = `${home}/releases/download/v${version}`;
  return `${section.replaceAll(/^### /gmu, "## ")}

## Install or upgrade

\`\`\`sh
helm upgrade --install ftp-operator oci://ghcr.io/ftp-operator/charts/ftp-operator --version ${version} \\
  --namespace ftp-system --create-namespace
# or without Helm
kubectl apply -f ${download}/install.yaml
# the kubectl plugin
kubectl krew install --manifest-url=${download}/ftpsrv.yaml
\`\`\`

Every file is listed in \`checksums.txt\`. Instructions: [docs/how-to/install.md](${home}/blob/v${version}/docs/how-to/install.md).
`;
}
