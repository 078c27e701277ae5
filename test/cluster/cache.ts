import { homedir } from "node:os";
import { join, resolve } from "node:path";

/** Folders over which nodes and image builds mount other file systems. */
const HIDDEN = ["/run", "/var/lib", "/var/log"];

/**
 * Returns the cache folder for built programs and images. All checkouts share this folder.
 * @throws Error when FTP_OPERATOR_CACHE names a folder that nodes cannot access
 */
export function cacheFolder(): string {
  const folder = resolve(process.env["FTP_OPERATOR_CACHE"] ?? join(homedir(), ".cache", "ftp-operator"));
  const hidden = HIDDEN.find((path) => `${folder}/`.startsWith(`${path}/`));
  if (hidden) throw new Error(`FTP_OPERATOR_CACHE must not be below ${hidden}: choose another folder`);
  return folder;
}
