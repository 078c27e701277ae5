{{/* Milliseconds of a duration such as 1m30s. */}}
{{- define "ftp-operator.milliseconds" -}}
{{- $units := dict "d" 86400000 "h" 3600000 "m" 60000 "s" 1000 "ms" 1 -}}
{{- $sum := 0 -}}
{{- range regexFindAll "[0-9]+(ms|[dhms])" . -1 -}}
{{- $sum = add $sum (mul (regexFind "[0-9]+" . | atoi) (index $units (regexFind "[a-z]+" .))) -}}
{{- end -}}
{{- $sum -}}
{{- end -}}

{{/* Fails unless the first duration is shorter than the second: (dict "short" … "shortName" … "long" … "longName" …). */}}
{{- define "ftp-operator.requireShorter" -}}
{{- if ge (include "ftp-operator.milliseconds" .short | atoi) (include "ftp-operator.milliseconds" .long | atoi) -}}
{{- fail (printf "%s must be shorter than %s: %s is not shorter than %s" .shortName .longName .short .long) -}}
{{- end -}}
{{- end -}}

{{/* Validation rules that involve several values, which the schema cannot express. */}}
{{- define "ftp-operator.validate" -}}
{{- with .Values.operator -}}
{{- $lease := .leaderElection -}}
{{- include "ftp-operator.requireShorter" (dict "short" $lease.renewDeadline "shortName" "operator.leaderElection.renewDeadline" "long" $lease.leaseDuration "longName" "leaseDuration") -}}
{{- include "ftp-operator.requireShorter" (dict "short" $lease.retryPeriod "shortName" "operator.leaderElection.retryPeriod" "long" $lease.renewDeadline "longName" "renewDeadline") -}}
{{- $budget := default dict .podDisruptionBudget -}}
{{- $unset := list "" "<nil>" -}}
{{- if not (or (has (toString $budget.minAvailable) $unset) (has (toString $budget.maxUnavailable) $unset)) -}}
{{- fail "operator.podDisruptionBudget has both minAvailable and maxUnavailable: set only one of these values" -}}
{{- end -}}
{{- if and (eq .dnsPolicy "None") (not .dnsConfig.nameservers) -}}
{{- fail "operator.dnsPolicy is None, which requires name servers: set operator.dnsConfig.nameservers" -}}
{{- end -}}
{{- $managed := dict
  "--namespaces" "set watch.namespaces, which also creates the Roles"
  "--leader-election-namespace" "set namespaceOverride, which also moves the Role"
  "--leader-election-name" "set fullnameOverride, which also renames the Role"
  "--pod-labels" "the chart sets the labels of the Deployment"
  "--metrics-port" "the Service, the probes and the NetworkPolicy use port 8080"
-}}
{{- range .extraArgs -}}
{{- $flag := regexFind "^--[a-z-]+" . -}}
{{- with get $managed $flag -}}
{{- fail (printf "operator.extraArgs must not contain %s: %s" $flag .) -}}
{{- end -}}
{{- end -}}
{{- $volumes := list -}}
{{- range .extraVolumes }}{{ $volumes = append $volumes .name }}{{ end -}}
{{- range .extraVolumeMounts -}}
{{- if not (has .name $volumes) -}}
{{- fail (printf "operator.extraVolumeMounts references volume %s: add the volume to operator.extraVolumes" .name) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- range $old, $new := dict "FtpSessionsRefused" "FtpSessionsRejected" "FtpConfigRefused" "FtpConfigRejected" -}}
{{- if hasKey (default dict $.Values.metrics.prometheusRule.alerts) $old -}}
{{- fail (printf "metrics.prometheusRule.alerts.%s was renamed to %s" $old $new) -}}
{{- end -}}
{{- end -}}
{{- range $name := list "serviceMonitor" "podMonitor" -}}
{{- $monitor := index $.Values.metrics $name -}}
{{- if and $monitor.interval $monitor.scrapeTimeout -}}
{{- if gt (include "ftp-operator.milliseconds" $monitor.scrapeTimeout | atoi) (include "ftp-operator.milliseconds" $monitor.interval | atoi) -}}
{{- fail (printf "metrics.%s.scrapeTimeout must not exceed interval: %s is longer than %s" $name $monitor.scrapeTimeout $monitor.interval) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
