import type { FtpServer } from "../../api/ftpserver.generated.ts";
import type { FtpUser } from "../../api/ftpuser.generated.ts";
import { namespaceHome } from "../../api/names.ts";

/** Returns the absolute path of an FtpUser's home on the volume of the FtpServer. */
export function homeOf(server: FtpServer, { spec, metadata }: FtpUser, loginName: string): string {
  const top = isForeign(server, metadata) ? namespaceHome(metadata.namespace ?? "") : "";
  return spec.homeDirectory ?? `${top}/${loginName}`;
}

/**
 * Returns why an FtpUser cannot have a home, or undefined. Namespaces have disjoint directories, and the CRD keeps users of the
 * FtpServer's spec and anonymous logins out of them, so an FtpUser of another namespace never gets the home of another account.
 * @param home a path that meets the rules of the CRD: absolute, without `.`, `..` and empty parts
 */
export function homeViolation(
  server: FtpServer,
  { spec, metadata }: FtpUser,
  home: string,
): string | undefined {
  const own = namespaceHome(metadata.namespace ?? "");
  if (isForeign(server, metadata)) {
    if (home === own || home.startsWith(`${own}/`)) return undefined;
    return (
      `The home ${home} is outside the directory of namespace ${metadata.namespace}. ` +
      `Set \`spec.homeDirectory\` to ${own} or to a directory below it, or remove the field.`
    );
  }
  if (home.startsWith(NAMESPACE_HOMES))
    return (
      `The home ${home} is reserved for FtpUsers of other namespaces than the FtpServer's. ` +
      `Set \`spec.homeDirectory\` to a path that does not begin with ${NAMESPACE_HOMES}.`
    );
  const { anonymous } = server.spec;
  // A login name alone must not make files public.
  if (anonymous.mode !== "Disabled" && spec.homeDirectory === undefined && home === anonymous.homeDirectory)
    return (
      `Anonymous logins have the home ${home} too. Set \`spec.homeDirectory\` to another directory, ` +
      `or to ${home} to share its files with them.`
    );
  return undefined;
}

/** Prefix of the homes of FtpUsers of other namespaces. */
const NAMESPACE_HOMES = namespaceHome("");

function isForeign(server: FtpServer, { namespace }: FtpUser["metadata"]): boolean {
  return namespace !== server.metadata.namespace;
}
