import type { Reasons } from "./reason.ts";

/** Reasons about the Service and addresses. */
export const NETWORK_REASONS = {
  PassivePortsPublished: {
    Published: { status: "True", meaning: "The Service has the control port and all passive ports." },
    ServiceOutdated: {
      status: "False",
      meaning: "The Service does not have all ports yet.",
      remedy: "If this lasts more than a minute, check the log of the operator.",
    },
    ServiceRejected: {
      status: "False",
      meaning:
        "The API server rejected the Service. Usually a node port is in use or outside the node port range, or no node port is free. A message about `ipFamilies` or `ipFamilyPolicy` means that the cluster does not have the family, or that the first family changed.",
      remedy:
        "Use another port range. If no node port is free, set `spec.exposure.loadBalancer.nodePorts` to `Disabled` when the load balancer permits it. For IP families, follow the message.",
    },
    TooManyPortsForLoadBalancer: {
      status: "False",
      meaning:
        "The provider permits fewer ports for one load balancer than the Service needs. After a change of the range, ports of draining pods count too.",
      remedy:
        "Shorten `spec.passive.portRange`: ten ports serve hundreds of concurrent transfers. If the provider was not detected correctly, set `spec.exposure.loadBalancer.provider`. See [load balancers](../reference/load-balancers.md).",
    },
    RestrictedByLoadBalancerOnly: {
      status: "True",
      meaning:
        "The operator is not permitted to list nodes (`watch.namespaces`), so only the load balancer enforces `spec.networkPolicy.allowedClients`.",
      remedy: "Set `operator.nodeAddresses` in the values of the chart.",
    },
    NodePortsOpenToAllClients: {
      status: "True",
      meaning:
        "`spec.networkPolicy.allowedClients` is enforced at the address of the load balancer, but not at the node ports of the Service. With more than one replica, nodes replace the addresses of clients.",
      remedy: "Close the ports 30000-32767 in the firewall of the nodes.",
    },
    PublishedToAllClients: {
      status: "True",
      meaning:
        "With node ports, nodes replace the addresses of clients, so `spec.networkPolicy.allowedClients` is not enforced.",
      remedy: "Use `spec.exposure.type: LoadBalancer`, or restrict clients in the firewall of the nodes.",
    },
  },
  AddressAssigned: {
    Static: { status: "True", meaning: "PASV announces `spec.passive.address.static`." },
    Hostname: { status: "True", meaning: "PASV announces the address of `spec.passive.address.hostname`." },
    LoadBalancerAddress: { status: "True", meaning: "PASV announces the address of the load balancer." },
    LoadBalancerHostname: {
      status: "True",
      meaning: "PASV announces the address of the host name of the load balancer.",
    },
    NodeAddress: { status: "True", meaning: "PASV announces the address of a node." },
    PodHostAddress: { status: "True", meaning: "PASV announces the address of the node of the serving pod." },
    ClusterAddress: {
      status: "True",
      meaning: "PASV announces the cluster IP of the Service. Only clients in the cluster can use it.",
    },
    ControlConnection: {
      status: "True",
      meaning: "PASV announces the address to which the client connected, so there is no single address.",
    },
    IPv6Only: {
      status: "True",
      meaning: "Clients connect over IPv6 and use EPSV. PASV supports only IPv4 and gets the reply 425.",
    },
    LoadBalancerPending: {
      status: "False",
      meaning: "The load balancer has not assigned an address to the Service.",
      remedy:
        "Run `kubectl describe service`. If the cluster has no load balancer, use `spec.exposure.type: NodePort`.",
    },
    ClusterAddressPending: {
      status: "False",
      meaning: "The Service has no cluster IP yet.",
      remedy: "If this lasts more than a minute, run `kubectl describe service`.",
    },
    NoIPv4Address: {
      status: "False",
      meaning:
        "The Service has the families IPv4 and IPv6, but only an IPv6 address. PASV requires IPv4. EPSV works.",
      remedy:
        "Check the address pool of the load balancer, set `spec.exposure.service.ipFamilies` to `[IPv6]`, or set `spec.passive.address`.",
    },
    NoNodeAddress: {
      status: "False",
      meaning: "No ready node with an address in the IP families of the Service is known.",
      remedy: "Set `spec.passive.address`.",
    },
  },
  DataConnectionsAttributed: {
    ClientAddressesVisible: {
      status: "True",
      meaning:
        "The engine accepts a data connection only from the client address of its session. The operator cannot detect a load balancer that replaces addresses: see [load balancers](../reference/load-balancers.md#client-addresses).",
    },
    DataConnectionsEncrypted: {
      status: "True",
      meaning:
        "Nodes replace the addresses of clients, but every data connection uses TLS, which identifies its session.",
    },
    PlainDataBehindSourceNAT: {
      status: "False",
      meaning:
        "Nodes replace the addresses of clients, and `spec.tls` permits transfers without TLS. A client that can reach the passive ports can take over or inject the data connection of a plain session.",
      remedy:
        "Use one replica with `externalTrafficPolicy: Local`, or a proxy that sends addresses (`spec.proxyProtocol`). Or require TLS with `spec.tls.mode: Required` or `Implicit` and `spec.tls.dataProtection: Required`.",
    },
  },
} as const satisfies Readonly<Record<string, Reasons>>;
