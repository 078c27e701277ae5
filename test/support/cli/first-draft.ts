/** Manifests in the format of the first draft of v1alpha1. */

const slot = { name: "a", passivePorts: "50000-50004", state: "Serving" };

/** Contains all fields that changed after the first draft. */
export const OLD_SERVER = {
  apiVersion: "ftp-operator.io/v1alpha1",
  kind: "FtpServer",
  metadata: { name: "demo" },
  spec: {
    users: [{ name: "alice", passwordSecretRef: { name: "alice" }, quota: { bytes: "10Gi" } }],
    exposure: {
      loadBalancer: {
        annotations: { "example.com/a": "b" },
        externalTrafficPolicy: "Local",
        nodePorts: "None",
      },
    },
    passive: { address: { type: "Static", static: "203.0.113.10" } },
    tls: {
      mode: "Optional",
      secretName: "demo-tls",
      clearControl: "Allowed",
      clientCertificates: { mode: "Optional", caSecretName: "demo-ca" },
    },
    uploads: { missingCloseNotify: "Accept" },
    limits: { failedLogins: { banSeconds: 0 } },
    storage: {
      type: "PersistentVolumeClaim",
      persistentVolumeClaim: { template: { size: "10Gi", accessMode: "ReadWriteMany" } },
    },
    maintenance: "Enabled",
    podTemplate: { resources: { requests: { cpu: "100m" } } },
  },
  status: { address: "203.0.113.10", passivePorts: "50000-50009", slots: [slot] },
};

export const OLD_USER = {
  apiVersion: "ftp-operator.io/v1alpha1",
  kind: "FtpUser",
  metadata: { name: "scanner" },
  spec: { serverRef: { name: "demo", namespace: "ftp" }, passwordSecretRef: { name: "scanner" } },
  status: { server: "ftp/demo", loginName: "scanner" },
};

export const COMMENTED = `# Our FTP server.
apiVersion: v1
kind: Secret
metadata: {name: alice}
stringData:   {password: "x"}   # unusual spaces
---
# The server.
apiVersion: ftp-operator.io/v1alpha1
kind: FtpServer
metadata:
  name: demo
spec:
  # Who can log in.
  users:
    - name: alice
      passwordSecretRef: {name: alice}
  exposure:
    loadBalancer:
      # For the load balancer.
      annotations:
        example.com/a: b # not c

  tls:
    mode: Required
    # From cert-manager.
    secretName: demo-tls # renewed each month
    clearControl: "Refused"
  storage:
    type: PersistentVolumeClaim
    persistentVolumeClaim:
      # Large enough.
      template:
        size: 10Gi
        accessMode: ReadWriteOnce # one node
  maintenance: Enabled # for now
`;

export const COMMENTED_NOW = COMMENTED.slice(0, COMMENTED.indexOf("  exposure:")).concat(`  exposure:
    # For the load balancer.
    service:
      annotations:
        example.com/a: b # not c

  tls:
    mode: Required
    # From cert-manager.
    certificateRef:
      name: demo-tls # renewed each month
    clearControl: "Deny"
  storage:
    type: PersistentVolumeClaim
    persistentVolumeClaim:
      # Large enough.
      create:
        size: 10Gi
        accessModes: [ReadWriteOnce] # one node
  maintenance:
    mode: Enabled # for now
`);
