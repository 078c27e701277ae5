import { address, clients, loadBalancer } from "./parts.ts";
import type { Json, RejectionCase } from "./parts.ts";

const CLIENT_PATH = "networkPolicy.allowedClients[0]";

const NO_CIDRS = [
  "10.0.0.1",
  "10.0.0.0/33",
  "10.0.0/8",
  "010.0.0.0/8",
  "10.0.0.0/08",
  "x",
  "",
  "fe80::%eth0/64",
];
const NO_CIDR_EITHER = [
  "::ffff:10.0.0.0/104",
  "2001:db8::/129",
  "10.0.0.0/-1",
  "0x0a000000/8",
  "1.2.3.4.5/8",
];
const GOOD_CIDRS = [
  "10.0.0.0/8",
  "198.51.100.7/32",
  "0.0.0.0/0",
  "::/0",
  "2001:db8::/32",
  "2001:DB8:0::1/128",
];
const UNMASKED = ["10.0.0.1/8", "198.51.100.7/31", "128.0.0.0/0", "2001:db8::1/127", "::1/0"];
const NO_ADDRESSES = ["203.0.113", "256.0.0.1", "0.0.0.0", "224.0.0.1", "01.2.3.4", "::1", "169.254.1.1", ""];
const GOOD_ADDRESSES = ["203.0.113.10", "10.0.0.1", "127.0.0.1", "240.0.0.1"];
const NO_NAMES = ["203.0.113.10", "a_b", "", "-a.example", "a..b", "a.example/", `${"a".repeat(64)}.example`];

const scrapers = (from: Json): Json => ({ networkPolicy: { metricsFrom: [from] } });

export const NETWORKS: RejectionCase[] = [
  ...[...NO_CIDRS, ...NO_CIDR_EITHER].map((cidr, index) => ({
    title: `network ${JSON.stringify(cidr)}`,
    bad: clients(cidr),
    good: clients(GOOD_CIDRS[index % GOOD_CIDRS.length] ?? ""),
    path: CLIENT_PATH,
    rule: "network-syntax",
  })),
  ...UNMASKED.map((cidr) => ({
    title: `network ${cidr}`,
    bad: clients(cidr),
    good: clients("10.0.0.0/8", "10.0.0.0/16"),
    path: CLIENT_PATH,
    rule: "network-masked",
  })),
  {
    title: "source range of a load balancer",
    bad: loadBalancer({ sourceRanges: ["10.0.0.0/8", "x"] }),
    good: loadBalancer({ sourceRanges: ["10.0.0.0/8"] }),
    path: "exposure.loadBalancer.sourceRanges[1]",
    rule: "network-syntax",
  },
  ...NO_ADDRESSES.map((text, index) => ({
    title: `static address ${JSON.stringify(text)}`,
    bad: address({ type: "Static", static: { address: text } }),
    good: address({ type: "Static", static: { address: GOOD_ADDRESSES[index % GOOD_ADDRESSES.length] } }),
    path: "passive.address.static.address",
    rule: "announced-address-syntax",
  })),
  ...NO_NAMES.map((name) => ({
    title: `host name ${JSON.stringify(name)}`,
    bad: address({ type: "Hostname", hostname: { name } }),
    good: address({ type: "Hostname", hostname: { name: "1.FTP-2.example" } }),
    path: "passive.address.hostname.name",
    rule: "dns-name-syntax",
  })),
  {
    title: "clients without a NetworkPolicy",
    bad: { networkPolicy: { mode: "Disabled", allowedClients: ["10.0.0.0/8"] } },
    good: { networkPolicy: { mode: "Disabled" } },
    path: "networkPolicy",
    rule: "network-policy-mode",
  },
  {
    title: "scraper with a network and labels",
    bad: { networkPolicy: { metricsFrom: [{ cidr: "10.0.0.0/8", podSelector: {} }] } },
    good: {
      networkPolicy: {
        metricsFrom: [
          { cidr: "10.0.0.0/8" },
          {
            namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "monitoring" } },
            podSelector: { matchExpressions: [{ key: "app", operator: "In", values: ["prometheus"] }] },
          },
        ],
      },
    },
    path: "networkPolicy.metricsFrom[0]",
    rule: "network-peer",
  },
  ...["namespaceSelector", "podSelector"].map((selector) => ({
    title: `${selector} of scrapers without values`,
    bad: scrapers({ [selector]: { matchExpressions: [{ key: "app", operator: "NotIn" }] } }),
    good: scrapers({ [selector]: { matchExpressions: [{ key: "app", operator: "Exists" }] } }),
    path: `networkPolicy.metricsFrom[0].${selector}.matchExpressions[0]`,
    rule: "selector-values",
  })),
  {
    title: "scraper without a network or labels",
    bad: { networkPolicy: { metricsFrom: [{}] } },
    good: { networkPolicy: { metricsFrom: [{ namespaceSelector: {} }] } },
    path: "networkPolicy.metricsFrom[0]",
    rule: "network-peer",
  },
];
