{{/* Chart name in object names and labels, truncated to the maximum length of a label value. */}}
{{- define "ftp-operator.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{/* Prefix of object names: the release name. The chart name is appended unless the release name contains it. */}}
{{- define "ftp-operator.fullname" -}}
{{- $name := include "ftp-operator.name" . -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 63 | trimSuffix "-" -}}
{{- else if contains $name .Release.Name -}}
{{- .Release.Name | trunc 63 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 63 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{/* Namespace of the operator and its Lease. */}}
{{- define "ftp-operator.namespace" -}}
{{- default .Release.Namespace .Values.namespaceOverride -}}
{{- end -}}

{{/* Name of a cluster-scoped object. The name is unique for each release. */}}
{{- define "ftp-operator.clusterName" -}}
{{- printf "%s:%s" (include "ftp-operator.namespace" .) (include "ftp-operator.fullname" .) -}}
{{- end -}}

{{- define "ftp-operator.selectorLabels" -}}
app.kubernetes.io/name: {{ include "ftp-operator.name" . | quote }}
app.kubernetes.io/instance: {{ .Release.Name | quote }}
app.kubernetes.io/component: operator
{{- end -}}

{{/* Labels of an object: (list $ labels). Chart labels take precedence over the given labels, except for the component. */}}
{{- define "ftp-operator.labels" -}}
{{- $root := first . -}}
{{- $own := last . -}}
{{- $labels := include "ftp-operator.selectorLabels" $root | fromYaml -}}
{{- $_ := set $labels "app.kubernetes.io/version" $root.Chart.AppVersion -}}
{{- $_ := set $labels "app.kubernetes.io/managed-by" $root.Release.Service -}}
{{- $_ := set $labels "helm.sh/chart" (printf "%s-%s" $root.Chart.Name $root.Chart.Version | replace "+" "_") -}}
{{- $component := pick $own "app.kubernetes.io/component" -}}
{{- mergeOverwrite (deepCopy (default dict $root.Values.commonLabels)) (deepCopy $own) $labels $component | toYaml -}}
{{- end -}}

{{/*
Metadata of an object: (list $ (dict "name" … "namespace" … "labels" … "annotations" …)). `namespace` defaults to the
namespace of the chart, and is empty for cluster-scoped objects. The given annotations take precedence over
`commonAnnotations`.
*/}}
{{- define "ftp-operator.metadata" -}}
{{- $root := first . -}}
{{- $own := last . -}}
{{- if not $root.Values.operator.leaderElection -}}
{{- fail "operator.leaderElection is missing: use --reset-then-reuse-values instead of --reuse-values, which keeps the values of the older chart" -}}
{{- end -}}
name: {{ $own.name | quote }}
{{- with hasKey $own "namespace" | ternary $own.namespace (include "ftp-operator.namespace" $root) }}
namespace: {{ . | quote }}
{{- end }}
labels: {{- include "ftp-operator.labels" (list $root (default dict $own.labels)) | nindent 2 }}
{{- with mergeOverwrite (deepCopy (default dict $root.Values.commonAnnotations)) (deepCopy (default dict $own.annotations)) }}
annotations: {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{- define "ftp-operator.serviceAccountName" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "ftp-operator.fullname" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- required "serviceAccount.name is required when serviceAccount.create is false" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{/*
Permissions of the operator for FtpServers and their child objects. The ClusterRole and the Roles contain the same rules.
The rules contain no wildcards, and test/charts/rbac.test.ts contains the same table.
*/}}
{{- define "ftp-operator.rules" -}}
# Desired state. The operator reads the spec and never changes it.
- apiGroups: [ftp-operator.io]
  resources: [ftpservers, ftpusers]
  verbs: [list, watch]
# Actual state: conditions, addresses and slots.
- apiGroups: [ftp-operator.io]
  resources: [ftpservers/status, ftpusers/status]
  verbs: [patch]
# The operator reads user passwords and writes engine configurations. The garbage collector deletes the Secrets.
- apiGroups: [""]
  resources: [secrets]
  verbs: [get, list, watch, create, patch]
# ConfigMaps can contain CA certificates.
- apiGroups: [""]
  resources: [configmaps]
  verbs: [get, list, watch]
# Services expose the FtpServer. The ServiceAccount of its pods has no permissions.
- apiGroups: [""]
  resources: [services, serviceaccounts]
  verbs: [get, list, watch, create, patch]
# Storage of an FtpServer. The operator never deletes a claim, but some API servers require `delete` to change its owner.
- apiGroups: [""]
  resources: [persistentvolumeclaims]
  verbs: [get, list, watch, create, patch, delete]
# The operator reads the readiness and the drain state of pods. After a change to an annotation, kubelet syncs the Secret immediately.
# The operator deletes a pod only when its slot is unused and its StatefulSet was deleted with `--cascade=orphan`.
- apiGroups: [""]
  resources: [pods]
  verbs: [list, watch, patch, delete]
# One StatefulSet for each slot. The operator deletes the StatefulSets of unused slots.
- apiGroups: [apps]
  resources: [statefulsets]
  verbs: [get, list, watch, create, patch, delete]
# NetworkPolicy for the control port and the passive port range. Deleted when `spec.networkPolicy.mode` is `Disabled`.
- apiGroups: [networking.k8s.io]
  resources: [networkpolicies]
  verbs: [get, list, watch, create, patch, delete]
# PodDisruptionBudget that keeps one slot available during node drains.
- apiGroups: [policy]
  resources: [poddisruptionbudgets]
  verbs: [get, list, watch, create, patch]
# Events, which `kubectl describe` shows.
- apiGroups: [events.k8s.io]
  resources: [events]
  verbs: [create, patch]
{{- end -}}
