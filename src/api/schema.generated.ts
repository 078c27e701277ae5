// Generated from src/api/schema/ by `npm run generate`; do not edit.
/* eslint-disable max-lines -- data */
import type { Schema } from "./schema.ts";

/** The schema of an FtpServer, without descriptions. */
export const FTP_SERVER_SCHEMA: Schema = {
  type: "object",
  required: ["spec"],
  rules: [
    {
      id: "name-syntax",
      rule: "self.metadata.name.size() <= 48 && self.metadata.name.matches('^[a-z]([-a-z0-9]*[a-z0-9])?$')",
      message:
        "metadata.name is used in pod and Service names; use at most 48 lowercase letters, digits and '-', starting with a letter and ending with a letter or digit",
    },
    {
      id: "name-default",
      rule: "self.metadata.name != 'default' || has(self.spec.pod.serviceAccountName) || (oldSelf.hasValue() && !has(oldSelf.value().spec.pod.serviceAccountName))",
      optionalOldSelf: true,
      message:
        "an FtpServer has a ServiceAccount with the same name, and Kubernetes owns the ServiceAccount default; use another name, or set spec.pod.serviceAccountName",
    },
  ],
  properties: {
    apiVersion: { type: "string" },
    kind: { type: "string" },
    metadata: { type: "object" },
    spec: {
      type: "object",
      rules: [
        {
          id: "users-required",
          reason: "FieldValueRequired",
          rule: "self.users.size() > 0 || self.anonymous.mode != 'Disabled' || (has(self.userSources) && self.userSources.from != 'None')",
          fieldPath: ".users",
          message:
            "no account can log in; add a user to spec.users, set spec.anonymous.mode to ReadOnly, or select FtpUsers with spec.userSources",
        },
        {
          id: "user-password-required",
          reason: "FieldValueRequired",
          rule: "(self.tls.mode != 'Disabled' && self.tls.clientCertificates.mode != 'Disabled' && self.tls.clientCertificates.login != 'Password') || self.users.all(user, has(user.passwordSecretRef))",
          fieldPath: ".users",
          message:
            "a user without passwordSecretRef cannot log in; add a reference, for example passwordSecretRef: {name: alice}, or allow certificate logins with spec.tls.clientCertificates.login",
        },
        {
          id: "mount-storage",
          rule: "self.users.all(user, user.mounts.all(mount, !has(mount.storage) || self.additionalStorage.exists(storage, storage.name == mount.storage)))",
          fieldPath: ".users",
          message:
            "a mount references storage that does not exist; add the name to spec.additionalStorage, or remove the field storage from the mount to use spec.storage",
        },
        {
          id: "user-home-anonymous",
          rule: "self.anonymous.mode == 'Disabled' || self.users.all(user, has(user.homeDirectory) || '/' + user.name != self.anonymous.homeDirectory)",
          fieldPath: ".users",
          message:
            "the default home directory of a user equals spec.anonymous.homeDirectory, so anonymous sessions could access the user's files; set homeDirectory for the user or change spec.anonymous.homeDirectory",
        },
        {
          id: "anonymous-home-root",
          rule: "self.anonymous.mode == 'Disabled' || self.anonymous.homeDirectory != '/' || !has(self.userSources) || self.userSources.from != 'Selector'",
          fieldPath: ".anonymous.homeDirectory",
          message:
            "with home directory /, anonymous sessions could access the files of FtpUsers from other namespaces; change spec.anonymous.homeDirectory, for example to /pub",
        },
        {
          id: "allowed-clients-behind-proxy",
          reason: "FieldValueForbidden",
          rule: "self.proxyProtocol.mode == 'Disabled' || self.networkPolicy.allowedClients.size() == 0",
          fieldPath: ".networkPolicy.allowedClients",
          message:
            "the NetworkPolicy can match only the proxy address and would block the proxy; remove spec.networkPolicy.allowedClients and use spec.users[].allowedClients",
        },
        {
          id: "port-range-control-port",
          rule: "self.exposure.controlPort < self.passive.portRange.first || self.exposure.controlPort > self.passive.portRange.last",
          fieldPath: ".passive.portRange",
          message:
            "spec.passive.portRange must not include spec.exposure.controlPort; change the passive port range or the control port",
        },
        {
          id: "replicas-above-maximum",
          rule: "!has(self.maxReplicas) || self.replicas <= self.maxReplicas",
          fieldPath: ".replicas",
          message:
            "spec.replicas must not exceed spec.maxReplicas; increase spec.maxReplicas or decrease spec.replicas",
        },
        {
          id: "port-range-too-small",
          rule: "self.passive.portRange.last - self.passive.portRange.first >= (has(self.maxReplicas) ? self.maxReplicas : self.replicas)",
          fieldPath: ".passive.portRange",
          message:
            "the passive port range requires one port for each replica and one port for rollouts; increase spec.passive.portRange.last, or decrease spec.replicas or spec.maxReplicas",
        },
        {
          id: "source-port-in-range",
          rule: "!has(self.active.sourcePort) || self.active.sourcePort < self.passive.portRange.first || self.active.sourcePort > self.passive.portRange.last",
          fieldPath: ".active.sourcePort",
          message:
            "the engine listens on the ports in spec.passive.portRange and cannot use these ports as source ports; use another port, for example 20",
        },
        {
          id: "host-port-replicas",
          rule: "self.exposure.type != 'HostPort' || (has(self.maxReplicas) ? self.maxReplicas : self.replicas) <= 1",
          fieldPath: ".replicas",
          message:
            "when spec.exposure.type is HostPort, each pod has its own address; use only one replica or change spec.exposure.type",
        },
        {
          id: "node-port-in-range",
          rule: "!has(self.exposure.nodePort) || self.exposure.nodePort.controlPort < self.passive.portRange.first || self.exposure.nodePort.controlPort > self.passive.portRange.last",
          fieldPath: ".passive.portRange",
          message:
            "spec.passive.portRange must not include spec.exposure.nodePort.controlPort; change the passive port range or the node port",
        },
        {
          id: "traffic-policy-replicas",
          rule: "(has(self.maxReplicas) ? self.maxReplicas : self.replicas) <= 1 || !(self.exposure.type in ['LoadBalancer', 'NodePort']) || self.exposure.service.externalTrafficPolicy != 'Local'",
          fieldPath: ".exposure.service.externalTrafficPolicy",
          message:
            "the policy Local drops passive data connections to replicas on other nodes; for more than one replica, set the policy to Auto or Cluster",
        },
        {
          id: "access-modes-replicas",
          rule: "(has(self.maxReplicas) ? self.maxReplicas : self.replicas) <= 1 || !has(self.storage.persistentVolumeClaim) || !has(self.storage.persistentVolumeClaim.create) || 'ReadWriteMany' in self.storage.persistentVolumeClaim.create.accessModes",
          fieldPath: ".storage.persistentVolumeClaim.create.accessModes",
          message:
            "only one node can mount this volume; for more than one replica, use ReadWriteMany and a storage class that supports this access mode",
        },
      ],
      properties: {
        replicas: { type: "integer", format: "int32", minimum: 0, maximum: 25, default: 1 },
        maxReplicas: { type: "integer", format: "int32", minimum: 1, maximum: 25 },
        exposure: {
          type: "object",
          default: { type: "LoadBalancer" },
          rules: [
            {
              id: "load-balancer-type",
              reason: "FieldValueForbidden",
              rule: "self.type == 'LoadBalancer' || !has(self.loadBalancer)",
              fieldPath: ".loadBalancer",
              message:
                "spec.exposure.loadBalancer requires type LoadBalancer; remove the field or set spec.exposure.type to LoadBalancer",
            },
            {
              id: "node-port-type",
              reason: "FieldValueForbidden",
              rule: "self.type == 'NodePort' || !has(self.nodePort)",
              fieldPath: ".nodePort",
              message:
                "spec.exposure.nodePort requires type NodePort; remove the field or set spec.exposure.type to NodePort",
            },
            {
              id: "node-port-required",
              reason: "FieldValueRequired",
              rule: "self.type != 'NodePort' || has(self.nodePort)",
              fieldPath: ".nodePort",
              message:
                "type NodePort requires spec.exposure.nodePort; add the port that clients connect to, for example nodePort: {controlPort: 30021}",
            },
            {
              id: "load-balancer-class-immutable",
              rule: "self.type != 'LoadBalancer' || oldSelf.type != 'LoadBalancer' || (has(self.loadBalancer) && has(self.loadBalancer.class) ? self.loadBalancer.class : '') == (has(oldSelf.loadBalancer) && has(oldSelf.loadBalancer.class) ? oldSelf.loadBalancer.class : '')",
              fieldPath: ".loadBalancer",
              message:
                "Kubernetes cannot change the class of a load balancer; set spec.exposure.type to ClusterIP first, then to LoadBalancer with the new class",
            },
          ],
          properties: {
            type: {
              type: "string",
              enum: ["LoadBalancer", "NodePort", "ClusterIP", "HostPort"],
              default: "LoadBalancer",
            },
            controlPort: { type: "integer", format: "int32", minimum: 1, maximum: 65535, default: 21 },
            service: {
              type: "object",
              default: {},
              rules: [
                {
                  id: "ip-families-policy",
                  rule: "self.ipFamilyPolicy != 'SingleStack' || !has(self.ipFamilies) || self.ipFamilies.size() == 1",
                  fieldPath: ".ipFamilyPolicy",
                  message:
                    "SingleStack allows only one IP family; use PreferDualStack or RequireDualStack, or remove a family from spec.exposure.service.ipFamilies",
                },
              ],
              properties: {
                labels: {
                  type: "object",
                  maxProperties: 32,
                  rules: [
                    {
                      id: "label-reserved",
                      reason: "FieldValueForbidden",
                      rule: "self.all(key, !key.matches('^(([^/]*[.])?ftp-operator[.]io|(apps|statefulset)[.]kubernetes[.]io)/') && !(key in ['app.kubernetes.io/name', 'app.kubernetes.io/instance', 'app.kubernetes.io/component', 'app.kubernetes.io/managed-by', 'app.kubernetes.io/part-of', 'controller-revision-hash']))",
                      message:
                        "labels set by the operator or Kubernetes are reserved, for example app.kubernetes.io/name and labels with the prefix ftp-operator.io/; remove the reserved label",
                    },
                    {
                      id: "label-key-syntax",
                      rule: "self.all(key, key.matches('^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$'))",
                      message:
                        "invalid label key; use the format name or prefix/name, for example team or example.com/team",
                    },
                  ],
                  additionalProperties: {
                    type: "string",
                    maxLength: 63,
                    rules: [
                      {
                        id: "label-value-syntax",
                        rule: "self.matches('^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$')",
                        message:
                          "invalid label value; use letters, digits, '-', '_' and '.', starting and ending with a letter or digit",
                      },
                    ],
                  },
                },
                annotations: {
                  type: "object",
                  maxProperties: 64,
                  rules: [
                    {
                      id: "annotation-reserved",
                      reason: "FieldValueForbidden",
                      rule: "self.all(key, !key.matches('^(([^/]*[.])?ftp-operator[.]io/|kubectl[.]kubernetes[.]io/last-applied-configuration$)'))",
                      message:
                        "the annotation kubectl.kubernetes.io/last-applied-configuration and annotations with the prefix ftp-operator.io/ are reserved; remove these annotations",
                    },
                    {
                      id: "annotation-key-syntax",
                      rule: "self.all(key, key.matches('^([A-Za-z0-9]([-A-Za-z0-9.]{0,251}[A-Za-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$'))",
                      message:
                        "invalid annotation key; use the format name or prefix/name, for example example.com/team",
                    },
                  ],
                  additionalProperties: { type: "string", maxLength: 4096 },
                },
                ipFamilyPolicy: {
                  type: "string",
                  enum: ["SingleStack", "PreferDualStack", "RequireDualStack"],
                  default: "SingleStack",
                },
                ipFamilies: {
                  type: "array",
                  minItems: 1,
                  maxItems: 2,
                  "x-kubernetes-list-type": "atomic",
                  items: { type: "string", enum: ["IPv4", "IPv6"] },
                  rules: [
                    {
                      id: "ip-families-unique",
                      rule: "self.size() < 2 || self[0] != self[1]",
                      message: "duplicate IP family; specify each family only once, for example [IPv4, IPv6]",
                    },
                  ],
                },
                externalTrafficPolicy: {
                  type: "string",
                  enum: ["Auto", "Local", "Cluster"],
                  default: "Auto",
                },
              },
            },
            loadBalancer: {
              type: "object",
              properties: {
                class: { type: "string", minLength: 1, maxLength: 317 },
                sourceRanges: {
                  type: "array",
                  maxItems: 100,
                  default: [],
                  "x-kubernetes-list-type": "set",
                  items: {
                    type: "string",
                    maxLength: 43,
                    rules: [
                      {
                        id: "network-syntax",
                        rule: "isCIDR(self)",
                        message:
                          "invalid network; use CIDR notation, for example 198.51.100.0/24, or 198.51.100.7/32 for one address",
                      },
                      {
                        id: "network-masked",
                        rule: "!isCIDR(self) || cidr(self) in [cidr(self).masked()]",
                        message:
                          "host bits are set in the network; use the network address, for example 198.51.100.0/24 instead of 198.51.100.7/24",
                      },
                    ],
                  },
                },
                annotations: {
                  type: "object",
                  renamed: "spec.exposure.service.annotations",
                  "x-kubernetes-preserve-unknown-fields": true,
                  rules: [
                    {
                      id: "renamed-field",
                      reason: "FieldValueForbidden",
                      rule: "false",
                      message:
                        "spec.exposure.loadBalancer.annotations is now spec.exposure.service.annotations",
                    },
                  ],
                },
                externalTrafficPolicy: {
                  type: "string",
                  renamed: "spec.exposure.service.externalTrafficPolicy",
                  maxLength: 253,
                  rules: [
                    {
                      id: "renamed-field",
                      reason: "FieldValueForbidden",
                      rule: "false",
                      message:
                        "spec.exposure.loadBalancer.externalTrafficPolicy is now spec.exposure.service.externalTrafficPolicy",
                    },
                  ],
                },
                nodePorts: { type: "string", enum: ["Auto", "Enabled", "Disabled"], default: "Auto" },
                provider: {
                  type: "string",
                  enum: [
                    "Auto",
                    "Generic",
                    "AWS",
                    "GKE",
                    "Azure",
                    "DigitalOcean",
                    "Hetzner",
                    "MetalLB",
                    "Cilium",
                  ],
                  default: "Auto",
                },
              },
            },
            nodePort: {
              type: "object",
              required: ["controlPort"],
              properties: { controlPort: { type: "integer", format: "int32", minimum: 1, maximum: 65535 } },
            },
          },
        },
        passive: {
          type: "object",
          default: {},
          properties: {
            portRange: {
              type: "object",
              required: ["first", "last"],
              default: { first: 50000, last: 50009 },
              rules: [
                {
                  id: "port-range-order",
                  rule: "self.first <= self.last",
                  message:
                    "the passive port range is empty; set spec.passive.portRange.first to the lowest port and spec.passive.portRange.last to the highest port",
                },
                {
                  id: "port-range-size",
                  rule: "self.last - self.first < 1000",
                  message:
                    "the passive port range has more than 1000 ports; decrease spec.passive.portRange.last or increase spec.passive.portRange.first",
                },
                {
                  id: "port-range-container-ports",
                  rule: "(self.last < 2121 || self.first > 2121) && (self.last < 8080 || self.first > 8080)",
                  message:
                    "pods use ports 2121 and 8080 for other connections; change the passive port range, for example to {first: 50000, last: 50009}",
                },
              ],
              properties: {
                first: { type: "integer", format: "int32", minimum: 1024, maximum: 65535 },
                last: { type: "integer", format: "int32", minimum: 1024, maximum: 65535 },
              },
            },
            address: {
              type: "object",
              default: { type: "FromExposure" },
              rules: [
                {
                  id: "static-address-type",
                  reason: "FieldValueForbidden",
                  rule: "self.type == 'Static' || !has(self.static)",
                  fieldPath: ".static",
                  message:
                    "spec.passive.address.static requires type Static; remove the field or set spec.passive.address.type to Static",
                },
                {
                  id: "static-address-required",
                  reason: "FieldValueRequired",
                  rule: "self.type != 'Static' || has(self.static)",
                  fieldPath: ".static",
                  message:
                    "type Static requires an address to announce; add an IPv4 address, for example static: {address: 203.0.113.10}",
                },
                {
                  id: "hostname-type",
                  reason: "FieldValueForbidden",
                  rule: "self.type == 'Hostname' || !has(self.hostname)",
                  fieldPath: ".hostname",
                  message:
                    "spec.passive.address.hostname requires type Hostname; remove the field or set spec.passive.address.type to Hostname",
                },
                {
                  id: "hostname-required",
                  reason: "FieldValueRequired",
                  rule: "self.type != 'Hostname' || has(self.hostname)",
                  fieldPath: ".hostname",
                  message:
                    "type Hostname requires a DNS name; add a name, for example hostname: {name: ftp.example.com}",
                },
              ],
              properties: {
                type: {
                  type: "string",
                  enum: ["FromExposure", "Static", "Hostname", "ControlConnection"],
                  default: "FromExposure",
                },
                static: {
                  type: "object",
                  required: ["address"],
                  properties: {
                    address: {
                      type: "string",
                      maxLength: 15,
                      rules: [
                        {
                          id: "announced-address-syntax",
                          rule: "isIP(self) && ip(self).family() == 4 && (ip(self).isGlobalUnicast() || ip(self).isLoopback())",
                          message:
                            "PASV can announce only a unicast IPv4 address; use an address such as 203.0.113.10",
                        },
                      ],
                    },
                  },
                },
                hostname: {
                  type: "object",
                  required: ["name"],
                  properties: {
                    name: {
                      type: "string",
                      maxLength: 253,
                      rules: [
                        {
                          id: "dns-name-syntax",
                          rule: "self.matches('^([A-Za-z0-9]([-A-Za-z0-9]{0,61}[A-Za-z0-9])?[.])*[A-Za-z]([-A-Za-z0-9]{0,61}[A-Za-z0-9])?[.]?$')",
                          message:
                            "invalid DNS name; use a name such as ftp.example.com, or set spec.passive.address.type to Static for an IP address",
                        },
                      ],
                    },
                    refreshPeriodSeconds: {
                      type: "integer",
                      format: "int32",
                      minimum: 1,
                      maximum: 86400,
                      default: 30,
                    },
                  },
                },
                overrides: {
                  type: "array",
                  maxItems: 50,
                  "x-kubernetes-list-type": "atomic",
                  items: {
                    type: "object",
                    required: ["clients", "address"],
                    properties: {
                      clients: {
                        type: "string",
                        maxLength: 43,
                        rules: [
                          {
                            id: "network-syntax",
                            rule: "isCIDR(self)",
                            message:
                              "invalid network; use CIDR notation, for example 198.51.100.0/24, or 198.51.100.7/32 for one address",
                          },
                          {
                            id: "network-masked",
                            rule: "!isCIDR(self) || cidr(self) in [cidr(self).masked()]",
                            message:
                              "host bits are set in the network; use the network address, for example 198.51.100.0/24 instead of 198.51.100.7/24",
                          },
                        ],
                      },
                      address: {
                        type: "string",
                        maxLength: 15,
                        rules: [
                          {
                            id: "announced-address-syntax",
                            rule: "isIP(self) && ip(self).family() == 4 && (ip(self).isGlobalUnicast() || ip(self).isLoopback())",
                            message:
                              "PASV can announce only a unicast IPv4 address; use an address such as 203.0.113.10",
                          },
                        ],
                      },
                    },
                  },
                },
              },
            },
            portSharing: { type: "string", enum: ["Enabled", "Disabled"], default: "Enabled" },
          },
        },
        active: {
          type: "object",
          default: {},
          rules: [
            {
              id: "source-port-mode",
              reason: "FieldValueForbidden",
              rule: "self.mode == 'Enabled' || !has(self.sourcePort)",
              fieldPath: ".sourcePort",
              message:
                "spec.active.sourcePort requires mode Enabled; remove the field or set spec.active.mode to Enabled",
            },
            {
              id: "source-port-container-ports",
              rule: "!has(self.sourcePort) || (self.sourcePort != 2121 && self.sourcePort != 8080)",
              fieldPath: ".sourcePort",
              message: "pods listen on ports 2121 and 8080; use another source port, for example 20",
            },
          ],
          properties: {
            mode: { type: "string", enum: ["Disabled", "Enabled"], default: "Disabled" },
            sourcePort: { type: "integer", format: "int32", minimum: 1, maximum: 65535 },
          },
        },
        users: {
          type: "array",
          default: [],
          maxItems: 1000,
          "x-kubernetes-list-type": "map",
          "x-kubernetes-list-map-keys": ["name"],
          items: {
            type: "object",
            required: ["name"],
            properties: {
              name: {
                type: "string",
                maxLength: 64,
                rules: [
                  {
                    id: "login-name-syntax",
                    rule: "self.matches('^[A-Za-z0-9_][-A-Za-z0-9_.@+]*$')",
                    message:
                      "invalid login name; use letters, digits and _ - . @ +, starting with a letter, digit or _",
                  },
                ],
              },
              passwordSecretRef: {
                type: "object",
                required: ["name"],
                "x-kubernetes-map-type": "atomic",
                properties: {
                  name: {
                    type: "string",
                    maxLength: 253,
                    rules: [
                      {
                        id: "secret-name-syntax",
                        rule: "self.matches('^[a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*$')",
                        message:
                          "invalid Secret name; use lowercase letters, digits, '-' and '.', starting and ending with a letter or digit",
                      },
                    ],
                  },
                  key: {
                    type: "string",
                    maxLength: 253,
                    rules: [
                      {
                        id: "data-key-syntax",
                        rule: "self.matches('^[-A-Za-z0-9_.]+$')",
                        message: "invalid key; use letters, digits, '-', '_' and '.'",
                      },
                    ],
                    default: "password",
                  },
                },
              },
              homeDirectory: {
                type: "string",
                maxLength: 255,
                rules: [
                  {
                    id: "home-directory-syntax",
                    rule: "self.matches('^(/|(/([^/.\\\\p{Cc}\\\\\\\\]|[.][^/.\\\\p{Cc}\\\\\\\\]|[.][.][^/\\\\p{Cc}\\\\\\\\])[^/\\\\p{Cc}\\\\\\\\]*)+)$')",
                    message:
                      "invalid home directory; use an absolute path such as /alice, without empty, '.' or '..' parts, '\\', control characters or a trailing '/'",
                  },
                  {
                    id: "home-directory-reserved",
                    reason: "FieldValueForbidden",
                    rule: "!self.matches('^/@')",
                    message:
                      "paths that begin with /@ are reserved for FtpUsers from other namespaces; use another path, for example /alice",
                  },
                ],
              },
              state: { type: "string", enum: ["Enabled", "Disabled"], default: "Enabled" },
              expiresAt: { type: "string", format: "date-time", maxLength: 64 },
              permissions: {
                type: "array",
                maxItems: 9,
                "x-kubernetes-list-type": "set",
                default: [
                  "List",
                  "Read",
                  "Write",
                  "Append",
                  "Delete",
                  "Rename",
                  "MakeDirectory",
                  "RemoveDirectory",
                  "SetModificationTime",
                ],
                items: {
                  type: "string",
                  enum: [
                    "List",
                    "Read",
                    "Write",
                    "Append",
                    "Delete",
                    "Rename",
                    "MakeDirectory",
                    "RemoveDirectory",
                    "SetModificationTime",
                  ],
                },
              },
              directories: {
                type: "array",
                maxItems: 20,
                default: [],
                "x-kubernetes-list-type": "map",
                "x-kubernetes-list-map-keys": ["path"],
                items: {
                  type: "object",
                  required: ["path", "permissions"],
                  properties: {
                    path: {
                      type: "string",
                      minLength: 2,
                      maxLength: 128,
                      rules: [
                        {
                          id: "directory-path-syntax",
                          rule: "self.matches('^(/[^/\\\\p{Cc}\\\\\\\\]+)+$')",
                          message:
                            "invalid path; use an absolute path below the home directory, for example /outbox, without empty parts, '\\', control characters or a trailing '/'",
                        },
                        {
                          id: "directory-path-normal",
                          rule: "!self.matches('/[.][.]?(/|$)')",
                          message:
                            "the path must not contain the parts '.' or '..'; use the path that the user sees, for example /outbox",
                        },
                      ],
                    },
                    permissions: {
                      type: "array",
                      maxItems: 9,
                      "x-kubernetes-list-type": "set",
                      items: {
                        type: "string",
                        enum: [
                          "List",
                          "Read",
                          "Write",
                          "Append",
                          "Delete",
                          "Rename",
                          "MakeDirectory",
                          "RemoveDirectory",
                          "SetModificationTime",
                        ],
                      },
                    },
                  },
                },
              },
              mounts: {
                type: "array",
                maxItems: 8,
                default: [],
                "x-kubernetes-list-type": "map",
                "x-kubernetes-list-map-keys": ["path"],
                items: {
                  type: "object",
                  required: ["path"],
                  properties: {
                    path: {
                      type: "string",
                      minLength: 2,
                      maxLength: 128,
                      rules: [
                        {
                          id: "directory-path-syntax",
                          rule: "self.matches('^(/[^/\\\\p{Cc}\\\\\\\\]+)+$')",
                          message:
                            "invalid path; use an absolute path below the home directory, for example /outbox, without empty parts, '\\', control characters or a trailing '/'",
                        },
                        {
                          id: "directory-path-normal",
                          rule: "!self.matches('/[.][.]?(/|$)')",
                          message:
                            "the path must not contain the parts '.' or '..'; use the path that the user sees, for example /outbox",
                        },
                      ],
                    },
                    storage: {
                      type: "string",
                      minLength: 1,
                      maxLength: 32,
                      rules: [
                        {
                          id: "storage-name-syntax",
                          rule: "self.matches('^[a-z0-9]([-a-z0-9]*[a-z0-9])?$')",
                          message:
                            "invalid storage name; use lowercase letters, digits and '-', starting and ending with a letter or digit",
                        },
                      ],
                    },
                    subPath: {
                      type: "string",
                      minLength: 1,
                      maxLength: 128,
                      default: "/",
                      rules: [
                        {
                          id: "mount-sub-path-syntax",
                          rule: "self.matches('^/([^/\\\\p{Cc}\\\\\\\\]+(/[^/\\\\p{Cc}\\\\\\\\]+)*)?$')",
                          message:
                            "invalid path; use an absolute path in the storage, for example /invoices, without empty parts, '\\', control characters or a trailing '/'",
                        },
                        {
                          id: "mount-sub-path-normal",
                          rule: "!self.matches('/[.][.]?(/|$)')",
                          message:
                            "the path must not contain the parts '.' or '..'; use a path such as /invoices",
                        },
                      ],
                    },
                    access: { type: "string", enum: ["ReadWrite", "ReadOnly"], default: "ReadWrite" },
                  },
                },
              },
              quota: {
                type: "object",
                properties: {
                  bytes: {
                    "x-kubernetes-int-or-string": true,
                    anyOf: [{ type: "integer" }, { type: "string" }],
                    minimum: 1,
                    maxLength: 32,
                    pattern:
                      "^[+]?(0*[1-9][0-9]*([.][0-9]*)?|0*[.]0*[1-9][0-9]*)([kMGTPE]|[KMGTPE]i|[eE][+]?[0-9]+)?$",
                  },
                  files: { type: "integer", format: "int32", minimum: 1, maximum: 2000000000 },
                },
              },
              limits: {
                type: "object",
                properties: {
                  sessions: { type: "integer", format: "int32", minimum: 1, maximum: 100000 },
                  uploadBytesPerSecond: {
                    "x-kubernetes-int-or-string": true,
                    anyOf: [{ type: "integer" }, { type: "string" }],
                    minimum: 1,
                    maxLength: 32,
                    pattern:
                      "^[+]?(0*[1-9][0-9]*([.][0-9]*)?|0*[.]0*[1-9][0-9]*)([kMGTPE]|[KMGTPE]i|[eE][+]?[0-9]+)?$",
                  },
                  downloadBytesPerSecond: {
                    "x-kubernetes-int-or-string": true,
                    anyOf: [{ type: "integer" }, { type: "string" }],
                    minimum: 1,
                    maxLength: 32,
                    pattern:
                      "^[+]?(0*[1-9][0-9]*([.][0-9]*)?|0*[.]0*[1-9][0-9]*)([kMGTPE]|[KMGTPE]i|[eE][+]?[0-9]+)?$",
                  },
                },
              },
              files: {
                type: "object",
                properties: {
                  fileMode: {
                    type: "string",
                    maxLength: 4,
                    rules: [
                      {
                        id: "file-mode-syntax",
                        rule: "self.matches('^0?[67][0-7][0-7]$')",
                        message:
                          'invalid file mode; use a quoted octal number with rw permissions for the owner, for example "0640"',
                      },
                    ],
                  },
                  directoryMode: {
                    type: "string",
                    maxLength: 4,
                    rules: [
                      {
                        id: "directory-mode-syntax",
                        rule: "self.matches('^[02]?7[0-7][0-7]$')",
                        message:
                          'invalid directory mode; use a quoted octal number with rwx permissions for the owner, for example "0750", or "2770" with setgid',
                      },
                    ],
                  },
                },
              },
              allowedClients: {
                type: "array",
                maxItems: 20,
                default: [],
                "x-kubernetes-list-type": "set",
                items: {
                  type: "string",
                  maxLength: 43,
                  rules: [
                    {
                      id: "network-syntax",
                      rule: "isCIDR(self)",
                      message:
                        "invalid network; use CIDR notation, for example 198.51.100.0/24, or 198.51.100.7/32 for one address",
                    },
                    {
                      id: "network-masked",
                      rule: "!isCIDR(self) || cidr(self) in [cidr(self).masked()]",
                      message:
                        "host bits are set in the network; use the network address, for example 198.51.100.0/24 instead of 198.51.100.7/24",
                    },
                  ],
                },
              },
            },
          },
        },
        userSources: {
          type: "object",
          default: { from: "None" },
          rules: [
            {
              id: "user-sources-selector",
              rule: "(self.from == 'Selector') == has(self.namespaceSelector)",
              message:
                "spec.userSources.namespaceSelector is required when spec.userSources.from is Selector, and invalid otherwise; use, for example, {from: Selector, namespaceSelector: {matchLabels: {ftp: allowed}}}",
            },
          ],
          properties: {
            from: { type: "string", enum: ["None", "SameNamespace", "Selector"], default: "None" },
            namespaceSelector: {
              type: "object",
              "x-kubernetes-map-type": "atomic",
              rules: [
                {
                  id: "selector-key-syntax",
                  rule: "!has(self.matchLabels) || self.matchLabels.all(key, key.matches('^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$'))",
                  fieldPath: ".matchLabels",
                  message:
                    "invalid label key; use the format name or prefix/name, for example team or example.com/team",
                },
              ],
              properties: {
                matchLabels: {
                  type: "object",
                  maxProperties: 32,
                  additionalProperties: {
                    type: "string",
                    maxLength: 63,
                    pattern: "^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$",
                  },
                },
                matchExpressions: {
                  type: "array",
                  maxItems: 32,
                  "x-kubernetes-list-type": "atomic",
                  items: {
                    type: "object",
                    required: ["key", "operator"],
                    rules: [
                      {
                        id: "selector-values",
                        rule: "(self.operator in ['In', 'NotIn']) == (has(self.values) && self.values.size() > 0)",
                        message:
                          "only the operators In and NotIn require values; add values for these operators, or remove values for Exists and DoesNotExist",
                      },
                    ],
                    properties: {
                      key: {
                        type: "string",
                        minLength: 1,
                        maxLength: 317,
                        pattern:
                          "^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$",
                      },
                      operator: { type: "string", enum: ["In", "NotIn", "Exists", "DoesNotExist"] },
                      values: {
                        type: "array",
                        maxItems: 64,
                        "x-kubernetes-list-type": "atomic",
                        items: {
                          type: "string",
                          maxLength: 63,
                          pattern: "^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$",
                        },
                      },
                    },
                  },
                },
              },
            },
          },
        },
        anonymous: {
          type: "object",
          default: {},
          properties: {
            mode: { type: "string", enum: ["Disabled", "ReadOnly", "ReadWrite"], default: "Disabled" },
            homeDirectory: {
              type: "string",
              maxLength: 255,
              rules: [
                {
                  id: "home-directory-syntax",
                  rule: "self.matches('^(/|(/([^/.\\\\p{Cc}\\\\\\\\]|[.][^/.\\\\p{Cc}\\\\\\\\]|[.][.][^/\\\\p{Cc}\\\\\\\\])[^/\\\\p{Cc}\\\\\\\\]*)+)$')",
                  message:
                    "invalid home directory; use an absolute path such as /alice, without empty, '.' or '..' parts, '\\', control characters or a trailing '/'",
                },
                {
                  id: "home-directory-reserved",
                  reason: "FieldValueForbidden",
                  rule: "!self.matches('^/@')",
                  message:
                    "paths that begin with /@ are reserved for FtpUsers from other namespaces; use another path, for example /alice",
                },
              ],
              default: "/pub",
            },
            quota: {
              type: "object",
              default: {},
              properties: {
                bytes: {
                  "x-kubernetes-int-or-string": true,
                  anyOf: [{ type: "integer" }, { type: "string" }],
                  minimum: 1,
                  maxLength: 32,
                  pattern:
                    "^[+]?(0*[1-9][0-9]*([.][0-9]*)?|0*[.]0*[1-9][0-9]*)([kMGTPE]|[KMGTPE]i|[eE][+]?[0-9]+)?$",
                  default: "1Gi",
                },
                files: { type: "integer", format: "int32", minimum: 1, maximum: 2000000000, default: 10000 },
              },
            },
            limits: {
              type: "object",
              properties: {
                sessions: { type: "integer", format: "int32", minimum: 1, maximum: 100000 },
                uploadBytesPerSecond: {
                  "x-kubernetes-int-or-string": true,
                  anyOf: [{ type: "integer" }, { type: "string" }],
                  minimum: 1,
                  maxLength: 32,
                  pattern:
                    "^[+]?(0*[1-9][0-9]*([.][0-9]*)?|0*[.]0*[1-9][0-9]*)([kMGTPE]|[KMGTPE]i|[eE][+]?[0-9]+)?$",
                },
                downloadBytesPerSecond: {
                  "x-kubernetes-int-or-string": true,
                  anyOf: [{ type: "integer" }, { type: "string" }],
                  minimum: 1,
                  maxLength: 32,
                  pattern:
                    "^[+]?(0*[1-9][0-9]*([.][0-9]*)?|0*[.]0*[1-9][0-9]*)([kMGTPE]|[KMGTPE]i|[eE][+]?[0-9]+)?$",
                },
              },
            },
            allowedClients: {
              type: "array",
              maxItems: 20,
              default: [],
              "x-kubernetes-list-type": "set",
              items: {
                type: "string",
                maxLength: 43,
                rules: [
                  {
                    id: "network-syntax",
                    rule: "isCIDR(self)",
                    message:
                      "invalid network; use CIDR notation, for example 198.51.100.0/24, or 198.51.100.7/32 for one address",
                  },
                  {
                    id: "network-masked",
                    rule: "!isCIDR(self) || cidr(self) in [cidr(self).masked()]",
                    message:
                      "host bits are set in the network; use the network address, for example 198.51.100.0/24 instead of 198.51.100.7/24",
                  },
                ],
              },
            },
          },
        },
        tls: {
          type: "object",
          default: { mode: "Disabled" },
          rules: [
            {
              id: "certificate-required",
              reason: "FieldValueRequired",
              rule: "self.mode == 'Disabled' || has(self.certificateRef) || has(self.secretName)",
              fieldPath: ".certificateRef",
              message:
                "TLS requires a certificate; reference a Secret of type kubernetes.io/tls, for example certificateRef: {name: demo-tls}",
            },
            {
              id: "clear-control-mode",
              rule: "self.mode == 'Optional' || !has(self.clearControl) || self.clearControl == 'Deny'",
              fieldPath: ".clearControl",
              message:
                "the value Allow for spec.tls.clearControl requires optional TLS; set spec.tls.mode to Optional or spec.tls.clearControl to Deny",
            },
          ],
          properties: {
            mode: {
              type: "string",
              enum: ["Disabled", "Optional", "Required", "Implicit"],
              default: "Disabled",
            },
            secretName: {
              type: "string",
              renamed: "spec.tls.certificateRef.name",
              maxLength: 253,
              rules: [
                {
                  id: "renamed-field",
                  reason: "FieldValueForbidden",
                  rule: "false",
                  message: "spec.tls.secretName is now spec.tls.certificateRef.name",
                },
              ],
            },
            certificateRef: {
              type: "object",
              required: ["name"],
              "x-kubernetes-map-type": "atomic",
              properties: {
                name: {
                  type: "string",
                  maxLength: 253,
                  rules: [
                    {
                      id: "secret-name-syntax",
                      rule: "self.matches('^[a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*$')",
                      message:
                        "invalid Secret name; use lowercase letters, digits, '-' and '.', starting and ending with a letter or digit",
                    },
                  ],
                },
              },
            },
            minimumVersion: { type: "string", enum: ["TLS12", "TLS13"], default: "TLS12" },
            dataProtection: { type: "string", enum: ["Required", "Optional"], default: "Required" },
            clearControl: { type: "string", enum: ["Deny", "Allow"], default: "Deny" },
            sessionReuse: { type: "string", enum: ["Preferred", "Required"], default: "Preferred" },
            serverNames: {
              type: "array",
              maxItems: 20,
              default: [],
              "x-kubernetes-list-type": "set",
              items: {
                type: "string",
                maxLength: 253,
                rules: [
                  {
                    id: "server-name-syntax",
                    rule: "self.matches('^([A-Za-z0-9]([-A-Za-z0-9]{0,61}[A-Za-z0-9])?[.])*[A-Za-z]([-A-Za-z0-9]{0,61}[A-Za-z0-9])?$')",
                    message: "invalid server name; use a DNS name, for example ftp.example.com",
                  },
                ],
              },
            },
            clientCertificates: {
              type: "object",
              default: { mode: "Disabled" },
              rules: [
                {
                  id: "client-ca-required",
                  reason: "FieldValueRequired",
                  rule: "self.mode == 'Disabled' || has(self.caRef) || has(self.caSecretName)",
                  fieldPath: ".caRef",
                  message:
                    "client certificates require a certificate authority; reference a Secret with the key ca.crt, for example caRef: {name: demo-client-ca}",
                },
              ],
              properties: {
                mode: { type: "string", enum: ["Disabled", "Optional", "Required"], default: "Disabled" },
                caSecretName: {
                  type: "string",
                  renamed: "spec.tls.clientCertificates.caRef.name",
                  maxLength: 253,
                  rules: [
                    {
                      id: "renamed-field",
                      reason: "FieldValueForbidden",
                      rule: "false",
                      message:
                        "spec.tls.clientCertificates.caSecretName is now spec.tls.clientCertificates.caRef.name",
                    },
                  ],
                },
                caRef: {
                  type: "object",
                  required: ["name"],
                  "x-kubernetes-map-type": "atomic",
                  properties: {
                    kind: { type: "string", enum: ["Secret", "ConfigMap"], default: "Secret" },
                    name: {
                      type: "string",
                      maxLength: 253,
                      rules: [
                        {
                          id: "object-name-syntax",
                          rule: "self.matches('^[a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*$')",
                          message:
                            "invalid object name; use lowercase letters, digits, '-' and '.', starting and ending with a letter or digit",
                        },
                      ],
                    },
                    key: {
                      type: "string",
                      maxLength: 253,
                      rules: [
                        {
                          id: "data-key-syntax",
                          rule: "self.matches('^[-A-Za-z0-9_.]+$')",
                          message: "invalid key; use letters, digits, '-', '_' and '.'",
                        },
                      ],
                      default: "ca.crt",
                    },
                  },
                },
                login: {
                  type: "string",
                  enum: ["Password", "CommonName", "SubjectAlternativeName"],
                  default: "Password",
                },
              },
            },
          },
        },
        proxyProtocol: {
          type: "object",
          default: { mode: "Disabled", trustedSources: [] },
          rules: [
            {
              id: "trusted-sources-required",
              reason: "FieldValueRequired",
              rule: "self.mode == 'Disabled' || self.trustedSources.size() > 0",
              fieldPath: ".trustedSources",
              message:
                "without trusted sources, any client could forge its address; add the networks of the proxies, for example trustedSources: [10.0.0.0/8]",
            },
          ],
          properties: {
            mode: { type: "string", enum: ["Disabled", "Enabled"], default: "Disabled" },
            trustedSources: {
              type: "array",
              maxItems: 100,
              default: [],
              "x-kubernetes-list-type": "set",
              items: {
                type: "string",
                maxLength: 43,
                rules: [
                  {
                    id: "network-syntax",
                    rule: "isCIDR(self)",
                    message:
                      "invalid network; use CIDR notation, for example 198.51.100.0/24, or 198.51.100.7/32 for one address",
                  },
                  {
                    id: "network-masked",
                    rule: "!isCIDR(self) || cidr(self) in [cidr(self).masked()]",
                    message:
                      "host bits are set in the network; use the network address, for example 198.51.100.0/24 instead of 198.51.100.7/24",
                  },
                ],
              },
            },
          },
        },
        files: {
          type: "object",
          default: {},
          properties: {
            fileMode: {
              type: "string",
              maxLength: 4,
              rules: [
                {
                  id: "file-mode-syntax",
                  rule: "self.matches('^0?[67][0-7][0-7]$')",
                  message:
                    'invalid file mode; use a quoted octal number with rw permissions for the owner, for example "0640"',
                },
              ],
              default: "0640",
            },
            directoryMode: {
              type: "string",
              maxLength: 4,
              rules: [
                {
                  id: "directory-mode-syntax",
                  rule: "self.matches('^[02]?7[0-7][0-7]$')",
                  message:
                    'invalid directory mode; use a quoted octal number with rwx permissions for the owner, for example "0750", or "2770" with setgid',
                },
              ],
              default: "0750",
            },
          },
        },
        uploads: {
          type: "object",
          default: {},
          properties: {
            incomplete: { type: "string", enum: ["Keep", "Remove"], default: "Keep" },
            sync: { type: "string", enum: ["Always", "Never"], default: "Always" },
            missingCloseNotify: { type: "string", enum: ["Deny", "Allow"], default: "Deny" },
          },
        },
        limits: {
          type: "object",
          default: {},
          properties: {
            sessions: { type: "integer", format: "int32", minimum: 1, maximum: 100000, default: 1000 },
            sessionsPerClient: { type: "integer", format: "int32", minimum: 1, maximum: 100000, default: 50 },
            loginTimeoutSeconds: { type: "integer", format: "int32", minimum: 1, maximum: 3600, default: 30 },
            idleTimeoutSeconds: {
              type: "integer",
              format: "int32",
              minimum: 1,
              maximum: 86400,
              default: 300,
            },
            dataConnectTimeoutSeconds: {
              type: "integer",
              format: "int32",
              minimum: 1,
              maximum: 3600,
              default: 15,
            },
            stalledTransferTimeoutSeconds: {
              type: "integer",
              format: "int32",
              minimum: 1,
              maximum: 86400,
              default: 300,
            },
            commandLineBytes: {
              "x-kubernetes-int-or-string": true,
              anyOf: [{ type: "integer" }, { type: "string" }],
              maxLength: 32,
              rules: [
                {
                  id: "quantity-positive",
                  rule: "type(self) == int ? int(self) > 0 : isQuantity(string(self)) && quantity(string(self)).isGreaterThan(quantity('0'))",
                  message: "invalid size; use a quantity greater than zero, for example 500Mi or 10Gi",
                },
                {
                  id: "command-line-bounds",
                  rule: "type(self) == int ? int(self) >= 512 && int(self) <= 65536 : !isQuantity(string(self)) || (quantity(string(self)).compareTo(quantity('512')) >= 0 && quantity(string(self)).compareTo(quantity('64Ki')) <= 0)",
                  message: "invalid maximum length of a command line; use a value from 512 to 64Ki",
                },
              ],
              default: 4096,
            },
            queuedCommands: { type: "integer", format: "int32", minimum: 1, maximum: 1024, default: 32 },
            unknownCommands: { type: "integer", format: "int32", minimum: 1, maximum: 1000, default: 10 },
            listingEntries: {
              type: "integer",
              format: "int32",
              minimum: 1,
              maximum: 1000000000,
              default: 1000000,
            },
            checksumBytes: {
              "x-kubernetes-int-or-string": true,
              anyOf: [{ type: "integer" }, { type: "string" }],
              maxLength: 32,
              rules: [
                {
                  id: "quantity-positive",
                  rule: "type(self) == int ? int(self) > 0 : isQuantity(string(self)) && quantity(string(self)).isGreaterThan(quantity('0'))",
                  message: "invalid size; use a quantity greater than zero, for example 500Mi or 10Gi",
                },
              ],
              default: "1Ti",
            },
            failedLogins: {
              type: "object",
              default: {},
              properties: {
                perSession: { type: "integer", format: "int32", minimum: 1, maximum: 1000, default: 3 },
                delaySeconds: { type: "integer", format: "int32", minimum: 0, maximum: 60, default: 1 },
                attempts: { type: "integer", format: "int32", minimum: 1, maximum: 1000000, default: 20 },
                periodSeconds: { type: "integer", format: "int32", minimum: 1, maximum: 86400, default: 300 },
                bans: { type: "string", enum: ["Enabled", "Disabled"], default: "Enabled" },
                banSeconds: { type: "integer", format: "int32", minimum: 1, maximum: 86400, default: 300 },
              },
            },
          },
        },
        storage: {
          type: "object",
          default: { type: "Ephemeral" },
          rules: [
            {
              id: "claim-type",
              reason: "FieldValueForbidden",
              rule: "self.type == 'PersistentVolumeClaim' || !has(self.persistentVolumeClaim)",
              fieldPath: ".persistentVolumeClaim",
              message:
                "spec.storage.persistentVolumeClaim requires type PersistentVolumeClaim; remove the field or set spec.storage.type to PersistentVolumeClaim",
            },
            {
              id: "claim-required",
              reason: "FieldValueRequired",
              rule: "self.type != 'PersistentVolumeClaim' || has(self.persistentVolumeClaim)",
              fieldPath: ".persistentVolumeClaim",
              message:
                "type PersistentVolumeClaim requires a claim; add a claim, for example persistentVolumeClaim: {create: {size: 10Gi}}",
            },
            {
              id: "object-storage-type",
              reason: "FieldValueForbidden",
              rule: "self.type == 'ObjectStorage' || !has(self.objectStorage)",
              fieldPath: ".objectStorage",
              message:
                "spec.storage.objectStorage requires type ObjectStorage; remove the field or set spec.storage.type to ObjectStorage",
            },
            {
              id: "object-storage-required",
              reason: "FieldValueRequired",
              rule: "self.type != 'ObjectStorage' || has(self.objectStorage)",
              fieldPath: ".objectStorage",
              message:
                "type ObjectStorage requires a bucket; add a bucket, for example objectStorage: {bucket: partner-files, region: eu-central-1}",
            },
          ],
          properties: {
            type: {
              type: "string",
              enum: ["Ephemeral", "PersistentVolumeClaim", "ObjectStorage"],
              default: "Ephemeral",
            },
            persistentVolumeClaim: {
              type: "object",
              rules: [
                {
                  id: "claim-source",
                  rule: "has(self.claimName) != has(self.create) || has(self.template)",
                  message:
                    "set either the field claimName for an existing claim or the field create for a new claim",
                },
                {
                  id: "claim-deletion",
                  reason: "FieldValueForbidden",
                  rule: "self.whenDeleted == 'Retain' || has(self.create)",
                  fieldPath: ".whenDeleted",
                  message:
                    "the operator deletes only claims that it created; remove whenDeleted or use create instead of claimName",
                },
              ],
              properties: {
                claimName: {
                  type: "string",
                  maxLength: 253,
                  rules: [
                    {
                      id: "object-name-syntax",
                      rule: "self.matches('^[a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*$')",
                      message:
                        "invalid object name; use lowercase letters, digits, '-' and '.', starting and ending with a letter or digit",
                    },
                  ],
                },
                template: {
                  type: "object",
                  renamed: "spec.storage.persistentVolumeClaim.create",
                  "x-kubernetes-preserve-unknown-fields": true,
                  rules: [
                    {
                      id: "renamed-field",
                      reason: "FieldValueForbidden",
                      rule: "false",
                      message:
                        "spec.storage.persistentVolumeClaim.template is now spec.storage.persistentVolumeClaim.create",
                    },
                  ],
                },
                create: {
                  type: "object",
                  required: ["size"],
                  rules: [
                    {
                      id: "claim-immutable",
                      rule: "self.accessModes == oldSelf.accessModes && (has(self.storageClassName) ? self.storageClassName : '') == (has(oldSelf.storageClassName) ? oldSelf.storageClassName : '') && (has(self.dataSourceRef) == has(oldSelf.dataSourceRef)) && (!has(self.dataSourceRef) || self.dataSourceRef == oldSelf.dataSourceRef)",
                      message:
                        "accessModes, storageClassName and dataSourceRef of a claim are immutable; create another claim and set spec.storage.persistentVolumeClaim.claimName",
                    },
                    {
                      id: "claim-shrink",
                      rule: "!isQuantity(string(self.size)) || !isQuantity(string(oldSelf.size)) || quantity(string(self.size)).compareTo(quantity(string(oldSelf.size))) >= 0",
                      fieldPath: ".size",
                      message:
                        "Kubernetes cannot shrink a claim; restore the previous size or set a larger size",
                    },
                  ],
                  properties: {
                    metadata: {
                      type: "object",
                      properties: {
                        labels: {
                          type: "object",
                          maxProperties: 32,
                          rules: [
                            {
                              id: "label-reserved",
                              reason: "FieldValueForbidden",
                              rule: "self.all(key, !key.matches('^(([^/]*[.])?ftp-operator[.]io|(apps|statefulset)[.]kubernetes[.]io)/') && !(key in ['app.kubernetes.io/name', 'app.kubernetes.io/instance', 'app.kubernetes.io/component', 'app.kubernetes.io/managed-by', 'app.kubernetes.io/part-of', 'controller-revision-hash']))",
                              message:
                                "labels set by the operator or Kubernetes are reserved, for example app.kubernetes.io/name and labels with the prefix ftp-operator.io/; remove the reserved label",
                            },
                            {
                              id: "label-key-syntax",
                              rule: "self.all(key, key.matches('^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$'))",
                              message:
                                "invalid label key; use the format name or prefix/name, for example team or example.com/team",
                            },
                          ],
                          additionalProperties: {
                            type: "string",
                            maxLength: 63,
                            rules: [
                              {
                                id: "label-value-syntax",
                                rule: "self.matches('^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$')",
                                message:
                                  "invalid label value; use letters, digits, '-', '_' and '.', starting and ending with a letter or digit",
                              },
                            ],
                          },
                        },
                        annotations: {
                          type: "object",
                          maxProperties: 64,
                          rules: [
                            {
                              id: "annotation-reserved",
                              reason: "FieldValueForbidden",
                              rule: "self.all(key, !key.matches('^(([^/]*[.])?ftp-operator[.]io/|kubectl[.]kubernetes[.]io/last-applied-configuration$)'))",
                              message:
                                "the annotation kubectl.kubernetes.io/last-applied-configuration and annotations with the prefix ftp-operator.io/ are reserved; remove these annotations",
                            },
                            {
                              id: "annotation-key-syntax",
                              rule: "self.all(key, key.matches('^([A-Za-z0-9]([-A-Za-z0-9.]{0,251}[A-Za-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$'))",
                              message:
                                "invalid annotation key; use the format name or prefix/name, for example example.com/team",
                            },
                          ],
                          additionalProperties: { type: "string", maxLength: 4096 },
                        },
                      },
                    },
                    storageClassName: { type: "string", minLength: 1, maxLength: 253 },
                    accessModes: {
                      type: "array",
                      minItems: 1,
                      maxItems: 3,
                      "x-kubernetes-list-type": "set",
                      default: ["ReadWriteOnce"],
                      items: { type: "string", enum: ["ReadWriteOnce", "ReadWriteOncePod", "ReadWriteMany"] },
                    },
                    size: {
                      "x-kubernetes-int-or-string": true,
                      anyOf: [{ type: "integer" }, { type: "string" }],
                      maxLength: 32,
                      rules: [
                        {
                          id: "quantity-positive",
                          rule: "type(self) == int ? int(self) > 0 : isQuantity(string(self)) && quantity(string(self)).isGreaterThan(quantity('0'))",
                          message:
                            "invalid size; use a quantity greater than zero, for example 500Mi or 10Gi",
                        },
                      ],
                    },
                    volumeAttributesClassName: { type: "string", minLength: 1, maxLength: 253 },
                    dataSourceRef: {
                      type: "object",
                      required: ["kind", "name"],
                      "x-kubernetes-map-type": "atomic",
                      properties: {
                        apiGroup: { type: "string", minLength: 1, maxLength: 253 },
                        kind: { type: "string", minLength: 1, maxLength: 63 },
                        name: {
                          type: "string",
                          maxLength: 253,
                          rules: [
                            {
                              id: "object-name-syntax",
                              rule: "self.matches('^[a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*$')",
                              message:
                                "invalid object name; use lowercase letters, digits, '-' and '.', starting and ending with a letter or digit",
                            },
                          ],
                        },
                      },
                    },
                  },
                },
                subPath: {
                  type: "string",
                  minLength: 1,
                  maxLength: 255,
                  rules: [
                    {
                      id: "sub-path-syntax",
                      rule: "self.matches('^([^/.\\\\p{Cc}\\\\\\\\]|[.][^/.\\\\p{Cc}\\\\\\\\]|[.][.][^/\\\\p{Cc}\\\\\\\\])[^/\\\\p{Cc}\\\\\\\\]*(/([^/.\\\\p{Cc}\\\\\\\\]|[.][^/.\\\\p{Cc}\\\\\\\\]|[.][.][^/\\\\p{Cc}\\\\\\\\])[^/\\\\p{Cc}\\\\\\\\]*)*$')",
                      message:
                        "invalid relative path; use a path such as ftp/data, without empty, '.' or '..' parts, '\\', control characters or a trailing '/'",
                    },
                  ],
                },
                whenDeleted: { type: "string", enum: ["Retain", "Delete"], default: "Retain" },
              },
            },
            objectStorage: {
              type: "object",
              required: ["bucket"],
              rules: [
                {
                  id: "object-storage-credentials",
                  rule: "!(has(self.credentialsSecretRef) && has(self.webIdentity))",
                  message:
                    "set only one of credentialsSecretRef (access key) and webIdentity (role); remove both fields to use the pod's credentials",
                },
              ],
              properties: {
                provider: { type: "string", enum: ["S3"], default: "S3" },
                bucket: {
                  type: "string",
                  minLength: 3,
                  maxLength: 63,
                  rules: [
                    {
                      id: "bucket-syntax",
                      rule: "self.matches('^[a-z0-9][-a-z0-9.]*[a-z0-9]$')",
                      message:
                        "invalid bucket name; use 3 to 63 lowercase letters, digits, '-' and '.', starting and ending with a letter or digit",
                    },
                  ],
                },
                prefix: {
                  type: "string",
                  minLength: 1,
                  maxLength: 255,
                  rules: [
                    {
                      id: "prefix-syntax",
                      rule: "self.matches('^([^/.\\\\p{Cc}\\\\\\\\]|[.][^/.\\\\p{Cc}\\\\\\\\]|[.][.][^/\\\\p{Cc}\\\\\\\\])[^/\\\\p{Cc}\\\\\\\\]*(/([^/.\\\\p{Cc}\\\\\\\\]|[.][^/.\\\\p{Cc}\\\\\\\\]|[.][.][^/\\\\p{Cc}\\\\\\\\])[^/\\\\p{Cc}\\\\\\\\]*)*$')",
                      message:
                        "invalid relative path; use a path such as ftp/production, without empty, '.' or '..' parts, '\\', control characters or a trailing '/'",
                    },
                  ],
                },
                region: {
                  type: "string",
                  minLength: 1,
                  maxLength: 63,
                  default: "us-east-1",
                  rules: [
                    {
                      id: "region-syntax",
                      rule: "self.matches('^[a-z0-9]([-a-z0-9]*[a-z0-9])?$')",
                      message:
                        "invalid region; use lowercase letters, digits and '-', for example eu-central-1",
                    },
                  ],
                },
                endpoint: {
                  type: "string",
                  minLength: 8,
                  maxLength: 512,
                  rules: [
                    {
                      id: "service-url-syntax",
                      rule: "self.matches('^https?://([A-Za-z0-9]([-A-Za-z0-9.]*[A-Za-z0-9])?|\\\\[[0-9A-Fa-f:.]+\\\\])(:[1-9][0-9]{0,4})?/?$')",
                      message:
                        "invalid URL; use the scheme, host and port of the service without a path, for example `https://minio.example.com:9000`",
                    },
                  ],
                },
                addressing: { type: "string", enum: ["Auto", "Path", "VirtualHost"], default: "Auto" },
                credentialsSecretRef: {
                  type: "object",
                  required: ["name"],
                  "x-kubernetes-map-type": "atomic",
                  properties: {
                    name: {
                      type: "string",
                      maxLength: 253,
                      rules: [
                        {
                          id: "secret-name-syntax",
                          rule: "self.matches('^[a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*$')",
                          message:
                            "invalid Secret name; use lowercase letters, digits, '-' and '.', starting and ending with a letter or digit",
                        },
                      ],
                    },
                  },
                },
                webIdentity: {
                  type: "object",
                  required: ["roleArn"],
                  properties: {
                    roleArn: {
                      type: "string",
                      minLength: 20,
                      maxLength: 2048,
                      rules: [
                        {
                          id: "role-arn-syntax",
                          rule: "self.matches('^arn:[-a-z]+:iam::[0-9]{0,12}:role/[-A-Za-z0-9+=,.@_/]+$')",
                          message:
                            "invalid role; use the ARN of the role, for example arn:aws:iam::111122223333:role/ftp",
                        },
                      ],
                    },
                    audience: { type: "string", minLength: 1, maxLength: 255, default: "sts.amazonaws.com" },
                    stsEndpoint: {
                      type: "string",
                      minLength: 8,
                      maxLength: 512,
                      rules: [
                        {
                          id: "service-url-syntax",
                          rule: "self.matches('^https?://([A-Za-z0-9]([-A-Za-z0-9.]*[A-Za-z0-9])?|\\\\[[0-9A-Fa-f:.]+\\\\])(:[1-9][0-9]{0,4})?/?$')",
                          message:
                            "invalid URL; use the scheme, host and port of the service without a path, for example `https://minio.example.com:9000`",
                        },
                      ],
                    },
                  },
                },
                caRef: {
                  type: "object",
                  required: ["name"],
                  "x-kubernetes-map-type": "atomic",
                  properties: {
                    kind: { type: "string", enum: ["Secret", "ConfigMap"], default: "Secret" },
                    name: {
                      type: "string",
                      maxLength: 253,
                      rules: [
                        {
                          id: "object-name-syntax",
                          rule: "self.matches('^[a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*$')",
                          message:
                            "invalid object name; use lowercase letters, digits, '-' and '.', starting and ending with a letter or digit",
                        },
                      ],
                    },
                    key: {
                      type: "string",
                      maxLength: 253,
                      rules: [
                        {
                          id: "data-key-syntax",
                          rule: "self.matches('^[-A-Za-z0-9_.]+$')",
                          message: "invalid key; use letters, digits, '-', '_' and '.'",
                        },
                      ],
                      default: "ca.crt",
                    },
                  },
                },
                serverSideEncryption: {
                  type: "object",
                  required: ["algorithm"],
                  rules: [
                    {
                      id: "kms-key-algorithm",
                      reason: "FieldValueForbidden",
                      rule: "self.algorithm == 'KMS' || !has(self.kmsKeyId)",
                      fieldPath: ".kmsKeyId",
                      message: "kmsKeyId requires algorithm KMS; remove kmsKeyId or set algorithm to KMS",
                    },
                  ],
                  properties: {
                    algorithm: { type: "string", enum: ["AES256", "KMS"] },
                    kmsKeyId: { type: "string", minLength: 1, maxLength: 2048 },
                  },
                },
                storageClass: {
                  type: "string",
                  minLength: 1,
                  maxLength: 63,
                  rules: [
                    {
                      id: "storage-class-syntax",
                      rule: "self.matches('^[A-Z][A-Z0-9_]*$')",
                      message:
                        "invalid storage class; use capital letters, digits and '_', for example STANDARD_IA",
                    },
                    {
                      id: "storage-class-archive",
                      reason: "FieldValueForbidden",
                      rule: "!(self in ['GLACIER', 'DEEP_ARCHIVE'])",
                      message:
                        "clients cannot download objects in this storage class until the objects are restored; use, for example, GLACIER_IR or STANDARD_IA",
                    },
                  ],
                },
                multipart: {
                  type: "object",
                  default: {},
                  properties: {
                    partSizeMebibytes: {
                      type: "integer",
                      format: "int32",
                      minimum: 5,
                      maximum: 512,
                      default: 16,
                    },
                    concurrency: { type: "integer", format: "int32", minimum: 1, maximum: 16, default: 4 },
                  },
                },
              },
            },
            ephemeral: {
              type: "object",
              default: {},
              properties: {
                sizeLimit: {
                  "x-kubernetes-int-or-string": true,
                  anyOf: [{ type: "integer" }, { type: "string" }],
                  maxLength: 32,
                  rules: [
                    {
                      id: "quantity-positive",
                      rule: "type(self) == int ? int(self) > 0 : isQuantity(string(self)) && quantity(string(self)).isGreaterThan(quantity('0'))",
                      message: "invalid size; use a quantity greater than zero, for example 500Mi or 10Gi",
                    },
                  ],
                  default: "5Gi",
                },
              },
            },
          },
        },
        additionalStorage: {
          type: "array",
          default: [],
          maxItems: 8,
          "x-kubernetes-list-type": "map",
          "x-kubernetes-list-map-keys": ["name"],
          items: {
            type: "object",
            required: ["name", "type"],
            rules: [
              {
                id: "additional-claim",
                rule: "(self.type == 'PersistentVolumeClaim') == has(self.persistentVolumeClaim)",
                fieldPath: ".persistentVolumeClaim",
                message:
                  "persistentVolumeClaim is required when type is PersistentVolumeClaim, and invalid otherwise; use, for example, {name: inbox, type: PersistentVolumeClaim, persistentVolumeClaim: {claimName: inbox}}",
              },
              {
                id: "additional-bucket",
                rule: "(self.type == 'ObjectStorage') == has(self.objectStorage)",
                fieldPath: ".objectStorage",
                message:
                  "objectStorage is required when type is ObjectStorage, and invalid otherwise; use, for example, {name: archive, type: ObjectStorage, objectStorage: {bucket: archive}}",
              },
            ],
            properties: {
              name: {
                type: "string",
                minLength: 1,
                maxLength: 32,
                rules: [
                  {
                    id: "storage-name-syntax",
                    rule: "self.matches('^[a-z0-9]([-a-z0-9]*[a-z0-9])?$')",
                    message:
                      "invalid storage name; use lowercase letters, digits and '-', starting and ending with a letter or digit",
                  },
                ],
              },
              type: { type: "string", enum: ["PersistentVolumeClaim", "ObjectStorage"] },
              persistentVolumeClaim: {
                type: "object",
                required: ["claimName"],
                properties: {
                  claimName: {
                    type: "string",
                    maxLength: 253,
                    rules: [
                      {
                        id: "object-name-syntax",
                        rule: "self.matches('^[a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*$')",
                        message:
                          "invalid object name; use lowercase letters, digits, '-' and '.', starting and ending with a letter or digit",
                      },
                    ],
                  },
                  subPath: {
                    type: "string",
                    minLength: 1,
                    maxLength: 255,
                    rules: [
                      {
                        id: "sub-path-syntax",
                        rule: "self.matches('^([^/.\\\\p{Cc}\\\\\\\\]|[.][^/.\\\\p{Cc}\\\\\\\\]|[.][.][^/\\\\p{Cc}\\\\\\\\])[^/\\\\p{Cc}\\\\\\\\]*(/([^/.\\\\p{Cc}\\\\\\\\]|[.][^/.\\\\p{Cc}\\\\\\\\]|[.][.][^/\\\\p{Cc}\\\\\\\\])[^/\\\\p{Cc}\\\\\\\\]*)*$')",
                        message:
                          "invalid relative path; use a path such as ftp/data, without empty, '.' or '..' parts, '\\', control characters or a trailing '/'",
                      },
                    ],
                  },
                },
              },
              objectStorage: {
                type: "object",
                required: ["bucket"],
                rules: [
                  {
                    id: "object-storage-credentials",
                    rule: "!(has(self.credentialsSecretRef) && has(self.webIdentity))",
                    message:
                      "set only one of credentialsSecretRef (access key) and webIdentity (role); remove both fields to use the pod's credentials",
                  },
                ],
                properties: {
                  provider: { type: "string", enum: ["S3"], default: "S3" },
                  bucket: {
                    type: "string",
                    minLength: 3,
                    maxLength: 63,
                    rules: [
                      {
                        id: "bucket-syntax",
                        rule: "self.matches('^[a-z0-9][-a-z0-9.]*[a-z0-9]$')",
                        message:
                          "invalid bucket name; use 3 to 63 lowercase letters, digits, '-' and '.', starting and ending with a letter or digit",
                      },
                    ],
                  },
                  prefix: {
                    type: "string",
                    minLength: 1,
                    maxLength: 255,
                    rules: [
                      {
                        id: "prefix-syntax",
                        rule: "self.matches('^([^/.\\\\p{Cc}\\\\\\\\]|[.][^/.\\\\p{Cc}\\\\\\\\]|[.][.][^/\\\\p{Cc}\\\\\\\\])[^/\\\\p{Cc}\\\\\\\\]*(/([^/.\\\\p{Cc}\\\\\\\\]|[.][^/.\\\\p{Cc}\\\\\\\\]|[.][.][^/\\\\p{Cc}\\\\\\\\])[^/\\\\p{Cc}\\\\\\\\]*)*$')",
                        message:
                          "invalid relative path; use a path such as ftp/production, without empty, '.' or '..' parts, '\\', control characters or a trailing '/'",
                      },
                    ],
                  },
                  region: {
                    type: "string",
                    minLength: 1,
                    maxLength: 63,
                    default: "us-east-1",
                    rules: [
                      {
                        id: "region-syntax",
                        rule: "self.matches('^[a-z0-9]([-a-z0-9]*[a-z0-9])?$')",
                        message:
                          "invalid region; use lowercase letters, digits and '-', for example eu-central-1",
                      },
                    ],
                  },
                  endpoint: {
                    type: "string",
                    minLength: 8,
                    maxLength: 512,
                    rules: [
                      {
                        id: "service-url-syntax",
                        rule: "self.matches('^https?://([A-Za-z0-9]([-A-Za-z0-9.]*[A-Za-z0-9])?|\\\\[[0-9A-Fa-f:.]+\\\\])(:[1-9][0-9]{0,4})?/?$')",
                        message:
                          "invalid URL; use the scheme, host and port of the service without a path, for example `https://minio.example.com:9000`",
                      },
                    ],
                  },
                  addressing: { type: "string", enum: ["Auto", "Path", "VirtualHost"], default: "Auto" },
                  credentialsSecretRef: {
                    type: "object",
                    required: ["name"],
                    "x-kubernetes-map-type": "atomic",
                    properties: {
                      name: {
                        type: "string",
                        maxLength: 253,
                        rules: [
                          {
                            id: "secret-name-syntax",
                            rule: "self.matches('^[a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*$')",
                            message:
                              "invalid Secret name; use lowercase letters, digits, '-' and '.', starting and ending with a letter or digit",
                          },
                        ],
                      },
                    },
                  },
                  webIdentity: {
                    type: "object",
                    required: ["roleArn"],
                    properties: {
                      roleArn: {
                        type: "string",
                        minLength: 20,
                        maxLength: 2048,
                        rules: [
                          {
                            id: "role-arn-syntax",
                            rule: "self.matches('^arn:[-a-z]+:iam::[0-9]{0,12}:role/[-A-Za-z0-9+=,.@_/]+$')",
                            message:
                              "invalid role; use the ARN of the role, for example arn:aws:iam::111122223333:role/ftp",
                          },
                        ],
                      },
                      audience: {
                        type: "string",
                        minLength: 1,
                        maxLength: 255,
                        default: "sts.amazonaws.com",
                      },
                      stsEndpoint: {
                        type: "string",
                        minLength: 8,
                        maxLength: 512,
                        rules: [
                          {
                            id: "service-url-syntax",
                            rule: "self.matches('^https?://([A-Za-z0-9]([-A-Za-z0-9.]*[A-Za-z0-9])?|\\\\[[0-9A-Fa-f:.]+\\\\])(:[1-9][0-9]{0,4})?/?$')",
                            message:
                              "invalid URL; use the scheme, host and port of the service without a path, for example `https://minio.example.com:9000`",
                          },
                        ],
                      },
                    },
                  },
                  caRef: {
                    type: "object",
                    required: ["name"],
                    "x-kubernetes-map-type": "atomic",
                    properties: {
                      kind: { type: "string", enum: ["Secret", "ConfigMap"], default: "Secret" },
                      name: {
                        type: "string",
                        maxLength: 253,
                        rules: [
                          {
                            id: "object-name-syntax",
                            rule: "self.matches('^[a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*$')",
                            message:
                              "invalid object name; use lowercase letters, digits, '-' and '.', starting and ending with a letter or digit",
                          },
                        ],
                      },
                      key: {
                        type: "string",
                        maxLength: 253,
                        rules: [
                          {
                            id: "data-key-syntax",
                            rule: "self.matches('^[-A-Za-z0-9_.]+$')",
                            message: "invalid key; use letters, digits, '-', '_' and '.'",
                          },
                        ],
                        default: "ca.crt",
                      },
                    },
                  },
                  serverSideEncryption: {
                    type: "object",
                    required: ["algorithm"],
                    rules: [
                      {
                        id: "kms-key-algorithm",
                        reason: "FieldValueForbidden",
                        rule: "self.algorithm == 'KMS' || !has(self.kmsKeyId)",
                        fieldPath: ".kmsKeyId",
                        message: "kmsKeyId requires algorithm KMS; remove kmsKeyId or set algorithm to KMS",
                      },
                    ],
                    properties: {
                      algorithm: { type: "string", enum: ["AES256", "KMS"] },
                      kmsKeyId: { type: "string", minLength: 1, maxLength: 2048 },
                    },
                  },
                  storageClass: {
                    type: "string",
                    minLength: 1,
                    maxLength: 63,
                    rules: [
                      {
                        id: "storage-class-syntax",
                        rule: "self.matches('^[A-Z][A-Z0-9_]*$')",
                        message:
                          "invalid storage class; use capital letters, digits and '_', for example STANDARD_IA",
                      },
                      {
                        id: "storage-class-archive",
                        reason: "FieldValueForbidden",
                        rule: "!(self in ['GLACIER', 'DEEP_ARCHIVE'])",
                        message:
                          "clients cannot download objects in this storage class until the objects are restored; use, for example, GLACIER_IR or STANDARD_IA",
                      },
                    ],
                  },
                  multipart: {
                    type: "object",
                    default: {},
                    properties: {
                      partSizeMebibytes: {
                        type: "integer",
                        format: "int32",
                        minimum: 5,
                        maximum: 512,
                        default: 16,
                      },
                      concurrency: { type: "integer", format: "int32", minimum: 1, maximum: 16, default: 4 },
                    },
                  },
                },
              },
              ftpUsers: { type: "string", enum: ["Disabled", "ReadOnly", "ReadWrite"], default: "Disabled" },
            },
          },
        },
        networkPolicy: {
          type: "object",
          default: { mode: "Managed", allowedClients: [], metricsFrom: [] },
          rules: [
            {
              id: "network-policy-mode",
              reason: "FieldValueForbidden",
              rule: "self.mode == 'Managed' || (self.allowedClients.size() == 0 && self.metricsFrom.size() == 0 && self.egress.size() == 0)",
              message:
                "spec.networkPolicy.allowedClients, spec.networkPolicy.metricsFrom and spec.networkPolicy.egress require a NetworkPolicy; remove these fields or set spec.networkPolicy.mode to Managed",
            },
          ],
          properties: {
            mode: { type: "string", enum: ["Managed", "Disabled"], default: "Managed" },
            allowedClients: {
              type: "array",
              maxItems: 100,
              default: [],
              "x-kubernetes-list-type": "set",
              items: {
                type: "string",
                maxLength: 43,
                rules: [
                  {
                    id: "network-syntax",
                    rule: "isCIDR(self)",
                    message:
                      "invalid network; use CIDR notation, for example 198.51.100.0/24, or 198.51.100.7/32 for one address",
                  },
                  {
                    id: "network-masked",
                    rule: "!isCIDR(self) || cidr(self) in [cidr(self).masked()]",
                    message:
                      "host bits are set in the network; use the network address, for example 198.51.100.0/24 instead of 198.51.100.7/24",
                  },
                ],
              },
            },
            metricsFrom: {
              type: "array",
              maxItems: 16,
              "x-kubernetes-list-type": "atomic",
              default: [],
              items: {
                type: "object",
                rules: [
                  {
                    id: "network-peer",
                    rule: "has(self.cidr) != (has(self.namespaceSelector) || has(self.podSelector))",
                    message: "set either cidr or at least one of namespaceSelector and podSelector",
                  },
                ],
                properties: {
                  cidr: {
                    type: "string",
                    maxLength: 43,
                    rules: [
                      {
                        id: "network-syntax",
                        rule: "isCIDR(self)",
                        message:
                          "invalid network; use CIDR notation, for example 198.51.100.0/24, or 198.51.100.7/32 for one address",
                      },
                      {
                        id: "network-masked",
                        rule: "!isCIDR(self) || cidr(self) in [cidr(self).masked()]",
                        message:
                          "host bits are set in the network; use the network address, for example 198.51.100.0/24 instead of 198.51.100.7/24",
                      },
                    ],
                  },
                  namespaceSelector: {
                    type: "object",
                    "x-kubernetes-map-type": "atomic",
                    rules: [
                      {
                        id: "selector-key-syntax",
                        rule: "!has(self.matchLabels) || self.matchLabels.all(key, key.matches('^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$'))",
                        fieldPath: ".matchLabels",
                        message:
                          "invalid label key; use the format name or prefix/name, for example team or example.com/team",
                      },
                    ],
                    properties: {
                      matchLabels: {
                        type: "object",
                        maxProperties: 32,
                        additionalProperties: {
                          type: "string",
                          maxLength: 63,
                          pattern: "^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$",
                        },
                      },
                      matchExpressions: {
                        type: "array",
                        maxItems: 32,
                        "x-kubernetes-list-type": "atomic",
                        items: {
                          type: "object",
                          required: ["key", "operator"],
                          rules: [
                            {
                              id: "selector-values",
                              rule: "(self.operator in ['In', 'NotIn']) == (has(self.values) && self.values.size() > 0)",
                              message:
                                "only the operators In and NotIn require values; add values for these operators, or remove values for Exists and DoesNotExist",
                            },
                          ],
                          properties: {
                            key: {
                              type: "string",
                              minLength: 1,
                              maxLength: 317,
                              pattern:
                                "^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$",
                            },
                            operator: { type: "string", enum: ["In", "NotIn", "Exists", "DoesNotExist"] },
                            values: {
                              type: "array",
                              maxItems: 64,
                              "x-kubernetes-list-type": "atomic",
                              items: {
                                type: "string",
                                maxLength: 63,
                                pattern: "^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$",
                              },
                            },
                          },
                        },
                      },
                    },
                  },
                  podSelector: {
                    type: "object",
                    "x-kubernetes-map-type": "atomic",
                    rules: [
                      {
                        id: "selector-key-syntax",
                        rule: "!has(self.matchLabels) || self.matchLabels.all(key, key.matches('^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$'))",
                        fieldPath: ".matchLabels",
                        message:
                          "invalid label key; use the format name or prefix/name, for example team or example.com/team",
                      },
                    ],
                    properties: {
                      matchLabels: {
                        type: "object",
                        maxProperties: 32,
                        additionalProperties: {
                          type: "string",
                          maxLength: 63,
                          pattern: "^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$",
                        },
                      },
                      matchExpressions: {
                        type: "array",
                        maxItems: 32,
                        "x-kubernetes-list-type": "atomic",
                        items: {
                          type: "object",
                          required: ["key", "operator"],
                          rules: [
                            {
                              id: "selector-values",
                              rule: "(self.operator in ['In', 'NotIn']) == (has(self.values) && self.values.size() > 0)",
                              message:
                                "only the operators In and NotIn require values; add values for these operators, or remove values for Exists and DoesNotExist",
                            },
                          ],
                          properties: {
                            key: {
                              type: "string",
                              minLength: 1,
                              maxLength: 317,
                              pattern:
                                "^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$",
                            },
                            operator: { type: "string", enum: ["In", "NotIn", "Exists", "DoesNotExist"] },
                            values: {
                              type: "array",
                              maxItems: 64,
                              "x-kubernetes-list-type": "atomic",
                              items: {
                                type: "string",
                                maxLength: 63,
                                pattern: "^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$",
                              },
                            },
                          },
                        },
                      },
                    },
                  },
                },
              },
            },
            egress: {
              type: "array",
              maxItems: 16,
              "x-kubernetes-list-type": "atomic",
              default: [],
              items: {
                type: "object",
                required: ["to", "ports"],
                properties: {
                  to: {
                    type: "array",
                    minItems: 1,
                    maxItems: 16,
                    "x-kubernetes-list-type": "atomic",
                    items: {
                      type: "object",
                      rules: [
                        {
                          id: "network-peer",
                          rule: "has(self.cidr) != (has(self.namespaceSelector) || has(self.podSelector))",
                          message: "set either cidr or at least one of namespaceSelector and podSelector",
                        },
                      ],
                      properties: {
                        cidr: {
                          type: "string",
                          maxLength: 43,
                          rules: [
                            {
                              id: "network-syntax",
                              rule: "isCIDR(self)",
                              message:
                                "invalid network; use CIDR notation, for example 198.51.100.0/24, or 198.51.100.7/32 for one address",
                            },
                            {
                              id: "network-masked",
                              rule: "!isCIDR(self) || cidr(self) in [cidr(self).masked()]",
                              message:
                                "host bits are set in the network; use the network address, for example 198.51.100.0/24 instead of 198.51.100.7/24",
                            },
                          ],
                        },
                        namespaceSelector: {
                          type: "object",
                          "x-kubernetes-map-type": "atomic",
                          rules: [
                            {
                              id: "selector-key-syntax",
                              rule: "!has(self.matchLabels) || self.matchLabels.all(key, key.matches('^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$'))",
                              fieldPath: ".matchLabels",
                              message:
                                "invalid label key; use the format name or prefix/name, for example team or example.com/team",
                            },
                          ],
                          properties: {
                            matchLabels: {
                              type: "object",
                              maxProperties: 32,
                              additionalProperties: {
                                type: "string",
                                maxLength: 63,
                                pattern: "^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$",
                              },
                            },
                            matchExpressions: {
                              type: "array",
                              maxItems: 32,
                              "x-kubernetes-list-type": "atomic",
                              items: {
                                type: "object",
                                required: ["key", "operator"],
                                rules: [
                                  {
                                    id: "selector-values",
                                    rule: "(self.operator in ['In', 'NotIn']) == (has(self.values) && self.values.size() > 0)",
                                    message:
                                      "only the operators In and NotIn require values; add values for these operators, or remove values for Exists and DoesNotExist",
                                  },
                                ],
                                properties: {
                                  key: {
                                    type: "string",
                                    minLength: 1,
                                    maxLength: 317,
                                    pattern:
                                      "^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$",
                                  },
                                  operator: {
                                    type: "string",
                                    enum: ["In", "NotIn", "Exists", "DoesNotExist"],
                                  },
                                  values: {
                                    type: "array",
                                    maxItems: 64,
                                    "x-kubernetes-list-type": "atomic",
                                    items: {
                                      type: "string",
                                      maxLength: 63,
                                      pattern: "^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$",
                                    },
                                  },
                                },
                              },
                            },
                          },
                        },
                        podSelector: {
                          type: "object",
                          "x-kubernetes-map-type": "atomic",
                          rules: [
                            {
                              id: "selector-key-syntax",
                              rule: "!has(self.matchLabels) || self.matchLabels.all(key, key.matches('^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$'))",
                              fieldPath: ".matchLabels",
                              message:
                                "invalid label key; use the format name or prefix/name, for example team or example.com/team",
                            },
                          ],
                          properties: {
                            matchLabels: {
                              type: "object",
                              maxProperties: 32,
                              additionalProperties: {
                                type: "string",
                                maxLength: 63,
                                pattern: "^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$",
                              },
                            },
                            matchExpressions: {
                              type: "array",
                              maxItems: 32,
                              "x-kubernetes-list-type": "atomic",
                              items: {
                                type: "object",
                                required: ["key", "operator"],
                                rules: [
                                  {
                                    id: "selector-values",
                                    rule: "(self.operator in ['In', 'NotIn']) == (has(self.values) && self.values.size() > 0)",
                                    message:
                                      "only the operators In and NotIn require values; add values for these operators, or remove values for Exists and DoesNotExist",
                                  },
                                ],
                                properties: {
                                  key: {
                                    type: "string",
                                    minLength: 1,
                                    maxLength: 317,
                                    pattern:
                                      "^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$",
                                  },
                                  operator: {
                                    type: "string",
                                    enum: ["In", "NotIn", "Exists", "DoesNotExist"],
                                  },
                                  values: {
                                    type: "array",
                                    maxItems: 64,
                                    "x-kubernetes-list-type": "atomic",
                                    items: {
                                      type: "string",
                                      maxLength: 63,
                                      pattern: "^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$",
                                    },
                                  },
                                },
                              },
                            },
                          },
                        },
                      },
                    },
                  },
                  ports: {
                    type: "array",
                    minItems: 1,
                    maxItems: 16,
                    "x-kubernetes-list-type": "set",
                    items: { type: "integer", format: "int32", minimum: 1, maximum: 65535 },
                  },
                },
              },
            },
          },
        },
        notifications: {
          type: "array",
          default: [],
          maxItems: 16,
          "x-kubernetes-list-type": "map",
          "x-kubernetes-list-map-keys": ["name"],
          items: {
            type: "object",
            required: ["name", "events", "sink"],
            properties: {
              name: {
                type: "string",
                minLength: 1,
                maxLength: 63,
                rules: [
                  {
                    id: "notification-name-syntax",
                    rule: "self.matches('^[a-z0-9]([-a-z0-9]*[a-z0-9])?$')",
                    message:
                      "invalid name; use lowercase letters, digits and '-', starting and ending with a letter or digit",
                  },
                ],
              },
              events: {
                type: "array",
                minItems: 1,
                maxItems: 8,
                "x-kubernetes-list-type": "set",
                items: {
                  type: "string",
                  enum: [
                    "FileUploaded",
                    "FileDownloaded",
                    "FileDeleted",
                    "FileRenamed",
                    "DirectoryCreated",
                    "DirectoryRemoved",
                    "LoginSucceeded",
                    "LoginFailed",
                  ],
                },
              },
              paths: {
                type: "array",
                default: [],
                maxItems: 32,
                "x-kubernetes-list-type": "set",
                items: {
                  type: "string",
                  minLength: 2,
                  maxLength: 255,
                  rules: [
                    {
                      id: "path-pattern-syntax",
                      rule: "self.matches('^(/[^/\\\\p{Cc}]+)+$')",
                      message:
                        "invalid pattern; use an absolute path such as /inbox/*.csv, without empty parts, control characters or a trailing '/'",
                    },
                  ],
                },
              },
              users: {
                type: "array",
                default: [],
                maxItems: 32,
                "x-kubernetes-list-type": "set",
                items: {
                  type: "string",
                  maxLength: 64,
                  rules: [
                    {
                      id: "login-name-syntax",
                      rule: "self.matches('^[A-Za-z0-9_][-A-Za-z0-9_.@+]*$')",
                      message:
                        "invalid login name; use letters, digits and _ - . @ +, starting with a letter, digit or _",
                    },
                  ],
                },
              },
              sink: {
                type: "object",
                required: ["type"],
                rules: [
                  {
                    id: "sink-http",
                    rule: "(self.type == 'HTTP') == has(self.http)",
                    fieldPath: ".http",
                    message:
                      "http is required when type is HTTP, and invalid otherwise; use, for example, `{type: HTTP, http: {url: https://example.com/events}}`",
                  },
                ],
                properties: {
                  type: { type: "string", enum: ["HTTP"] },
                  http: {
                    type: "object",
                    required: ["url"],
                    properties: {
                      url: {
                        type: "string",
                        minLength: 8,
                        maxLength: 1024,
                        rules: [
                          {
                            id: "sink-url-syntax",
                            rule: "self.matches('^https?://([A-Za-z0-9]([-A-Za-z0-9.]*[A-Za-z0-9])?|\\\\[[0-9A-Fa-f:.]+\\\\])(:[1-9][0-9]{0,4})?([/?][-A-Za-z0-9._~!$&()*+,;=:@%/?]*)?$')",
                            message:
                              "invalid URL; use an http or https URL without a user name or fragment, for example `https://example.com/events`",
                          },
                        ],
                      },
                      mode: { type: "string", enum: ["Structured", "Binary"], default: "Structured" },
                      headersFrom: {
                        type: "array",
                        default: [],
                        maxItems: 8,
                        "x-kubernetes-list-type": "map",
                        "x-kubernetes-list-map-keys": ["name"],
                        items: {
                          type: "object",
                          required: ["name", "secretKeyRef"],
                          properties: {
                            name: {
                              type: "string",
                              minLength: 1,
                              maxLength: 63,
                              rules: [
                                {
                                  id: "header-name-syntax",
                                  rule: "self.matches('^[A-Za-z0-9][-A-Za-z0-9]*$')",
                                  message:
                                    "invalid header name; use letters, digits and '-', starting with a letter or digit",
                                },
                                {
                                  id: "header-name-reserved",
                                  reason: "FieldValueForbidden",
                                  rule: "!self.lowerAscii().matches('^((ce|webhook)-.*|host|content-.*|connection|transfer-encoding|expect|keep-alive|upgrade|te|trailer)$')",
                                  message:
                                    "this header is reserved for HTTP, CloudEvents or request signatures; remove the header",
                                },
                              ],
                            },
                            secretKeyRef: {
                              type: "object",
                              required: ["name", "key"],
                              "x-kubernetes-map-type": "atomic",
                              properties: {
                                name: {
                                  type: "string",
                                  maxLength: 253,
                                  rules: [
                                    {
                                      id: "secret-name-syntax",
                                      rule: "self.matches('^[a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*$')",
                                      message:
                                        "invalid Secret name; use lowercase letters, digits, '-' and '.', starting and ending with a letter or digit",
                                    },
                                  ],
                                },
                                key: {
                                  type: "string",
                                  maxLength: 253,
                                  rules: [
                                    {
                                      id: "data-key-syntax",
                                      rule: "self.matches('^[-A-Za-z0-9_.]+$')",
                                      message: "invalid key; use letters, digits, '-', '_' and '.'",
                                    },
                                  ],
                                },
                              },
                            },
                          },
                        },
                      },
                      caRef: {
                        type: "object",
                        required: ["name"],
                        "x-kubernetes-map-type": "atomic",
                        properties: {
                          kind: { type: "string", enum: ["Secret", "ConfigMap"], default: "Secret" },
                          name: {
                            type: "string",
                            maxLength: 253,
                            rules: [
                              {
                                id: "object-name-syntax",
                                rule: "self.matches('^[a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*$')",
                                message:
                                  "invalid object name; use lowercase letters, digits, '-' and '.', starting and ending with a letter or digit",
                              },
                            ],
                          },
                          key: {
                            type: "string",
                            maxLength: 253,
                            rules: [
                              {
                                id: "data-key-syntax",
                                rule: "self.matches('^[-A-Za-z0-9_.]+$')",
                                message: "invalid key; use letters, digits, '-', '_' and '.'",
                              },
                            ],
                            default: "ca.crt",
                          },
                        },
                      },
                      hmacSecretRef: {
                        type: "object",
                        required: ["name", "key"],
                        "x-kubernetes-map-type": "atomic",
                        properties: {
                          name: {
                            type: "string",
                            maxLength: 253,
                            rules: [
                              {
                                id: "secret-name-syntax",
                                rule: "self.matches('^[a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*$')",
                                message:
                                  "invalid Secret name; use lowercase letters, digits, '-' and '.', starting and ending with a letter or digit",
                              },
                            ],
                          },
                          key: {
                            type: "string",
                            maxLength: 253,
                            rules: [
                              {
                                id: "data-key-syntax",
                                rule: "self.matches('^[-A-Za-z0-9_.]+$')",
                                message: "invalid key; use letters, digits, '-', '_' and '.'",
                              },
                            ],
                          },
                        },
                      },
                    },
                  },
                },
              },
            },
          },
        },
        rollout: {
          type: "object",
          default: {},
          properties: {
            type: { type: "string", enum: ["Surge", "Recreate"], default: "Surge" },
            handOverSeconds: { type: "integer", format: "int32", minimum: 0, maximum: 600, default: 10 },
            drainPeriodSeconds: {
              type: "integer",
              format: "int32",
              minimum: 0,
              maximum: 86400,
              default: 600,
            },
          },
        },
        reachabilityCheck: {
          type: "object",
          default: {},
          properties: {
            mode: { type: "string", enum: ["Enabled", "Disabled"], default: "Enabled" },
            periodSeconds: { type: "integer", format: "int32", minimum: 60, maximum: 86400, default: 600 },
          },
        },
        maintenance: {
          type: "object",
          default: {},
          properties: { mode: { type: "string", enum: ["Disabled", "Enabled"], default: "Disabled" } },
        },
        banner: {
          type: "string",
          minLength: 1,
          maxLength: 200,
          rules: [
            {
              id: "banner-line",
              rule: "!self.matches('\\\\p{Cc}')",
              message: "the banner must be one line; remove line breaks and other control characters",
            },
          ],
        },
        logging: {
          type: "object",
          default: {},
          properties: {
            level: { type: "string", enum: ["Error", "Warn", "Info", "Debug"], default: "Info" },
            transferLog: { type: "string", enum: ["Enabled", "Disabled"], default: "Enabled" },
          },
        },
        childMetadata: {
          type: "object",
          properties: {
            labels: {
              type: "object",
              maxProperties: 32,
              rules: [
                {
                  id: "label-reserved",
                  reason: "FieldValueForbidden",
                  rule: "self.all(key, !key.matches('^(([^/]*[.])?ftp-operator[.]io|(apps|statefulset)[.]kubernetes[.]io)/') && !(key in ['app.kubernetes.io/name', 'app.kubernetes.io/instance', 'app.kubernetes.io/component', 'app.kubernetes.io/managed-by', 'app.kubernetes.io/part-of', 'controller-revision-hash']))",
                  message:
                    "labels set by the operator or Kubernetes are reserved, for example app.kubernetes.io/name and labels with the prefix ftp-operator.io/; remove the reserved label",
                },
                {
                  id: "label-key-syntax",
                  rule: "self.all(key, key.matches('^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$'))",
                  message:
                    "invalid label key; use the format name or prefix/name, for example team or example.com/team",
                },
              ],
              additionalProperties: {
                type: "string",
                maxLength: 63,
                rules: [
                  {
                    id: "label-value-syntax",
                    rule: "self.matches('^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$')",
                    message:
                      "invalid label value; use letters, digits, '-', '_' and '.', starting and ending with a letter or digit",
                  },
                ],
              },
            },
            annotations: {
              type: "object",
              maxProperties: 64,
              rules: [
                {
                  id: "annotation-reserved",
                  reason: "FieldValueForbidden",
                  rule: "self.all(key, !key.matches('^(([^/]*[.])?ftp-operator[.]io/|kubectl[.]kubernetes[.]io/last-applied-configuration$)'))",
                  message:
                    "the annotation kubectl.kubernetes.io/last-applied-configuration and annotations with the prefix ftp-operator.io/ are reserved; remove these annotations",
                },
                {
                  id: "annotation-key-syntax",
                  rule: "self.all(key, key.matches('^([A-Za-z0-9]([-A-Za-z0-9.]{0,251}[A-Za-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$'))",
                  message:
                    "invalid annotation key; use the format name or prefix/name, for example example.com/team",
                },
              ],
              additionalProperties: { type: "string", maxLength: 4096 },
            },
          },
        },
        podTemplate: {
          type: "object",
          renamed: "spec.pod",
          "x-kubernetes-preserve-unknown-fields": true,
          rules: [
            {
              id: "renamed-field",
              reason: "FieldValueForbidden",
              rule: "false",
              message: "spec.podTemplate is now spec.pod",
            },
          ],
        },
        pod: {
          type: "object",
          default: { dnsPolicy: "ClusterFirst" },
          rules: [
            {
              id: "name-servers-required",
              reason: "FieldValueRequired",
              rule: "self.dnsPolicy != 'None' || (has(self.dnsConfig) && has(self.dnsConfig.nameservers) && self.dnsConfig.nameservers.size() > 0)",
              fieldPath: ".dnsConfig",
              message:
                "the value None for spec.pod.dnsPolicy requires name servers; add at least one name server, for example dnsConfig: {nameservers: [192.0.2.53]}",
            },
            {
              id: "service-account-annotations",
              reason: "FieldValueForbidden",
              rule: "!(has(self.serviceAccountName) && has(self.serviceAccountAnnotations))",
              fieldPath: ".serviceAccountAnnotations",
              message:
                "the operator does not change an existing ServiceAccount; remove serviceAccountAnnotations and annotate the ServiceAccount, or remove serviceAccountName",
            },
          ],
          properties: {
            metadata: {
              type: "object",
              properties: {
                labels: {
                  type: "object",
                  maxProperties: 32,
                  rules: [
                    {
                      id: "label-reserved",
                      reason: "FieldValueForbidden",
                      rule: "self.all(key, !key.matches('^(([^/]*[.])?ftp-operator[.]io|(apps|statefulset)[.]kubernetes[.]io)/') && !(key in ['app.kubernetes.io/name', 'app.kubernetes.io/instance', 'app.kubernetes.io/component', 'app.kubernetes.io/managed-by', 'app.kubernetes.io/part-of', 'controller-revision-hash']))",
                      message:
                        "labels set by the operator or Kubernetes are reserved, for example app.kubernetes.io/name and labels with the prefix ftp-operator.io/; remove the reserved label",
                    },
                    {
                      id: "label-key-syntax",
                      rule: "self.all(key, key.matches('^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$'))",
                      message:
                        "invalid label key; use the format name or prefix/name, for example team or example.com/team",
                    },
                  ],
                  additionalProperties: {
                    type: "string",
                    maxLength: 63,
                    rules: [
                      {
                        id: "label-value-syntax",
                        rule: "self.matches('^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$')",
                        message:
                          "invalid label value; use letters, digits, '-', '_' and '.', starting and ending with a letter or digit",
                      },
                    ],
                  },
                },
                annotations: {
                  type: "object",
                  maxProperties: 64,
                  rules: [
                    {
                      id: "annotation-reserved",
                      reason: "FieldValueForbidden",
                      rule: "self.all(key, !key.matches('^(([^/]*[.])?ftp-operator[.]io/|kubectl[.]kubernetes[.]io/last-applied-configuration$)'))",
                      message:
                        "the annotation kubectl.kubernetes.io/last-applied-configuration and annotations with the prefix ftp-operator.io/ are reserved; remove these annotations",
                    },
                    {
                      id: "annotation-key-syntax",
                      rule: "self.all(key, key.matches('^([A-Za-z0-9]([-A-Za-z0-9.]{0,251}[A-Za-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$'))",
                      message:
                        "invalid annotation key; use the format name or prefix/name, for example example.com/team",
                    },
                  ],
                  additionalProperties: { type: "string", maxLength: 4096 },
                },
              },
            },
            image: {
              type: "string",
              minLength: 1,
              maxLength: 512,
              rules: [
                {
                  id: "image-syntax",
                  rule: "self.matches('^[A-Za-z0-9][-A-Za-z0-9._:/@]*$')",
                  message:
                    "invalid image reference; use a reference such as registry.example.com/ftp-operator:0.1.0",
                },
              ],
            },
            serviceAccountName: {
              type: "string",
              maxLength: 253,
              rules: [
                {
                  id: "object-name-syntax",
                  rule: "self.matches('^[a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*$')",
                  message:
                    "invalid object name; use lowercase letters, digits, '-' and '.', starting and ending with a letter or digit",
                },
              ],
            },
            serviceAccountAnnotations: {
              type: "object",
              maxProperties: 64,
              rules: [
                {
                  id: "annotation-reserved",
                  reason: "FieldValueForbidden",
                  rule: "self.all(key, !key.matches('^(([^/]*[.])?ftp-operator[.]io/|kubectl[.]kubernetes[.]io/last-applied-configuration$)'))",
                  message:
                    "the annotation kubectl.kubernetes.io/last-applied-configuration and annotations with the prefix ftp-operator.io/ are reserved; remove these annotations",
                },
                {
                  id: "annotation-key-syntax",
                  rule: "self.all(key, key.matches('^([A-Za-z0-9]([-A-Za-z0-9.]{0,251}[A-Za-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$'))",
                  message:
                    "invalid annotation key; use the format name or prefix/name, for example example.com/team",
                },
              ],
              additionalProperties: { type: "string", maxLength: 4096 },
            },
            imagePullSecrets: {
              type: "array",
              maxItems: 16,
              "x-kubernetes-list-type": "map",
              "x-kubernetes-list-map-keys": ["name"],
              items: {
                type: "object",
                required: ["name"],
                properties: { name: { type: "string", minLength: 1, maxLength: 253 } },
              },
            },
            securityContext: {
              type: "object",
              default: { ids: "Fixed" },
              rules: [
                {
                  id: "platform-ids",
                  reason: "FieldValueForbidden",
                  rule: "self.ids == 'Fixed' || !(has(self.runAsUser) || has(self.runAsGroup) || has(self.fsGroup))",
                  fieldPath: ".ids",
                  message:
                    "when spec.pod.securityContext.ids is Platform, the platform assigns the IDs; remove runAsUser, runAsGroup and fsGroup, or set ids to Fixed",
                },
              ],
              properties: {
                ids: { type: "string", enum: ["Fixed", "Platform"], default: "Fixed" },
                runAsUser: {
                  type: "integer",
                  format: "int32",
                  minimum: 0,
                  maximum: 2147483647,
                  rules: [
                    {
                      id: "root-id",
                      rule: "self != 0",
                      message: "the engine must not run as root (ID 0); use another ID, for example 65532",
                    },
                  ],
                },
                runAsGroup: {
                  type: "integer",
                  format: "int32",
                  minimum: 0,
                  maximum: 2147483647,
                  rules: [
                    {
                      id: "root-id",
                      rule: "self != 0",
                      message: "the engine must not run as root (ID 0); use another ID, for example 65532",
                    },
                  ],
                },
                fsGroup: {
                  type: "integer",
                  format: "int32",
                  minimum: 0,
                  maximum: 2147483647,
                  rules: [
                    {
                      id: "root-id",
                      rule: "self != 0",
                      message: "the engine must not run as root (ID 0); use another ID, for example 65532",
                    },
                  ],
                },
                fsGroupChangePolicy: {
                  type: "string",
                  enum: ["OnRootMismatch", "Always"],
                  default: "OnRootMismatch",
                },
                supplementalGroups: {
                  type: "array",
                  maxItems: 32,
                  default: [],
                  "x-kubernetes-list-type": "set",
                  items: {
                    type: "integer",
                    format: "int32",
                    minimum: 0,
                    maximum: 2147483647,
                    rules: [
                      {
                        id: "root-id",
                        rule: "self != 0",
                        message: "the engine must not run as root (ID 0); use another ID, for example 65532",
                      },
                    ],
                  },
                },
                seLinuxOptions: {
                  type: "object",
                  "x-kubernetes-map-type": "atomic",
                  properties: {
                    type: {
                      type: "string",
                      maxLength: 63,
                      rules: [
                        {
                          id: "selinux-type",
                          reason: "FieldValueForbidden",
                          rule: "self.matches('^container_(t|init_t|kvm_t|engine_t)$')",
                          message:
                            "the Pod Security Standard restricted forbids this type; use container_t, container_init_t, container_kvm_t or container_engine_t",
                        },
                      ],
                    },
                    level: { type: "string", minLength: 1, maxLength: 255 },
                  },
                },
              },
            },
            priorityClassName: { type: "string", minLength: 1, maxLength: 253 },
            runtimeClassName: { type: "string", minLength: 1, maxLength: 253 },
            schedulerName: { type: "string", minLength: 1, maxLength: 253 },
            dnsPolicy: { type: "string", enum: ["ClusterFirst", "Default", "None"], default: "ClusterFirst" },
            dnsConfig: {
              type: "object",
              properties: {
                nameservers: {
                  type: "array",
                  maxItems: 3,
                  "x-kubernetes-list-type": "atomic",
                  items: {
                    type: "string",
                    maxLength: 45,
                    rules: [
                      {
                        id: "nameserver-syntax",
                        rule: "isIP(self)",
                        message: "invalid IP address; use an address such as 192.0.2.53",
                      },
                    ],
                  },
                },
                searches: {
                  type: "array",
                  maxItems: 32,
                  "x-kubernetes-list-type": "atomic",
                  items: { type: "string", minLength: 1, maxLength: 253 },
                },
                options: {
                  type: "array",
                  maxItems: 16,
                  "x-kubernetes-list-type": "atomic",
                  items: {
                    type: "object",
                    required: ["name"],
                    properties: {
                      name: { type: "string", minLength: 1, maxLength: 63 },
                      value: { type: "string", maxLength: 63 },
                    },
                  },
                },
              },
            },
            hostAliases: {
              type: "array",
              maxItems: 32,
              "x-kubernetes-list-type": "map",
              "x-kubernetes-list-map-keys": ["ip"],
              items: {
                type: "object",
                required: ["ip", "hostnames"],
                properties: {
                  ip: {
                    type: "string",
                    maxLength: 45,
                    rules: [
                      {
                        id: "host-alias-syntax",
                        rule: "isIP(self)",
                        message: "invalid IP address; use an address such as 192.0.2.10",
                      },
                    ],
                  },
                  hostnames: {
                    type: "array",
                    minItems: 1,
                    maxItems: 16,
                    "x-kubernetes-list-type": "atomic",
                    items: { type: "string", minLength: 1, maxLength: 253 },
                  },
                },
              },
            },
            env: {
              type: "array",
              maxItems: 32,
              "x-kubernetes-list-type": "map",
              "x-kubernetes-list-map-keys": ["name"],
              items: {
                type: "object",
                required: ["name", "value"],
                properties: {
                  name: {
                    type: "string",
                    minLength: 1,
                    maxLength: 253,
                    rules: [
                      {
                        id: "env-name-syntax",
                        rule: "self.matches('^[A-Za-z_][A-Za-z0-9_]*$')",
                        message:
                          "invalid environment variable name; use letters, digits and '_', starting with a letter or '_'",
                      },
                      {
                        id: "env-name-reserved",
                        reason: "FieldValueForbidden",
                        rule: "!self.matches('^(FTP_OPERATOR_.*|NODE_.*|UV_.*|LD_.*|PATH|HOME)$')",
                        message:
                          "PATH, HOME and variables that begin with FTP_OPERATOR_, NODE_, UV_ or LD_ are reserved; remove the variable",
                      },
                    ],
                  },
                  value: { type: "string", maxLength: 4096 },
                },
              },
            },
            nodeSelector: {
              type: "object",
              maxProperties: 32,
              rules: [
                {
                  id: "node-selector-key-syntax",
                  rule: "self.all(key, key.matches('^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$'))",
                  message:
                    "invalid label key; use the format name or prefix/name, for example team or example.com/team",
                },
              ],
              additionalProperties: {
                type: "string",
                maxLength: 63,
                rules: [
                  {
                    id: "label-value-syntax",
                    rule: "self.matches('^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$')",
                    message:
                      "invalid label value; use letters, digits, '-', '_' and '.', starting and ending with a letter or digit",
                  },
                ],
              },
            },
            resources: {
              type: "object",
              "x-kubernetes-map-type": "atomic",
              default: { requests: { cpu: "100m", memory: "192Mi" }, limits: { memory: "512Mi" } },
              rules: [
                {
                  id: "request-above-limit",
                  rule: "!has(self.requests) || !has(self.limits) || ['cpu', 'memory', 'ephemeral-storage'].all(name, !(name in self.requests) || !(name in self.limits) || quantity(string(self.requests[name])).compareTo(quantity(string(self.limits[name]))) <= 0)",
                  fieldPath: ".requests",
                  message:
                    "a request must not exceed the limit of the same resource; decrease the request or increase the limit",
                },
              ],
              properties: {
                requests: {
                  type: "object",
                  maxProperties: 16,
                  additionalProperties: {
                    "x-kubernetes-int-or-string": true,
                    anyOf: [{ type: "integer" }, { type: "string" }],
                    pattern: "^[0-9]*\\.?[0-9]+([numkMGTPE]|[KMGTPE]i|[eE][+-]?[0-9]+)?$",
                    maxLength: 32,
                  },
                },
                limits: {
                  type: "object",
                  maxProperties: 16,
                  additionalProperties: {
                    "x-kubernetes-int-or-string": true,
                    anyOf: [{ type: "integer" }, { type: "string" }],
                    pattern: "^[0-9]*\\.?[0-9]+([numkMGTPE]|[KMGTPE]i|[eE][+-]?[0-9]+)?$",
                    maxLength: 32,
                  },
                },
              },
            },
            tolerations: {
              type: "array",
              maxItems: 32,
              "x-kubernetes-list-type": "atomic",
              items: {
                type: "object",
                properties: {
                  key: {
                    type: "string",
                    minLength: 1,
                    maxLength: 317,
                    pattern:
                      "^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$",
                  },
                  operator: { type: "string", enum: ["Equal", "Exists"] },
                  value: {
                    type: "string",
                    maxLength: 63,
                    pattern: "^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$",
                  },
                  effect: { type: "string", enum: ["NoSchedule", "PreferNoSchedule", "NoExecute"] },
                  tolerationSeconds: { type: "integer", format: "int32", minimum: 0, maximum: 2147483647 },
                },
              },
            },
            affinity: {
              type: "object",
              properties: {
                nodeAffinity: {
                  type: "object",
                  properties: {
                    requiredDuringSchedulingIgnoredDuringExecution: {
                      type: "object",
                      "x-kubernetes-map-type": "atomic",
                      required: ["nodeSelectorTerms"],
                      properties: {
                        nodeSelectorTerms: {
                          type: "array",
                          maxItems: 32,
                          "x-kubernetes-list-type": "atomic",
                          items: {
                            type: "object",
                            "x-kubernetes-map-type": "atomic",
                            properties: {
                              matchExpressions: {
                                type: "array",
                                maxItems: 32,
                                "x-kubernetes-list-type": "atomic",
                                items: {
                                  type: "object",
                                  required: ["key", "operator"],
                                  properties: {
                                    key: {
                                      type: "string",
                                      minLength: 1,
                                      maxLength: 317,
                                      pattern:
                                        "^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$",
                                    },
                                    operator: {
                                      type: "string",
                                      enum: ["In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt"],
                                    },
                                    values: {
                                      type: "array",
                                      maxItems: 64,
                                      "x-kubernetes-list-type": "atomic",
                                      items: { type: "string", maxLength: 63 },
                                    },
                                  },
                                },
                              },
                              matchFields: {
                                type: "array",
                                maxItems: 32,
                                "x-kubernetes-list-type": "atomic",
                                items: {
                                  type: "object",
                                  required: ["key", "operator"],
                                  properties: {
                                    key: {
                                      type: "string",
                                      minLength: 1,
                                      maxLength: 317,
                                      pattern:
                                        "^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$",
                                    },
                                    operator: {
                                      type: "string",
                                      enum: ["In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt"],
                                    },
                                    values: {
                                      type: "array",
                                      maxItems: 64,
                                      "x-kubernetes-list-type": "atomic",
                                      items: { type: "string", maxLength: 63 },
                                    },
                                  },
                                },
                              },
                            },
                          },
                        },
                      },
                    },
                    preferredDuringSchedulingIgnoredDuringExecution: {
                      type: "array",
                      maxItems: 32,
                      "x-kubernetes-list-type": "atomic",
                      items: {
                        type: "object",
                        required: ["weight", "preference"],
                        properties: {
                          weight: { type: "integer", format: "int32", minimum: 1, maximum: 100 },
                          preference: {
                            type: "object",
                            "x-kubernetes-map-type": "atomic",
                            properties: {
                              matchExpressions: {
                                type: "array",
                                maxItems: 32,
                                "x-kubernetes-list-type": "atomic",
                                items: {
                                  type: "object",
                                  required: ["key", "operator"],
                                  properties: {
                                    key: {
                                      type: "string",
                                      minLength: 1,
                                      maxLength: 317,
                                      pattern:
                                        "^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$",
                                    },
                                    operator: {
                                      type: "string",
                                      enum: ["In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt"],
                                    },
                                    values: {
                                      type: "array",
                                      maxItems: 64,
                                      "x-kubernetes-list-type": "atomic",
                                      items: { type: "string", maxLength: 63 },
                                    },
                                  },
                                },
                              },
                              matchFields: {
                                type: "array",
                                maxItems: 32,
                                "x-kubernetes-list-type": "atomic",
                                items: {
                                  type: "object",
                                  required: ["key", "operator"],
                                  properties: {
                                    key: {
                                      type: "string",
                                      minLength: 1,
                                      maxLength: 317,
                                      pattern:
                                        "^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$",
                                    },
                                    operator: {
                                      type: "string",
                                      enum: ["In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt"],
                                    },
                                    values: {
                                      type: "array",
                                      maxItems: 64,
                                      "x-kubernetes-list-type": "atomic",
                                      items: { type: "string", maxLength: 63 },
                                    },
                                  },
                                },
                              },
                            },
                          },
                        },
                      },
                    },
                  },
                },
                podAffinity: {
                  type: "object",
                  properties: {
                    requiredDuringSchedulingIgnoredDuringExecution: {
                      type: "array",
                      maxItems: 32,
                      "x-kubernetes-list-type": "atomic",
                      items: {
                        type: "object",
                        required: ["topologyKey"],
                        properties: {
                          labelSelector: {
                            type: "object",
                            "x-kubernetes-map-type": "atomic",
                            rules: [
                              {
                                id: "selector-key-syntax",
                                rule: "!has(self.matchLabels) || self.matchLabels.all(key, key.matches('^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$'))",
                                fieldPath: ".matchLabels",
                                message:
                                  "invalid label key; use the format name or prefix/name, for example team or example.com/team",
                              },
                            ],
                            properties: {
                              matchLabels: {
                                type: "object",
                                maxProperties: 32,
                                additionalProperties: {
                                  type: "string",
                                  maxLength: 63,
                                  pattern: "^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$",
                                },
                              },
                              matchExpressions: {
                                type: "array",
                                maxItems: 32,
                                "x-kubernetes-list-type": "atomic",
                                items: {
                                  type: "object",
                                  required: ["key", "operator"],
                                  rules: [
                                    {
                                      id: "selector-values",
                                      rule: "(self.operator in ['In', 'NotIn']) == (has(self.values) && self.values.size() > 0)",
                                      message:
                                        "only the operators In and NotIn require values; add values for these operators, or remove values for Exists and DoesNotExist",
                                    },
                                  ],
                                  properties: {
                                    key: {
                                      type: "string",
                                      minLength: 1,
                                      maxLength: 317,
                                      pattern:
                                        "^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$",
                                    },
                                    operator: {
                                      type: "string",
                                      enum: ["In", "NotIn", "Exists", "DoesNotExist"],
                                    },
                                    values: {
                                      type: "array",
                                      maxItems: 64,
                                      "x-kubernetes-list-type": "atomic",
                                      items: {
                                        type: "string",
                                        maxLength: 63,
                                        pattern: "^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$",
                                      },
                                    },
                                  },
                                },
                              },
                            },
                          },
                          namespaceSelector: {
                            type: "object",
                            "x-kubernetes-map-type": "atomic",
                            rules: [
                              {
                                id: "selector-key-syntax",
                                rule: "!has(self.matchLabels) || self.matchLabels.all(key, key.matches('^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$'))",
                                fieldPath: ".matchLabels",
                                message:
                                  "invalid label key; use the format name or prefix/name, for example team or example.com/team",
                              },
                            ],
                            properties: {
                              matchLabels: {
                                type: "object",
                                maxProperties: 32,
                                additionalProperties: {
                                  type: "string",
                                  maxLength: 63,
                                  pattern: "^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$",
                                },
                              },
                              matchExpressions: {
                                type: "array",
                                maxItems: 32,
                                "x-kubernetes-list-type": "atomic",
                                items: {
                                  type: "object",
                                  required: ["key", "operator"],
                                  rules: [
                                    {
                                      id: "selector-values",
                                      rule: "(self.operator in ['In', 'NotIn']) == (has(self.values) && self.values.size() > 0)",
                                      message:
                                        "only the operators In and NotIn require values; add values for these operators, or remove values for Exists and DoesNotExist",
                                    },
                                  ],
                                  properties: {
                                    key: {
                                      type: "string",
                                      minLength: 1,
                                      maxLength: 317,
                                      pattern:
                                        "^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$",
                                    },
                                    operator: {
                                      type: "string",
                                      enum: ["In", "NotIn", "Exists", "DoesNotExist"],
                                    },
                                    values: {
                                      type: "array",
                                      maxItems: 64,
                                      "x-kubernetes-list-type": "atomic",
                                      items: {
                                        type: "string",
                                        maxLength: 63,
                                        pattern: "^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$",
                                      },
                                    },
                                  },
                                },
                              },
                            },
                          },
                          namespaces: {
                            type: "array",
                            maxItems: 32,
                            "x-kubernetes-list-type": "atomic",
                            items: { type: "string", maxLength: 63 },
                          },
                          topologyKey: {
                            type: "string",
                            minLength: 1,
                            maxLength: 317,
                            pattern:
                              "^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$",
                          },
                        },
                      },
                    },
                    preferredDuringSchedulingIgnoredDuringExecution: {
                      type: "array",
                      maxItems: 32,
                      "x-kubernetes-list-type": "atomic",
                      items: {
                        type: "object",
                        required: ["weight", "podAffinityTerm"],
                        properties: {
                          weight: { type: "integer", format: "int32", minimum: 1, maximum: 100 },
                          podAffinityTerm: {
                            type: "object",
                            required: ["topologyKey"],
                            properties: {
                              labelSelector: {
                                type: "object",
                                "x-kubernetes-map-type": "atomic",
                                rules: [
                                  {
                                    id: "selector-key-syntax",
                                    rule: "!has(self.matchLabels) || self.matchLabels.all(key, key.matches('^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$'))",
                                    fieldPath: ".matchLabels",
                                    message:
                                      "invalid label key; use the format name or prefix/name, for example team or example.com/team",
                                  },
                                ],
                                properties: {
                                  matchLabels: {
                                    type: "object",
                                    maxProperties: 32,
                                    additionalProperties: {
                                      type: "string",
                                      maxLength: 63,
                                      pattern: "^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$",
                                    },
                                  },
                                  matchExpressions: {
                                    type: "array",
                                    maxItems: 32,
                                    "x-kubernetes-list-type": "atomic",
                                    items: {
                                      type: "object",
                                      required: ["key", "operator"],
                                      rules: [
                                        {
                                          id: "selector-values",
                                          rule: "(self.operator in ['In', 'NotIn']) == (has(self.values) && self.values.size() > 0)",
                                          message:
                                            "only the operators In and NotIn require values; add values for these operators, or remove values for Exists and DoesNotExist",
                                        },
                                      ],
                                      properties: {
                                        key: {
                                          type: "string",
                                          minLength: 1,
                                          maxLength: 317,
                                          pattern:
                                            "^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$",
                                        },
                                        operator: {
                                          type: "string",
                                          enum: ["In", "NotIn", "Exists", "DoesNotExist"],
                                        },
                                        values: {
                                          type: "array",
                                          maxItems: 64,
                                          "x-kubernetes-list-type": "atomic",
                                          items: {
                                            type: "string",
                                            maxLength: 63,
                                            pattern: "^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$",
                                          },
                                        },
                                      },
                                    },
                                  },
                                },
                              },
                              namespaceSelector: {
                                type: "object",
                                "x-kubernetes-map-type": "atomic",
                                rules: [
                                  {
                                    id: "selector-key-syntax",
                                    rule: "!has(self.matchLabels) || self.matchLabels.all(key, key.matches('^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$'))",
                                    fieldPath: ".matchLabels",
                                    message:
                                      "invalid label key; use the format name or prefix/name, for example team or example.com/team",
                                  },
                                ],
                                properties: {
                                  matchLabels: {
                                    type: "object",
                                    maxProperties: 32,
                                    additionalProperties: {
                                      type: "string",
                                      maxLength: 63,
                                      pattern: "^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$",
                                    },
                                  },
                                  matchExpressions: {
                                    type: "array",
                                    maxItems: 32,
                                    "x-kubernetes-list-type": "atomic",
                                    items: {
                                      type: "object",
                                      required: ["key", "operator"],
                                      rules: [
                                        {
                                          id: "selector-values",
                                          rule: "(self.operator in ['In', 'NotIn']) == (has(self.values) && self.values.size() > 0)",
                                          message:
                                            "only the operators In and NotIn require values; add values for these operators, or remove values for Exists and DoesNotExist",
                                        },
                                      ],
                                      properties: {
                                        key: {
                                          type: "string",
                                          minLength: 1,
                                          maxLength: 317,
                                          pattern:
                                            "^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$",
                                        },
                                        operator: {
                                          type: "string",
                                          enum: ["In", "NotIn", "Exists", "DoesNotExist"],
                                        },
                                        values: {
                                          type: "array",
                                          maxItems: 64,
                                          "x-kubernetes-list-type": "atomic",
                                          items: {
                                            type: "string",
                                            maxLength: 63,
                                            pattern: "^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$",
                                          },
                                        },
                                      },
                                    },
                                  },
                                },
                              },
                              namespaces: {
                                type: "array",
                                maxItems: 32,
                                "x-kubernetes-list-type": "atomic",
                                items: { type: "string", maxLength: 63 },
                              },
                              topologyKey: {
                                type: "string",
                                minLength: 1,
                                maxLength: 317,
                                pattern:
                                  "^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$",
                              },
                            },
                          },
                        },
                      },
                    },
                  },
                },
                podAntiAffinity: {
                  type: "object",
                  properties: {
                    requiredDuringSchedulingIgnoredDuringExecution: {
                      type: "array",
                      maxItems: 32,
                      "x-kubernetes-list-type": "atomic",
                      items: {
                        type: "object",
                        required: ["topologyKey"],
                        properties: {
                          labelSelector: {
                            type: "object",
                            "x-kubernetes-map-type": "atomic",
                            rules: [
                              {
                                id: "selector-key-syntax",
                                rule: "!has(self.matchLabels) || self.matchLabels.all(key, key.matches('^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$'))",
                                fieldPath: ".matchLabels",
                                message:
                                  "invalid label key; use the format name or prefix/name, for example team or example.com/team",
                              },
                            ],
                            properties: {
                              matchLabels: {
                                type: "object",
                                maxProperties: 32,
                                additionalProperties: {
                                  type: "string",
                                  maxLength: 63,
                                  pattern: "^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$",
                                },
                              },
                              matchExpressions: {
                                type: "array",
                                maxItems: 32,
                                "x-kubernetes-list-type": "atomic",
                                items: {
                                  type: "object",
                                  required: ["key", "operator"],
                                  rules: [
                                    {
                                      id: "selector-values",
                                      rule: "(self.operator in ['In', 'NotIn']) == (has(self.values) && self.values.size() > 0)",
                                      message:
                                        "only the operators In and NotIn require values; add values for these operators, or remove values for Exists and DoesNotExist",
                                    },
                                  ],
                                  properties: {
                                    key: {
                                      type: "string",
                                      minLength: 1,
                                      maxLength: 317,
                                      pattern:
                                        "^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$",
                                    },
                                    operator: {
                                      type: "string",
                                      enum: ["In", "NotIn", "Exists", "DoesNotExist"],
                                    },
                                    values: {
                                      type: "array",
                                      maxItems: 64,
                                      "x-kubernetes-list-type": "atomic",
                                      items: {
                                        type: "string",
                                        maxLength: 63,
                                        pattern: "^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$",
                                      },
                                    },
                                  },
                                },
                              },
                            },
                          },
                          namespaceSelector: {
                            type: "object",
                            "x-kubernetes-map-type": "atomic",
                            rules: [
                              {
                                id: "selector-key-syntax",
                                rule: "!has(self.matchLabels) || self.matchLabels.all(key, key.matches('^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$'))",
                                fieldPath: ".matchLabels",
                                message:
                                  "invalid label key; use the format name or prefix/name, for example team or example.com/team",
                              },
                            ],
                            properties: {
                              matchLabels: {
                                type: "object",
                                maxProperties: 32,
                                additionalProperties: {
                                  type: "string",
                                  maxLength: 63,
                                  pattern: "^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$",
                                },
                              },
                              matchExpressions: {
                                type: "array",
                                maxItems: 32,
                                "x-kubernetes-list-type": "atomic",
                                items: {
                                  type: "object",
                                  required: ["key", "operator"],
                                  rules: [
                                    {
                                      id: "selector-values",
                                      rule: "(self.operator in ['In', 'NotIn']) == (has(self.values) && self.values.size() > 0)",
                                      message:
                                        "only the operators In and NotIn require values; add values for these operators, or remove values for Exists and DoesNotExist",
                                    },
                                  ],
                                  properties: {
                                    key: {
                                      type: "string",
                                      minLength: 1,
                                      maxLength: 317,
                                      pattern:
                                        "^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$",
                                    },
                                    operator: {
                                      type: "string",
                                      enum: ["In", "NotIn", "Exists", "DoesNotExist"],
                                    },
                                    values: {
                                      type: "array",
                                      maxItems: 64,
                                      "x-kubernetes-list-type": "atomic",
                                      items: {
                                        type: "string",
                                        maxLength: 63,
                                        pattern: "^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$",
                                      },
                                    },
                                  },
                                },
                              },
                            },
                          },
                          namespaces: {
                            type: "array",
                            maxItems: 32,
                            "x-kubernetes-list-type": "atomic",
                            items: { type: "string", maxLength: 63 },
                          },
                          topologyKey: {
                            type: "string",
                            minLength: 1,
                            maxLength: 317,
                            pattern:
                              "^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$",
                          },
                        },
                      },
                    },
                    preferredDuringSchedulingIgnoredDuringExecution: {
                      type: "array",
                      maxItems: 32,
                      "x-kubernetes-list-type": "atomic",
                      items: {
                        type: "object",
                        required: ["weight", "podAffinityTerm"],
                        properties: {
                          weight: { type: "integer", format: "int32", minimum: 1, maximum: 100 },
                          podAffinityTerm: {
                            type: "object",
                            required: ["topologyKey"],
                            properties: {
                              labelSelector: {
                                type: "object",
                                "x-kubernetes-map-type": "atomic",
                                rules: [
                                  {
                                    id: "selector-key-syntax",
                                    rule: "!has(self.matchLabels) || self.matchLabels.all(key, key.matches('^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$'))",
                                    fieldPath: ".matchLabels",
                                    message:
                                      "invalid label key; use the format name or prefix/name, for example team or example.com/team",
                                  },
                                ],
                                properties: {
                                  matchLabels: {
                                    type: "object",
                                    maxProperties: 32,
                                    additionalProperties: {
                                      type: "string",
                                      maxLength: 63,
                                      pattern: "^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$",
                                    },
                                  },
                                  matchExpressions: {
                                    type: "array",
                                    maxItems: 32,
                                    "x-kubernetes-list-type": "atomic",
                                    items: {
                                      type: "object",
                                      required: ["key", "operator"],
                                      rules: [
                                        {
                                          id: "selector-values",
                                          rule: "(self.operator in ['In', 'NotIn']) == (has(self.values) && self.values.size() > 0)",
                                          message:
                                            "only the operators In and NotIn require values; add values for these operators, or remove values for Exists and DoesNotExist",
                                        },
                                      ],
                                      properties: {
                                        key: {
                                          type: "string",
                                          minLength: 1,
                                          maxLength: 317,
                                          pattern:
                                            "^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$",
                                        },
                                        operator: {
                                          type: "string",
                                          enum: ["In", "NotIn", "Exists", "DoesNotExist"],
                                        },
                                        values: {
                                          type: "array",
                                          maxItems: 64,
                                          "x-kubernetes-list-type": "atomic",
                                          items: {
                                            type: "string",
                                            maxLength: 63,
                                            pattern: "^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$",
                                          },
                                        },
                                      },
                                    },
                                  },
                                },
                              },
                              namespaceSelector: {
                                type: "object",
                                "x-kubernetes-map-type": "atomic",
                                rules: [
                                  {
                                    id: "selector-key-syntax",
                                    rule: "!has(self.matchLabels) || self.matchLabels.all(key, key.matches('^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$'))",
                                    fieldPath: ".matchLabels",
                                    message:
                                      "invalid label key; use the format name or prefix/name, for example team or example.com/team",
                                  },
                                ],
                                properties: {
                                  matchLabels: {
                                    type: "object",
                                    maxProperties: 32,
                                    additionalProperties: {
                                      type: "string",
                                      maxLength: 63,
                                      pattern: "^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$",
                                    },
                                  },
                                  matchExpressions: {
                                    type: "array",
                                    maxItems: 32,
                                    "x-kubernetes-list-type": "atomic",
                                    items: {
                                      type: "object",
                                      required: ["key", "operator"],
                                      rules: [
                                        {
                                          id: "selector-values",
                                          rule: "(self.operator in ['In', 'NotIn']) == (has(self.values) && self.values.size() > 0)",
                                          message:
                                            "only the operators In and NotIn require values; add values for these operators, or remove values for Exists and DoesNotExist",
                                        },
                                      ],
                                      properties: {
                                        key: {
                                          type: "string",
                                          minLength: 1,
                                          maxLength: 317,
                                          pattern:
                                            "^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$",
                                        },
                                        operator: {
                                          type: "string",
                                          enum: ["In", "NotIn", "Exists", "DoesNotExist"],
                                        },
                                        values: {
                                          type: "array",
                                          maxItems: 64,
                                          "x-kubernetes-list-type": "atomic",
                                          items: {
                                            type: "string",
                                            maxLength: 63,
                                            pattern: "^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$",
                                          },
                                        },
                                      },
                                    },
                                  },
                                },
                              },
                              namespaces: {
                                type: "array",
                                maxItems: 32,
                                "x-kubernetes-list-type": "atomic",
                                items: { type: "string", maxLength: 63 },
                              },
                              topologyKey: {
                                type: "string",
                                minLength: 1,
                                maxLength: 317,
                                pattern:
                                  "^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$",
                              },
                            },
                          },
                        },
                      },
                    },
                  },
                },
              },
            },
            topologySpreadConstraints: {
              type: "array",
              maxItems: 16,
              "x-kubernetes-list-type": "atomic",
              items: {
                type: "object",
                required: ["maxSkew", "topologyKey", "whenUnsatisfiable"],
                properties: {
                  maxSkew: { type: "integer", format: "int32", minimum: 1, maximum: 2147483647 },
                  topologyKey: {
                    type: "string",
                    minLength: 1,
                    maxLength: 317,
                    pattern:
                      "^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$",
                  },
                  whenUnsatisfiable: { type: "string", enum: ["DoNotSchedule", "ScheduleAnyway"] },
                  labelSelector: {
                    type: "object",
                    "x-kubernetes-map-type": "atomic",
                    rules: [
                      {
                        id: "selector-key-syntax",
                        rule: "!has(self.matchLabels) || self.matchLabels.all(key, key.matches('^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$'))",
                        fieldPath: ".matchLabels",
                        message:
                          "invalid label key; use the format name or prefix/name, for example team or example.com/team",
                      },
                    ],
                    properties: {
                      matchLabels: {
                        type: "object",
                        maxProperties: 32,
                        additionalProperties: {
                          type: "string",
                          maxLength: 63,
                          pattern: "^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$",
                        },
                      },
                      matchExpressions: {
                        type: "array",
                        maxItems: 32,
                        "x-kubernetes-list-type": "atomic",
                        items: {
                          type: "object",
                          required: ["key", "operator"],
                          rules: [
                            {
                              id: "selector-values",
                              rule: "(self.operator in ['In', 'NotIn']) == (has(self.values) && self.values.size() > 0)",
                              message:
                                "only the operators In and NotIn require values; add values for these operators, or remove values for Exists and DoesNotExist",
                            },
                          ],
                          properties: {
                            key: {
                              type: "string",
                              minLength: 1,
                              maxLength: 317,
                              pattern:
                                "^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$",
                            },
                            operator: { type: "string", enum: ["In", "NotIn", "Exists", "DoesNotExist"] },
                            values: {
                              type: "array",
                              maxItems: 64,
                              "x-kubernetes-list-type": "atomic",
                              items: {
                                type: "string",
                                maxLength: 63,
                                pattern: "^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$",
                              },
                            },
                          },
                        },
                      },
                    },
                  },
                  matchLabelKeys: {
                    type: "array",
                    maxItems: 32,
                    "x-kubernetes-list-type": "atomic",
                    items: {
                      type: "string",
                      minLength: 1,
                      maxLength: 317,
                      pattern:
                        "^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$",
                    },
                  },
                  minDomains: { type: "integer", format: "int32", minimum: 1, maximum: 2147483647 },
                  nodeAffinityPolicy: { type: "string", enum: ["Honor", "Ignore"] },
                  nodeTaintsPolicy: { type: "string", enum: ["Honor", "Ignore"] },
                },
              },
            },
          },
        },
      },
    },
    status: {
      type: "object",
      properties: {
        observedGeneration: { type: "integer", format: "int64", minimum: 0 },
        conditions: {
          type: "array",
          maxItems: 32,
          "x-kubernetes-list-type": "map",
          "x-kubernetes-list-map-keys": ["type"],
          items: {
            type: "object",
            required: ["type", "status", "reason", "message", "observedGeneration", "lastTransitionTime"],
            properties: {
              type: { type: "string", maxLength: 316, pattern: "^[A-Z][A-Za-z0-9]*$" },
              status: { type: "string", enum: ["True", "False", "Unknown"] },
              reason: { type: "string", maxLength: 1024, pattern: "^[A-Z][A-Za-z0-9]*$" },
              message: { type: "string", maxLength: 32768 },
              observedGeneration: { type: "integer", format: "int64", minimum: 0 },
              lastTransitionTime: { type: "string", format: "date-time", maxLength: 64 },
            },
          },
        },
        selector: { type: "string", minLength: 1, maxLength: 512 },
        replicas: { type: "integer", format: "int32", minimum: 0, maximum: 1000 },
        readyReplicas: { type: "integer", format: "int32", minimum: 0, maximum: 1000 },
        addresses: {
          type: "array",
          maxItems: 16,
          "x-kubernetes-list-type": "atomic",
          items: {
            type: "object",
            required: ["type", "value"],
            properties: {
              type: { type: "string", enum: ["IPAddress", "Hostname"] },
              value: { type: "string", minLength: 1, maxLength: 253 },
            },
          },
        },
        endpoint: { type: "string", minLength: 1, maxLength: 300 },
        passivePorts: {
          type: "object",
          properties: {
            first: { type: "integer", format: "int32", minimum: 1, maximum: 65535 },
            last: { type: "integer", format: "int32", minimum: 1, maximum: 65535 },
          },
          required: ["first", "last"],
        },
        image: { type: "string", minLength: 1, maxLength: 512 },
        version: { type: "string", minLength: 1, maxLength: 63 },
        slots: {
          type: "array",
          maxItems: 64,
          "x-kubernetes-list-type": "map",
          "x-kubernetes-list-map-keys": ["name"],
          items: {
            type: "object",
            required: ["name", "state"],
            properties: {
              name: { type: "string", minLength: 1, maxLength: 2 },
              passivePorts: {
                type: "object",
                properties: {
                  first: { type: "integer", format: "int32", minimum: 1, maximum: 65535 },
                  last: { type: "integer", format: "int32", minimum: 1, maximum: 65535 },
                },
                required: ["first", "last"],
              },
              version: { type: "string", minLength: 1, maxLength: 63 },
              state: { type: "string", enum: ["Free", "Starting", "Serving", "Draining"] },
            },
          },
        },
      },
    },
  },
};

