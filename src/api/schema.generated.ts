// Generated from crds/ by `npm run generate`; do not edit.
/* eslint-disable max-lines -- data */
import type { Schema } from "./schema.ts";

/** The schema of an FtpServer, without descriptions. */
export const FTP_SERVER_SCHEMA: Schema = {
  type: "object",
  required: ["spec"],
  "x-kubernetes-validations": [
    {
      rule: "self.metadata.name.size() <= 48 && self.metadata.name.matches('^[a-z]([-a-z0-9]*[a-z0-9])?$')",
      message:
        "metadata.name becomes part of the names of pods and Services; use at most 48 lower case letters, digits and '-', with a letter first and no '-' last",
    },
  ],
  properties: {
    apiVersion: { type: "string" },
    kind: { type: "string" },
    metadata: { type: "object" },
    spec: {
      type: "object",
      "x-kubernetes-validations": [
        {
          rule: "self.users.size() > 0 || self.anonymous.mode != 'Disabled' || (has(self.userSources) && self.userSources.from != 'None')",
          fieldPath: ".users",
          message:
            "nobody could log in; add a user, set anonymous.mode to ReadOnly, or take FtpUsers (userSources)",
        },
        {
          rule: "(self.tls.mode != 'Disabled' && self.tls.clientCertificates.mode != 'Disabled' && self.tls.clientCertificates.login != 'Password') || self.users.all(user, has(user.passwordSecretRef))",
          fieldPath: ".users",
          message:
            "a user without passwordSecretRef could not log in; add for instance passwordSecretRef: {name: alice}, or let client certificates log in (tls.clientCertificates.login)",
        },
        {
          rule: "self.anonymous.mode == 'Disabled' || self.users.all(user, has(user.homeDirectory) || '/' + user.name != self.anonymous.homeDirectory)",
          fieldPath: ".users",
          message:
            "a user with the name of the anonymous home would share its files with everyone; set another homeDirectory for the user or for anonymous (to share the files, set the same homeDirectory for both)",
        },
        {
          rule: "self.anonymous.mode == 'Disabled' || self.anonymous.homeDirectory != '/' || !has(self.userSources) || self.userSources.from != 'Selector'",
          fieldPath: ".anonymous.homeDirectory",
          message:
            "anonymous logins with the home / would see the files of FtpUsers of other namespaces; set another home, for instance /pub",
        },
        {
          rule: "self.proxyProtocol.mode == 'Disabled' || self.networkPolicy.allowedClients.size() == 0",
          fieldPath: ".networkPolicy.allowedClients",
          message:
            "behind a proxy the NetworkPolicy sees the proxy alone and would lock it out; remove networkPolicy.allowedClients, and use users[].allowedClients",
        },
        {
          rule: "self.exposure.controlPort < self.passive.portRange.first || self.exposure.controlPort > self.passive.portRange.last",
          fieldPath: ".passive.portRange",
          message: "the range must not hold exposure.controlPort; move the range or the control port",
        },
        {
          rule: "!has(self.maxReplicas) || self.replicas <= self.maxReplicas",
          fieldPath: ".replicas",
          message: "the passive range is cut for maxReplicas servers; raise maxReplicas, or lower replicas",
        },
        {
          rule: "self.passive.portRange.last - self.passive.portRange.first >= (has(self.maxReplicas) ? self.maxReplicas : self.replicas)",
          fieldPath: ".passive.portRange",
          message:
            "the range needs at least replicas + 1 ports (maxReplicas + 1 where that is set), one for each replica and one for rollouts; raise last or lower replicas",
        },
        {
          rule: "!has(self.active.sourcePort) || self.active.sourcePort < self.passive.portRange.first || self.active.sourcePort > self.passive.portRange.last",
          fieldPath: ".active.sourcePort",
          message:
            "the server listens at the ports of passive.portRange, so nothing can come from them; write a port outside, for instance 20",
        },
        {
          rule: "self.exposure.type != 'HostPort' || (has(self.maxReplicas) ? self.maxReplicas : self.replicas) <= 1",
          fieldPath: ".replicas",
          message:
            "each pod at host ports has an address of its own; write replicas 1, or another exposure.type",
        },
        {
          rule: "self.exposure.type != 'NodePort' || (self.passive.portRange.first >= 30000 && self.passive.portRange.last <= 32767)",
          fieldPath: ".passive.portRange",
          message:
            "with exposure.type NodePort clients dial the node ports themselves, so the range must lie within 30000-32767; for instance {first: 30100, last: 30109}",
        },
        {
          rule: "!has(self.exposure.nodePort) || self.exposure.nodePort.controlPort < self.passive.portRange.first || self.exposure.nodePort.controlPort > self.passive.portRange.last",
          fieldPath: ".passive.portRange",
          message:
            "the range must not hold exposure.nodePort.controlPort; move the range or the control port",
        },
        {
          rule: "(has(self.maxReplicas) ? self.maxReplicas : self.replicas) <= 1 || !has(self.exposure.loadBalancer) || !has(self.exposure.loadBalancer.externalTrafficPolicy) || self.exposure.loadBalancer.externalTrafficPolicy != 'Local'",
          fieldPath: ".exposure.loadBalancer.externalTrafficPolicy",
          message:
            "Local drops the passive connections of replicas on other nodes; with more than one replica write Cluster, or leave it out",
        },
        {
          rule: "(has(self.maxReplicas) ? self.maxReplicas : self.replicas) <= 1 || !has(self.storage.persistentVolumeClaim) || !has(self.storage.persistentVolumeClaim.template) || self.storage.persistentVolumeClaim.template.accessMode == 'ReadWriteMany'",
          fieldPath: ".storage.persistentVolumeClaim.template.accessMode",
          message:
            "only one node can mount this volume; with more than one replica write ReadWriteMany and a storage class that offers it, or set replicas to 1",
        },
      ],
      properties: {
        replicas: { type: "integer", format: "int32", minimum: 0, maximum: 25, default: 1 },
        maxReplicas: { type: "integer", format: "int32", minimum: 1, maximum: 25 },
        exposure: {
          type: "object",
          default: { type: "LoadBalancer" },
          "x-kubernetes-validations": [
            {
              rule: "self.type == 'LoadBalancer' || !has(self.loadBalancer)",
              fieldPath: ".loadBalancer",
              message:
                "loadBalancer belongs to type LoadBalancer; remove it, or set exposure.type to LoadBalancer",
            },
            {
              rule: "self.type == 'NodePort' || !has(self.nodePort)",
              fieldPath: ".nodePort",
              message: "nodePort belongs to type NodePort; remove it, or set exposure.type to NodePort",
            },
            {
              rule: "self.type != 'NodePort' || has(self.nodePort)",
              fieldPath: ".nodePort",
              message:
                "type NodePort needs the port that clients dial; add for instance nodePort: {controlPort: 30021}",
            },
            {
              rule: "self.type != 'LoadBalancer' || oldSelf.type != 'LoadBalancer' || (has(self.loadBalancer) && has(self.loadBalancer.class) ? self.loadBalancer.class : '') == (has(oldSelf.loadBalancer) && has(oldSelf.loadBalancer.class) ? oldSelf.loadBalancer.class : '')",
              fieldPath: ".loadBalancer",
              message:
                "Kubernetes cannot change the class of a load balancer; set exposure.type to ClusterIP first, then back to LoadBalancer with the new class",
            },
          ],
          properties: {
            type: {
              type: "string",
              enum: ["LoadBalancer", "NodePort", "ClusterIP", "HostPort"],
              default: "LoadBalancer",
            },
            controlPort: { type: "integer", format: "int32", minimum: 1, maximum: 65535, default: 21 },
            loadBalancer: {
              type: "object",
              properties: {
                class: { type: "string", minLength: 1, maxLength: 317 },
                sourceRanges: {
                  type: "array",
                  maxItems: 100,
                  "x-kubernetes-list-type": "set",
                  items: {
                    type: "string",
                    maxLength: 43,
                    "x-kubernetes-validations": [
                      {
                        rule: "isCIDR(self)",
                        message:
                          "this is no network; write address and prefix length, for instance 198.51.100.0/24, or 198.51.100.7/32 for one address",
                      },
                      {
                        rule: "!isCIDR(self) || cidr(self).masked() == cidr(self)",
                        message:
                          "the address has bits beyond the prefix length; write the network's own address, for instance 198.51.100.0/24 and not 198.51.100.7/24",
                      },
                    ],
                  },
                },
                annotations: {
                  type: "object",
                  maxProperties: 64,
                  "x-kubernetes-validations": [
                    {
                      rule: "self.all(key, !key.matches('^([^/]*[.])?ftp-operator[.]io/'))",
                      message: "annotations under ftp-operator.io/ are the operator's own; remove them",
                    },
                  ],
                  additionalProperties: { type: "string", maxLength: 4096 },
                },
                externalTrafficPolicy: { type: "string", enum: ["Local", "Cluster"] },
                nodePorts: { type: "string", enum: ["Allocated", "None"] },
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
                },
              },
            },
            nodePort: {
              type: "object",
              required: ["controlPort"],
              properties: {
                controlPort: { type: "integer", format: "int32", minimum: 30000, maximum: 32767 },
              },
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
              "x-kubernetes-validations": [
                {
                  rule: "self.first <= self.last",
                  message:
                    "the range is reversed or empty; write the lowest port as first and the highest as last",
                },
                {
                  rule: "self.last - self.first < 1000",
                  message: "the range holds more than 1000 ports; lower last to first + 999 or less",
                },
                {
                  rule: "(self.last < 2121 || self.first > 2121) && (self.last < 8080 || self.first > 8080)",
                  message:
                    "pods use 2121 and 8080 themselves; move the range, for instance to {first: 50000, last: 50009}",
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
              "x-kubernetes-validations": [
                {
                  rule: "self.type == 'Static' || !has(self.static)",
                  fieldPath: ".static",
                  message: "static belongs to type Static; remove it, or set passive.address.type to Static",
                },
                {
                  rule: "self.type != 'Static' || has(self.static)",
                  fieldPath: ".static",
                  message: "type Static needs the address to announce; add for instance static: 203.0.113.10",
                },
                {
                  rule: "self.type == 'Hostname' || !has(self.hostname)",
                  fieldPath: ".hostname",
                  message:
                    "hostname belongs to type Hostname; remove it, or set passive.address.type to Hostname",
                },
                {
                  rule: "self.type != 'Hostname' || has(self.hostname)",
                  fieldPath: ".hostname",
                  message:
                    "type Hostname needs the name to resolve; add for instance hostname: {name: ftp.example.com}",
                },
              ],
              properties: {
                type: {
                  type: "string",
                  enum: ["FromExposure", "Static", "Hostname", "ControlConnection"],
                  default: "FromExposure",
                },
                static: {
                  type: "string",
                  maxLength: 15,
                  "x-kubernetes-validations": [
                    {
                      rule: "isIP(self) && ip(self).family() == 4 && (ip(self).isGlobalUnicast() || ip(self).isLoopback())",
                      message:
                        "PASV can only announce an IPv4 address that a client can dial; write it as four numbers, for instance 203.0.113.10",
                    },
                  ],
                },
                hostname: {
                  type: "object",
                  required: ["name"],
                  properties: {
                    name: {
                      type: "string",
                      maxLength: 253,
                      "x-kubernetes-validations": [
                        {
                          rule: "self.matches('^([A-Za-z0-9]([-A-Za-z0-9]{0,61}[A-Za-z0-9])?[.])*[A-Za-z]([-A-Za-z0-9]{0,61}[A-Za-z0-9])?[.]?$')",
                          message:
                            "this is no DNS name; write one, for instance ftp.example.com (for an address use passive.address.type Static)",
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
                        "x-kubernetes-validations": [
                          {
                            rule: "isCIDR(self)",
                            message:
                              "this is no network; write address and prefix length, for instance 198.51.100.0/24, or 198.51.100.7/32 for one address",
                          },
                          {
                            rule: "!isCIDR(self) || cidr(self).masked() == cidr(self)",
                            message:
                              "the address has bits beyond the prefix length; write the network's own address, for instance 198.51.100.0/24 and not 198.51.100.7/24",
                          },
                        ],
                      },
                      address: {
                        type: "string",
                        maxLength: 15,
                        "x-kubernetes-validations": [
                          {
                            rule: "isIP(self) && ip(self).family() == 4 && (ip(self).isGlobalUnicast() || ip(self).isLoopback())",
                            message:
                              "PASV can only announce an IPv4 address that a client can dial; write it as four numbers, for instance 203.0.113.10",
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
          "x-kubernetes-validations": [
            {
              rule: "self.mode == 'Enabled' || !has(self.sourcePort)",
              fieldPath: ".sourcePort",
              message: "sourcePort belongs to mode Enabled; remove it, or set active.mode to Enabled",
            },
            {
              rule: "!has(self.sourcePort) || (self.sourcePort != 2121 && self.sourcePort != 8080)",
              fieldPath: ".sourcePort",
              message: "pods listen at 2121 and 8080 themselves; write another port, for instance 20",
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
                "x-kubernetes-validations": [
                  {
                    rule: "self.matches('^[A-Za-z0-9_][-A-Za-z0-9_.@+]*$')",
                    message:
                      "a user's name consists of letters, digits and any of _ - . @ +, with a letter, digit or _ first",
                  },
                ],
              },
              passwordSecretRef: {
                type: "object",
                required: ["name"],
                properties: {
                  name: {
                    type: "string",
                    maxLength: 253,
                    "x-kubernetes-validations": [
                      {
                        rule: "self.matches('^[a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*$')",
                        message:
                          "write the name of a Secret: lower case letters, digits, '-' and '.', with a letter or digit first and last",
                      },
                    ],
                  },
                  key: {
                    type: "string",
                    maxLength: 253,
                    default: "password",
                    "x-kubernetes-validations": [
                      {
                        rule: "self.matches('^[-A-Za-z0-9_.]+$')",
                        message: "write a key of the Secret's data: letters, digits, '-', '_' and '.'",
                      },
                    ],
                  },
                },
              },
              homeDirectory: {
                type: "string",
                maxLength: 255,
                "x-kubernetes-validations": [
                  {
                    rule: "self.matches('^(/|(/([^/.\\\\p{Cc}\\\\\\\\]|[.][^/.\\\\p{Cc}\\\\\\\\]|[.][.][^/\\\\p{Cc}\\\\\\\\])[^/\\\\p{Cc}\\\\\\\\]*)+)$')",
                    message:
                      "write an absolute path on the volume, for instance /alice, without '.', '..' or empty parts, control characters, '\\' and a '/' at the end",
                  },
                  {
                    rule: "!self.matches('^/@')",
                    message:
                      "paths that begin with /@ are the homes of FtpUsers of other namespaces; write another path, for instance /alice",
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
              quota: {
                type: "object",
                properties: {
                  bytes: {
                    type: "string",
                    maxLength: 32,
                    "x-kubernetes-validations": [
                      {
                        rule: "isQuantity(self) && quantity(self).isGreaterThan(quantity('0'))",
                        message: "write a size above zero, for instance 500Mi or 10Gi",
                      },
                    ],
                  },
                  files: { type: "integer", format: "int32", minimum: 1, maximum: 2000000000 },
                },
              },
              limits: {
                type: "object",
                properties: {
                  sessions: { type: "integer", format: "int32", minimum: 1, maximum: 100000 },
                  uploadBytesPerSecond: { type: "integer", format: "int32", minimum: 1, maximum: 2000000000 },
                  downloadBytesPerSecond: {
                    type: "integer",
                    format: "int32",
                    minimum: 1,
                    maximum: 2000000000,
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
                  "x-kubernetes-validations": [
                    {
                      rule: "isCIDR(self)",
                      message:
                        "this is no network; write address and prefix length, for instance 198.51.100.0/24, or 198.51.100.7/32 for one address",
                    },
                    {
                      rule: "!isCIDR(self) || cidr(self).masked() == cidr(self)",
                      message:
                        "the address has bits beyond the prefix length; write the network's own address, for instance 198.51.100.0/24 and not 198.51.100.7/24",
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
          "x-kubernetes-validations": [
            {
              rule: "(self.from == 'Selector') == has(self.namespaceSelector)",
              message:
                "from Selector and namespaceSelector go together; write for instance {from: Selector, namespaceSelector: {matchLabels: {ftp: allowed}}}",
            },
          ],
          properties: {
            from: { type: "string", enum: ["None", "SameNamespace", "Selector"], default: "None" },
            namespaceSelector: {
              type: "object",
              "x-kubernetes-map-type": "atomic",
              properties: {
                matchLabels: {
                  type: "object",
                  maxProperties: 32,
                  additionalProperties: { type: "string", maxLength: 63 },
                },
                matchExpressions: {
                  type: "array",
                  maxItems: 32,
                  "x-kubernetes-list-type": "atomic",
                  items: {
                    type: "object",
                    required: ["key", "operator"],
                    "x-kubernetes-validations": [
                      {
                        rule: "(self.operator in ['In', 'NotIn']) == (has(self.values) && self.values.size() > 0)",
                        message:
                          "In and NotIn need values, Exists and DoesNotExist take none; write for instance {key: team, operator: In, values: [a]}",
                      },
                    ],
                    properties: {
                      key: { type: "string", maxLength: 317, minLength: 1 },
                      operator: { type: "string", enum: ["In", "NotIn", "Exists", "DoesNotExist"] },
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
        anonymous: {
          type: "object",
          default: {},
          properties: {
            mode: { type: "string", enum: ["Disabled", "ReadOnly", "ReadWrite"], default: "Disabled" },
            homeDirectory: {
              type: "string",
              maxLength: 255,
              default: "/pub",
              "x-kubernetes-validations": [
                {
                  rule: "self.matches('^(/|(/([^/.\\\\p{Cc}\\\\\\\\]|[.][^/.\\\\p{Cc}\\\\\\\\]|[.][.][^/\\\\p{Cc}\\\\\\\\])[^/\\\\p{Cc}\\\\\\\\]*)+)$')",
                  message:
                    "write an absolute path on the volume, for instance /alice, without '.', '..' or empty parts, control characters, '\\' and a '/' at the end",
                },
                {
                  rule: "!self.matches('^/@')",
                  message:
                    "paths that begin with /@ are the homes of FtpUsers of other namespaces; write another path, for instance /alice",
                },
              ],
            },
          },
        },
        tls: {
          type: "object",
          default: { mode: "Disabled" },
          "x-kubernetes-validations": [
            {
              rule: "self.mode == 'Disabled' || has(self.secretName)",
              fieldPath: ".secretName",
              message:
                "TLS needs a certificate; add for instance secretName: demo-tls, a Secret of type kubernetes.io/tls as cert-manager writes it",
            },
            {
              rule: "self.mode == 'Optional' || !has(self.clearControl) || self.clearControl == 'Refused'",
              fieldPath: ".clearControl",
              message:
                "a control connection can be clear only where TLS is optional; write mode: Optional, or clearControl: Refused",
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
              maxLength: 253,
              "x-kubernetes-validations": [
                {
                  rule: "self.matches('^[a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*$')",
                  message:
                    "write the name of a Secret: lower case letters, digits, '-' and '.', with a letter or digit first and last",
                },
              ],
            },
            minimumVersion: { type: "string", enum: ["TLS12", "TLS13"], default: "TLS12" },
            dataProtection: { type: "string", enum: ["Required", "Optional"], default: "Required" },
            clearControl: { type: "string", enum: ["Refused", "Allowed"], default: "Refused" },
            sessionReuse: { type: "string", enum: ["Preferred", "Required"], default: "Preferred" },
            serverNames: {
              type: "array",
              maxItems: 20,
              default: [],
              "x-kubernetes-list-type": "set",
              items: {
                type: "string",
                maxLength: 253,
                "x-kubernetes-validations": [
                  {
                    rule: "self.matches('^([A-Za-z0-9]([-A-Za-z0-9]{0,61}[A-Za-z0-9])?[.])*[A-Za-z]([-A-Za-z0-9]{0,61}[A-Za-z0-9])?$')",
                    message: "this is no host name; write one, for instance ftp.example.com",
                  },
                ],
              },
            },
            clientCertificates: {
              type: "object",
              default: { mode: "Disabled" },
              "x-kubernetes-validations": [
                {
                  rule: "self.mode == 'Disabled' || has(self.caSecretName)",
                  fieldPath: ".caSecretName",
                  message:
                    "client certificates need the authority that signed them; add for instance caSecretName: demo-client-ca, a Secret with the key ca.crt",
                },
              ],
              properties: {
                mode: { type: "string", enum: ["Disabled", "Optional", "Required"], default: "Disabled" },
                caSecretName: {
                  type: "string",
                  maxLength: 253,
                  "x-kubernetes-validations": [
                    {
                      rule: "self.matches('^[a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*$')",
                      message:
                        "write the name of a Secret: lower case letters, digits, '-' and '.', with a letter or digit first and last",
                    },
                  ],
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
          "x-kubernetes-validations": [
            {
              rule: "self.mode == 'Disabled' || self.trustedSources.size() > 0",
              fieldPath: ".trustedSources",
              message:
                "anyone could claim any address; write the networks of the proxies, for instance trustedSources: [10.0.0.0/8]",
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
                "x-kubernetes-validations": [
                  {
                    rule: "isCIDR(self)",
                    message:
                      "this is no network; write address and prefix length, for instance 198.51.100.0/24, or 198.51.100.7/32 for one address",
                  },
                  {
                    rule: "!isCIDR(self) || cidr(self).masked() == cidr(self)",
                    message:
                      "the address has bits beyond the prefix length; write the network's own address, for instance 198.51.100.0/24 and not 198.51.100.7/24",
                  },
                ],
              },
            },
          },
        },
        uploads: {
          type: "object",
          default: {},
          properties: {
            incomplete: { type: "string", enum: ["Keep", "Remove"], default: "Keep" },
            sync: { type: "string", enum: ["Always", "Never"], default: "Always" },
            missingCloseNotify: { type: "string", enum: ["Refuse", "Accept"], default: "Refuse" },
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
              type: "integer",
              format: "int32",
              minimum: 512,
              maximum: 65536,
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
              type: "string",
              maxLength: 32,
              default: "1Ti",
              "x-kubernetes-validations": [
                {
                  rule: "isQuantity(self) && quantity(self).isGreaterThan(quantity('0'))",
                  message: "write a size above zero, for instance 500Mi or 10Gi",
                },
              ],
            },
            failedLogins: {
              type: "object",
              default: {},
              properties: {
                perSession: { type: "integer", format: "int32", minimum: 1, maximum: 1000, default: 3 },
                delaySeconds: { type: "integer", format: "int32", minimum: 0, maximum: 60, default: 1 },
                attempts: { type: "integer", format: "int32", minimum: 1, maximum: 1000000, default: 20 },
                periodSeconds: { type: "integer", format: "int32", minimum: 1, maximum: 86400, default: 300 },
                banSeconds: { type: "integer", format: "int32", minimum: 0, maximum: 86400, default: 300 },
              },
            },
          },
        },
        storage: {
          type: "object",
          default: { type: "Ephemeral" },
          "x-kubernetes-validations": [
            {
              rule: "self.type == 'PersistentVolumeClaim' || !has(self.persistentVolumeClaim)",
              fieldPath: ".persistentVolumeClaim",
              message:
                "persistentVolumeClaim belongs to type PersistentVolumeClaim; remove it, or set storage.type to PersistentVolumeClaim",
            },
            {
              rule: "self.type != 'PersistentVolumeClaim' || has(self.persistentVolumeClaim)",
              fieldPath: ".persistentVolumeClaim",
              message:
                "type PersistentVolumeClaim needs a claim; add for instance persistentVolumeClaim: {template: {size: 10Gi}}",
            },
            {
              rule: "self.type == 'Ephemeral' || !has(self.ephemeral)",
              fieldPath: ".ephemeral",
              message: "ephemeral belongs to type Ephemeral; remove it, or set storage.type to Ephemeral",
            },
          ],
          properties: {
            type: { type: "string", enum: ["Ephemeral", "PersistentVolumeClaim"], default: "Ephemeral" },
            persistentVolumeClaim: {
              type: "object",
              "x-kubernetes-validations": [
                {
                  rule: "has(self.claimName) != has(self.template)",
                  message:
                    "write either claimName (a claim that exists) or template (a claim to make), not both and not none",
                },
                {
                  rule: "self.whenDeleted == 'Retain' || has(self.template)",
                  fieldPath: ".whenDeleted",
                  message:
                    "the operator deletes only claims that it made; remove whenDeleted, or use template instead of claimName",
                },
              ],
              properties: {
                claimName: {
                  type: "string",
                  maxLength: 253,
                  "x-kubernetes-validations": [
                    {
                      rule: "self.matches('^[a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*$')",
                      message:
                        "write the name of a PersistentVolumeClaim: lower case letters, digits, '-' and '.', with a letter or digit first and last",
                    },
                  ],
                },
                template: {
                  type: "object",
                  required: ["size"],
                  "x-kubernetes-validations": [
                    {
                      rule: "self.accessMode == oldSelf.accessMode && (has(self.storageClassName) ? self.storageClassName : '') == (has(oldSelf.storageClassName) ? oldSelf.storageClassName : '')",
                      message:
                        "Kubernetes cannot change accessMode and storageClassName of a claim; make a new claim and name it in claimName",
                    },
                    {
                      rule: "!isQuantity(self.size) || !isQuantity(oldSelf.size) || quantity(self.size).compareTo(quantity(oldSelf.size)) >= 0",
                      fieldPath: ".size",
                      message: "Kubernetes cannot shrink a claim; write the old size or more",
                    },
                  ],
                  properties: {
                    storageClassName: { type: "string", minLength: 1, maxLength: 253 },
                    accessMode: {
                      type: "string",
                      enum: ["ReadWriteOnce", "ReadWriteOncePod", "ReadWriteMany"],
                      default: "ReadWriteOnce",
                    },
                    size: {
                      type: "string",
                      maxLength: 32,
                      "x-kubernetes-validations": [
                        {
                          rule: "isQuantity(self) && quantity(self).isGreaterThan(quantity('0'))",
                          message: "write a size above zero, for instance 500Mi or 10Gi",
                        },
                      ],
                    },
                  },
                },
                whenDeleted: { type: "string", enum: ["Retain", "Delete"], default: "Retain" },
              },
            },
            ephemeral: {
              type: "object",
              properties: {
                sizeLimit: {
                  type: "string",
                  maxLength: 32,
                  "x-kubernetes-validations": [
                    {
                      rule: "isQuantity(self) && quantity(self).isGreaterThan(quantity('0'))",
                      message: "write a size above zero, for instance 500Mi or 10Gi",
                    },
                  ],
                },
              },
            },
          },
        },
        networkPolicy: {
          type: "object",
          default: { mode: "Managed", allowedClients: [], metricsFrom: [] },
          "x-kubernetes-validations": [
            {
              rule: "self.mode == 'Managed' || (self.allowedClients.size() == 0 && self.metricsFrom.size() == 0)",
              message:
                "without a NetworkPolicy allowedClients and metricsFrom do nothing; remove them, or set networkPolicy.mode to Managed",
            },
          ],
          properties: {
            mode: { type: "string", enum: ["Managed", "Disabled"], default: "Managed" },
            allowedClients: {
              type: "array",
              maxItems: 100,
              "x-kubernetes-list-type": "set",
              default: [],
              items: {
                type: "string",
                maxLength: 43,
                "x-kubernetes-validations": [
                  {
                    rule: "isCIDR(self)",
                    message:
                      "this is no network; write address and prefix length, for instance 198.51.100.0/24, or 198.51.100.7/32 for one address",
                  },
                  {
                    rule: "!isCIDR(self) || cidr(self).masked() == cidr(self)",
                    message:
                      "the address has bits beyond the prefix length; write the network's own address, for instance 198.51.100.0/24 and not 198.51.100.7/24",
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
                "x-kubernetes-validations": [
                  {
                    rule: "has(self.cidr) != (has(self.namespaceSelector) || has(self.podSelector))",
                    message:
                      "write either cidr, or namespaceSelector and podSelector (one of them is enough)",
                  },
                ],
                properties: {
                  cidr: {
                    type: "string",
                    maxLength: 43,
                    "x-kubernetes-validations": [
                      {
                        rule: "isCIDR(self)",
                        message:
                          "this is no network; write address and prefix length, for instance 198.51.100.0/24, or 198.51.100.7/32 for one address",
                      },
                      {
                        rule: "!isCIDR(self) || cidr(self).masked() == cidr(self)",
                        message:
                          "the address has bits beyond the prefix length; write the network's own address, for instance 198.51.100.0/24 and not 198.51.100.7/24",
                      },
                    ],
                  },
                  namespaceSelector: {
                    type: "object",
                    "x-kubernetes-map-type": "atomic",
                    properties: {
                      matchLabels: {
                        type: "object",
                        maxProperties: 32,
                        additionalProperties: { type: "string", maxLength: 63 },
                      },
                      matchExpressions: {
                        type: "array",
                        maxItems: 32,
                        "x-kubernetes-list-type": "atomic",
                        items: {
                          type: "object",
                          required: ["key", "operator"],
                          "x-kubernetes-validations": [
                            {
                              rule: "(self.operator in ['In', 'NotIn']) == (has(self.values) && self.values.size() > 0)",
                              message:
                                "In and NotIn need values, Exists and DoesNotExist take none; write for instance {key: team, operator: In, values: [a]}",
                            },
                          ],
                          properties: {
                            key: { type: "string", maxLength: 317, minLength: 1 },
                            operator: { type: "string", enum: ["In", "NotIn", "Exists", "DoesNotExist"] },
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
                  podSelector: {
                    type: "object",
                    "x-kubernetes-map-type": "atomic",
                    properties: {
                      matchLabels: {
                        type: "object",
                        maxProperties: 32,
                        additionalProperties: { type: "string", maxLength: 63 },
                      },
                      matchExpressions: {
                        type: "array",
                        maxItems: 32,
                        "x-kubernetes-list-type": "atomic",
                        items: {
                          type: "object",
                          required: ["key", "operator"],
                          "x-kubernetes-validations": [
                            {
                              rule: "(self.operator in ['In', 'NotIn']) == (has(self.values) && self.values.size() > 0)",
                              message:
                                "In and NotIn need values, Exists and DoesNotExist take none; write for instance {key: team, operator: In, values: [a]}",
                            },
                          ],
                          properties: {
                            key: { type: "string", maxLength: 317, minLength: 1 },
                            operator: { type: "string", enum: ["In", "NotIn", "Exists", "DoesNotExist"] },
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
        maintenance: { type: "string", enum: ["Disabled", "Enabled"], default: "Disabled" },
        banner: {
          type: "string",
          minLength: 1,
          maxLength: 200,
          "x-kubernetes-validations": [
            {
              rule: "!self.matches('\\\\p{Cc}')",
              message: "the greeting is one line; remove line breaks and other control characters",
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
        podTemplate: {
          type: "object",
          default: {},
          properties: {
            metadata: {
              type: "object",
              properties: {
                labels: {
                  type: "object",
                  maxProperties: 32,
                  "x-kubernetes-validations": [
                    {
                      rule: "self.all(key, !key.matches('^([^/]*[.])?ftp-operator[.]io/') && !(key in ['app.kubernetes.io/name', 'app.kubernetes.io/instance', 'app.kubernetes.io/component', 'app.kubernetes.io/managed-by', 'app.kubernetes.io/part-of']))",
                      message:
                        "the operator sets name, instance, component, managed-by and part-of of app.kubernetes.io/ and all of ftp-operator.io/; remove them",
                    },
                    {
                      rule: "self.all(key, key.matches('^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$'))",
                      message:
                        "write label keys as name or prefix/name, for instance team or example.com/team",
                    },
                  ],
                  additionalProperties: {
                    type: "string",
                    maxLength: 63,
                    "x-kubernetes-validations": [
                      {
                        rule: "self.matches('^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$')",
                        message:
                          "a label's value consists of letters, digits, '-', '_' and '.', with a letter or digit first and last",
                      },
                    ],
                  },
                },
                annotations: {
                  type: "object",
                  maxProperties: 64,
                  "x-kubernetes-validations": [
                    {
                      rule: "self.all(key, !key.matches('^([^/]*[.])?ftp-operator[.]io/'))",
                      message: "annotations under ftp-operator.io/ are the operator's own; remove them",
                    },
                  ],
                  additionalProperties: { type: "string", maxLength: 4096 },
                },
              },
            },
            image: {
              type: "string",
              maxLength: 512,
              "x-kubernetes-validations": [
                {
                  rule: "self.matches('^[A-Za-z0-9][-A-Za-z0-9._:/@]*$')",
                  message:
                    "write an image reference without spaces, for instance registry.example.com/ftp-operator:0.1.0",
                },
              ],
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
            priorityClassName: { type: "string", minLength: 1, maxLength: 253 },
            nodeSelector: {
              type: "object",
              maxProperties: 32,
              additionalProperties: { type: "string", maxLength: 63 },
            },
            resources: {
              type: "object",
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
                  key: { type: "string", maxLength: 317 },
                  operator: { type: "string", enum: ["Equal", "Exists"] },
                  value: { type: "string", maxLength: 63 },
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
                                    key: { type: "string", maxLength: 317, minLength: 1 },
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
                                    key: { type: "string", maxLength: 317, minLength: 1 },
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
                                    key: { type: "string", maxLength: 317, minLength: 1 },
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
                                    key: { type: "string", maxLength: 317, minLength: 1 },
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
                            properties: {
                              matchLabels: {
                                type: "object",
                                maxProperties: 32,
                                additionalProperties: { type: "string", maxLength: 63 },
                              },
                              matchExpressions: {
                                type: "array",
                                maxItems: 32,
                                "x-kubernetes-list-type": "atomic",
                                items: {
                                  type: "object",
                                  required: ["key", "operator"],
                                  "x-kubernetes-validations": [
                                    {
                                      rule: "(self.operator in ['In', 'NotIn']) == (has(self.values) && self.values.size() > 0)",
                                      message:
                                        "In and NotIn need values, Exists and DoesNotExist take none; write for instance {key: team, operator: In, values: [a]}",
                                    },
                                  ],
                                  properties: {
                                    key: { type: "string", maxLength: 317, minLength: 1 },
                                    operator: {
                                      type: "string",
                                      enum: ["In", "NotIn", "Exists", "DoesNotExist"],
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
                          namespaceSelector: {
                            type: "object",
                            "x-kubernetes-map-type": "atomic",
                            properties: {
                              matchLabels: {
                                type: "object",
                                maxProperties: 32,
                                additionalProperties: { type: "string", maxLength: 63 },
                              },
                              matchExpressions: {
                                type: "array",
                                maxItems: 32,
                                "x-kubernetes-list-type": "atomic",
                                items: {
                                  type: "object",
                                  required: ["key", "operator"],
                                  "x-kubernetes-validations": [
                                    {
                                      rule: "(self.operator in ['In', 'NotIn']) == (has(self.values) && self.values.size() > 0)",
                                      message:
                                        "In and NotIn need values, Exists and DoesNotExist take none; write for instance {key: team, operator: In, values: [a]}",
                                    },
                                  ],
                                  properties: {
                                    key: { type: "string", maxLength: 317, minLength: 1 },
                                    operator: {
                                      type: "string",
                                      enum: ["In", "NotIn", "Exists", "DoesNotExist"],
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
                          namespaces: {
                            type: "array",
                            maxItems: 32,
                            "x-kubernetes-list-type": "atomic",
                            items: { type: "string", maxLength: 63 },
                          },
                          topologyKey: { type: "string", maxLength: 317, minLength: 1 },
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
                                properties: {
                                  matchLabels: {
                                    type: "object",
                                    maxProperties: 32,
                                    additionalProperties: { type: "string", maxLength: 63 },
                                  },
                                  matchExpressions: {
                                    type: "array",
                                    maxItems: 32,
                                    "x-kubernetes-list-type": "atomic",
                                    items: {
                                      type: "object",
                                      required: ["key", "operator"],
                                      "x-kubernetes-validations": [
                                        {
                                          rule: "(self.operator in ['In', 'NotIn']) == (has(self.values) && self.values.size() > 0)",
                                          message:
                                            "In and NotIn need values, Exists and DoesNotExist take none; write for instance {key: team, operator: In, values: [a]}",
                                        },
                                      ],
                                      properties: {
                                        key: { type: "string", maxLength: 317, minLength: 1 },
                                        operator: {
                                          type: "string",
                                          enum: ["In", "NotIn", "Exists", "DoesNotExist"],
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
                              namespaceSelector: {
                                type: "object",
                                "x-kubernetes-map-type": "atomic",
                                properties: {
                                  matchLabels: {
                                    type: "object",
                                    maxProperties: 32,
                                    additionalProperties: { type: "string", maxLength: 63 },
                                  },
                                  matchExpressions: {
                                    type: "array",
                                    maxItems: 32,
                                    "x-kubernetes-list-type": "atomic",
                                    items: {
                                      type: "object",
                                      required: ["key", "operator"],
                                      "x-kubernetes-validations": [
                                        {
                                          rule: "(self.operator in ['In', 'NotIn']) == (has(self.values) && self.values.size() > 0)",
                                          message:
                                            "In and NotIn need values, Exists and DoesNotExist take none; write for instance {key: team, operator: In, values: [a]}",
                                        },
                                      ],
                                      properties: {
                                        key: { type: "string", maxLength: 317, minLength: 1 },
                                        operator: {
                                          type: "string",
                                          enum: ["In", "NotIn", "Exists", "DoesNotExist"],
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
                              namespaces: {
                                type: "array",
                                maxItems: 32,
                                "x-kubernetes-list-type": "atomic",
                                items: { type: "string", maxLength: 63 },
                              },
                              topologyKey: { type: "string", maxLength: 317, minLength: 1 },
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
                            properties: {
                              matchLabels: {
                                type: "object",
                                maxProperties: 32,
                                additionalProperties: { type: "string", maxLength: 63 },
                              },
                              matchExpressions: {
                                type: "array",
                                maxItems: 32,
                                "x-kubernetes-list-type": "atomic",
                                items: {
                                  type: "object",
                                  required: ["key", "operator"],
                                  "x-kubernetes-validations": [
                                    {
                                      rule: "(self.operator in ['In', 'NotIn']) == (has(self.values) && self.values.size() > 0)",
                                      message:
                                        "In and NotIn need values, Exists and DoesNotExist take none; write for instance {key: team, operator: In, values: [a]}",
                                    },
                                  ],
                                  properties: {
                                    key: { type: "string", maxLength: 317, minLength: 1 },
                                    operator: {
                                      type: "string",
                                      enum: ["In", "NotIn", "Exists", "DoesNotExist"],
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
                          namespaceSelector: {
                            type: "object",
                            "x-kubernetes-map-type": "atomic",
                            properties: {
                              matchLabels: {
                                type: "object",
                                maxProperties: 32,
                                additionalProperties: { type: "string", maxLength: 63 },
                              },
                              matchExpressions: {
                                type: "array",
                                maxItems: 32,
                                "x-kubernetes-list-type": "atomic",
                                items: {
                                  type: "object",
                                  required: ["key", "operator"],
                                  "x-kubernetes-validations": [
                                    {
                                      rule: "(self.operator in ['In', 'NotIn']) == (has(self.values) && self.values.size() > 0)",
                                      message:
                                        "In and NotIn need values, Exists and DoesNotExist take none; write for instance {key: team, operator: In, values: [a]}",
                                    },
                                  ],
                                  properties: {
                                    key: { type: "string", maxLength: 317, minLength: 1 },
                                    operator: {
                                      type: "string",
                                      enum: ["In", "NotIn", "Exists", "DoesNotExist"],
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
                          namespaces: {
                            type: "array",
                            maxItems: 32,
                            "x-kubernetes-list-type": "atomic",
                            items: { type: "string", maxLength: 63 },
                          },
                          topologyKey: { type: "string", maxLength: 317, minLength: 1 },
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
                                properties: {
                                  matchLabels: {
                                    type: "object",
                                    maxProperties: 32,
                                    additionalProperties: { type: "string", maxLength: 63 },
                                  },
                                  matchExpressions: {
                                    type: "array",
                                    maxItems: 32,
                                    "x-kubernetes-list-type": "atomic",
                                    items: {
                                      type: "object",
                                      required: ["key", "operator"],
                                      "x-kubernetes-validations": [
                                        {
                                          rule: "(self.operator in ['In', 'NotIn']) == (has(self.values) && self.values.size() > 0)",
                                          message:
                                            "In and NotIn need values, Exists and DoesNotExist take none; write for instance {key: team, operator: In, values: [a]}",
                                        },
                                      ],
                                      properties: {
                                        key: { type: "string", maxLength: 317, minLength: 1 },
                                        operator: {
                                          type: "string",
                                          enum: ["In", "NotIn", "Exists", "DoesNotExist"],
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
                              namespaceSelector: {
                                type: "object",
                                "x-kubernetes-map-type": "atomic",
                                properties: {
                                  matchLabels: {
                                    type: "object",
                                    maxProperties: 32,
                                    additionalProperties: { type: "string", maxLength: 63 },
                                  },
                                  matchExpressions: {
                                    type: "array",
                                    maxItems: 32,
                                    "x-kubernetes-list-type": "atomic",
                                    items: {
                                      type: "object",
                                      required: ["key", "operator"],
                                      "x-kubernetes-validations": [
                                        {
                                          rule: "(self.operator in ['In', 'NotIn']) == (has(self.values) && self.values.size() > 0)",
                                          message:
                                            "In and NotIn need values, Exists and DoesNotExist take none; write for instance {key: team, operator: In, values: [a]}",
                                        },
                                      ],
                                      properties: {
                                        key: { type: "string", maxLength: 317, minLength: 1 },
                                        operator: {
                                          type: "string",
                                          enum: ["In", "NotIn", "Exists", "DoesNotExist"],
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
                              namespaces: {
                                type: "array",
                                maxItems: 32,
                                "x-kubernetes-list-type": "atomic",
                                items: { type: "string", maxLength: 63 },
                              },
                              topologyKey: { type: "string", maxLength: 317, minLength: 1 },
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
                  topologyKey: { type: "string", maxLength: 317, minLength: 1 },
                  whenUnsatisfiable: { type: "string", enum: ["DoNotSchedule", "ScheduleAnyway"] },
                  labelSelector: {
                    type: "object",
                    "x-kubernetes-map-type": "atomic",
                    properties: {
                      matchLabels: {
                        type: "object",
                        maxProperties: 32,
                        additionalProperties: { type: "string", maxLength: 63 },
                      },
                      matchExpressions: {
                        type: "array",
                        maxItems: 32,
                        "x-kubernetes-list-type": "atomic",
                        items: {
                          type: "object",
                          required: ["key", "operator"],
                          "x-kubernetes-validations": [
                            {
                              rule: "(self.operator in ['In', 'NotIn']) == (has(self.values) && self.values.size() > 0)",
                              message:
                                "In and NotIn need values, Exists and DoesNotExist take none; write for instance {key: team, operator: In, values: [a]}",
                            },
                          ],
                          properties: {
                            key: { type: "string", maxLength: 317, minLength: 1 },
                            operator: { type: "string", enum: ["In", "NotIn", "Exists", "DoesNotExist"] },
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
                  matchLabelKeys: {
                    type: "array",
                    maxItems: 32,
                    "x-kubernetes-list-type": "atomic",
                    items: { type: "string", maxLength: 317 },
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
        selector: { type: "string", maxLength: 512 },
        replicas: { type: "integer", format: "int32", minimum: 0, maximum: 1000 },
        readyReplicas: { type: "integer", format: "int32", minimum: 0, maximum: 1000 },
        address: { type: "string", maxLength: 253 },
        endpoint: { type: "string", maxLength: 300 },
        passivePorts: { type: "string", maxLength: 11 },
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
              passivePorts: { type: "string", maxLength: 11 },
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
  "x-kubernetes-validations": [
    {
      rule: "has(self.spec.loginName) || self.metadata.name.size() <= 64",
      message:
        "metadata.name is the login name where spec.loginName is unset; use at most 64 characters, or set spec.loginName",
    },
    {
      rule: "!((has(self.spec.loginName) ? self.spec.loginName.lowerAscii() : self.metadata.name) in ['anonymous', 'ftp']) || (oldSelf.hasValue() && has(oldSelf.value().spec.loginName) == has(self.spec.loginName) && (!has(self.spec.loginName) || oldSelf.value().spec.loginName == self.spec.loginName))",
      optionalOldSelf: true,
      fieldPath: ".spec.loginName",
      message:
        "anonymous and ftp are the login names of those who have no account; set another spec.loginName",
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
          "x-kubernetes-validations": [
            {
              rule: "self.matches('^[A-Za-z0-9_][-A-Za-z0-9_.@+]*$')",
              message:
                "a user's name consists of letters, digits and any of _ - . @ +, with a letter, digit or _ first",
            },
          ],
        },
        passwordSecretRef: {
          type: "object",
          required: ["name"],
          properties: {
            name: {
              type: "string",
              maxLength: 253,
              "x-kubernetes-validations": [
                {
                  rule: "self.matches('^[a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*$')",
                  message:
                    "write the name of a Secret: lower case letters, digits, '-' and '.', with a letter or digit first and last",
                },
              ],
            },
            key: {
              type: "string",
              maxLength: 253,
              default: "password",
              "x-kubernetes-validations": [
                {
                  rule: "self.matches('^[-A-Za-z0-9_.]+$')",
                  message: "write a key of the Secret's data: letters, digits, '-', '_' and '.'",
                },
              ],
            },
          },
        },
        homeDirectory: {
          type: "string",
          maxLength: 255,
          "x-kubernetes-validations": [
            {
              rule: "self.matches('^(/|(/([^/.\\\\p{Cc}\\\\\\\\]|[.][^/.\\\\p{Cc}\\\\\\\\]|[.][.][^/\\\\p{Cc}\\\\\\\\])[^/\\\\p{Cc}\\\\\\\\]*)+)$')",
              message:
                "write an absolute path on the volume, for instance /alice, without '.', '..' or empty parts, control characters, '\\' and a '/' at the end",
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
        quota: {
          type: "object",
          properties: {
            bytes: {
              type: "string",
              maxLength: 32,
              "x-kubernetes-validations": [
                {
                  rule: "isQuantity(self) && quantity(self).isGreaterThan(quantity('0'))",
                  message: "write a size above zero, for instance 500Mi or 10Gi",
                },
              ],
            },
            files: { type: "integer", format: "int32", minimum: 1, maximum: 2000000000 },
          },
        },
        limits: {
          type: "object",
          properties: {
            sessions: { type: "integer", format: "int32", minimum: 1, maximum: 100000 },
            uploadBytesPerSecond: { type: "integer", format: "int32", minimum: 1, maximum: 2000000000 },
            downloadBytesPerSecond: { type: "integer", format: "int32", minimum: 1, maximum: 2000000000 },
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
            "x-kubernetes-validations": [
              {
                rule: "isCIDR(self)",
                message:
                  "this is no network; write address and prefix length, for instance 198.51.100.0/24, or 198.51.100.7/32 for one address",
              },
              {
                rule: "!isCIDR(self) || cidr(self).masked() == cidr(self)",
                message:
                  "the address has bits beyond the prefix length; write the network's own address, for instance 198.51.100.0/24 and not 198.51.100.7/24",
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
        server: { type: "string", maxLength: 112 },
        loginName: { type: "string", maxLength: 253 },
        homeDirectory: { type: "string", maxLength: 600 },
        endpoint: { type: "string", maxLength: 300 },
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
