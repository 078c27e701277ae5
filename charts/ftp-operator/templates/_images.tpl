{{/* Replaces the registry host of an image with `global.imageRegistry`: (list $ image). The first part of an image reference is a host if it contains a dot or colon or is "localhost". */}}
{{- define "ftp-operator.fromRegistry" -}}
{{- $image := last . -}}
{{- $registry := dig "imageRegistry" "" (default dict (first .).Values.global) -}}
{{- if $registry -}}
{{- printf "%s/%s" (trimSuffix "/" $registry) (regexReplaceAll "^(localhost|[^/]*[.:][^/]*)/" $image "") -}}
{{- else -}}
{{- $image -}}
{{- end -}}
{{- end -}}

{{/* Operator image reference. A digest takes precedence over a tag. */}}
{{- define "ftp-operator.image" -}}
{{- $repository := include "ftp-operator.fromRegistry" (list . .Values.image.repository) -}}
{{- if .Values.image.digest -}}
{{- printf "%s@%s" $repository .Values.image.digest -}}
{{- else -}}
{{- printf "%s:%s" $repository (default .Chart.AppVersion .Values.image.tag) -}}
{{- end -}}
{{- end -}}

{{- define "ftp-operator.engineImage" -}}
{{- if .Values.engineImage -}}
{{- include "ftp-operator.fromRegistry" (list . .Values.engineImage) -}}
{{- else -}}
{{- include "ftp-operator.image" . -}}
{{- end -}}
{{- end -}}

{{/* The pod field `imagePullSecrets`, or an empty string. Entries in `global.imagePullSecrets` can be plain names. */}}
{{- define "ftp-operator.imagePullSecrets" -}}
{{- $secrets := list -}}
{{- range concat (dig "imagePullSecrets" list (default dict .Values.global)) (default list .Values.imagePullSecrets) -}}
{{- $secrets = append $secrets (kindIs "string" . | ternary (dict "name" .) .) -}}
{{- end -}}
{{- with $secrets | uniq -}}
imagePullSecrets: {{- toYaml . | nindent 2 }}
{{- end -}}
{{- end -}}
