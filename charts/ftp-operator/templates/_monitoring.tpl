{{/* An alert from files/alerts.yaml with its chart values: (list prometheusRule rule). Empty when the alert is disabled. */}}
{{- define "ftp-operator.alert" -}}
{{- $values := first . -}}
{{- $rule := last . -}}
{{- $own := get (default dict $values.alerts) $rule.alert | default dict -}}
{{- if $own.enabled -}}
{{- if hasKey $own "threshold" -}}
{{- /* The threshold is at the end of the expression. */}}
{{- $_ := set $rule "expr" (regexReplaceAll "[0-9.]+\\s*$" $rule.expr (toJson $own.threshold)) -}}
{{- end -}}
{{- $_ := unset $rule "for" -}}
{{- with $own.for }}{{ $_ := set $rule "for" . }}{{ end -}}
{{- $_ := set $rule "labels" (mergeOverwrite (deepCopy $rule.labels) (deepCopy (default dict $values.additionalRuleLabels)) (deepCopy (default dict $own.labels))) -}}
{{- $runbook := dict -}}
{{- with $values.runbookBaseUrl -}}
{{- $_ := set $runbook "runbook_url" (printf "%s/%s.md" (trimSuffix "/" .) $rule.alert) -}}
{{- end -}}
{{- $annotations := omit $rule.annotations "runbook_url" -}}
{{- $_ := set $rule "annotations" (mergeOverwrite $annotations $runbook (deepCopy (default dict $values.additionalRuleAnnotations)) (deepCopy (default dict $own.annotations))) -}}
{{- $rule | toYaml -}}
{{- end -}}
{{- end -}}

{{/* Rule groups in the PrometheusRule. Groups without enabled alerts are omitted. */}}
{{- define "ftp-operator.alertGroups" -}}
{{- $groups := list -}}
{{- range (.Files.Get "files/alerts.yaml" | fromYaml).groups -}}
{{- $rules := list -}}
{{- range .rules -}}
{{- with include "ftp-operator.alert" (list $.Values.metrics.prometheusRule .) }}{{ $rules = append $rules (fromYaml .) }}{{ end -}}
{{- end -}}
{{- if $rules }}{{ $groups = append $groups (dict "name" .name "rules" $rules) }}{{ end -}}
{{- end -}}
{{- toYaml $groups -}}
{{- end -}}

{{/* Fields that the endpoints of the ServiceMonitor and the PodMonitor have in common. */}}
{{- define "ftp-operator.endpoint" -}}
honorLabels: {{ .honorLabels }}
{{- range $field := list "interval" "scrapeTimeout" "relabelings" "metricRelabelings" }}
{{- with get $ $field }}
{{ $field }}: {{ toJson . }}
{{- end }}
{{- end }}
{{- end -}}
