import { address, clients, user } from "./parts.ts";
import type { Json, RefusalCase } from "./parts.ts";

const tls = (tls: Json): Json => ({ tls: { mode: "Required", secretName: "demo-tls", ...tls } });
const proxy = (...trustedSources: string[]): Json => ({ proxyProtocol: { mode: "Enabled", trustedSources } });
const certificates = (clientCertificates: Json): Json => tls({ clientCertificates });
const override = (clients: string, announced: string): Json =>
  address({ overrides: [{ clients, address: announced }] });

export const SECURITY: RefusalCase[] = [
  {
    title: "TLS without a certificate",
    bad: { tls: { mode: "Optional" } },
    good: tls({ mode: "Optional" }),
    path: "tls.secretName",
    message: "add for instance secretName: demo-tls",
  },
  {
    title: "TLS Secret with a bad name",
    bad: tls({ secretName: "Demo_TLS" }),
    good: tls({ secretName: "demo.tls-1" }),
    path: "tls.secretName",
    message: "write the name of a Secret: lower case letters",
  },
  {
    title: "TLS mode of no known kind",
    bad: tls({ mode: "Explicit" }),
    good: tls({ mode: "Implicit" }),
    path: "tls.mode",
    message: /supported values: "Disabled", "Optional", "Required", "Implicit"/,
  },
  {
    title: "control connections in the clear where TLS is required",
    bad: tls({ clearControl: "Allowed" }),
    good: tls({ mode: "Optional", clearControl: "Allowed" }),
    path: "tls.clearControl",
    message: "write mode: Optional, or clearControl: Refused",
  },
  {
    title: "server name that is none",
    bad: tls({ serverNames: ["*.example.com"] }),
    good: tls({ serverNames: ["ftp.example.com"] }),
    path: "tls.serverNames[0]",
    message: "this is no host name; write one, for instance ftp.example.com",
  },
  {
    title: "client certificates without an authority",
    bad: certificates({ mode: "Required" }),
    good: certificates({ mode: "Required", caSecretName: "demo-client-ca" }),
    path: "tls.clientCertificates.caSecretName",
    message: "add for instance caSecretName: demo-client-ca",
  },
  {
    title: "user without a password where certificates only come on top",
    bad: { users: [{ name: "alice" }], ...certificates({ mode: "Required", caSecretName: "ca" }) },
    good: {
      users: [{ name: "alice" }],
      ...certificates({ mode: "Required", caSecretName: "ca", login: "CommonName" }),
    },
    path: "users",
    message: "let client certificates log in (tls.clientCertificates.login)",
  },
  {
    title: "nobody but an anonymous user that is off",
    bad: { users: [], anonymous: { homeDirectory: "/pub" } },
    good: { users: [], anonymous: { mode: "ReadOnly" } },
    path: "users",
    message: "set anonymous.mode to ReadOnly",
  },
  {
    title: "anonymous home outside",
    bad: { anonymous: { mode: "ReadOnly", homeDirectory: "/../etc" } },
    good: { anonymous: { mode: "ReadWrite", homeDirectory: "/incoming" } },
    path: "anonymous.homeDirectory",
    message: "write an absolute path on the volume",
  },
  {
    title: "anonymous home that is reserved for FtpUsers of other namespaces",
    bad: { anonymous: { mode: "ReadOnly", homeDirectory: "/@team-a/alice" } },
    good: { anonymous: { mode: "ReadOnly", homeDirectory: "/" } },
    path: "anonymous.homeDirectory",
    message: "paths that begin with /@ are the homes of FtpUsers of other namespaces",
  },
  {
    title: "anonymous home around the homes of other namespaces",
    bad: {
      anonymous: { mode: "ReadOnly", homeDirectory: "/" },
      userSources: { from: "Selector", namespaceSelector: {} },
    },
    good: {
      anonymous: { mode: "ReadOnly", homeDirectory: "/" },
      userSources: { from: "SameNamespace" },
    },
    path: "anonymous.homeDirectory",
    message: "anonymous logins with the home / would see the files of FtpUsers of other namespaces",
  },
  {
    title: "PROXY protocol from anybody",
    bad: proxy(),
    good: proxy("10.0.0.0/8", "2001:db8::/32"),
    path: "proxyProtocol.trustedSources",
    message: "anyone could claim any address",
  },
  {
    title: "trusted source that is no network",
    bad: proxy("10.0.0.1"),
    good: proxy("10.0.0.1/32"),
    path: "proxyProtocol.trustedSources[0]",
    message: "this is no network; write address and prefix length",
  },
  {
    title: "allowedClients behind a proxy",
    bad: { ...proxy("10.0.0.0/8"), ...clients("198.51.100.0/24") },
    good: { ...proxy("10.0.0.0/8"), ...user({ allowedClients: ["198.51.100.0/24"] }) },
    path: "networkPolicy.allowedClients",
    message: "behind a proxy the NetworkPolicy sees the proxy alone",
  },
  {
    title: "override for clients that are no network",
    bad: override("10.0.0.0", "10.1.2.3"),
    good: override("10.0.0.0/8", "10.1.2.3"),
    path: "passive.address.overrides[0].clients",
    message: "this is no network; write address and prefix length",
  },
  {
    title: "override with an IPv6 address",
    bad: override("10.0.0.0/8", "2001:db8::1"),
    good: { passive: { address: { type: "ControlConnection" } } },
    path: "passive.address.overrides[0].address",
    message: "PASV can only announce an IPv4 address",
  },
  {
    title: "user's clients with bits beyond the prefix",
    bad: user({ allowedClients: ["10.0.0.1/8"] }),
    good: user({ allowedClients: ["10.0.0.0/8"] }),
    path: "users[0].allowedClients[0]",
    message: "write the network's own address",
  },
  ...["0", "-1Gi", "x"].map((bytes) => ({
    title: `quota of ${bytes}`,
    bad: user({ quota: { bytes } }),
    good: user({ quota: { bytes: "10Gi", files: 1000 } }),
    path: "users[0].quota.bytes",
    message: "write a size above zero, for instance 500Mi or 10Gi",
  })),
  ...["sessions", "uploadBytesPerSecond", "downloadBytesPerSecond"].map((limit) => ({
    title: `user limit ${limit} of 0`,
    bad: user({ limits: { [limit]: 0 } }),
    good: user({ limits: { [limit]: 1 } }),
    path: `users[0].limits.${limit}`,
    message: "should be greater than or equal to 1",
  })),
  ...Object.entries({
    commandLineBytes: 511,
    queuedCommands: 0,
    unknownCommands: 0,
    listingEntries: 0,
  }).map(([limit, value]) => ({
    title: `limit ${limit} of ${value}`,
    bad: { limits: { [limit]: value } },
    good: { limits: { [limit]: value + 1 } },
    path: `limits.${limit}`,
    message: "should be greater than or equal to",
  })),
  {
    title: "checksums of nothing",
    bad: { limits: { checksumBytes: "0" } },
    good: { limits: { checksumBytes: "100Gi" } },
    path: "limits.checksumBytes",
    message: "write a size above zero",
  },
  {
    title: "no attempt at all",
    bad: { limits: { failedLogins: { perSession: 0 } } },
    good: { limits: { failedLogins: { banSeconds: 0, delaySeconds: 0 } } },
    path: "limits.failedLogins.perSession",
    message: "should be greater than or equal to 1",
  },
  ...Object.entries({ incomplete: "Drop", sync: "Sometimes", missingCloseNotify: "Ignore" }).map(
    ([field, value]) => ({
      title: `uploads.${field} of no known kind`,
      bad: { uploads: { [field]: value } },
      good: { uploads: { incomplete: "Remove", sync: "Never", missingCloseNotify: "Accept" } },
      path: `uploads.${field}`,
      message: "supported values",
    }),
  ),
];
