{{/* Name of the chart in names and labels, shortened to the length of a label value. */}}
{{- define "ftp-operator.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{/* Prefix of object names: the release name, followed by the chart name unless the release name contains it. */}}
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

{{/* Namespace of the operator and of its Lease. */}}
{{- define "ftp-operator.namespace" -}}
{{- default .Release.Namespace .Values.namespaceOverride -}}
{{- end -}}

{{/* Name of a cluster-scoped object, unique for each release. */}}
{{- define "ftp-operator.clusterName" -}}
{{- printf "%s:%s" (include "ftp-operator.namespace" .) (include "ftp-operator.fullname" .) -}}
{{- end -}}

{{- define "ftp-operator.selectorLabels" -}}
app.kubernetes.io/name: {{ include "ftp-operator.name" . | quote }}
app.kubernetes.io/instance: {{ .Release.Name | quote }}
app.kubernetes.io/component: operator
{{- end -}}

{{/* Labels of an object, merged with its own: (list $ labels). Those of the chart take precedence, except for the component. */}}
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
Metadata of an object: (list $ (dict "name" … "namespace" … "labels" … "annotations" …)). `namespace` defaults to that of the
chart, and is empty for cluster-scoped objects. Annotations of the object take precedence over `commonAnnotations`.
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
Permissions of the operator on FtpServers and on the objects that it creates for them, shared by the ClusterRole and the Roles.
No wildcards: test/charts/rbac.test.ts has the same table.
*/}}
{{- define "ftp-operator.rules" -}}
# Desired state. The operator reads it and never changes it.
- apiGroups: [ftp-operator.io]
  resources: [ftpservers, ftpusers]
  verbs: [list, watch]
# Actual state: conditions, address, slots.
- apiGroups: [ftp-operator.io]
  resources: [ftpservers/status, ftpusers/status]
  verbs: [patch]
# The operator reads passwords of users and writes the configuration of the engines. The garbage collector deletes Secrets.
- apiGroups: [""]
  resources: [secrets]
  verbs: [get, list, watch, create, patch]
# ConfigMaps can hold the certificate authorities of client certificates.
- apiGroups: [""]
  resources: [configmaps]
  verbs: [get, list, watch]
# Services that expose the FtpServer, and the ServiceAccount of its pods, which has no permissions.
- apiGroups: [""]
  resources: [services, serviceaccounts]
  verbs: [get, list, watch, create, patch]
# Storage of an FtpServer. `delete` is never used, but some API servers require it to add or remove the owner of a claim.
- apiGroups: [""]
  resources: [persistentvolumeclaims]
  verbs: [get, list, watch, create, patch, delete]
# The operator reads readiness and drain state. It patches an annotation so that the kubelet syncs a changed Secret immediately.
# It deletes a pod of an unused slot only when its StatefulSet was deleted with `--cascade=orphan`.
- apiGroups: [""]
  resources: [pods]
  verbs: [list, watch, patch, delete]
# One StatefulSet for each slot. The operator deletes those of unused slots.
- apiGroups: [apps]
  resources: [statefulsets]
  verbs: [get, list, watch, create, patch, delete]
# A policy that allows the control port and the passive port range. Deleted when `spec.networkPolicy.mode` is `Disabled`.
- apiGroups: [networking.k8s.io]
  resources: [networkpolicies]
  verbs: [get, list, watch, create, patch, delete]
# Keeps one slot available during node drains.
- apiGroups: [policy]
  resources: [poddisruptionbudgets]
  verbs: [get, list, watch, create, patch]
# Events, which `kubectl describe` shows.
- apiGroups: [events.k8s.io]
  resources: [events]
  verbs: [create, patch]
{{- end -}}
