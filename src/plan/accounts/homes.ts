import type { FtpServer } from "../../api/ftpserver.generated.ts";
import type { FtpUser } from "../../api/ftpuser.generated.ts";
import { namespaceHome } from "../../api/names.ts";

/** Returns the home directory of an FtpUser as an absolute path on the volume. */
export function homeOf(server: FtpServer, { spec, metadata }: FtpUser, loginName: string): string {
  const top = isOtherNamespace(server, metadata) ? namespaceHome(metadata.namespace ?? "") : "";
  return spec.homeDirectory ?? `${top}/${loginName}`;
}

/**
 * Returns the violation and the remedy if an FtpUser is not permitted to use a home directory. Each namespace has its
 * own directory. The CRD rejects paths in these directories for `spec.users` and anonymous logins. Therefore an FtpUser
 * from another namespace shares its home directory only with FtpUsers from the same namespace.
 * @param home a path that conforms to the rules of the CRD: absolute, without `.`, `..` and empty parts
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
  // A login name that equals the anonymous home directory must not publish the files of the FtpUser by default.
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
