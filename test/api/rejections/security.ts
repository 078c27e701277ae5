import { address, clients, user } from "./parts.ts";
import type { Json, RejectionCase } from "./parts.ts";

const tls = (tls: Json): Json => ({
  tls: { mode: "Required", certificateRef: { name: "demo-tls" }, ...tls },
});
const proxy = (...trustedSources: string[]): Json => ({ proxyProtocol: { mode: "Enabled", trustedSources } });
const certificates = (clientCertificates: Json): Json => tls({ clientCertificates });
const override = (clients: string, announced: string): Json =>
  address({ overrides: [{ clients, address: announced }] });

export const SECURITY: RejectionCase[] = [
  {
    title: "TLS without a certificate",
    bad: { tls: { mode: "Optional" } },
    good: tls({ mode: "Optional" }),
    path: "tls.certificateRef",
    rule: "certificate-required",
  },
  {
    title: "invalid name of the TLS Secret",
    bad: tls({ certificateRef: { name: "Demo_TLS" } }),
    good: tls({ certificateRef: { name: "demo.tls-1" } }),
    path: "tls.certificateRef.name",
    rule: "secret-name-syntax",
  },
  {
    title: "unknown TLS mode",
    bad: tls({ mode: "Explicit" }),
    good: tls({ mode: "Implicit" }),
    path: "tls.mode",
    message: /supported values: "Disabled", "Optional", "Required", "Implicit"/,
  },
  {
    title: "clearControl with required TLS",
    bad: tls({ clearControl: "Allow" }),
    good: tls({ mode: "Optional", clearControl: "Allow" }),
    path: "tls.clearControl",
    rule: "clear-control-mode",
  },
  {
    title: "invalid server name",
    bad: tls({ serverNames: ["*.example.com"] }),
    good: tls({ serverNames: ["ftp.example.com"] }),
    path: "tls.serverNames[0]",
    rule: "server-name-syntax",
  },
  {
    title: "client certificates without a certificate authority",
    bad: certificates({ mode: "Required" }),
    good: certificates({ mode: "Required", caRef: { name: "demo-client-ca" } }),
    path: "tls.clientCertificates.caRef",
    rule: "client-ca-required",
  },
  {
    title: "user without a password when certificates do not replace passwords",
    bad: { users: [{ name: "alice" }], ...certificates({ mode: "Required", caRef: { name: "ca" } }) },
    good: {
      users: [{ name: "alice" }],
      ...certificates({ mode: "Required", caRef: { name: "ca" }, login: "CommonName" }),
    },
    path: "users",
    rule: "user-password-required",
  },
  {
    title: "no users and disabled anonymous logins",
    bad: { users: [], anonymous: { homeDirectory: "/pub" } },
    good: { users: [], anonymous: { mode: "ReadOnly" } },
    path: "users",
    rule: "users-required",
  },
  {
    title: "anonymous home outside the volume",
    bad: { anonymous: { mode: "ReadOnly", homeDirectory: "/../etc" } },
    good: { anonymous: { mode: "ReadWrite", homeDirectory: "/incoming" } },
    path: "anonymous.homeDirectory",
    rule: "home-directory-syntax",
  },
  {
    title: "anonymous home that is reserved for FtpUsers of other namespaces",
    bad: { anonymous: { mode: "ReadOnly", homeDirectory: "/@team-a/alice" } },
    good: { anonymous: { mode: "ReadOnly", homeDirectory: "/" } },
    path: "anonymous.homeDirectory",
    rule: "home-directory-reserved",
  },
  // id: home-collision-4
  {
    title: "anonymous home that contains the homes of other namespaces",
    bad: {
      anonymous: { mode: "ReadOnly", homeDirectory: "/" },
      userSources: { from: "Selector", namespaceSelector: {} },
    },
    good: {
      anonymous: { mode: "ReadOnly", homeDirectory: "/" },
      userSources: { from: "SameNamespace" },
    },
    path: "anonymous.homeDirectory",
    rule: "anonymous-home-root",
  },
  {
    title: "PROXY protocol without trusted sources",
    bad: proxy(),
    good: proxy("10.0.0.0/8", "2001:db8::/32"),
    path: "proxyProtocol.trustedSources",
    rule: "trusted-sources-required",
  },
  {
    title: "trusted source that is not a network",
    bad: proxy("10.0.0.1"),
    good: proxy("10.0.0.1/32"),
    path: "proxyProtocol.trustedSources[0]",
    rule: "network-syntax",
  },
  {
    title: "allowedClients behind a proxy",
    bad: { ...proxy("10.0.0.0/8"), ...clients("198.51.100.0/24") },
    good: { ...proxy("10.0.0.0/8"), ...user({ allowedClients: ["198.51.100.0/24"] }) },
    path: "networkPolicy.allowedClients",
    rule: "allowed-clients-behind-proxy",
  },
  {
    title: "override for clients that are not a network",
    bad: override("10.0.0.0", "10.1.2.3"),
    good: override("10.0.0.0/8", "10.1.2.3"),
    path: "passive.address.overrides[0].clients",
    rule: "network-syntax",
  },
  {
    title: "override with an IPv6 address",
    bad: override("10.0.0.0/8", "2001:db8::1"),
    good: { passive: { address: { type: "ControlConnection" } } },
    path: "passive.address.overrides[0].address",
    rule: "announced-address-syntax",
  },
  {
    title: "allowed clients of a user with bits after the prefix",
    bad: user({ allowedClients: ["10.0.0.1/8"] }),
    good: user({ allowedClients: ["10.0.0.0/8"] }),
    path: "users[0].allowedClients[0]",
    rule: "network-masked",
  },
  ...["0", "-1Gi", "x"].map((bytes) => ({
    title: `quota of ${bytes}`,
    bad: user({ quota: { bytes } }),
    good: user({ quota: { bytes: "10Gi", files: 1000 } }),
    path: "users[0].quota.bytes",
    message: "should match",
  })),
  ...["sessions", "uploadBytesPerSecond", "downloadBytesPerSecond"].map((limit) => ({
    title: `user limit ${limit} of 0`,
    bad: user({ limits: { [limit]: 0 } }),
    good: user({ limits: { [limit]: 1 } }),
    path: `users[0].limits.${limit}`,
    message: "should be greater than or equal to 1",
  })),
  ...Object.entries({
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
  ...["511", 511, "65Ki", 65_537].map((commandLineBytes) => ({
    title: `command lines of ${JSON.stringify(commandLineBytes)}`,
    bad: { limits: { commandLineBytes } },
    good: { limits: { commandLineBytes: "64Ki" } },
    path: "limits.commandLineBytes",
    rule: "command-line-bounds",
  })),
  ...[0, -1, "-1Gi", "x"].map((checksumBytes) => ({
    title: `checksums of ${JSON.stringify(checksumBytes)}`,
    bad: { limits: { checksumBytes } },
    good: { limits: { checksumBytes: 1_000_000 } },
    path: "limits.checksumBytes",
    rule: "quantity-positive",
  })),
  {
    title: "checksum limit of zero",
    bad: { limits: { checksumBytes: "0" } },
    good: { limits: { checksumBytes: "100Gi" } },
    path: "limits.checksumBytes",
    rule: "quantity-positive",
  },
  {
    title: "zero attempts of failed logins",
    bad: { limits: { failedLogins: { perSession: 0 } } },
    good: { limits: { failedLogins: { bans: "Disabled", delaySeconds: 0 } } },
    path: "limits.failedLogins.perSession",
    message: "should be greater than or equal to 1",
  },
  ...Object.entries({ incomplete: "Drop", sync: "Sometimes", missingCloseNotify: "Ignore" }).map(
    ([field, value]) => ({
      title: `unknown value of uploads.${field}`,
      bad: { uploads: { [field]: value } },
      good: { uploads: { incomplete: "Remove", sync: "Never", missingCloseNotify: "Allow" } },
      path: `uploads.${field}`,
      message: "supported values",
    }),
  ),
];
