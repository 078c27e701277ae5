{{/* Chart name, cut to what a label value may hold. */}}
{{- define "ftp-operator.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{/* Prefix of object names: the release's name, and the chart's where the release's does not say it. */}}
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

{{/* Name of a cluster-scoped object: two releases in two namespaces may not share it. */}}
{{- define "ftp-operator.clusterName" -}}
{{- printf "%s:%s" .Release.Namespace (include "ftp-operator.fullname" .) -}}
{{- end -}}

{{- define "ftp-operator.selectorLabels" -}}
app.kubernetes.io/name: {{ include "ftp-operator.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/component: operator
{{- end -}}

{{- define "ftp-operator.labels" -}}
{{ include "ftp-operator.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- with .Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* Labels of an object that has some of its own: (list $ labels). Those of the chart win, but for the component. */}}
{{- define "ftp-operator.labelsWith" -}}
{{- $own := last . -}}
{{- $component := pick $own "app.kubernetes.io/component" -}}
{{- mergeOverwrite (deepCopy $own) (include "ftp-operator.labels" (first .) | fromYaml) $component | toYaml -}}
{{- end -}}

{{- define "ftp-operator.serviceAccountName" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "ftp-operator.fullname" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- required "serviceAccount.name is needed when serviceAccount.create is false" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{/* Image reference of the operator: a digest wins over a tag. */}}
{{- define "ftp-operator.image" -}}
{{- if .Values.image.digest -}}
{{- printf "%s@%s" .Values.image.repository .Values.image.digest -}}
{{- else -}}
{{- printf "%s:%s" .Values.image.repository (default .Chart.AppVersion .Values.image.tag) -}}
{{- end -}}
{{- end -}}

{{/*
What the operator may do with FtpServers and with the objects it makes for them, in each namespace it serves.
A list map as YAML, shared by the ClusterRole and the Roles. No wildcards: test/charts/rbac.test.ts holds the same table.
*/}}
{{- define "ftp-operator.rules" -}}
# The wish. It is never changed by the operator, only read.
- apiGroups: [ftp-operator.io]
  resources: [ftpservers, ftpusers]
  verbs: [list, watch]
# What became of it: conditions, address, slots.
- apiGroups: [ftp-operator.io]
  resources: [ftpservers/status, ftpusers/status]
  verbs: [patch]
# Users' passwords are read here; the engines' configuration is written here. The garbage collector deletes, not the operator.
- apiGroups: [""]
  resources: [secrets]
  verbs: [get, list, watch, create, patch]
# The exposure, and the pods' identity, which has no rights.
- apiGroups: [""]
  resources: [services, serviceaccounts]
  verbs: [get, list, watch, create, patch]
# Storage that a server asks for. `delete` is never used, but some API servers want it before a claim may get or lose its owner.
- apiGroups: [""]
  resources: [persistentvolumeclaims]
  verbs: [get, list, watch, create, patch, delete]
# Readiness and draining are read. An annotation is patched so that kubelet syncs a changed Secret at once.
# A pod of a slot that is no longer needed is deleted only when its StatefulSet was deleted with `--cascade=orphan`.
- apiGroups: [""]
  resources: [pods]
  verbs: [list, watch, patch, delete]
# One StatefulSet for each slot; a slot that is no longer needed goes.
- apiGroups: [apps]
  resources: [statefulsets]
  verbs: [get, list, watch, create, patch, delete]
# The control port and the passive range are opened, nothing else; without networkPolicy.mode Managed the policy goes.
- apiGroups: [networking.k8s.io]
  resources: [networkpolicies]
  verbs: [get, list, watch, create, patch, delete]
# Node drains leave one slot at work.
- apiGroups: [policy]
  resources: [poddisruptionbudgets]
  verbs: [get, list, watch, create, patch]
# What `kubectl describe` shows.
- apiGroups: [events.k8s.io]
  resources: [events]
  verbs: [create, patch]
{{- end -}}

{{/*
Node's option that limits the heap to half of the container's memory, where the limit is written in Mi or Gi. V8 halves it again for the
size up to which it collects nothing; what it would choose by itself lets twice as much garbage gather.
*/}}
{{- define "ftp-operator.heapOption" -}}
{{- $limit := toString (dig "limits" "memory" "" .Values.operator.resources) -}}
{{- if regexMatch "^[0-9]+Mi$" $limit -}}
--max-old-space-size={{ div (trimSuffix "Mi" $limit | int) 2 }}
{{- else if regexMatch "^[0-9]+Gi$" $limit -}}
--max-old-space-size={{ mul (trimSuffix "Gi" $limit | int) 512 }}
{{- end -}}
{{- end -}}
