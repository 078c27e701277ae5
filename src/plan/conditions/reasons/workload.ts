import {
  CERTIFICATE_INVALID,
  CONFIG_MAP_KEY_MISSING,
  CONFIG_MAP_NOT_FOUND,
  SECRET_KEY_MISSING,
  SECRET_NOT_FOUND,
} from "./references.ts";
import type { Reasons } from "./reason.ts";

/** Reasons for the storage, pod and summary conditions. */
export const WORKLOAD_REASONS = {
  StorageReady: {
    ClaimBound: {
      status: "True",
      meaning: "The PersistentVolumeClaim is bound and can be mounted by several nodes.",
    },
    ClaimBoundToOneNode: {
      status: "True",
      meaning:
        "The PersistentVolumeClaim is bound but can be mounted by only one node at a time. A rollout therefore stops the old pod before it starts the new pod.",
      remedy: "To avoid interruptions during rollouts, use a volume with the access mode `ReadWriteMany`.",
    },
    BucketReady: {
      status: "True",
      meaning: "An engine has checked the bucket, and no engine reports a fault.",
    },
    BucketNotChecked: {
      status: "Unknown",
      meaning: "No engine has finished its first check of the bucket named in the message.",
      remedy: "Wait a minute. If the reason does not change, check the condition `Available`.",
    },
    BucketUnused: {
      status: "True",
      meaning: "`spec.replicas` is 0, so no engine checks the bucket.",
      remedy: "To use the bucket, set `spec.replicas` to at least 1.",
    },
    EndpointUnreachable: {
      status: "False",
      meaning: "The engine cannot connect to the endpoint of the object storage.",
      remedy: "Check the endpoint and `spec.networkPolicy.egress`.",
    },
    EndpointNotTrusted: {
      status: "False",
      meaning: "The certificate of the endpoint is invalid, or its certificate authority is unknown.",
      remedy:
        "If the certificate is valid, set the field `caRef` that the message names. Otherwise, replace the certificate.",
    },
    ClockSkewed: {
      status: "False",
      meaning:
        "The clock of the node and the clock of the object storage differ by more than the object storage permits.",
      remedy: "Correct the clock of the node, for example with NTP.",
    },
    CredentialsRejected: {
      status: "False",
      meaning: "The object storage rejects the access key, the role or the token of the engine.",
      remedy: "Correct the credentials that the message names.",
    },
    WrongRegion: {
      status: "False",
      meaning: "The bucket is not in the configured region.",
      remedy: "Correct the field `region` that the message names.",
    },
    BucketNotFound: {
      status: "False",
      meaning: "The bucket does not exist.",
      remedy: "Create the bucket, or correct the field `bucket` that the message names.",
    },
    BucketAccessDenied: {
      status: "False",
      meaning: "The policies for the credentials or for the bucket deny a request from the engine.",
      remedy: "Permit the actions that the message names.",
    },
    BucketFailed: {
      status: "False",
      meaning: "Requests to the object storage fail with the error in the message.",
      remedy: "Check the object storage.",
    },
    BucketFull: {
      status: "False",
      meaning:
        "The object storage has no free space or no remaining quota. Downloads and deletions still work.",
      remedy: "Expand the object storage, increase its quota, or delete files.",
    },
    BucketNotResponding: {
      status: "Unknown",
      meaning: "A check of the bucket takes longer than 30 seconds, or 15 seconds for additional storage.",
      remedy: "Check the object storage and the network.",
    },
    SecretNotFound: SECRET_NOT_FOUND,
    SecretKeyMissing: SECRET_KEY_MISSING,
    ConfigMapNotFound: CONFIG_MAP_NOT_FOUND,
    ConfigMapKeyMissing: CONFIG_MAP_KEY_MISSING,
    CertificateInvalid: CERTIFICATE_INVALID,
    EphemeralStorage: {
      status: "True",
      meaning: "Files are stored in the pod and are lost when the pod is replaced.",
      remedy: "To keep the files, set `spec.storage.type` to `PersistentVolumeClaim` or `ObjectStorage`.",
    },
    ClaimNotFound: {
      status: "False",
      meaning:
        "`spec.storage.persistentVolumeClaim.claimName` names a PersistentVolumeClaim that does not exist in the namespace of the FtpServer.",
      remedy:
        "Create the PersistentVolumeClaim, or replace `spec.storage.persistentVolumeClaim.claimName` with `spec.storage.persistentVolumeClaim.create`.",
    },
    ClaimPending: {
      status: "False",
      meaning: "The PersistentVolumeClaim is not bound to a volume.",
      remedy: "Run `kubectl describe pvc`. The most frequent cause is a missing default StorageClass.",
    },
    ClaimLost: {
      status: "False",
      meaning: "The volume of the PersistentVolumeClaim no longer exists.",
      remedy: "Restore the volume, or use another PersistentVolumeClaim.",
    },
    VolumeNotWritable: {
      status: "False",
      meaning:
        "The owner and mode of the volume or the rules of the file server do not permit the engine to write. The message contains the user and group IDs of the engine and the volume.",
      remedy: "Set the field named in the message.",
    },
    VolumeReadOnly: {
      status: "False",
      meaning: "The volume is mounted read-only, but some accounts have permissions to change files.",
      remedy:
        "Mount the volume read-write, or limit the permissions of all accounts to `List` and `Read`. For additional storage, set `spec.users[].mounts[].access` (`spec.mounts[].access` in FtpUsers) to `ReadOnly`.",
    },
    VolumeFull: {
      status: "False",
      meaning:
        "The volume has no free space, no free inodes or no remaining quota. Downloads and deletions still work.",
      remedy: "Expand the PersistentVolumeClaim, or delete files.",
    },
    VolumeFailed: {
      status: "False",
      meaning: "File operations on the volume fail with the error in the message, for example `EIO`.",
      remedy: "Check the file server and the node.",
    },
    VolumeNotResponding: {
      status: "Unknown",
      meaning: "A volume check takes longer than 30 seconds, or 15 seconds for additional storage.",
      remedy: "Check the file server and the node.",
    },
    VolumeRootNotWritable: {
      status: "True",
      meaning:
        "The engine can write to existing home directories or mounts but cannot create new directories.",
      remedy:
        "Create the directories on the volume, or permit the engine to write to the root directory of the volume.",
    },
  },
  Available: {
    AllReplicasReady: { status: "True", meaning: "All replicas are ready." },
    Stopped: {
      status: "True",
      meaning: "`spec.replicas` is 0, so no pod runs and clients cannot connect.",
      remedy: "To start the FtpServer, set `spec.replicas` to at least 1.",
    },
    SomeReplicasReady: {
      status: "True",
      meaning: "Fewer replicas are ready than `spec.replicas` requires. The ready replicas serve clients.",
      remedy: "Check the pods named in the message.",
    },
    NoReplicaReady: {
      status: "False",
      meaning:
        "No replica is ready, so clients cannot log in. After one minute, the message names the pod and its state. When the API server rejects the pod, the message names the StatefulSet after 30 seconds.",
      remedy:
        "Run `kubectl describe pod` and `kubectl logs --previous`. For `ErrImagePull`, check the `image` values of the chart.",
    },
  },
  Progressing: {
    Complete: { status: "False", meaning: "All slots match the spec." },
    Maintenance: {
      status: "True",
      meaning: "`spec.maintenance.mode` is `Enabled`, and the pods do not match the spec.",
      remedy: "To continue the rollout, set `spec.maintenance.mode` to `Disabled`.",
    },
    RollingOut: {
      status: "True",
      meaning:
        "Pods with an outdated template are being replaced. A drain takes at least `spec.rollout.handOverSeconds`. The maximum duration of a drain is the sum of `spec.rollout.handOverSeconds` and `spec.rollout.drainPeriodSeconds`.",
      remedy: "If the message names a pod, check that pod.",
    },
    Scaling: {
      status: "True",
      meaning: "The operator is starting or draining pods.",
      remedy: "If the message names a pod, check that pod.",
    },
    PodStuckTerminating: {
      status: "False",
      meaning:
        "A pod does not terminate. The FtpServer still serves clients. The next rollout waits until the slot of the pod is free.",
      remedy: "See [Lost nodes](#lost-nodes).",
    },
    WaitingForStorage: {
      status: "False",
      meaning: "No pod is started or replaced until the PersistentVolumeClaim exists.",
      remedy: "Create the PersistentVolumeClaim that the condition `StorageReady` names.",
    },
  },
  Ready: {
    Ready: {
      status: "True",
      meaning: "The FtpServer matches its spec. Clients can log in and transfer files.",
    },
  },
  Reconciling: {
    Done: { status: "False", meaning: "No change is in progress." },
  },
  Stalled: {
    NotStalled: { status: "False", meaning: "Reconciliation is not blocked." },
    InvalidSpec: {
      status: "True",
      meaning:
        "The FtpServer violates a validation rule, usually because the rule was added after the FtpServer was created.",
      remedy: "Correct the fields named in the message.",
    },
    NameTaken: {
      status: "True",
      meaning: "An object with the name of a required child object exists and has a different owner.",
      remedy: "Delete the conflicting object, or create the FtpServer under another name.",
    },
    ChangeRejected: {
      status: "True",
      meaning:
        "The API server rejected the creation, change or deletion of an object. Running pods continue to serve clients. While the API server rejects the NetworkPolicy, the operator starts no pod, because any client could reach this pod.",
      remedy:
        "Fix the cause given in the message, for example an admission policy or a quota. The operator retries every 30 seconds.",
    },
  },
} as const satisfies Readonly<Record<string, Reasons>>;
