import { isIPv4 } from "node:net";
import ipaddr from "ipaddr.js";
import { DIRECTORY_MODE, FILE_MODE } from "../../api/file-modes.ts";

/** Format of strings in the configuration. */
interface Format {
  readonly validate: (text: string) => boolean;
  /** Text that follows the field in violation messages. */
  readonly message: string;
}

/** Formats, keyed by their names in the schema. */
export const FORMATS: Readonly<Record<string, Format>> = {
  "ipv4-address": { validate: isIPv4, message: "must be an IPv4 address, for instance 192.0.2.10" },
  "address-or-cidr": {
    validate: (text) => ipaddr.isValid(text) || ipaddr.isValidCIDR(text),
    message: "must be an address or a network, for instance 198.51.100.0/24",
  },
  "file-mode": {
    validate: (text) => FILE_MODE.test(text),
    message: 'must be an octal mode with rw for the owner, for instance "0640"',
  },
  "directory-mode": {
    validate: (text) => DIRECTORY_MODE.test(text),
    message: 'must be an octal mode with rwx for the owner, for instance "0750", or "2770" for setgid',
  },
  "virtual-path": {
    validate: isVirtualPath,
    message: 'must be an absolute path without "." and "..", for instance /alice',
  },
  "directory-path": {
    validate: (text) => isVirtualPath(text) && !/\/(?:\/|$)/u.test(text),
    message: 'must be an absolute path below "/" without ".", ".." and empty names, for instance /outbox',
  },
  "http-url": {
    validate: isHttpUrl,
    message:
      "must be an http or https URL without credentials, query and fragment, for instance https://s3.example.com",
  },
  "key-prefix": {
    validate: isKeyPrefix,
    message:
      'must be empty, or a relative path without ".", ".." and empty names, for instance "ftp/production"',
  },
  "sink-url": {
    validate: isSinkUrl,
    message:
      "must be an HTTP or HTTPS URL without user name and fragment, for instance https://example.com/events",
  },
  "date-time": {
    validate: isDateTime,
    message: "must be an RFC 3339 time, for instance 2030-01-31T00:00:00Z",
  },
};

/** RFC 3339 section 5.6. */
const DATE_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[-+]\d\d:\d\d)$/u;

/**
 * Returns whether a text is a valid RFC 3339 time. Compares the day, because `Date` converts February 30 to a day in
 * March.
 */
function isDateTime(text: string): boolean {
  if (!DATE_TIME.test(text) || Number.isNaN(Date.parse(text))) return false;
  const date = text.slice(0, 10);
  return new Date(`${date}T00:00:00Z`).toISOString().startsWith(date);
}

function isVirtualPath(text: string): boolean {
  const names = text.split("/").slice(1);
  return (
    text.startsWith("/") && names.every((name) => name !== "." && name !== ".." && !/\p{Cc}/u.test(name))
  );
}

function isHttpUrl(text: string): boolean {
  return isSinkUrl(text) && new URL(text).search === "";
}

function isSinkUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password, hash } = new URL(text);
  return ["http:", "https:"].includes(protocol) && `${username}${password}${hash}` === "";
}

function isKeyPrefix(text: string): boolean {
  return text === "" || (text.split("/").every((name) => name !== "") && isVirtualPath(`/${text}`));
}