/** The schema of an FtpUser, without descriptions. */
export const FTP_USER_SCHEMA: Schema = {
  type: "object",
  required: ["spec"],
  rules: [
    {
      id: "login-name-default",
      rule: "has(self.spec.loginName) || self.metadata.name.size() <= 64",
      message:
        "metadata.name is the login name when spec.loginName is unset; use at most 64 characters, or set spec.loginName",
    },
    {
      id: "login-name-anonymous",
      reason: "FieldValueForbidden",
      rule: "!((has(self.spec.loginName) ? self.spec.loginName.lowerAscii() : self.metadata.name) in ['anonymous', 'ftp']) || (oldSelf.hasValue() && has(oldSelf.value().spec.loginName) == has(self.spec.loginName) && (!has(self.spec.loginName) || oldSelf.value().spec.loginName == self.spec.loginName))",
      optionalOldSelf: true,
      fieldPath: ".spec.loginName",
      message: "anonymous and ftp are reserved for anonymous sessions; set another spec.loginName",
    },
  ],
  properties: {
    apiVersion: { type: "string" },
    kind: { type: "string" },
    metadata: { type: "object" },
    spec: {
      type: "object",
      required: ["serverRef"],
      properties: {
        serverRef: {
          type: "object",
          required: ["name"],
          "x-kubernetes-map-type": "atomic",
          properties: {
            name: { type: "string", minLength: 1, maxLength: 48 },
            namespace: { type: "string", minLength: 1, maxLength: 63 },
          },
        },
        loginName: {
          type: "string",
          maxLength: 64,
          rules: [
            {
              id: "login-name-syntax",
              rule: "self.matches('^[A-Za-z0-9_][-A-Za-z0-9_.@+]*$')",
              message:
                "invalid login name; use letters, digits and _ - . @ +, starting with a letter, digit or _",
            },
          ],
        },
        state: { type: "string", enum: ["Enabled", "Disabled"], default: "Enabled" },
        expiresAt: { type: "string", format: "date-time", maxLength: 64 },
        passwordSecretRef: {
          type: "object",
          required: ["name"],
          "x-kubernetes-map-type": "atomic",
          properties: {
            name: {
              type: "string",
              maxLength: 253,
              rules: [
                {
                  id: "secret-name-syntax",
                  rule: "self.matches('^[a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*$')",
                  message:
                    "invalid Secret name; use lowercase letters, digits, '-' and '.', starting and ending with a letter or digit",
                },
              ],
            },
            key: {
              type: "string",
              maxLength: 253,
              rules: [
                {
                  id: "data-key-syntax",
                  rule: "self.matches('^[-A-Za-z0-9_.]+$')",
                  message: "invalid key; use letters, digits, '-', '_' and '.'",
                },
              ],
              default: "password",
            },
          },
        },
        homeDirectory: {
          type: "string",
          maxLength: 255,
          rules: [
            {
              id: "home-directory-syntax",
              rule: "self.matches('^(/|(/([^/.\\\\p{Cc}\\\\\\\\]|[.][^/.\\\\p{Cc}\\\\\\\\]|[.][.][^/\\\\p{Cc}\\\\\\\\])[^/\\\\p{Cc}\\\\\\\\]*)+)$')",
              message:
                "invalid home directory; use an absolute path such as /alice, without empty, '.' or '..' parts, '\\', control characters or a trailing '/'",
            },
          ],
        },
        permissions: {
          type: "array",
          maxItems: 9,
          "x-kubernetes-list-type": "set",
          default: [
            "List",
            "Read",
            "Write",
            "Append",
            "Delete",
            "Rename",
            "MakeDirectory",
            "RemoveDirectory",
            "SetModificationTime",
          ],
          items: {
            type: "string",
            enum: [
              "List",
              "Read",
              "Write",
              "Append",
              "Delete",
              "Rename",
              "MakeDirectory",
              "RemoveDirectory",
              "SetModificationTime",
            ],
          },
        },
        directories: {
          type: "array",
          maxItems: 20,
          default: [],
          "x-kubernetes-list-type": "map",
          "x-kubernetes-list-map-keys": ["path"],
          items: {
            type: "object",
            required: ["path", "permissions"],
            properties: {
              path: {
                type: "string",
                minLength: 2,
                maxLength: 128,
                rules: [
                  {
                    id: "directory-path-syntax",
                    rule: "self.matches('^(/[^/\\\\p{Cc}\\\\\\\\]+)+$')",
                    message:
                      "invalid path; use an absolute path below the home directory, for example /outbox, without empty parts, '\\', control characters or a trailing '/'",
                  },
                  {
                    id: "directory-path-normal",
                    rule: "!self.matches('/[.][.]?(/|$)')",
                    message:
                      "the path must not contain the parts '.' or '..'; use the path that the user sees, for example /outbox",
                  },
                ],
              },
              permissions: {
                type: "array",
                maxItems: 9,
                "x-kubernetes-list-type": "set",
                items: {
                  type: "string",
                  enum: [
                    "List",
                    "Read",
                    "Write",
                    "Append",
                    "Delete",
                    "Rename",
                    "MakeDirectory",
                    "RemoveDirectory",
                    "SetModificationTime",
                  ],
                },
              },
            },
          },
        },
        mounts: {
          type: "array",
          maxItems: 8,
          default: [],
          "x-kubernetes-list-type": "map",
          "x-kubernetes-list-map-keys": ["path"],
          items: {
            type: "object",
            required: ["path"],
            properties: {
              path: {
                type: "string",
                minLength: 2,
                maxLength: 128,
                rules: [
                  {
                    id: "directory-path-syntax",
                    rule: "self.matches('^(/[^/\\\\p{Cc}\\\\\\\\]+)+$')",
                    message:
                      "invalid path; use an absolute path below the home directory, for example /outbox, without empty parts, '\\', control characters or a trailing '/'",
                  },
                  {
                    id: "directory-path-normal",
                    rule: "!self.matches('/[.][.]?(/|$)')",
                    message:
                      "the path must not contain the parts '.' or '..'; use the path that the user sees, for example /outbox",
                  },
                ],
              },
              storage: {
                type: "string",
                minLength: 1,
                maxLength: 32,
                rules: [
                  {
                    id: "storage-name-syntax",
                    rule: "self.matches('^[a-z0-9]([-a-z0-9]*[a-z0-9])?$')",
                    message:
                      "invalid storage name; use lowercase letters, digits and '-', starting and ending with a letter or digit",
                  },
                ],
              },
              subPath: {
                type: "string",
                minLength: 1,
                maxLength: 128,
                default: "/",
                rules: [
                  {
                    id: "mount-sub-path-syntax",
                    rule: "self.matches('^/([^/\\\\p{Cc}\\\\\\\\]+(/[^/\\\\p{Cc}\\\\\\\\]+)*)?$')",
                    message:
                      "invalid path; use an absolute path in the storage, for example /invoices, without empty parts, '\\', control characters or a trailing '/'",
                  },
                  {
                    id: "mount-sub-path-normal",
                    rule: "!self.matches('/[.][.]?(/|$)')",
                    message: "the path must not contain the parts '.' or '..'; use a path such as /invoices",
                  },
                ],
              },
              access: { type: "string", enum: ["ReadWrite", "ReadOnly"], default: "ReadWrite" },
            },
          },
        },
        quota: {
          type: "object",
          properties: {
            bytes: {
              "x-kubernetes-int-or-string": true,
              anyOf: [{ type: "integer" }, { type: "string" }],
              minimum: 1,
              maxLength: 32,
              pattern:
                "^[+]?(0*[1-9][0-9]*([.][0-9]*)?|0*[.]0*[1-9][0-9]*)([kMGTPE]|[KMGTPE]i|[eE][+]?[0-9]+)?$",
            },
            files: { type: "integer", format: "int32", minimum: 1, maximum: 2000000000 },
          },
        },
        limits: {
          type: "object",
          properties: {
            sessions: { type: "integer", format: "int32", minimum: 1, maximum: 100000 },
            uploadBytesPerSecond: {
              "x-kubernetes-int-or-string": true,
              anyOf: [{ type: "integer" }, { type: "string" }],
              minimum: 1,
              maxLength: 32,
              pattern:
                "^[+]?(0*[1-9][0-9]*([.][0-9]*)?|0*[.]0*[1-9][0-9]*)([kMGTPE]|[KMGTPE]i|[eE][+]?[0-9]+)?$",
            },
            downloadBytesPerSecond: {
              "x-kubernetes-int-or-string": true,
              anyOf: [{ type: "integer" }, { type: "string" }],
              minimum: 1,
              maxLength: 32,
              pattern:
                "^[+]?(0*[1-9][0-9]*([.][0-9]*)?|0*[.]0*[1-9][0-9]*)([kMGTPE]|[KMGTPE]i|[eE][+]?[0-9]+)?$",
            },
          },
        },
        files: {
          type: "object",
          properties: {
            fileMode: {
              type: "string",
              maxLength: 4,
              rules: [
                {
                  id: "file-mode-syntax",
                  rule: "self.matches('^0?[67][0-7][0-7]$')",
                  message:
                    'invalid file mode; use a quoted octal number with rw permissions for the owner, for example "0640"',
                },
              ],
            },
            directoryMode: {
              type: "string",
              maxLength: 4,
              rules: [
                {
                  id: "directory-mode-syntax",
                  rule: "self.matches('^[02]?7[0-7][0-7]$')",
                  message:
                    'invalid directory mode; use a quoted octal number with rwx permissions for the owner, for example "0750", or "2770" with setgid',
                },
              ],
            },
          },
        },
        allowedClients: {
          type: "array",
          maxItems: 20,
          default: [],
          "x-kubernetes-list-type": "set",
          items: {
            type: "string",
            maxLength: 43,
            rules: [
              {
                id: "network-syntax",
                rule: "isCIDR(self)",
                message:
                  "invalid network; use CIDR notation, for example 198.51.100.0/24, or 198.51.100.7/32 for one address",
              },
              {
                id: "network-masked",
                rule: "!isCIDR(self) || cidr(self) in [cidr(self).masked()]",
                message:
                  "host bits are set in the network; use the network address, for example 198.51.100.0/24 instead of 198.51.100.7/24",
              },
            ],
          },
        },
      },
    },
    status: {
      type: "object",
      properties: {
        observedGeneration: { type: "integer", format: "int64", minimum: 0 },
        serverRef: {
          type: "object",
          required: ["namespace", "name"],
          "x-kubernetes-map-type": "atomic",
          properties: {
            namespace: { type: "string", minLength: 1, maxLength: 63 },
            name: { type: "string", minLength: 1, maxLength: 63 },
          },
        },
        loginName: { type: "string", minLength: 1, maxLength: 253 },
        homeDirectory: { type: "string", minLength: 1, maxLength: 600 },
        endpoint: { type: "string", minLength: 1, maxLength: 300 },
        conditions: {
          type: "array",
          maxItems: 32,
          "x-kubernetes-list-type": "map",
          "x-kubernetes-list-map-keys": ["type"],
          items: {
            type: "object",
            required: ["type", "status", "reason", "message", "observedGeneration", "lastTransitionTime"],
            properties: {
              type: { type: "string", maxLength: 316, pattern: "^[A-Z][A-Za-z0-9]*$" },
              status: { type: "string", enum: ["True", "False", "Unknown"] },
              reason: { type: "string", maxLength: 1024, pattern: "^[A-Z][A-Za-z0-9]*$" },
              message: { type: "string", maxLength: 32768 },
              observedGeneration: { type: "integer", format: "int64", minimum: 0 },
              lastTransitionTime: { type: "string", format: "date-time", maxLength: 64 },
            },
          },
        },
      },
    },
  },
};
