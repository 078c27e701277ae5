import type { Reasons } from "./reason.ts";

/** Reasons for the conditions about the Service and its addresses. */
export const NETWORK_REASONS = {
  PassivePortsPublished: {
    Published: { status: "True", meaning: "The Service publishes the control port and all passive ports." },
    ServiceOutdated: {
      status: "False",
      meaning: "The Service does not have all ports yet.",
      remedy: "If the condition does not change within a minute, check the operator log.",
    },
    ServiceRejected: {
      status: "False",
      meaning:
        "The API server rejected the Service. The usual cause is that a node port is in use or outside the node port range, or that no node port is free. A message about `ipFamilies` or `ipFamilyPolicy` means that the cluster does not support the IP family or that the first IP family changed.",
      remedy:
        "Change `spec.passive.portRange`. If no node port is free and the load balancer does not require node ports, set `spec.exposure.loadBalancer.nodePorts` to `Disabled`. For an error about IP families, follow the instructions in the message.",
    },
    TooManyPortsForLoadBalancer: {
      status: "False",
      meaning:
        "The Service requires more ports than the provider permits for one load balancer. After a change to `spec.passive.portRange`, the ports of draining pods also count toward the limit.",
      remedy:
        "Shorten `spec.passive.portRange`. Ten passive ports serve hundreds of concurrent transfers. If the operator detected the wrong provider, set `spec.exposure.loadBalancer.provider`. See [load balancers](../reference/load-balancers.md).",
    },
    RestrictedByLoadBalancerOnly: {
      status: "True",
      meaning:
        "Nodes replace client addresses, and the operator does not know the node addresses. Only the load balancer enforces `spec.networkPolicy.allowedClients`. The operator is not permitted to list nodes when the chart value `watch.namespaces` is set.",
      remedy: "Set the chart value `operator.nodeAddresses`.",
    },
    NodePortsOpenToAllClients: {
      status: "True",
      meaning:
        "The node ports of the Service accept all clients, because nodes replace client addresses. Only the load balancer enforces `spec.networkPolicy.allowedClients`.",
      remedy: "Close the node ports (30000-32767 by default) in the node firewall.",
    },
    PublishedToAllClients: {
      status: "True",
      meaning:
        "The NetworkPolicy cannot enforce `spec.networkPolicy.allowedClients`, because nodes replace the addresses of clients that connect to node ports.",
      remedy: "Set `spec.exposure.type` to `LoadBalancer`, or restrict clients in the node firewall.",
    },
  },
  AddressAssigned: {
    Static: { status: "True", meaning: "PASV announces the address in `spec.passive.address.static`." },
    Hostname: {
      status: "True",
      meaning: "PASV announces the address of the host name in `spec.passive.address.hostname`.",
    },
    LoadBalancerAddress: { status: "True", meaning: "PASV announces the address of the load balancer." },
    LoadBalancerHostname: {
      status: "True",
      meaning: "PASV announces the address to which the host name of the load balancer resolves.",
    },
    NodeAddress: { status: "True", meaning: "PASV announces the address of a node." },
    PodHostAddress: {
      status: "True",
      meaning: "PASV announces the address of the node on which the serving pod runs.",
    },
    ClusterAddress: {
      status: "True",
      meaning: "PASV announces the cluster IP of the Service, which only clients in the cluster can use.",
    },
    ControlConnection: {
      status: "True",
      meaning: "PASV announces to each client the address to which that client connected.",
    },
    IPv6Only: {
      status: "True",
      meaning:
        "Clients connect over IPv6 and use EPSV. A PASV command receives reply 425, because PASV supports only IPv4.",
    },
    LoadBalancerPending: {
      status: "False",
      meaning: "The load balancer has not assigned an address to the Service.",
      remedy:
        "Run `kubectl describe service` to find the cause. If the cluster has no load balancer, set `spec.exposure.type` to `NodePort`.",
    },
    ClusterAddressPending: {
      status: "False",
      meaning: "The Service has no cluster IP yet.",
      remedy: "If the Service has no cluster IP after a minute, run `kubectl describe service`.",
    },
    NoIPv4Address: {
      status: "False",
      meaning:
        "The dual-stack Service has an IPv6 address but no IPv4 address. PASV requires an IPv4 address. EPSV works without an IPv4 address.",
      remedy:
        "Check the address pool of the load balancer, set `spec.exposure.service.ipFamilies` to `[IPv6]`, or set `spec.passive.address`.",
    },
    NoNodeAddress: {
      status: "False",
      meaning: "No ready node has a known address in the IP families of the Service.",
      remedy: "Set `spec.passive.address`.",
    },
  },
  DataConnectionsAttributed: {
    ClientAddressesVisible: {
      status: "True",
      meaning:
        "The engine accepts a data connection only from the client address of its session. The operator cannot detect a load balancer that replaces client addresses. See [load balancers](../reference/load-balancers.md#client-addresses).",
    },
    DataConnectionsEncrypted: {
      status: "True",
      meaning:
        "TLS identifies the session of every data connection, although nodes replace client addresses.",
    },
    PlainDataBehindSourceNAT: {
      status: "False",
      meaning:
        "Nodes replace client addresses, and `spec.tls` permits transfers without TLS. A client that can reach the passive ports can take over the data connection of an unencrypted session, or inject data.",
      remedy:
        "Use one replica and set `spec.exposure.service.externalTrafficPolicy` to `Local`. Alternatively, use a proxy that sends PROXY headers, and set `spec.proxyProtocol.mode` to `Enabled`. To require TLS instead, set `spec.tls.mode` to `Required` or `Implicit`, and `spec.tls.dataProtection` to `Required`.",
    },
  },
} as const satisfies Readonly<Record<string, Reasons>>;
