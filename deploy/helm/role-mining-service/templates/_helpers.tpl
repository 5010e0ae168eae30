{{- define "role-mining.name" -}}
{{- printf "%s-%s" .Release.Name "role-mining" | trunc 50 | trimSuffix "-" -}}
{{- end -}}

{{- define "role-mining.selector" -}}
app.kubernetes.io/name: role-mining-service
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "role-mining.labels" -}}
{{ include "role-mining.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end -}}

{{- define "role-mining.image" -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end -}}

{{/* Every key of the secret but the owner's login. */}}
{{- define "role-mining.secrets" -}}
{{- range $key := list "DATABASE_URL" "JWT_SECRET" "JWT_PUBLIC_KEY" }}
- name: {{ $key }}
  valueFrom:
    secretKeyRef:
      name: {{ $.Values.existingSecret }}
      key: {{ $key }}
      optional: {{ ne $key "DATABASE_URL" }}
{{- end }}
{{- end -}}

{{- define "role-mining.environment" -}}
{{- range $name, $value := .Values.environment }}
- name: {{ $name }}
  value: {{ $value | quote }}
{{- end }}
{{- end -}}

{{- define "role-mining.pod-security" -}}
runAsNonRoot: true
runAsUser: 1000
fsGroup: 1000
seccompProfile:
  type: RuntimeDefault
{{- end -}}

{{- define "role-mining.container-security" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end -}}

{{- define "role-mining.pod-annotations" -}}
{{- if .Values.metrics.annotations }}
prometheus.io/scrape: 'true'
prometheus.io/path: /metrics
prometheus.io/port: {{ .Values.metrics.port | quote }}
{{- end }}
{{- end -}}

{{- define "role-mining.probes" -}}
startupProbe:
  httpGet: { path: /health/live, port: http }
  periodSeconds: 2
  failureThreshold: 60
livenessProbe:
  httpGet: { path: /health/live, port: http }
  periodSeconds: 10
  timeoutSeconds: 5
readinessProbe:
  httpGet: { path: /health/ready, port: http }
  periodSeconds: 5
  timeoutSeconds: 5
{{- end -}}
