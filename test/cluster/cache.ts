import { homedir } from "node:os";
import { join, resolve } from "node:path";

/** Nodes and image builds have a view of their own of these. */
const HIDDEN = ["/run", "/var/lib", "/var/log"];

/**
 * Folder of everything that takes long to make: built programs and images. Outside the checkout, shared by all checkouts.
 * @throws Error when FTP_OPERATOR_CACHE names a folder that a node could not see.
 */
export function cacheFolder(): string {
  const folder = resolve(process.env["FTP_OPERATOR_CACHE"] ?? join(homedir(), ".cache", "ftp-operator"));
  const hidden = HIDDEN.find((path) => `${folder}/`.startsWith(`${path}/`));
  if (hidden) throw new Error(`FTP_OPERATOR_CACHE may not lie below ${hidden}: choose another folder`);
  return folder;
}
