{{/* Security context of the operator pod and the `helm test` pod. */}}
{{- define "ftp-operator.podSecurityContext" -}}
{{- $context := default dict .Values.operator.podSecurityContext -}}
{{- if eq .Values.operator.ids "Platform" -}}
{{- $context = omit $context "runAsUser" "runAsGroup" "fsGroup" -}}
{{- end -}}
{{- toYaml $context -}}
{{- end -}}

{{/*
Node.js option that limits the heap to half of the container memory limit, if the limit is in Mi or Gi. By default,
V8 uses twice as much memory before it collects garbage.
*/}}
{{- define "ftp-operator.heapOption" -}}
{{- $limit := toString (dig "limits" "memory" "" (default dict .Values.operator.resources)) -}}
{{- if regexMatch "^[0-9]+Mi$" $limit -}}
--max-old-space-size={{ div (trimSuffix "Mi" $limit | int) 2 }}
{{- else if regexMatch "^[0-9]+Gi$" $limit -}}
--max-old-space-size={{ mul (trimSuffix "Gi" $limit | int) 512 }}
{{- end -}}
{{- end -}}

{{/*
Environment variables that limit the young generation, the heap and the malloc arenas of the operator, and return freed
memory to the operating system. These variables halve the memory for thousands of FtpServers. A variable in `operator.extraEnv` replaces the
variable with the same name, because names must be unique.
*/}}
{{- define "ftp-operator.env" -}}
{{- $options := printf "--max-semi-space-size=4 %s" (include "ftp-operator.heapOption" .) | trim -}}
{{- $env := list
  (dict "name" "NODE_OPTIONS" "value" $options)
  (dict "name" "MALLOC_ARENA_MAX" "value" "1")
  (dict "name" "MALLOC_TRIM_THRESHOLD_" "value" "131072")
  (dict "name" "MALLOC_MMAP_THRESHOLD_" "value" "65536")
-}}
{{- $replaced := list -}}
{{- range .Values.operator.extraEnv }}{{ $replaced = append $replaced .name }}{{ end -}}
{{- $kept := list -}}
{{- range $env }}{{ if not (has .name $replaced) }}{{ $kept = append $kept . }}{{ end }}{{ end -}}
{{- concat $kept (default list .Values.operator.extraEnv) | toYaml -}}
{{- end -}}
