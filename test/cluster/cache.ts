import { homedir } from "node:os";
import { join } from "node:path";

/** Folder of everything that takes long to make: built programs and images. Outside the checkout, shared by all checkouts. */
export function cacheFolder(): string {
  return process.env["FTP_OPERATOR_CACHE"] ?? join(homedir(), ".cache", "ftp-operator");
}
