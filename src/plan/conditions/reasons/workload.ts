import type { Reasons } from "./reason.ts";

/** Reasons about storage, pods and the summary. */
export const WORKLOAD_REASONS = {
  StorageReady: {
    ClaimBound: {
      status: "True",
      meaning: "The PersistentVolumeClaim is bound, and several nodes can mount it.",
    },
    ClaimBoundToOneNode: {
      status: "True",
      meaning:
        "The PersistentVolumeClaim is bound, but only one node at a time can mount it. A rollout therefore stops the old pod before it starts the new one.",
      remedy: "Use a volume with the access mode ReadWriteMany to avoid the interruption.",
    },
    EphemeralStorage: {
      status: "True",
      meaning: "Files are stored in the pod and are lost when the pod is replaced.",
      remedy: "Set `spec.storage.type` to `PersistentVolumeClaim` to keep them.",
    },
    ClaimNotFound: {
      status: "False",
      meaning:
        "`spec.storage.persistentVolumeClaim.claimName` names a claim that does not exist in this namespace.",
      remedy: "Create the claim, or set `spec.storage.persistentVolumeClaim.create`.",
    },
    ClaimPending: {
      status: "False",
      meaning: "The PersistentVolumeClaim is not bound to a volume.",
      remedy: "Run `kubectl describe pvc`. The most frequent cause is a missing default StorageClass.",
    },
    ClaimLost: {
      status: "False",
      meaning: "The volume of the PersistentVolumeClaim no longer exists.",
      remedy: "Restore the volume, or use another claim.",
    },
    VolumeNotWritable: {
      status: "False",
      meaning:
        "The owner and mode of the volume, or the rules of the file server, do not permit the engine to write. The message contains the IDs of the engine and of the volume.",
      remedy: "Set the field that the message names.",
    },
    VolumeReadOnly: {
      status: "False",
      meaning: "The volume is mounted read-only, but accounts have permissions that change files.",
      remedy: "Mount it read-write, or limit the permissions of all accounts to `List` and `Read`.",
    },
    VolumeFull: {
      status: "False",
      meaning: "The volume has no free space, inodes or quota. Downloads and deletions continue.",
      remedy: "Expand the claim, or delete files.",
    },
    VolumeFailed: {
      status: "False",
      meaning: "The volume returns the error in the message, for example `EIO`.",
      remedy: "Check the file server and the node.",
    },
    VolumeNotResponding: {
      status: "Unknown",
      meaning: "A check of the volume takes longer than 30 seconds.",
      remedy: "Check the file server and the node.",
    },
    VolumeRootNotWritable: {
      status: "True",
      meaning: "Existing home directories are writable, but the engine cannot create new ones.",
      remedy: "Create the home directories on the volume, or permit the engine to write to its root.",
    },
  },
  Available: {
    AllReplicasReady: { status: "True", meaning: "All replicas are ready." },
    Stopped: {
      status: "True",
      meaning: "`spec.replicas` is 0, so no pod runs and clients cannot connect.",
      remedy: "Set `spec.replicas` to start the FtpServer.",
    },
    SomeReplicasReady: {
      status: "True",
      meaning: "Fewer replicas are ready than desired. Clients are served by the ready ones.",
      remedy: "Check the pods that the message names.",
    },
    NoReplicaReady: {
      status: "False",
      meaning:
        "No replica is ready, so clients cannot log in. After a minute, the message names the pod and its state. When pods are rejected, it names the StatefulSet after 30 seconds.",
      remedy:
        "Run `kubectl describe pod` and `kubectl logs --previous`. For `ErrImagePull`, check the `image` values of the chart.",
    },
  },
  Progressing: {
    Complete: { status: "False", meaning: "All slots match the spec." },
    Maintenance: {
      status: "True",
      meaning: "`spec.maintenance.mode` is `Enabled`, and the pods do not match the spec.",
      remedy: "Set it to `Disabled` to continue the rollout.",
    },
    RollingOut: {
      status: "True",
      meaning:
        "Pods with another template are being replaced. A drain lasts at least `spec.rollout.handOverSeconds`, and at most `drainPeriodSeconds` longer.",
      remedy: "If the message names a pod, check it.",
    },
    Scaling: {
      status: "True",
      meaning: "Slots are being started or drained.",
      remedy: "If the message names a pod, check it.",
    },
    PodStuckTerminating: {
      status: "False",
      meaning: "Clients are served, but a pod does not terminate. The next rollout waits for its slot.",
      remedy: "See [Lost nodes](#lost-nodes).",
    },
    WaitingForStorage: {
      status: "False",
      meaning: "No pod is started or replaced until the PersistentVolumeClaim exists.",
      remedy: "Create the claim that `StorageReady` names.",
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
      meaning: "The object violates a rule of the API. Usually it is older than the rule.",
      remedy: "Correct the fields that the message names.",
    },
    NameTaken: {
      status: "True",
      meaning: "An object with the name of a child exists and belongs to another owner.",
      remedy: "Delete the conflicting object, or create the FtpServer under another name.",
    },
    ChangeRejected: {
      status: "True",
      meaning:
        "The API server rejected the creation, change or deletion of an object. Running pods continue to serve. No pod starts while the first NetworkPolicy is rejected, because any client could reach the pod.",
      remedy:
        "Correct the cause that the message quotes, for example an admission policy or a quota. The operator retries every 30 seconds.",
    },
  },
} as const satisfies Readonly<Record<string, Reasons>>;
