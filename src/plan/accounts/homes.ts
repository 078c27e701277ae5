import type { FtpServer } from "../../api/ftpserver.generated.ts";
import type { FtpUser } from "../../api/ftpuser.generated.ts";
import { namespaceHome } from "../../api/names.ts";

/** Returns the home directory of an FtpUser as an absolute path on the volume. */
export function homeOf(server: FtpServer, { spec, metadata }: FtpUser, loginName: string): string {
  const top = isOtherNamespace(server, metadata) ? namespaceHome(metadata.namespace ?? "") : "";
  return spec.homeDirectory ?? `${top}/${loginName}`;
}

/**
 * Returns the violation and the remedy if an FtpUser is not permitted to use a home directory. Each namespace has a
 * separate directory for its FtpUsers. The CRD rejects paths in these directories for `spec.users` and anonymous
 * logins. An FtpUser from another namespace therefore shares its home directory only with FtpUsers from the same
 * namespace.
 * @param home absolute path without `.`, `..` or empty parts, as the CRD requires
 */
export function homeViolation(
  server: FtpServer,
  { spec, metadata }: FtpUser,
  home: string,
): string | undefined {
  const own = namespaceHome(metadata.namespace ?? "");
  if (isOtherNamespace(server, metadata)) {
    if (home === own || home.startsWith(`${own}/`)) return undefined;
    return (
      `The home directory \`${home}\` is outside the directory of namespace \`${metadata.namespace}\`. ` +
      `Set \`spec.homeDirectory\` to \`${own}\` or to a subdirectory of \`${own}\`, or remove the field.`
    );
  }
  if (home.startsWith(NAMESPACE_HOMES))
    return (
      `The home directory \`${home}\` is reserved for FtpUsers from other namespaces. ` +
      `Set \`spec.homeDirectory\` to a path that does not begin with \`${NAMESPACE_HOMES}\`.`
    );
  const { anonymous } = server.spec;
  // Without `spec.homeDirectory`, the login name alone could select the anonymous home directory. The FtpUser would
  // publish its files unintentionally.
  if (anonymous.mode !== "Disabled" && spec.homeDirectory === undefined && home === anonymous.homeDirectory)
    return (
      `The home directory \`${home}\` is also the home directory for anonymous logins. Set \`spec.homeDirectory\` to another directory. ` +
      `To share the files with anonymous logins, set \`spec.homeDirectory\` to \`${home}\`.`
    );
  return undefined;
}

/** Path prefix of home directories for FtpUsers from other namespaces. */
const NAMESPACE_HOMES = namespaceHome("");

function isOtherNamespace(server: FtpServer, { namespace }: FtpUser["metadata"]): boolean {
  return namespace !== server.metadata.namespace;
}
