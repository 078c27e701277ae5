-- Health of an FtpServer for Argo CD, computed from its conditions. The result agrees with kstatus.
local health = { status = "Progressing", message = "Waiting for the operator" }
local status = obj.status
if status == nil or status.conditions == nil or status.observedGeneration ~= obj.metadata.generation then
  return health
end

local conditions = {}
for _, condition in ipairs(status.conditions) do
  conditions[condition.type] = condition
end
local function is(name, value)
  return conditions[name] ~= nil and conditions[name].status == value
end

if conditions.Ready ~= nil then
  health.message = conditions.Ready.message
end
if is("Reconciling", "True") then
  return health
end
if is("Stalled", "True") then
  health.status = "Degraded"
  health.message = conditions.Stalled.message
  return health
end
if is("Ready", "True") then
  health.status = "Healthy"
  if obj.spec ~= nil and obj.spec.maintenance ~= nil and obj.spec.maintenance.mode == "Enabled" then
    health.status = "Suspended"
  elseif is("PassiveReachable", "False") then
    health.message = conditions.PassiveReachable.message
  end
end
return health
