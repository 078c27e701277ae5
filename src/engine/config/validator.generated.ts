// Generated from src/engine/config/schema.ts by `npm run generate`; do not edit.
// @ts-nocheck: Ajv generates JavaScript.
/* eslint-disable -- Ajv generates this code. */
import type { ValidateFunction } from "ajv";
import type { EngineConfig } from "../../api/engine-config.ts";
import { FORMATS } from "./formats.ts";
export const validate: ValidateFunction<EngineConfig> = validate10;
const schema11 = {"type":"object","additionalProperties":false,"required":["version","generation","controlPort","metricsPort","passive","active","maskedClients","users","limits","uploads","storage","logging","handOverSeconds","drainPeriodSeconds"],"properties":{"version":{"const":1},"generation":{"type":"string","maxLength":64},"controlPort":{"type":"integer","minimum":0,"maximum":65535},"metricsPort":{"type":"integer","minimum":0,"maximum":65535},"banner":{"type":"string","maxLength":512,"pattern":"^[^\\u0000-\\u001f\\u007f]*$"},"passive":{"type":"object","additionalProperties":false,"required":["portRange","address","overrides","portSharing"],"properties":{"portRange":{"type":"object","additionalProperties":false,"required":["first","last"],"properties":{"first":{"type":"integer","minimum":1,"maximum":65535},"last":{"type":"integer","minimum":1,"maximum":65535}}},"address":{"type":"object","required":["type"],"discriminator":{"propertyName":"type"},"oneOf":[{"type":"object","additionalProperties":false,"required":["type"],"properties":{"type":{"const":"Unknown"}}},{"type":"object","additionalProperties":false,"required":["type"],"properties":{"type":{"const":"ControlConnection"}}},{"type":"object","additionalProperties":false,"required":["type","address"],"properties":{"type":{"const":"Static"},"address":{"type":"string","format":"ipv4-address"}}},{"type":"object","additionalProperties":false,"required":["type","name","refreshPeriodSeconds"],"properties":{"type":{"const":"Hostname"},"name":{"type":"string","minLength":1,"maxLength":253},"refreshPeriodSeconds":{"type":"integer","minimum":1,"maximum":86400}}}]},"overrides":{"type":"array","maxItems":1000,"items":{"type":"object","additionalProperties":false,"required":["clients","address"],"properties":{"clients":{"type":"string","format":"address-or-cidr"},"address":{"type":"string","format":"ipv4-address"}}}},"portSharing":{"enum":["Enabled","Disabled"]}}},"active":{"type":"object","additionalProperties":false,"required":["mode"],"properties":{"mode":{"enum":["Disabled","Enabled"]},"sourcePort":{"type":"integer","minimum":1,"maximum":65535}}},"tls":{"type":"object","additionalProperties":false,"required":["mode","certificateFile","keyFile","minimumVersion","dataProtection","clearControl","sessionReuse","serverNames","clientCertificates"],"properties":{"mode":{"enum":["Optional","Required","Implicit"]},"certificateFile":{"type":"string","minLength":1,"maxLength":4096,"pattern":"^/"},"keyFile":{"type":"string","minLength":1,"maxLength":4096,"pattern":"^/"},"minimumVersion":{"enum":["TLS12","TLS13"]},"dataProtection":{"enum":["Required","Optional"]},"clearControl":{"enum":["Deny","Allow"]},"sessionReuse":{"enum":["Preferred","Required"]},"serverNames":{"type":"array","maxItems":100,"items":{"type":"string","minLength":1,"maxLength":253}},"clientCertificates":{"type":"object","required":["mode"],"discriminator":{"propertyName":"mode"},"oneOf":[{"type":"object","additionalProperties":false,"required":["mode"],"properties":{"mode":{"const":"Disabled"}}},{"type":"object","additionalProperties":false,"required":["mode","caFile","login"],"properties":{"mode":{"enum":["Optional","Required"]},"caFile":{"type":"string","minLength":1,"maxLength":4096,"pattern":"^/"},"login":{"enum":["Password","CommonName","SubjectAlternativeName"]}}}]}}},"proxyProtocol":{"type":"object","additionalProperties":false,"required":["trustedSources"],"properties":{"trustedSources":{"type":"array","maxItems":20000,"items":{"type":"string","format":"address-or-cidr"},"minItems":1}}},"anonymous":{"type":"object","additionalProperties":false,"required":["mode","homeDirectory"],"properties":{"mode":{"enum":["ReadOnly","ReadWrite"]},"homeDirectory":{"type":"string","maxLength":1024,"format":"virtual-path"},"quota":{"type":"object","additionalProperties":false,"required":[],"properties":{"bytes":{"type":"integer","minimum":0,"maximum":9007199254740991},"files":{"type":"integer","minimum":0,"maximum":9007199254740991}}},"limits":{"type":"object","additionalProperties":false,"required":[],"properties":{"sessions":{"type":"integer","minimum":1,"maximum":1000000},"uploadBytesPerSecond":{"type":"integer","minimum":1,"maximum":9007199254740991},"downloadBytesPerSecond":{"type":"integer","minimum":1,"maximum":9007199254740991}}},"allowedClients":{"type":"array","maxItems":20000,"items":{"type":"string","format":"address-or-cidr"}}}},"maskedClients":{"type":"array","maxItems":20000,"items":{"type":"string","format":"address-or-cidr"}},"users":{"type":"array","maxItems":100000,"items":{"type":"object","additionalProperties":false,"required":["name","homeDirectory","permissions"],"properties":{"name":{"type":"string","minLength":1,"maxLength":128},"passwordHash":{"type":"string","maxLength":512},"passwordSource":{"type":"string","maxLength":1024},"namespace":{"type":"string","minLength":1,"maxLength":63},"homeDirectory":{"type":"string","maxLength":1024,"format":"virtual-path"},"permissions":{"type":"array","items":{"enum":["List","Read","Write","Append","Delete","Rename","MakeDirectory","RemoveDirectory","SetModificationTime"]},"uniqueItems":true},"directories":{"type":"array","maxItems":100,"items":{"type":"object","additionalProperties":false,"required":["path","permissions"],"properties":{"path":{"type":"string","maxLength":1024,"format":"directory-path"},"permissions":{"type":"array","items":{"enum":["List","Read","Write","Append","Delete","Rename","MakeDirectory","RemoveDirectory","SetModificationTime"]},"uniqueItems":true}}}},"mounts":{"type":"array","maxItems":100,"items":{"type":"object","additionalProperties":false,"required":["path","subPath","access"],"properties":{"path":{"type":"string","maxLength":1024,"format":"directory-path"},"storage":{"type":"string","pattern":"^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$"},"subPath":{"type":"string","maxLength":1024,"format":"virtual-path"},"access":{"enum":["ReadWrite","ReadOnly"]}}}},"quota":{"type":"object","additionalProperties":false,"required":[],"properties":{"bytes":{"type":"integer","minimum":0,"maximum":9007199254740991},"files":{"type":"integer","minimum":0,"maximum":9007199254740991}}},"limits":{"type":"object","additionalProperties":false,"required":[],"properties":{"sessions":{"type":"integer","minimum":1,"maximum":1000000},"uploadBytesPerSecond":{"type":"integer","minimum":1,"maximum":9007199254740991},"downloadBytesPerSecond":{"type":"integer","minimum":1,"maximum":9007199254740991}}},"files":{"type":"object","additionalProperties":false,"required":[],"properties":{"fileMode":{"type":"string","format":"file-mode"},"directoryMode":{"type":"string","format":"directory-mode"}}},"allowedClients":{"type":"array","maxItems":20000,"items":{"type":"string","format":"address-or-cidr"}},"state":{"enum":["Enabled","Disabled"]},"expiresAt":{"type":"string","maxLength":64,"format":"date-time"}}}},"check":{"type":"object","additionalProperties":false,"required":["token"],"properties":{"token":{"type":"string","minLength":32,"maxLength":512}}},"limits":{"type":"object","additionalProperties":false,"required":["sessions","sessionsPerClient","loginTimeoutSeconds","idleTimeoutSeconds","dataConnectTimeoutSeconds","stalledTransferTimeoutSeconds","commandLineBytes","queuedCommands","unknownCommands","listingEntries","checksumBytes","failedLogins"],"properties":{"sessions":{"type":"integer","minimum":1,"maximum":1000000},"sessionsPerClient":{"type":"integer","minimum":1,"maximum":1000000},"loginTimeoutSeconds":{"type":"integer","minimum":1,"maximum":86400},"idleTimeoutSeconds":{"type":"integer","minimum":1,"maximum":86400},"dataConnectTimeoutSeconds":{"type":"integer","minimum":1,"maximum":86400},"stalledTransferTimeoutSeconds":{"type":"integer","minimum":1,"maximum":86400},"commandLineBytes":{"type":"integer","minimum":512,"maximum":65536},"queuedCommands":{"type":"integer","minimum":1,"maximum":1024},"unknownCommands":{"type":"integer","minimum":1,"maximum":1000},"listingEntries":{"type":"integer","minimum":1,"maximum":1000000000},"checksumBytes":{"type":"integer","minimum":1,"maximum":9007199254740991},"failedLogins":{"type":"object","additionalProperties":false,"required":["perSession","delaySeconds","attempts","periodSeconds","banSeconds"],"properties":{"perSession":{"type":"integer","minimum":1,"maximum":1000},"delaySeconds":{"type":"integer","minimum":0,"maximum":60},"attempts":{"type":"integer","minimum":1,"maximum":1000000},"periodSeconds":{"type":"integer","minimum":1,"maximum":86400},"banSeconds":{"type":"integer","minimum":0,"maximum":86400}}}}},"files":{"type":"object","additionalProperties":false,"required":[],"properties":{"fileMode":{"type":"string","format":"file-mode"},"directoryMode":{"type":"string","format":"directory-mode"}}},"uploads":{"type":"object","additionalProperties":false,"required":["incomplete","sync","missingCloseNotify"],"properties":{"incomplete":{"enum":["Keep","Remove"]},"sync":{"enum":["Always","Never"]},"missingCloseNotify":{"enum":["Deny","Allow"]}}},"storage":{"type":"object","minProperties":1,"maxProperties":1,"additionalProperties":false,"properties":{"root":{"type":"string","minLength":1,"pattern":"^/"},"objectStorage":{"type":"object","additionalProperties":false,"required":["bucket","prefix","region","forcePathStyle","credentials","multipart"],"properties":{"bucket":{"type":"string","minLength":3,"maxLength":63,"pattern":"^[a-z0-9][a-z0-9.-]*[a-z0-9]$"},"prefix":{"type":"string","maxLength":512,"format":"key-prefix"},"region":{"type":"string","minLength":1,"maxLength":64,"pattern":"^[A-Za-z0-9-]+$"},"endpoint":{"type":"string","maxLength":1024,"format":"http-url"},"forcePathStyle":{"type":"boolean"},"credentials":{"type":"object","required":["type"],"discriminator":{"propertyName":"type"},"oneOf":[{"type":"object","additionalProperties":false,"required":["type"],"properties":{"type":{"const":"Chain"}}},{"type":"object","additionalProperties":false,"required":["type","directory"],"properties":{"type":{"const":"Files"},"directory":{"type":"string","minLength":1,"maxLength":4096,"pattern":"^/"}}},{"type":"object","additionalProperties":false,"required":["type","roleArn","tokenFile"],"properties":{"type":{"const":"WebIdentity"},"roleArn":{"type":"string","minLength":20,"maxLength":2048,"pattern":"^arn:[!-~]+$"},"tokenFile":{"type":"string","minLength":1,"maxLength":4096,"pattern":"^/"},"stsEndpoint":{"type":"string","maxLength":1024,"format":"http-url"}}}]},"caFile":{"type":"string","minLength":1,"maxLength":4096,"pattern":"^/"},"serverSideEncryption":{"type":"object","additionalProperties":false,"required":["algorithm"],"properties":{"algorithm":{"enum":["AES256","aws:kms"]},"kmsKeyId":{"type":"string","minLength":1,"maxLength":2048,"pattern":"^[!-~]+$"}}},"storageClass":{"type":"string","minLength":1,"maxLength":64,"pattern":"^[A-Za-z0-9_-]+$"},"multipart":{"type":"object","additionalProperties":false,"required":["partSizeBytes","concurrency"],"properties":{"partSizeBytes":{"type":"integer","minimum":5242880,"maximum":536870912},"concurrency":{"type":"integer","minimum":1,"maximum":16}}}}}}},"additionalStorage":{"type":"object","maxProperties":64,"propertyNames":{"type":"string","pattern":"^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$"},"additionalProperties":{"type":"object","minProperties":1,"maxProperties":1,"additionalProperties":false,"properties":{"root":{"type":"string","minLength":1,"pattern":"^/"},"objectStorage":{"type":"object","additionalProperties":false,"required":["bucket","prefix","region","forcePathStyle","credentials","multipart"],"properties":{"bucket":{"type":"string","minLength":3,"maxLength":63,"pattern":"^[a-z0-9][a-z0-9.-]*[a-z0-9]$"},"prefix":{"type":"string","maxLength":512,"format":"key-prefix"},"region":{"type":"string","minLength":1,"maxLength":64,"pattern":"^[A-Za-z0-9-]+$"},"endpoint":{"type":"string","maxLength":1024,"format":"http-url"},"forcePathStyle":{"type":"boolean"},"credentials":{"type":"object","required":["type"],"discriminator":{"propertyName":"type"},"oneOf":[{"type":"object","additionalProperties":false,"required":["type"],"properties":{"type":{"const":"Chain"}}},{"type":"object","additionalProperties":false,"required":["type","directory"],"properties":{"type":{"const":"Files"},"directory":{"type":"string","minLength":1,"maxLength":4096,"pattern":"^/"}}},{"type":"object","additionalProperties":false,"required":["type","roleArn","tokenFile"],"properties":{"type":{"const":"WebIdentity"},"roleArn":{"type":"string","minLength":20,"maxLength":2048,"pattern":"^arn:[!-~]+$"},"tokenFile":{"type":"string","minLength":1,"maxLength":4096,"pattern":"^/"},"stsEndpoint":{"type":"string","maxLength":1024,"format":"http-url"}}}]},"caFile":{"type":"string","minLength":1,"maxLength":4096,"pattern":"^/"},"serverSideEncryption":{"type":"object","additionalProperties":false,"required":["algorithm"],"properties":{"algorithm":{"enum":["AES256","aws:kms"]},"kmsKeyId":{"type":"string","minLength":1,"maxLength":2048,"pattern":"^[!-~]+$"}}},"storageClass":{"type":"string","minLength":1,"maxLength":64,"pattern":"^[A-Za-z0-9_-]+$"},"multipart":{"type":"object","additionalProperties":false,"required":["partSizeBytes","concurrency"],"properties":{"partSizeBytes":{"type":"integer","minimum":5242880,"maximum":536870912},"concurrency":{"type":"integer","minimum":1,"maximum":16}}}}}}}},"notifications":{"type":"object","additionalProperties":false,"required":["source","namespace","server","internalSinks","sinks"],"properties":{"source":{"type":"string","minLength":1,"maxLength":1024},"namespace":{"type":"string","minLength":1,"maxLength":253},"server":{"type":"string","minLength":1,"maxLength":253},"internalSinks":{"enum":["Allow","Deny"]},"outboxDirectory":{"type":"string","minLength":1,"maxLength":4096,"pattern":"^/"},"sinks":{"type":"array","minItems":1,"maxItems":16,"items":{"type":"object","additionalProperties":false,"required":["name","events","paths","users","sink"],"properties":{"name":{"type":"string","pattern":"^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$"},"events":{"type":"array","minItems":1,"uniqueItems":true,"items":{"enum":["FileUploaded","FileDownloaded","FileDeleted","FileRenamed","DirectoryCreated","DirectoryRemoved","LoginSucceeded","LoginFailed"]}},"paths":{"type":"array","maxItems":64,"items":{"type":"string","minLength":1,"maxLength":1024}},"users":{"type":"array","maxItems":100,"items":{"type":"string","minLength":1,"maxLength":128}},"sink":{"type":"object","additionalProperties":false,"required":["type","url","mode","headers"],"properties":{"type":{"const":"HTTP"},"url":{"type":"string","maxLength":2048,"format":"sink-url"},"mode":{"enum":["Structured","Binary"]},"headers":{"type":"array","maxItems":16,"items":{"type":"object","additionalProperties":false,"required":["name","file"],"properties":{"name":{"type":"string","pattern":"^[A-Za-z0-9-]{1,128}$"},"file":{"type":"string","minLength":1,"maxLength":4096,"pattern":"^/"}}}},"caFile":{"type":"string","minLength":1,"maxLength":4096,"pattern":"^/"},"hmacKeyFile":{"type":"string","minLength":1,"maxLength":4096,"pattern":"^/"}}}}}}}},"logging":{"type":"object","additionalProperties":false,"required":["level","transferLog"],"properties":{"level":{"enum":["Error","Warn","Info","Debug"]},"transferLog":{"enum":["Enabled","Disabled"]}}},"handOverSeconds":{"type":"integer","minimum":0,"maximum":3600},"drainPeriodSeconds":{"type":"integer","minimum":0,"maximum":604800}}};
const func2 = Object.prototype.hasOwnProperty;
import func3Module from "ajv/dist/runtime/ucs2length.js";
const func3 = func3Module.default;
import func0Module from "ajv/dist/runtime/equal.js";
const func0 = func0Module.default;
const pattern0 = new RegExp("^[^\\u0000-\\u001f\\u007f]*$", "u");
const pattern1 = new RegExp("^/", "u");
const pattern5 = new RegExp("^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$", "u");
const pattern7 = new RegExp("^[a-z0-9][a-z0-9.-]*[a-z0-9]$", "u");
const pattern8 = new RegExp("^[A-Za-z0-9-]+$", "u");
const pattern10 = new RegExp("^arn:[!-~]+$", "u");
const pattern13 = new RegExp("^[!-~]+$", "u");
const pattern14 = new RegExp("^[A-Za-z0-9_-]+$", "u");
const pattern26 = new RegExp("^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$", "u");
const pattern27 = new RegExp("^[A-Za-z0-9-]{1,128}$", "u");
const formats0 = FORMATS["ipv4-address"];
const formats2 = FORMATS["address-or-cidr"];
const formats8 = FORMATS["virtual-path"];
const formats16 = FORMATS["directory-path"];
const formats22 = FORMATS["file-mode"];
const formats24 = FORMATS["directory-mode"];
const formats28 = FORMATS["date-time"];
const formats34 = FORMATS["key-prefix"];
const formats36 = FORMATS["http-url"];
const formats46 = FORMATS["sink-url"];

function validate10(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.version === undefined){
const err0 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "version"},message:"must have required property '"+"version"+"'"};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
if(data.generation === undefined){
const err1 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "generation"},message:"must have required property '"+"generation"+"'"};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
if(data.controlPort === undefined){
const err2 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "controlPort"},message:"must have required property '"+"controlPort"+"'"};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
if(data.metricsPort === undefined){
const err3 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "metricsPort"},message:"must have required property '"+"metricsPort"+"'"};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
if(data.passive === undefined){
const err4 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "passive"},message:"must have required property '"+"passive"+"'"};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
if(data.active === undefined){
const err5 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "active"},message:"must have required property '"+"active"+"'"};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
if(data.maskedClients === undefined){
const err6 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "maskedClients"},message:"must have required property '"+"maskedClients"+"'"};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
if(data.users === undefined){
const err7 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "users"},message:"must have required property '"+"users"+"'"};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
if(data.limits === undefined){
const err8 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "limits"},message:"must have required property '"+"limits"+"'"};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
if(data.uploads === undefined){
const err9 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "uploads"},message:"must have required property '"+"uploads"+"'"};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
if(data.storage === undefined){
const err10 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "storage"},message:"must have required property '"+"storage"+"'"};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
if(data.logging === undefined){
const err11 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "logging"},message:"must have required property '"+"logging"+"'"};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
if(data.handOverSeconds === undefined){
const err12 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "handOverSeconds"},message:"must have required property '"+"handOverSeconds"+"'"};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
if(data.drainPeriodSeconds === undefined){
const err13 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "drainPeriodSeconds"},message:"must have required property '"+"drainPeriodSeconds"+"'"};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
for(const key0 in data){
if(!(func2.call(schema11.properties, key0))){
const err14 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
}
if(data.version !== undefined){
if(1 !== data.version){
const err15 = {instancePath:instancePath+"/version",schemaPath:"#/properties/version/const",keyword:"const",params:{allowedValue: 1},message:"must be equal to constant"};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
}
if(data.generation !== undefined){
let data1 = data.generation;
if(typeof data1 === "string"){
if(func3(data1) > 64){
const err16 = {instancePath:instancePath+"/generation",schemaPath:"#/properties/generation/maxLength",keyword:"maxLength",params:{limit: 64},message:"must NOT have more than 64 characters"};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
}
else {
const err17 = {instancePath:instancePath+"/generation",schemaPath:"#/properties/generation/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
}
if(data.controlPort !== undefined){
let data2 = data.controlPort;
if(!(((typeof data2 == "number") && (!(data2 % 1) && !isNaN(data2))) && (isFinite(data2)))){
const err18 = {instancePath:instancePath+"/controlPort",schemaPath:"#/properties/controlPort/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
if((typeof data2 == "number") && (isFinite(data2))){
if(data2 > 65535 || isNaN(data2)){
const err19 = {instancePath:instancePath+"/controlPort",schemaPath:"#/properties/controlPort/maximum",keyword:"maximum",params:{comparison: "<=", limit: 65535},message:"must be <= 65535"};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
if(data2 < 0 || isNaN(data2)){
const err20 = {instancePath:instancePath+"/controlPort",schemaPath:"#/properties/controlPort/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
}
}
}
if(data.metricsPort !== undefined){
let data3 = data.metricsPort;
if(!(((typeof data3 == "number") && (!(data3 % 1) && !isNaN(data3))) && (isFinite(data3)))){
const err21 = {instancePath:instancePath+"/metricsPort",schemaPath:"#/properties/metricsPort/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err21];
}
else {
vErrors.push(err21);
}
errors++;
}
if((typeof data3 == "number") && (isFinite(data3))){
if(data3 > 65535 || isNaN(data3)){
const err22 = {instancePath:instancePath+"/metricsPort",schemaPath:"#/properties/metricsPort/maximum",keyword:"maximum",params:{comparison: "<=", limit: 65535},message:"must be <= 65535"};
if(vErrors === null){
vErrors = [err22];
}
else {
vErrors.push(err22);
}
errors++;
}
if(data3 < 0 || isNaN(data3)){
const err23 = {instancePath:instancePath+"/metricsPort",schemaPath:"#/properties/metricsPort/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"};
if(vErrors === null){
vErrors = [err23];
}
else {
vErrors.push(err23);
}
errors++;
}
}
}
if(data.banner !== undefined){
let data4 = data.banner;
if(typeof data4 === "string"){
if(func3(data4) > 512){
const err24 = {instancePath:instancePath+"/banner",schemaPath:"#/properties/banner/maxLength",keyword:"maxLength",params:{limit: 512},message:"must NOT have more than 512 characters"};
if(vErrors === null){
vErrors = [err24];
}
else {
vErrors.push(err24);
}
errors++;
}
if(!pattern0.test(data4)){
const err25 = {instancePath:instancePath+"/banner",schemaPath:"#/properties/banner/pattern",keyword:"pattern",params:{pattern: "^[^\\u0000-\\u001f\\u007f]*$"},message:"must match pattern \""+"^[^\\u0000-\\u001f\\u007f]*$"+"\""};
if(vErrors === null){
vErrors = [err25];
}
else {
vErrors.push(err25);
}
errors++;
}
}
else {
const err26 = {instancePath:instancePath+"/banner",schemaPath:"#/properties/banner/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err26];
}
else {
vErrors.push(err26);
}
errors++;
}
}
if(data.passive !== undefined){
let data5 = data.passive;
if(data5 && typeof data5 == "object" && !Array.isArray(data5)){
if(data5.portRange === undefined){
const err27 = {instancePath:instancePath+"/passive",schemaPath:"#/properties/passive/required",keyword:"required",params:{missingProperty: "portRange"},message:"must have required property '"+"portRange"+"'"};
if(vErrors === null){
vErrors = [err27];
}
else {
vErrors.push(err27);
}
errors++;
}
if(data5.address === undefined){
const err28 = {instancePath:instancePath+"/passive",schemaPath:"#/properties/passive/required",keyword:"required",params:{missingProperty: "address"},message:"must have required property '"+"address"+"'"};
if(vErrors === null){
vErrors = [err28];
}
else {
vErrors.push(err28);
}
errors++;
}
if(data5.overrides === undefined){
const err29 = {instancePath:instancePath+"/passive",schemaPath:"#/properties/passive/required",keyword:"required",params:{missingProperty: "overrides"},message:"must have required property '"+"overrides"+"'"};
if(vErrors === null){
vErrors = [err29];
}
else {
vErrors.push(err29);
}
errors++;
}
if(data5.portSharing === undefined){
const err30 = {instancePath:instancePath+"/passive",schemaPath:"#/properties/passive/required",keyword:"required",params:{missingProperty: "portSharing"},message:"must have required property '"+"portSharing"+"'"};
if(vErrors === null){
vErrors = [err30];
}
else {
vErrors.push(err30);
}
errors++;
}
for(const key1 in data5){
if(!((((key1 === "portRange") || (key1 === "address")) || (key1 === "overrides")) || (key1 === "portSharing"))){
const err31 = {instancePath:instancePath+"/passive",schemaPath:"#/properties/passive/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err31];
}
else {
vErrors.push(err31);
}
errors++;
}
}
if(data5.portRange !== undefined){
let data6 = data5.portRange;
if(data6 && typeof data6 == "object" && !Array.isArray(data6)){
if(data6.first === undefined){
const err32 = {instancePath:instancePath+"/passive/portRange",schemaPath:"#/properties/passive/properties/portRange/required",keyword:"required",params:{missingProperty: "first"},message:"must have required property '"+"first"+"'"};
if(vErrors === null){
vErrors = [err32];
}
else {
vErrors.push(err32);
}
errors++;
}
if(data6.last === undefined){
const err33 = {instancePath:instancePath+"/passive/portRange",schemaPath:"#/properties/passive/properties/portRange/required",keyword:"required",params:{missingProperty: "last"},message:"must have required property '"+"last"+"'"};
if(vErrors === null){
vErrors = [err33];
}
else {
vErrors.push(err33);
}
errors++;
}
for(const key2 in data6){
if(!((key2 === "first") || (key2 === "last"))){
const err34 = {instancePath:instancePath+"/passive/portRange",schemaPath:"#/properties/passive/properties/portRange/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key2},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err34];
}
else {
vErrors.push(err34);
}
errors++;
}
}
if(data6.first !== undefined){
let data7 = data6.first;
if(!(((typeof data7 == "number") && (!(data7 % 1) && !isNaN(data7))) && (isFinite(data7)))){
const err35 = {instancePath:instancePath+"/passive/portRange/first",schemaPath:"#/properties/passive/properties/portRange/properties/first/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err35];
}
else {
vErrors.push(err35);
}
errors++;
}
if((typeof data7 == "number") && (isFinite(data7))){
if(data7 > 65535 || isNaN(data7)){
const err36 = {instancePath:instancePath+"/passive/portRange/first",schemaPath:"#/properties/passive/properties/portRange/properties/first/maximum",keyword:"maximum",params:{comparison: "<=", limit: 65535},message:"must be <= 65535"};
if(vErrors === null){
vErrors = [err36];
}
else {
vErrors.push(err36);
}
errors++;
}
if(data7 < 1 || isNaN(data7)){
const err37 = {instancePath:instancePath+"/passive/portRange/first",schemaPath:"#/properties/passive/properties/portRange/properties/first/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"};
if(vErrors === null){
vErrors = [err37];
}
else {
vErrors.push(err37);
}
errors++;
}
}
}
if(data6.last !== undefined){
let data8 = data6.last;
if(!(((typeof data8 == "number") && (!(data8 % 1) && !isNaN(data8))) && (isFinite(data8)))){
const err38 = {instancePath:instancePath+"/passive/portRange/last",schemaPath:"#/properties/passive/properties/portRange/properties/last/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err38];
}
else {
vErrors.push(err38);
}
errors++;
}
if((typeof data8 == "number") && (isFinite(data8))){
if(data8 > 65535 || isNaN(data8)){
const err39 = {instancePath:instancePath+"/passive/portRange/last",schemaPath:"#/properties/passive/properties/portRange/properties/last/maximum",keyword:"maximum",params:{comparison: "<=", limit: 65535},message:"must be <= 65535"};
if(vErrors === null){
vErrors = [err39];
}
else {
vErrors.push(err39);
}
errors++;
}
if(data8 < 1 || isNaN(data8)){
const err40 = {instancePath:instancePath+"/passive/portRange/last",schemaPath:"#/properties/passive/properties/portRange/properties/last/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"};
if(vErrors === null){
vErrors = [err40];
}
else {
vErrors.push(err40);
}
errors++;
}
}
}
}
else {
const err41 = {instancePath:instancePath+"/passive/portRange",schemaPath:"#/properties/passive/properties/portRange/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err41];
}
else {
vErrors.push(err41);
}
errors++;
}
}
if(data5.address !== undefined){
let data9 = data5.address;
if(data9 && typeof data9 == "object" && !Array.isArray(data9)){
if(data9.type === undefined){
const err42 = {instancePath:instancePath+"/passive/address",schemaPath:"#/properties/passive/properties/address/required",keyword:"required",params:{missingProperty: "type"},message:"must have required property '"+"type"+"'"};
if(vErrors === null){
vErrors = [err42];
}
else {
vErrors.push(err42);
}
errors++;
}
const tag0 = data9.type;
if(typeof tag0 == "string"){
if(tag0 === "Unknown"){
if(data9 && typeof data9 == "object" && !Array.isArray(data9)){
if(data9.type === undefined){
const err43 = {instancePath:instancePath+"/passive/address",schemaPath:"#/properties/passive/properties/address/oneOf/0/required",keyword:"required",params:{missingProperty: "type"},message:"must have required property '"+"type"+"'"};
if(vErrors === null){
vErrors = [err43];
}
else {
vErrors.push(err43);
}
errors++;
}
for(const key3 in data9){
if(!(key3 === "type")){
const err44 = {instancePath:instancePath+"/passive/address",schemaPath:"#/properties/passive/properties/address/oneOf/0/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key3},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err44];
}
else {
vErrors.push(err44);
}
errors++;
}
}
if(data9.type !== undefined){
if("Unknown" !== data9.type){
const err45 = {instancePath:instancePath+"/passive/address/type",schemaPath:"#/properties/passive/properties/address/oneOf/0/properties/type/const",keyword:"const",params:{allowedValue: "Unknown"},message:"must be equal to constant"};
if(vErrors === null){
vErrors = [err45];
}
else {
vErrors.push(err45);
}
errors++;
}
}
}
else {
const err46 = {instancePath:instancePath+"/passive/address",schemaPath:"#/properties/passive/properties/address/oneOf/0/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err46];
}
else {
vErrors.push(err46);
}
errors++;
}
}
else if(tag0 === "ControlConnection"){
if(data9 && typeof data9 == "object" && !Array.isArray(data9)){
if(data9.type === undefined){
const err47 = {instancePath:instancePath+"/passive/address",schemaPath:"#/properties/passive/properties/address/oneOf/1/required",keyword:"required",params:{missingProperty: "type"},message:"must have required property '"+"type"+"'"};
if(vErrors === null){
vErrors = [err47];
}
else {
vErrors.push(err47);
}
errors++;
}
for(const key4 in data9){
if(!(key4 === "type")){
const err48 = {instancePath:instancePath+"/passive/address",schemaPath:"#/properties/passive/properties/address/oneOf/1/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key4},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err48];
}
else {
vErrors.push(err48);
}
errors++;
}
}
if(data9.type !== undefined){
if("ControlConnection" !== data9.type){
const err49 = {instancePath:instancePath+"/passive/address/type",schemaPath:"#/properties/passive/properties/address/oneOf/1/properties/type/const",keyword:"const",params:{allowedValue: "ControlConnection"},message:"must be equal to constant"};
if(vErrors === null){
vErrors = [err49];
}
else {
vErrors.push(err49);
}
errors++;
}
}
}
else {
const err50 = {instancePath:instancePath+"/passive/address",schemaPath:"#/properties/passive/properties/address/oneOf/1/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err50];
}
else {
vErrors.push(err50);
}
errors++;
}
}
else if(tag0 === "Static"){
if(data9 && typeof data9 == "object" && !Array.isArray(data9)){
if(data9.type === undefined){
const err51 = {instancePath:instancePath+"/passive/address",schemaPath:"#/properties/passive/properties/address/oneOf/2/required",keyword:"required",params:{missingProperty: "type"},message:"must have required property '"+"type"+"'"};
if(vErrors === null){
vErrors = [err51];
}
else {
vErrors.push(err51);
}
errors++;
}
if(data9.address === undefined){
const err52 = {instancePath:instancePath+"/passive/address",schemaPath:"#/properties/passive/properties/address/oneOf/2/required",keyword:"required",params:{missingProperty: "address"},message:"must have required property '"+"address"+"'"};
if(vErrors === null){
vErrors = [err52];
}
else {
vErrors.push(err52);
}
errors++;
}
for(const key5 in data9){
if(!((key5 === "type") || (key5 === "address"))){
const err53 = {instancePath:instancePath+"/passive/address",schemaPath:"#/properties/passive/properties/address/oneOf/2/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key5},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err53];
}
else {
vErrors.push(err53);
}
errors++;
}
}
if(data9.type !== undefined){
if("Static" !== data9.type){
const err54 = {instancePath:instancePath+"/passive/address/type",schemaPath:"#/properties/passive/properties/address/oneOf/2/properties/type/const",keyword:"const",params:{allowedValue: "Static"},message:"must be equal to constant"};
if(vErrors === null){
vErrors = [err54];
}
else {
vErrors.push(err54);
}
errors++;
}
}
if(data9.address !== undefined){
let data13 = data9.address;
if(typeof data13 === "string"){
if(!(formats0.validate(data13))){
const err55 = {instancePath:instancePath+"/passive/address/address",schemaPath:"#/properties/passive/properties/address/oneOf/2/properties/address/format",keyword:"format",params:{format: "ipv4-address"},message:"must match format \""+"ipv4-address"+"\""};
if(vErrors === null){
vErrors = [err55];
}
else {
vErrors.push(err55);
}
errors++;
}
}
else {
const err56 = {instancePath:instancePath+"/passive/address/address",schemaPath:"#/properties/passive/properties/address/oneOf/2/properties/address/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err56];
}
else {
vErrors.push(err56);
}
errors++;
}
}
}
else {
const err57 = {instancePath:instancePath+"/passive/address",schemaPath:"#/properties/passive/properties/address/oneOf/2/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err57];
}
else {
vErrors.push(err57);
}
errors++;
}
}
else if(tag0 === "Hostname"){
if(data9 && typeof data9 == "object" && !Array.isArray(data9)){
if(data9.type === undefined){
const err58 = {instancePath:instancePath+"/passive/address",schemaPath:"#/properties/passive/properties/address/oneOf/3/required",keyword:"required",params:{missingProperty: "type"},message:"must have required property '"+"type"+"'"};
if(vErrors === null){
vErrors = [err58];
}
else {
vErrors.push(err58);
}
errors++;
}
if(data9.name === undefined){
const err59 = {instancePath:instancePath+"/passive/address",schemaPath:"#/properties/passive/properties/address/oneOf/3/required",keyword:"required",params:{missingProperty: "name"},message:"must have required property '"+"name"+"'"};
if(vErrors === null){
vErrors = [err59];
}
else {
vErrors.push(err59);
}
errors++;
}
if(data9.refreshPeriodSeconds === undefined){
const err60 = {instancePath:instancePath+"/passive/address",schemaPath:"#/properties/passive/properties/address/oneOf/3/required",keyword:"required",params:{missingProperty: "refreshPeriodSeconds"},message:"must have required property '"+"refreshPeriodSeconds"+"'"};
if(vErrors === null){
vErrors = [err60];
}
else {
vErrors.push(err60);
}
errors++;
}
for(const key6 in data9){
if(!(((key6 === "type") || (key6 === "name")) || (key6 === "refreshPeriodSeconds"))){
const err61 = {instancePath:instancePath+"/passive/address",schemaPath:"#/properties/passive/properties/address/oneOf/3/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key6},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err61];
}
else {
vErrors.push(err61);
}
errors++;
}
}
if(data9.type !== undefined){
if("Hostname" !== data9.type){
const err62 = {instancePath:instancePath+"/passive/address/type",schemaPath:"#/properties/passive/properties/address/oneOf/3/properties/type/const",keyword:"const",params:{allowedValue: "Hostname"},message:"must be equal to constant"};
if(vErrors === null){
vErrors = [err62];
}
else {
vErrors.push(err62);
}
errors++;
}
}
if(data9.name !== undefined){
let data15 = data9.name;
if(typeof data15 === "string"){
if(func3(data15) > 253){
const err63 = {instancePath:instancePath+"/passive/address/name",schemaPath:"#/properties/passive/properties/address/oneOf/3/properties/name/maxLength",keyword:"maxLength",params:{limit: 253},message:"must NOT have more than 253 characters"};
if(vErrors === null){
vErrors = [err63];
}
else {
vErrors.push(err63);
}
errors++;
}
if(func3(data15) < 1){
const err64 = {instancePath:instancePath+"/passive/address/name",schemaPath:"#/properties/passive/properties/address/oneOf/3/properties/name/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters"};
if(vErrors === null){
vErrors = [err64];
}
else {
vErrors.push(err64);
}
errors++;
}
}
else {
const err65 = {instancePath:instancePath+"/passive/address/name",schemaPath:"#/properties/passive/properties/address/oneOf/3/properties/name/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err65];
}
else {
vErrors.push(err65);
}
errors++;
}
}
if(data9.refreshPeriodSeconds !== undefined){
let data16 = data9.refreshPeriodSeconds;
if(!(((typeof data16 == "number") && (!(data16 % 1) && !isNaN(data16))) && (isFinite(data16)))){
const err66 = {instancePath:instancePath+"/passive/address/refreshPeriodSeconds",schemaPath:"#/properties/passive/properties/address/oneOf/3/properties/refreshPeriodSeconds/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err66];
}
else {
vErrors.push(err66);
}
errors++;
}
if((typeof data16 == "number") && (isFinite(data16))){
if(data16 > 86400 || isNaN(data16)){
const err67 = {instancePath:instancePath+"/passive/address/refreshPeriodSeconds",schemaPath:"#/properties/passive/properties/address/oneOf/3/properties/refreshPeriodSeconds/maximum",keyword:"maximum",params:{comparison: "<=", limit: 86400},message:"must be <= 86400"};
if(vErrors === null){
vErrors = [err67];
}
else {
vErrors.push(err67);
}
errors++;
}
if(data16 < 1 || isNaN(data16)){
const err68 = {instancePath:instancePath+"/passive/address/refreshPeriodSeconds",schemaPath:"#/properties/passive/properties/address/oneOf/3/properties/refreshPeriodSeconds/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"};
if(vErrors === null){
vErrors = [err68];
}
else {
vErrors.push(err68);
}
errors++;
}
}
}
}
else {
const err69 = {instancePath:instancePath+"/passive/address",schemaPath:"#/properties/passive/properties/address/oneOf/3/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err69];
}
else {
vErrors.push(err69);
}
errors++;
}
}
else {
const err70 = {instancePath:instancePath+"/passive/address",schemaPath:"#/properties/passive/properties/address/discriminator",keyword:"discriminator",params:{error: "mapping", tag: "type", tagValue: tag0},message:"value of tag \"type\" must be in oneOf"};
if(vErrors === null){
vErrors = [err70];
}
else {
vErrors.push(err70);
}
errors++;
}
}
else {
const err71 = {instancePath:instancePath+"/passive/address",schemaPath:"#/properties/passive/properties/address/discriminator",keyword:"discriminator",params:{error: "tag", tag: "type", tagValue: tag0},message:"tag \"type\" must be string"};
if(vErrors === null){
vErrors = [err71];
}
else {
vErrors.push(err71);
}
errors++;
}
}
else {
const err72 = {instancePath:instancePath+"/passive/address",schemaPath:"#/properties/passive/properties/address/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err72];
}
else {
vErrors.push(err72);
}
errors++;
}
}
if(data5.overrides !== undefined){
let data17 = data5.overrides;
if(Array.isArray(data17)){
if(data17.length > 1000){
const err73 = {instancePath:instancePath+"/passive/overrides",schemaPath:"#/properties/passive/properties/overrides/maxItems",keyword:"maxItems",params:{limit: 1000},message:"must NOT have more than 1000 items"};
if(vErrors === null){
vErrors = [err73];
}
else {
vErrors.push(err73);
}
errors++;
}
const len0 = data17.length;
for(let i0=0; i0<len0; i0++){
let data18 = data17[i0];
if(data18 && typeof data18 == "object" && !Array.isArray(data18)){
if(data18.clients === undefined){
const err74 = {instancePath:instancePath+"/passive/overrides/" + i0,schemaPath:"#/properties/passive/properties/overrides/items/required",keyword:"required",params:{missingProperty: "clients"},message:"must have required property '"+"clients"+"'"};
if(vErrors === null){
vErrors = [err74];
}
else {
vErrors.push(err74);
}
errors++;
}
if(data18.address === undefined){
const err75 = {instancePath:instancePath+"/passive/overrides/" + i0,schemaPath:"#/properties/passive/properties/overrides/items/required",keyword:"required",params:{missingProperty: "address"},message:"must have required property '"+"address"+"'"};
if(vErrors === null){
vErrors = [err75];
}
else {
vErrors.push(err75);
}
errors++;
}
for(const key7 in data18){
if(!((key7 === "clients") || (key7 === "address"))){
const err76 = {instancePath:instancePath+"/passive/overrides/" + i0,schemaPath:"#/properties/passive/properties/overrides/items/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key7},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err76];
}
else {
vErrors.push(err76);
}
errors++;
}
}
if(data18.clients !== undefined){
let data19 = data18.clients;
if(typeof data19 === "string"){
if(!(formats2.validate(data19))){
const err77 = {instancePath:instancePath+"/passive/overrides/" + i0+"/clients",schemaPath:"#/properties/passive/properties/overrides/items/properties/clients/format",keyword:"format",params:{format: "address-or-cidr"},message:"must match format \""+"address-or-cidr"+"\""};
if(vErrors === null){
vErrors = [err77];
}
else {
vErrors.push(err77);
}
errors++;
}
}
else {
const err78 = {instancePath:instancePath+"/passive/overrides/" + i0+"/clients",schemaPath:"#/properties/passive/properties/overrides/items/properties/clients/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err78];
}
else {
vErrors.push(err78);
}
errors++;
}
}
if(data18.address !== undefined){
let data20 = data18.address;
if(typeof data20 === "string"){
if(!(formats0.validate(data20))){
const err79 = {instancePath:instancePath+"/passive/overrides/" + i0+"/address",schemaPath:"#/properties/passive/properties/overrides/items/properties/address/format",keyword:"format",params:{format: "ipv4-address"},message:"must match format \""+"ipv4-address"+"\""};
if(vErrors === null){
vErrors = [err79];
}
else {
vErrors.push(err79);
}
errors++;
}
}
else {
const err80 = {instancePath:instancePath+"/passive/overrides/" + i0+"/address",schemaPath:"#/properties/passive/properties/overrides/items/properties/address/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err80];
}
else {
vErrors.push(err80);
}
errors++;
}
}
}
else {
const err81 = {instancePath:instancePath+"/passive/overrides/" + i0,schemaPath:"#/properties/passive/properties/overrides/items/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err81];
}
else {
vErrors.push(err81);
}
errors++;
}
}
}
else {
const err82 = {instancePath:instancePath+"/passive/overrides",schemaPath:"#/properties/passive/properties/overrides/type",keyword:"type",params:{type: "array"},message:"must be array"};
if(vErrors === null){
vErrors = [err82];
}
else {
vErrors.push(err82);
}
errors++;
}
}
if(data5.portSharing !== undefined){
let data21 = data5.portSharing;
if(!((data21 === "Enabled") || (data21 === "Disabled"))){
const err83 = {instancePath:instancePath+"/passive/portSharing",schemaPath:"#/properties/passive/properties/portSharing/enum",keyword:"enum",params:{allowedValues: schema11.properties.passive.properties.portSharing.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err83];
}
else {
vErrors.push(err83);
}
errors++;
}
}
}
else {
const err84 = {instancePath:instancePath+"/passive",schemaPath:"#/properties/passive/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err84];
}
else {
vErrors.push(err84);
}
errors++;
}
}
if(data.active !== undefined){
let data22 = data.active;
if(data22 && typeof data22 == "object" && !Array.isArray(data22)){
if(data22.mode === undefined){
const err85 = {instancePath:instancePath+"/active",schemaPath:"#/properties/active/required",keyword:"required",params:{missingProperty: "mode"},message:"must have required property '"+"mode"+"'"};
if(vErrors === null){
vErrors = [err85];
}
else {
vErrors.push(err85);
}
errors++;
}
for(const key8 in data22){
if(!((key8 === "mode") || (key8 === "sourcePort"))){
const err86 = {instancePath:instancePath+"/active",schemaPath:"#/properties/active/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key8},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err86];
}
else {
vErrors.push(err86);
}
errors++;
}
}
if(data22.mode !== undefined){
let data23 = data22.mode;
if(!((data23 === "Disabled") || (data23 === "Enabled"))){
const err87 = {instancePath:instancePath+"/active/mode",schemaPath:"#/properties/active/properties/mode/enum",keyword:"enum",params:{allowedValues: schema11.properties.active.properties.mode.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err87];
}
else {
vErrors.push(err87);
}
errors++;
}
}
if(data22.sourcePort !== undefined){
let data24 = data22.sourcePort;
if(!(((typeof data24 == "number") && (!(data24 % 1) && !isNaN(data24))) && (isFinite(data24)))){
const err88 = {instancePath:instancePath+"/active/sourcePort",schemaPath:"#/properties/active/properties/sourcePort/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err88];
}
else {
vErrors.push(err88);
}
errors++;
}
if((typeof data24 == "number") && (isFinite(data24))){
if(data24 > 65535 || isNaN(data24)){
const err89 = {instancePath:instancePath+"/active/sourcePort",schemaPath:"#/properties/active/properties/sourcePort/maximum",keyword:"maximum",params:{comparison: "<=", limit: 65535},message:"must be <= 65535"};
if(vErrors === null){
vErrors = [err89];
}
else {
vErrors.push(err89);
}
errors++;
}
if(data24 < 1 || isNaN(data24)){
const err90 = {instancePath:instancePath+"/active/sourcePort",schemaPath:"#/properties/active/properties/sourcePort/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"};
if(vErrors === null){
vErrors = [err90];
}
else {
vErrors.push(err90);
}
errors++;
}
}
}
}
else {
const err91 = {instancePath:instancePath+"/active",schemaPath:"#/properties/active/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err91];
}
else {
vErrors.push(err91);
}
errors++;
}
}
if(data.tls !== undefined){
let data25 = data.tls;
if(data25 && typeof data25 == "object" && !Array.isArray(data25)){
if(data25.mode === undefined){
const err92 = {instancePath:instancePath+"/tls",schemaPath:"#/properties/tls/required",keyword:"required",params:{missingProperty: "mode"},message:"must have required property '"+"mode"+"'"};
if(vErrors === null){
vErrors = [err92];
}
else {
vErrors.push(err92);
}
errors++;
}
if(data25.certificateFile === undefined){
const err93 = {instancePath:instancePath+"/tls",schemaPath:"#/properties/tls/required",keyword:"required",params:{missingProperty: "certificateFile"},message:"must have required property '"+"certificateFile"+"'"};
if(vErrors === null){
vErrors = [err93];
}
else {
vErrors.push(err93);
}
errors++;
}
if(data25.keyFile === undefined){
const err94 = {instancePath:instancePath+"/tls",schemaPath:"#/properties/tls/required",keyword:"required",params:{missingProperty: "keyFile"},message:"must have required property '"+"keyFile"+"'"};
if(vErrors === null){
vErrors = [err94];
}
else {
vErrors.push(err94);
}
errors++;
}
if(data25.minimumVersion === undefined){
const err95 = {instancePath:instancePath+"/tls",schemaPath:"#/properties/tls/required",keyword:"required",params:{missingProperty: "minimumVersion"},message:"must have required property '"+"minimumVersion"+"'"};
if(vErrors === null){
vErrors = [err95];
}
else {
vErrors.push(err95);
}
errors++;
}
if(data25.dataProtection === undefined){
const err96 = {instancePath:instancePath+"/tls",schemaPath:"#/properties/tls/required",keyword:"required",params:{missingProperty: "dataProtection"},message:"must have required property '"+"dataProtection"+"'"};
if(vErrors === null){
vErrors = [err96];
}
else {
vErrors.push(err96);
}
errors++;
}
if(data25.clearControl === undefined){
const err97 = {instancePath:instancePath+"/tls",schemaPath:"#/properties/tls/required",keyword:"required",params:{missingProperty: "clearControl"},message:"must have required property '"+"clearControl"+"'"};
if(vErrors === null){
vErrors = [err97];
}
else {
vErrors.push(err97);
}
errors++;
}
if(data25.sessionReuse === undefined){
const err98 = {instancePath:instancePath+"/tls",schemaPath:"#/properties/tls/required",keyword:"required",params:{missingProperty: "sessionReuse"},message:"must have required property '"+"sessionReuse"+"'"};
if(vErrors === null){
vErrors = [err98];
}
else {
vErrors.push(err98);
}
errors++;
}
if(data25.serverNames === undefined){
const err99 = {instancePath:instancePath+"/tls",schemaPath:"#/properties/tls/required",keyword:"required",params:{missingProperty: "serverNames"},message:"must have required property '"+"serverNames"+"'"};
if(vErrors === null){
vErrors = [err99];
}
else {
vErrors.push(err99);
}
errors++;
}
if(data25.clientCertificates === undefined){
const err100 = {instancePath:instancePath+"/tls",schemaPath:"#/properties/tls/required",keyword:"required",params:{missingProperty: "clientCertificates"},message:"must have required property '"+"clientCertificates"+"'"};
if(vErrors === null){
vErrors = [err100];
}
else {
vErrors.push(err100);
}
errors++;
}
for(const key9 in data25){
if(!(func2.call(schema11.properties.tls.properties, key9))){
const err101 = {instancePath:instancePath+"/tls",schemaPath:"#/properties/tls/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key9},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err101];
}
else {
vErrors.push(err101);
}
errors++;
}
}
if(data25.mode !== undefined){
let data26 = data25.mode;
if(!(((data26 === "Optional") || (data26 === "Required")) || (data26 === "Implicit"))){
const err102 = {instancePath:instancePath+"/tls/mode",schemaPath:"#/properties/tls/properties/mode/enum",keyword:"enum",params:{allowedValues: schema11.properties.tls.properties.mode.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err102];
}
else {
vErrors.push(err102);
}
errors++;
}
}
if(data25.certificateFile !== undefined){
let data27 = data25.certificateFile;
if(typeof data27 === "string"){
if(func3(data27) > 4096){
const err103 = {instancePath:instancePath+"/tls/certificateFile",schemaPath:"#/properties/tls/properties/certificateFile/maxLength",keyword:"maxLength",params:{limit: 4096},message:"must NOT have more than 4096 characters"};
if(vErrors === null){
vErrors = [err103];
}
else {
vErrors.push(err103);
}
errors++;
}
if(func3(data27) < 1){
const err104 = {instancePath:instancePath+"/tls/certificateFile",schemaPath:"#/properties/tls/properties/certificateFile/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters"};
if(vErrors === null){
vErrors = [err104];
}
else {
vErrors.push(err104);
}
errors++;
}
if(!pattern1.test(data27)){
const err105 = {instancePath:instancePath+"/tls/certificateFile",schemaPath:"#/properties/tls/properties/certificateFile/pattern",keyword:"pattern",params:{pattern: "^/"},message:"must match pattern \""+"^/"+"\""};
if(vErrors === null){
vErrors = [err105];
}
else {
vErrors.push(err105);
}
errors++;
}
}
else {
const err106 = {instancePath:instancePath+"/tls/certificateFile",schemaPath:"#/properties/tls/properties/certificateFile/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err106];
}
else {
vErrors.push(err106);
}
errors++;
}
}
if(data25.keyFile !== undefined){
let data28 = data25.keyFile;
if(typeof data28 === "string"){
if(func3(data28) > 4096){
const err107 = {instancePath:instancePath+"/tls/keyFile",schemaPath:"#/properties/tls/properties/keyFile/maxLength",keyword:"maxLength",params:{limit: 4096},message:"must NOT have more than 4096 characters"};
if(vErrors === null){
vErrors = [err107];
}
else {
vErrors.push(err107);
}
errors++;
}
if(func3(data28) < 1){
const err108 = {instancePath:instancePath+"/tls/keyFile",schemaPath:"#/properties/tls/properties/keyFile/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters"};
if(vErrors === null){
vErrors = [err108];
}
else {
vErrors.push(err108);
}
errors++;
}
if(!pattern1.test(data28)){
const err109 = {instancePath:instancePath+"/tls/keyFile",schemaPath:"#/properties/tls/properties/keyFile/pattern",keyword:"pattern",params:{pattern: "^/"},message:"must match pattern \""+"^/"+"\""};
if(vErrors === null){
vErrors = [err109];
}
else {
vErrors.push(err109);
}
errors++;
}
}
else {
const err110 = {instancePath:instancePath+"/tls/keyFile",schemaPath:"#/properties/tls/properties/keyFile/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err110];
}
else {
vErrors.push(err110);
}
errors++;
}
}
if(data25.minimumVersion !== undefined){
let data29 = data25.minimumVersion;
if(!((data29 === "TLS12") || (data29 === "TLS13"))){
const err111 = {instancePath:instancePath+"/tls/minimumVersion",schemaPath:"#/properties/tls/properties/minimumVersion/enum",keyword:"enum",params:{allowedValues: schema11.properties.tls.properties.minimumVersion.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err111];
}
else {
vErrors.push(err111);
}
errors++;
}
}
if(data25.dataProtection !== undefined){
let data30 = data25.dataProtection;
if(!((data30 === "Required") || (data30 === "Optional"))){
const err112 = {instancePath:instancePath+"/tls/dataProtection",schemaPath:"#/properties/tls/properties/dataProtection/enum",keyword:"enum",params:{allowedValues: schema11.properties.tls.properties.dataProtection.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err112];
}
else {
vErrors.push(err112);
}
errors++;
}
}
if(data25.clearControl !== undefined){
let data31 = data25.clearControl;
if(!((data31 === "Deny") || (data31 === "Allow"))){
const err113 = {instancePath:instancePath+"/tls/clearControl",schemaPath:"#/properties/tls/properties/clearControl/enum",keyword:"enum",params:{allowedValues: schema11.properties.tls.properties.clearControl.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err113];
}
else {
vErrors.push(err113);
}
errors++;
}
}
if(data25.sessionReuse !== undefined){
let data32 = data25.sessionReuse;
if(!((data32 === "Preferred") || (data32 === "Required"))){
const err114 = {instancePath:instancePath+"/tls/sessionReuse",schemaPath:"#/properties/tls/properties/sessionReuse/enum",keyword:"enum",params:{allowedValues: schema11.properties.tls.properties.sessionReuse.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err114];
}
else {
vErrors.push(err114);
}
errors++;
}
}
if(data25.serverNames !== undefined){
let data33 = data25.serverNames;
if(Array.isArray(data33)){
if(data33.length > 100){
const err115 = {instancePath:instancePath+"/tls/serverNames",schemaPath:"#/properties/tls/properties/serverNames/maxItems",keyword:"maxItems",params:{limit: 100},message:"must NOT have more than 100 items"};
if(vErrors === null){
vErrors = [err115];
}
else {
vErrors.push(err115);
}
errors++;
}
const len1 = data33.length;
for(let i1=0; i1<len1; i1++){
let data34 = data33[i1];
if(typeof data34 === "string"){
if(func3(data34) > 253){
const err116 = {instancePath:instancePath+"/tls/serverNames/" + i1,schemaPath:"#/properties/tls/properties/serverNames/items/maxLength",keyword:"maxLength",params:{limit: 253},message:"must NOT have more than 253 characters"};
if(vErrors === null){
vErrors = [err116];
}
else {
vErrors.push(err116);
}
errors++;
}
if(func3(data34) < 1){
const err117 = {instancePath:instancePath+"/tls/serverNames/" + i1,schemaPath:"#/properties/tls/properties/serverNames/items/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters"};
if(vErrors === null){
vErrors = [err117];
}
else {
vErrors.push(err117);
}
errors++;
}
}
else {
const err118 = {instancePath:instancePath+"/tls/serverNames/" + i1,schemaPath:"#/properties/tls/properties/serverNames/items/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err118];
}
else {
vErrors.push(err118);
}
errors++;
}
}
}
else {
const err119 = {instancePath:instancePath+"/tls/serverNames",schemaPath:"#/properties/tls/properties/serverNames/type",keyword:"type",params:{type: "array"},message:"must be array"};
if(vErrors === null){
vErrors = [err119];
}
else {
vErrors.push(err119);
}
errors++;
}
}
if(data25.clientCertificates !== undefined){
let data35 = data25.clientCertificates;
if(data35 && typeof data35 == "object" && !Array.isArray(data35)){
if(data35.mode === undefined){
const err120 = {instancePath:instancePath+"/tls/clientCertificates",schemaPath:"#/properties/tls/properties/clientCertificates/required",keyword:"required",params:{missingProperty: "mode"},message:"must have required property '"+"mode"+"'"};
if(vErrors === null){
vErrors = [err120];
}
else {
vErrors.push(err120);
}
errors++;
}
const tag1 = data35.mode;
if(typeof tag1 == "string"){
if(tag1 === "Disabled"){
if(data35 && typeof data35 == "object" && !Array.isArray(data35)){
if(data35.mode === undefined){
const err121 = {instancePath:instancePath+"/tls/clientCertificates",schemaPath:"#/properties/tls/properties/clientCertificates/oneOf/0/required",keyword:"required",params:{missingProperty: "mode"},message:"must have required property '"+"mode"+"'"};
if(vErrors === null){
vErrors = [err121];
}
else {
vErrors.push(err121);
}
errors++;
}
for(const key10 in data35){
if(!(key10 === "mode")){
const err122 = {instancePath:instancePath+"/tls/clientCertificates",schemaPath:"#/properties/tls/properties/clientCertificates/oneOf/0/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key10},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err122];
}
else {
vErrors.push(err122);
}
errors++;
}
}
if(data35.mode !== undefined){
if("Disabled" !== data35.mode){
const err123 = {instancePath:instancePath+"/tls/clientCertificates/mode",schemaPath:"#/properties/tls/properties/clientCertificates/oneOf/0/properties/mode/const",keyword:"const",params:{allowedValue: "Disabled"},message:"must be equal to constant"};
if(vErrors === null){
vErrors = [err123];
}
else {
vErrors.push(err123);
}
errors++;
}
}
}
else {
const err124 = {instancePath:instancePath+"/tls/clientCertificates",schemaPath:"#/properties/tls/properties/clientCertificates/oneOf/0/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err124];
}
else {
vErrors.push(err124);
}
errors++;
}
}
else if(tag1 === "Optional"){
if(data35 && typeof data35 == "object" && !Array.isArray(data35)){
if(data35.mode === undefined){
const err125 = {instancePath:instancePath+"/tls/clientCertificates",schemaPath:"#/properties/tls/properties/clientCertificates/oneOf/1/required",keyword:"required",params:{missingProperty: "mode"},message:"must have required property '"+"mode"+"'"};
if(vErrors === null){
vErrors = [err125];
}
else {
vErrors.push(err125);
}
errors++;
}
if(data35.caFile === undefined){
const err126 = {instancePath:instancePath+"/tls/clientCertificates",schemaPath:"#/properties/tls/properties/clientCertificates/oneOf/1/required",keyword:"required",params:{missingProperty: "caFile"},message:"must have required property '"+"caFile"+"'"};
if(vErrors === null){
vErrors = [err126];
}
else {
vErrors.push(err126);
}
errors++;
}
if(data35.login === undefined){
const err127 = {instancePath:instancePath+"/tls/clientCertificates",schemaPath:"#/properties/tls/properties/clientCertificates/oneOf/1/required",keyword:"required",params:{missingProperty: "login"},message:"must have required property '"+"login"+"'"};
if(vErrors === null){
vErrors = [err127];
}
else {
vErrors.push(err127);
}
errors++;
}
for(const key11 in data35){
if(!(((key11 === "mode") || (key11 === "caFile")) || (key11 === "login"))){
const err128 = {instancePath:instancePath+"/tls/clientCertificates",schemaPath:"#/properties/tls/properties/clientCertificates/oneOf/1/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key11},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err128];
}
else {
vErrors.push(err128);
}
errors++;
}
}
if(data35.mode !== undefined){
let data37 = data35.mode;
if(!((data37 === "Optional") || (data37 === "Required"))){
const err129 = {instancePath:instancePath+"/tls/clientCertificates/mode",schemaPath:"#/properties/tls/properties/clientCertificates/oneOf/1/properties/mode/enum",keyword:"enum",params:{allowedValues: schema11.properties.tls.properties.clientCertificates.oneOf[1].properties.mode.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err129];
}
else {
vErrors.push(err129);
}
errors++;
}
}
if(data35.caFile !== undefined){
let data38 = data35.caFile;
if(typeof data38 === "string"){
if(func3(data38) > 4096){
const err130 = {instancePath:instancePath+"/tls/clientCertificates/caFile",schemaPath:"#/properties/tls/properties/clientCertificates/oneOf/1/properties/caFile/maxLength",keyword:"maxLength",params:{limit: 4096},message:"must NOT have more than 4096 characters"};
if(vErrors === null){
vErrors = [err130];
}
else {
vErrors.push(err130);
}
errors++;
}
if(func3(data38) < 1){
const err131 = {instancePath:instancePath+"/tls/clientCertificates/caFile",schemaPath:"#/properties/tls/properties/clientCertificates/oneOf/1/properties/caFile/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters"};
if(vErrors === null){
vErrors = [err131];
}
else {
vErrors.push(err131);
}
errors++;
}
if(!pattern1.test(data38)){
const err132 = {instancePath:instancePath+"/tls/clientCertificates/caFile",schemaPath:"#/properties/tls/properties/clientCertificates/oneOf/1/properties/caFile/pattern",keyword:"pattern",params:{pattern: "^/"},message:"must match pattern \""+"^/"+"\""};
if(vErrors === null){
vErrors = [err132];
}
else {
vErrors.push(err132);
}
errors++;
}
}
else {
const err133 = {instancePath:instancePath+"/tls/clientCertificates/caFile",schemaPath:"#/properties/tls/properties/clientCertificates/oneOf/1/properties/caFile/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err133];
}
else {
vErrors.push(err133);
}
errors++;
}
}
if(data35.login !== undefined){
let data39 = data35.login;
if(!(((data39 === "Password") || (data39 === "CommonName")) || (data39 === "SubjectAlternativeName"))){
const err134 = {instancePath:instancePath+"/tls/clientCertificates/login",schemaPath:"#/properties/tls/properties/clientCertificates/oneOf/1/properties/login/enum",keyword:"enum",params:{allowedValues: schema11.properties.tls.properties.clientCertificates.oneOf[1].properties.login.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err134];
}
else {
vErrors.push(err134);
}
errors++;
}
}
}
else {
const err135 = {instancePath:instancePath+"/tls/clientCertificates",schemaPath:"#/properties/tls/properties/clientCertificates/oneOf/1/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err135];
}
else {
vErrors.push(err135);
}
errors++;
}
}
else if(tag1 === "Required"){
if(data35 && typeof data35 == "object" && !Array.isArray(data35)){
if(data35.mode === undefined){
const err136 = {instancePath:instancePath+"/tls/clientCertificates",schemaPath:"#/properties/tls/properties/clientCertificates/oneOf/1/required",keyword:"required",params:{missingProperty: "mode"},message:"must have required property '"+"mode"+"'"};
if(vErrors === null){
vErrors = [err136];
}
else {
vErrors.push(err136);
}
errors++;
}
if(data35.caFile === undefined){
const err137 = {instancePath:instancePath+"/tls/clientCertificates",schemaPath:"#/properties/tls/properties/clientCertificates/oneOf/1/required",keyword:"required",params:{missingProperty: "caFile"},message:"must have required property '"+"caFile"+"'"};
if(vErrors === null){
vErrors = [err137];
}
else {
vErrors.push(err137);
}
errors++;
}
if(data35.login === undefined){
const err138 = {instancePath:instancePath+"/tls/clientCertificates",schemaPath:"#/properties/tls/properties/clientCertificates/oneOf/1/required",keyword:"required",params:{missingProperty: "login"},message:"must have required property '"+"login"+"'"};
if(vErrors === null){
vErrors = [err138];
}
else {
vErrors.push(err138);
}
errors++;
}
for(const key12 in data35){
if(!(((key12 === "mode") || (key12 === "caFile")) || (key12 === "login"))){
const err139 = {instancePath:instancePath+"/tls/clientCertificates",schemaPath:"#/properties/tls/properties/clientCertificates/oneOf/1/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key12},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err139];
}
else {
vErrors.push(err139);
}
errors++;
}
}
if(data35.mode !== undefined){
let data40 = data35.mode;
if(!((data40 === "Optional") || (data40 === "Required"))){
const err140 = {instancePath:instancePath+"/tls/clientCertificates/mode",schemaPath:"#/properties/tls/properties/clientCertificates/oneOf/1/properties/mode/enum",keyword:"enum",params:{allowedValues: schema11.properties.tls.properties.clientCertificates.oneOf[1].properties.mode.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err140];
}
else {
vErrors.push(err140);
}
errors++;
}
}
if(data35.caFile !== undefined){
let data41 = data35.caFile;
if(typeof data41 === "string"){
if(func3(data41) > 4096){
const err141 = {instancePath:instancePath+"/tls/clientCertificates/caFile",schemaPath:"#/properties/tls/properties/clientCertificates/oneOf/1/properties/caFile/maxLength",keyword:"maxLength",params:{limit: 4096},message:"must NOT have more than 4096 characters"};
if(vErrors === null){
vErrors = [err141];
}
else {
vErrors.push(err141);
}
errors++;
}
if(func3(data41) < 1){
const err142 = {instancePath:instancePath+"/tls/clientCertificates/caFile",schemaPath:"#/properties/tls/properties/clientCertificates/oneOf/1/properties/caFile/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters"};
if(vErrors === null){
vErrors = [err142];
}
else {
vErrors.push(err142);
}
errors++;
}
if(!pattern1.test(data41)){
const err143 = {instancePath:instancePath+"/tls/clientCertificates/caFile",schemaPath:"#/properties/tls/properties/clientCertificates/oneOf/1/properties/caFile/pattern",keyword:"pattern",params:{pattern: "^/"},message:"must match pattern \""+"^/"+"\""};
if(vErrors === null){
vErrors = [err143];
}
else {
vErrors.push(err143);
}
errors++;
}
}
else {
const err144 = {instancePath:instancePath+"/tls/clientCertificates/caFile",schemaPath:"#/properties/tls/properties/clientCertificates/oneOf/1/properties/caFile/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err144];
}
else {
vErrors.push(err144);
}
errors++;
}
}
if(data35.login !== undefined){
let data42 = data35.login;
if(!(((data42 === "Password") || (data42 === "CommonName")) || (data42 === "SubjectAlternativeName"))){
const err145 = {instancePath:instancePath+"/tls/clientCertificates/login",schemaPath:"#/properties/tls/properties/clientCertificates/oneOf/1/properties/login/enum",keyword:"enum",params:{allowedValues: schema11.properties.tls.properties.clientCertificates.oneOf[1].properties.login.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err145];
}
else {
vErrors.push(err145);
}
errors++;
}
}
}
else {
const err146 = {instancePath:instancePath+"/tls/clientCertificates",schemaPath:"#/properties/tls/properties/clientCertificates/oneOf/1/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err146];
}
else {
vErrors.push(err146);
}
errors++;
}
}
else {
const err147 = {instancePath:instancePath+"/tls/clientCertificates",schemaPath:"#/properties/tls/properties/clientCertificates/discriminator",keyword:"discriminator",params:{error: "mapping", tag: "mode", tagValue: tag1},message:"value of tag \"mode\" must be in oneOf"};
if(vErrors === null){
vErrors = [err147];
}
else {
vErrors.push(err147);
}
errors++;
}
}
else {
const err148 = {instancePath:instancePath+"/tls/clientCertificates",schemaPath:"#/properties/tls/properties/clientCertificates/discriminator",keyword:"discriminator",params:{error: "tag", tag: "mode", tagValue: tag1},message:"tag \"mode\" must be string"};
if(vErrors === null){
vErrors = [err148];
}
else {
vErrors.push(err148);
}
errors++;
}
}
else {
const err149 = {instancePath:instancePath+"/tls/clientCertificates",schemaPath:"#/properties/tls/properties/clientCertificates/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err149];
}
else {
vErrors.push(err149);
}
errors++;
}
}
}
else {
const err150 = {instancePath:instancePath+"/tls",schemaPath:"#/properties/tls/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err150];
}
else {
vErrors.push(err150);
}
errors++;
}
}
if(data.proxyProtocol !== undefined){
let data43 = data.proxyProtocol;
if(data43 && typeof data43 == "object" && !Array.isArray(data43)){
if(data43.trustedSources === undefined){
const err151 = {instancePath:instancePath+"/proxyProtocol",schemaPath:"#/properties/proxyProtocol/required",keyword:"required",params:{missingProperty: "trustedSources"},message:"must have required property '"+"trustedSources"+"'"};
if(vErrors === null){
vErrors = [err151];
}
else {
vErrors.push(err151);
}
errors++;
}
for(const key13 in data43){
if(!(key13 === "trustedSources")){
const err152 = {instancePath:instancePath+"/proxyProtocol",schemaPath:"#/properties/proxyProtocol/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key13},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err152];
}
else {
vErrors.push(err152);
}
errors++;
}
}
if(data43.trustedSources !== undefined){
let data44 = data43.trustedSources;
if(Array.isArray(data44)){
if(data44.length > 20000){
const err153 = {instancePath:instancePath+"/proxyProtocol/trustedSources",schemaPath:"#/properties/proxyProtocol/properties/trustedSources/maxItems",keyword:"maxItems",params:{limit: 20000},message:"must NOT have more than 20000 items"};
if(vErrors === null){
vErrors = [err153];
}
else {
vErrors.push(err153);
}
errors++;
}
if(data44.length < 1){
const err154 = {instancePath:instancePath+"/proxyProtocol/trustedSources",schemaPath:"#/properties/proxyProtocol/properties/trustedSources/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items"};
if(vErrors === null){
vErrors = [err154];
}
else {
vErrors.push(err154);
}
errors++;
}
const len2 = data44.length;
for(let i2=0; i2<len2; i2++){
let data45 = data44[i2];
if(typeof data45 === "string"){
if(!(formats2.validate(data45))){
const err155 = {instancePath:instancePath+"/proxyProtocol/trustedSources/" + i2,schemaPath:"#/properties/proxyProtocol/properties/trustedSources/items/format",keyword:"format",params:{format: "address-or-cidr"},message:"must match format \""+"address-or-cidr"+"\""};
if(vErrors === null){
vErrors = [err155];
}
else {
vErrors.push(err155);
}
errors++;
}
}
else {
const err156 = {instancePath:instancePath+"/proxyProtocol/trustedSources/" + i2,schemaPath:"#/properties/proxyProtocol/properties/trustedSources/items/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err156];
}
else {
vErrors.push(err156);
}
errors++;
}
}
}
else {
const err157 = {instancePath:instancePath+"/proxyProtocol/trustedSources",schemaPath:"#/properties/proxyProtocol/properties/trustedSources/type",keyword:"type",params:{type: "array"},message:"must be array"};
if(vErrors === null){
vErrors = [err157];
}
else {
vErrors.push(err157);
}
errors++;
}
}
}
else {
const err158 = {instancePath:instancePath+"/proxyProtocol",schemaPath:"#/properties/proxyProtocol/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err158];
}
else {
vErrors.push(err158);
}
errors++;
}
}
if(data.anonymous !== undefined){
let data46 = data.anonymous;
if(data46 && typeof data46 == "object" && !Array.isArray(data46)){
if(data46.mode === undefined){
const err159 = {instancePath:instancePath+"/anonymous",schemaPath:"#/properties/anonymous/required",keyword:"required",params:{missingProperty: "mode"},message:"must have required property '"+"mode"+"'"};
if(vErrors === null){
vErrors = [err159];
}
else {
vErrors.push(err159);
}
errors++;
}
if(data46.homeDirectory === undefined){
const err160 = {instancePath:instancePath+"/anonymous",schemaPath:"#/properties/anonymous/required",keyword:"required",params:{missingProperty: "homeDirectory"},message:"must have required property '"+"homeDirectory"+"'"};
if(vErrors === null){
vErrors = [err160];
}
else {
vErrors.push(err160);
}
errors++;
}
for(const key14 in data46){
if(!(((((key14 === "mode") || (key14 === "homeDirectory")) || (key14 === "quota")) || (key14 === "limits")) || (key14 === "allowedClients"))){
const err161 = {instancePath:instancePath+"/anonymous",schemaPath:"#/properties/anonymous/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key14},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err161];
}
else {
vErrors.push(err161);
}
errors++;
}
}
if(data46.mode !== undefined){
let data47 = data46.mode;
if(!((data47 === "ReadOnly") || (data47 === "ReadWrite"))){
const err162 = {instancePath:instancePath+"/anonymous/mode",schemaPath:"#/properties/anonymous/properties/mode/enum",keyword:"enum",params:{allowedValues: schema11.properties.anonymous.properties.mode.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err162];
}
else {
vErrors.push(err162);
}
errors++;
}
}
if(data46.homeDirectory !== undefined){
let data48 = data46.homeDirectory;
if(typeof data48 === "string"){
if(func3(data48) > 1024){
const err163 = {instancePath:instancePath+"/anonymous/homeDirectory",schemaPath:"#/properties/anonymous/properties/homeDirectory/maxLength",keyword:"maxLength",params:{limit: 1024},message:"must NOT have more than 1024 characters"};
if(vErrors === null){
vErrors = [err163];
}
else {
vErrors.push(err163);
}
errors++;
}
if(!(formats8.validate(data48))){
const err164 = {instancePath:instancePath+"/anonymous/homeDirectory",schemaPath:"#/properties/anonymous/properties/homeDirectory/format",keyword:"format",params:{format: "virtual-path"},message:"must match format \""+"virtual-path"+"\""};
if(vErrors === null){
vErrors = [err164];
}
else {
vErrors.push(err164);
}
errors++;
}
}
else {
const err165 = {instancePath:instancePath+"/anonymous/homeDirectory",schemaPath:"#/properties/anonymous/properties/homeDirectory/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err165];
}
else {
vErrors.push(err165);
}
errors++;
}
}
if(data46.quota !== undefined){
let data49 = data46.quota;
if(data49 && typeof data49 == "object" && !Array.isArray(data49)){
for(const key15 in data49){
if(!((key15 === "bytes") || (key15 === "files"))){
const err166 = {instancePath:instancePath+"/anonymous/quota",schemaPath:"#/properties/anonymous/properties/quota/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key15},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err166];
}
else {
vErrors.push(err166);
}
errors++;
}
}
if(data49.bytes !== undefined){
let data50 = data49.bytes;
if(!(((typeof data50 == "number") && (!(data50 % 1) && !isNaN(data50))) && (isFinite(data50)))){
const err167 = {instancePath:instancePath+"/anonymous/quota/bytes",schemaPath:"#/properties/anonymous/properties/quota/properties/bytes/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err167];
}
else {
vErrors.push(err167);
}
errors++;
}
if((typeof data50 == "number") && (isFinite(data50))){
if(data50 > 9007199254740991 || isNaN(data50)){
const err168 = {instancePath:instancePath+"/anonymous/quota/bytes",schemaPath:"#/properties/anonymous/properties/quota/properties/bytes/maximum",keyword:"maximum",params:{comparison: "<=", limit: 9007199254740991},message:"must be <= 9007199254740991"};
if(vErrors === null){
vErrors = [err168];
}
else {
vErrors.push(err168);
}
errors++;
}
if(data50 < 0 || isNaN(data50)){
const err169 = {instancePath:instancePath+"/anonymous/quota/bytes",schemaPath:"#/properties/anonymous/properties/quota/properties/bytes/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"};
if(vErrors === null){
vErrors = [err169];
}
else {
vErrors.push(err169);
}
errors++;
}
}
}
if(data49.files !== undefined){
let data51 = data49.files;
if(!(((typeof data51 == "number") && (!(data51 % 1) && !isNaN(data51))) && (isFinite(data51)))){
const err170 = {instancePath:instancePath+"/anonymous/quota/files",schemaPath:"#/properties/anonymous/properties/quota/properties/files/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err170];
}
else {
vErrors.push(err170);
}
errors++;
}
if((typeof data51 == "number") && (isFinite(data51))){
if(data51 > 9007199254740991 || isNaN(data51)){
const err171 = {instancePath:instancePath+"/anonymous/quota/files",schemaPath:"#/properties/anonymous/properties/quota/properties/files/maximum",keyword:"maximum",params:{comparison: "<=", limit: 9007199254740991},message:"must be <= 9007199254740991"};
if(vErrors === null){
vErrors = [err171];
}
else {
vErrors.push(err171);
}
errors++;
}
if(data51 < 0 || isNaN(data51)){
const err172 = {instancePath:instancePath+"/anonymous/quota/files",schemaPath:"#/properties/anonymous/properties/quota/properties/files/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"};
if(vErrors === null){
vErrors = [err172];
}
else {
vErrors.push(err172);
}
errors++;
}
}
}
}
else {
const err173 = {instancePath:instancePath+"/anonymous/quota",schemaPath:"#/properties/anonymous/properties/quota/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err173];
}
else {
vErrors.push(err173);
}
errors++;
}
}
if(data46.limits !== undefined){
let data52 = data46.limits;
if(data52 && typeof data52 == "object" && !Array.isArray(data52)){
for(const key16 in data52){
if(!(((key16 === "sessions") || (key16 === "uploadBytesPerSecond")) || (key16 === "downloadBytesPerSecond"))){
const err174 = {instancePath:instancePath+"/anonymous/limits",schemaPath:"#/properties/anonymous/properties/limits/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key16},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err174];
}
else {
vErrors.push(err174);
}
errors++;
}
}
if(data52.sessions !== undefined){
let data53 = data52.sessions;
if(!(((typeof data53 == "number") && (!(data53 % 1) && !isNaN(data53))) && (isFinite(data53)))){
const err175 = {instancePath:instancePath+"/anonymous/limits/sessions",schemaPath:"#/properties/anonymous/properties/limits/properties/sessions/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err175];
}
else {
vErrors.push(err175);
}
errors++;
}
if((typeof data53 == "number") && (isFinite(data53))){
if(data53 > 1000000 || isNaN(data53)){
const err176 = {instancePath:instancePath+"/anonymous/limits/sessions",schemaPath:"#/properties/anonymous/properties/limits/properties/sessions/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1000000},message:"must be <= 1000000"};
if(vErrors === null){
vErrors = [err176];
}
else {
vErrors.push(err176);
}
errors++;
}
if(data53 < 1 || isNaN(data53)){
const err177 = {instancePath:instancePath+"/anonymous/limits/sessions",schemaPath:"#/properties/anonymous/properties/limits/properties/sessions/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"};
if(vErrors === null){
vErrors = [err177];
}
else {
vErrors.push(err177);
}
errors++;
}
}
}
if(data52.uploadBytesPerSecond !== undefined){
let data54 = data52.uploadBytesPerSecond;
if(!(((typeof data54 == "number") && (!(data54 % 1) && !isNaN(data54))) && (isFinite(data54)))){
const err178 = {instancePath:instancePath+"/anonymous/limits/uploadBytesPerSecond",schemaPath:"#/properties/anonymous/properties/limits/properties/uploadBytesPerSecond/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err178];
}
else {
vErrors.push(err178);
}
errors++;
}
if((typeof data54 == "number") && (isFinite(data54))){
if(data54 > 9007199254740991 || isNaN(data54)){
const err179 = {instancePath:instancePath+"/anonymous/limits/uploadBytesPerSecond",schemaPath:"#/properties/anonymous/properties/limits/properties/uploadBytesPerSecond/maximum",keyword:"maximum",params:{comparison: "<=", limit: 9007199254740991},message:"must be <= 9007199254740991"};
if(vErrors === null){
vErrors = [err179];
}
else {
vErrors.push(err179);
}
errors++;
}
if(data54 < 1 || isNaN(data54)){
const err180 = {instancePath:instancePath+"/anonymous/limits/uploadBytesPerSecond",schemaPath:"#/properties/anonymous/properties/limits/properties/uploadBytesPerSecond/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"};
if(vErrors === null){
vErrors = [err180];
}
else {
vErrors.push(err180);
}
errors++;
}
}
}
if(data52.downloadBytesPerSecond !== undefined){
let data55 = data52.downloadBytesPerSecond;
if(!(((typeof data55 == "number") && (!(data55 % 1) && !isNaN(data55))) && (isFinite(data55)))){
const err181 = {instancePath:instancePath+"/anonymous/limits/downloadBytesPerSecond",schemaPath:"#/properties/anonymous/properties/limits/properties/downloadBytesPerSecond/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err181];
}
else {
vErrors.push(err181);
}
errors++;
}
if((typeof data55 == "number") && (isFinite(data55))){
if(data55 > 9007199254740991 || isNaN(data55)){
const err182 = {instancePath:instancePath+"/anonymous/limits/downloadBytesPerSecond",schemaPath:"#/properties/anonymous/properties/limits/properties/downloadBytesPerSecond/maximum",keyword:"maximum",params:{comparison: "<=", limit: 9007199254740991},message:"must be <= 9007199254740991"};
if(vErrors === null){
vErrors = [err182];
}
else {
vErrors.push(err182);
}
errors++;
}
if(data55 < 1 || isNaN(data55)){
const err183 = {instancePath:instancePath+"/anonymous/limits/downloadBytesPerSecond",schemaPath:"#/properties/anonymous/properties/limits/properties/downloadBytesPerSecond/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"};
if(vErrors === null){
vErrors = [err183];
}
else {
vErrors.push(err183);
}
errors++;
}
}
}
}
else {
const err184 = {instancePath:instancePath+"/anonymous/limits",schemaPath:"#/properties/anonymous/properties/limits/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err184];
}
else {
vErrors.push(err184);
}
errors++;
}
}
if(data46.allowedClients !== undefined){
let data56 = data46.allowedClients;
if(Array.isArray(data56)){
if(data56.length > 20000){
const err185 = {instancePath:instancePath+"/anonymous/allowedClients",schemaPath:"#/properties/anonymous/properties/allowedClients/maxItems",keyword:"maxItems",params:{limit: 20000},message:"must NOT have more than 20000 items"};
if(vErrors === null){
vErrors = [err185];
}
else {
vErrors.push(err185);
}
errors++;
}
const len3 = data56.length;
for(let i3=0; i3<len3; i3++){
let data57 = data56[i3];
if(typeof data57 === "string"){
if(!(formats2.validate(data57))){
const err186 = {instancePath:instancePath+"/anonymous/allowedClients/" + i3,schemaPath:"#/properties/anonymous/properties/allowedClients/items/format",keyword:"format",params:{format: "address-or-cidr"},message:"must match format \""+"address-or-cidr"+"\""};
if(vErrors === null){
vErrors = [err186];
}
else {
vErrors.push(err186);
}
errors++;
}
}
else {
const err187 = {instancePath:instancePath+"/anonymous/allowedClients/" + i3,schemaPath:"#/properties/anonymous/properties/allowedClients/items/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err187];
}
else {
vErrors.push(err187);
}
errors++;
}
}
}
else {
const err188 = {instancePath:instancePath+"/anonymous/allowedClients",schemaPath:"#/properties/anonymous/properties/allowedClients/type",keyword:"type",params:{type: "array"},message:"must be array"};
if(vErrors === null){
vErrors = [err188];
}
else {
vErrors.push(err188);
}
errors++;
}
}
}
else {
const err189 = {instancePath:instancePath+"/anonymous",schemaPath:"#/properties/anonymous/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err189];
}
else {
vErrors.push(err189);
}
errors++;
}
}
if(data.maskedClients !== undefined){
let data58 = data.maskedClients;
if(Array.isArray(data58)){
if(data58.length > 20000){
const err190 = {instancePath:instancePath+"/maskedClients",schemaPath:"#/properties/maskedClients/maxItems",keyword:"maxItems",params:{limit: 20000},message:"must NOT have more than 20000 items"};
if(vErrors === null){
vErrors = [err190];
}
else {
vErrors.push(err190);
}
errors++;
}
const len4 = data58.length;
for(let i4=0; i4<len4; i4++){
let data59 = data58[i4];
if(typeof data59 === "string"){
if(!(formats2.validate(data59))){
const err191 = {instancePath:instancePath+"/maskedClients/" + i4,schemaPath:"#/properties/maskedClients/items/format",keyword:"format",params:{format: "address-or-cidr"},message:"must match format \""+"address-or-cidr"+"\""};
if(vErrors === null){
vErrors = [err191];
}
else {
vErrors.push(err191);
}
errors++;
}
}
else {
const err192 = {instancePath:instancePath+"/maskedClients/" + i4,schemaPath:"#/properties/maskedClients/items/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err192];
}
else {
vErrors.push(err192);
}
errors++;
}
}
}
else {
const err193 = {instancePath:instancePath+"/maskedClients",schemaPath:"#/properties/maskedClients/type",keyword:"type",params:{type: "array"},message:"must be array"};
if(vErrors === null){
vErrors = [err193];
}
else {
vErrors.push(err193);
}
errors++;
}
}
if(data.users !== undefined){
let data60 = data.users;
if(Array.isArray(data60)){
if(data60.length > 100000){
const err194 = {instancePath:instancePath+"/users",schemaPath:"#/properties/users/maxItems",keyword:"maxItems",params:{limit: 100000},message:"must NOT have more than 100000 items"};
if(vErrors === null){
vErrors = [err194];
}
else {
vErrors.push(err194);
}
errors++;
}
const len5 = data60.length;
for(let i5=0; i5<len5; i5++){
let data61 = data60[i5];
if(data61 && typeof data61 == "object" && !Array.isArray(data61)){
if(data61.name === undefined){
const err195 = {instancePath:instancePath+"/users/" + i5,schemaPath:"#/properties/users/items/required",keyword:"required",params:{missingProperty: "name"},message:"must have required property '"+"name"+"'"};
if(vErrors === null){
vErrors = [err195];
}
else {
vErrors.push(err195);
}
errors++;
}
if(data61.homeDirectory === undefined){
const err196 = {instancePath:instancePath+"/users/" + i5,schemaPath:"#/properties/users/items/required",keyword:"required",params:{missingProperty: "homeDirectory"},message:"must have required property '"+"homeDirectory"+"'"};
if(vErrors === null){
vErrors = [err196];
}
else {
vErrors.push(err196);
}
errors++;
}
if(data61.permissions === undefined){
const err197 = {instancePath:instancePath+"/users/" + i5,schemaPath:"#/properties/users/items/required",keyword:"required",params:{missingProperty: "permissions"},message:"must have required property '"+"permissions"+"'"};
if(vErrors === null){
vErrors = [err197];
}
else {
vErrors.push(err197);
}
errors++;
}
for(const key17 in data61){
if(!(func2.call(schema11.properties.users.items.properties, key17))){
const err198 = {instancePath:instancePath+"/users/" + i5,schemaPath:"#/properties/users/items/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key17},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err198];
}
else {
vErrors.push(err198);
}
errors++;
}
}
if(data61.name !== undefined){
let data62 = data61.name;
if(typeof data62 === "string"){
if(func3(data62) > 128){
const err199 = {instancePath:instancePath+"/users/" + i5+"/name",schemaPath:"#/properties/users/items/properties/name/maxLength",keyword:"maxLength",params:{limit: 128},message:"must NOT have more than 128 characters"};
if(vErrors === null){
vErrors = [err199];
}
else {
vErrors.push(err199);
}
errors++;
}
if(func3(data62) < 1){
const err200 = {instancePath:instancePath+"/users/" + i5+"/name",schemaPath:"#/properties/users/items/properties/name/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters"};
if(vErrors === null){
vErrors = [err200];
}
else {
vErrors.push(err200);
}
errors++;
}
}
else {
const err201 = {instancePath:instancePath+"/users/" + i5+"/name",schemaPath:"#/properties/users/items/properties/name/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err201];
}
else {
vErrors.push(err201);
}
errors++;
}
}
if(data61.passwordHash !== undefined){
let data63 = data61.passwordHash;
if(typeof data63 === "string"){
if(func3(data63) > 512){
const err202 = {instancePath:instancePath+"/users/" + i5+"/passwordHash",schemaPath:"#/properties/users/items/properties/passwordHash/maxLength",keyword:"maxLength",params:{limit: 512},message:"must NOT have more than 512 characters"};
if(vErrors === null){
vErrors = [err202];
}
else {
vErrors.push(err202);
}
errors++;
}
}
else {
const err203 = {instancePath:instancePath+"/users/" + i5+"/passwordHash",schemaPath:"#/properties/users/items/properties/passwordHash/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err203];
}
else {
vErrors.push(err203);
}
errors++;
}
}
if(data61.passwordSource !== undefined){
let data64 = data61.passwordSource;
if(typeof data64 === "string"){
if(func3(data64) > 1024){
const err204 = {instancePath:instancePath+"/users/" + i5+"/passwordSource",schemaPath:"#/properties/users/items/properties/passwordSource/maxLength",keyword:"maxLength",params:{limit: 1024},message:"must NOT have more than 1024 characters"};
if(vErrors === null){
vErrors = [err204];
}
else {
vErrors.push(err204);
}
errors++;
}
}
else {
const err205 = {instancePath:instancePath+"/users/" + i5+"/passwordSource",schemaPath:"#/properties/users/items/properties/passwordSource/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err205];
}
else {
vErrors.push(err205);
}
errors++;
}
}
if(data61.namespace !== undefined){
let data65 = data61.namespace;
if(typeof data65 === "string"){
if(func3(data65) > 63){
const err206 = {instancePath:instancePath+"/users/" + i5+"/namespace",schemaPath:"#/properties/users/items/properties/namespace/maxLength",keyword:"maxLength",params:{limit: 63},message:"must NOT have more than 63 characters"};
if(vErrors === null){
vErrors = [err206];
}
else {
vErrors.push(err206);
}
errors++;
}
if(func3(data65) < 1){
const err207 = {instancePath:instancePath+"/users/" + i5+"/namespace",schemaPath:"#/properties/users/items/properties/namespace/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters"};
if(vErrors === null){
vErrors = [err207];
}
else {
vErrors.push(err207);
}
errors++;
}
}
else {
const err208 = {instancePath:instancePath+"/users/" + i5+"/namespace",schemaPath:"#/properties/users/items/properties/namespace/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err208];
}
else {
vErrors.push(err208);
}
errors++;
}
}
if(data61.homeDirectory !== undefined){
let data66 = data61.homeDirectory;
if(typeof data66 === "string"){
if(func3(data66) > 1024){
const err209 = {instancePath:instancePath+"/users/" + i5+"/homeDirectory",schemaPath:"#/properties/users/items/properties/homeDirectory/maxLength",keyword:"maxLength",params:{limit: 1024},message:"must NOT have more than 1024 characters"};
if(vErrors === null){
vErrors = [err209];
}
else {
vErrors.push(err209);
}
errors++;
}
if(!(formats8.validate(data66))){
const err210 = {instancePath:instancePath+"/users/" + i5+"/homeDirectory",schemaPath:"#/properties/users/items/properties/homeDirectory/format",keyword:"format",params:{format: "virtual-path"},message:"must match format \""+"virtual-path"+"\""};
if(vErrors === null){
vErrors = [err210];
}
else {
vErrors.push(err210);
}
errors++;
}
}
else {
const err211 = {instancePath:instancePath+"/users/" + i5+"/homeDirectory",schemaPath:"#/properties/users/items/properties/homeDirectory/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err211];
}
else {
vErrors.push(err211);
}
errors++;
}
}
if(data61.permissions !== undefined){
let data67 = data61.permissions;
if(Array.isArray(data67)){
const len6 = data67.length;
for(let i6=0; i6<len6; i6++){
let data68 = data67[i6];
if(!(((((((((data68 === "List") || (data68 === "Read")) || (data68 === "Write")) || (data68 === "Append")) || (data68 === "Delete")) || (data68 === "Rename")) || (data68 === "MakeDirectory")) || (data68 === "RemoveDirectory")) || (data68 === "SetModificationTime"))){
const err212 = {instancePath:instancePath+"/users/" + i5+"/permissions/" + i6,schemaPath:"#/properties/users/items/properties/permissions/items/enum",keyword:"enum",params:{allowedValues: schema11.properties.users.items.properties.permissions.items.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err212];
}
else {
vErrors.push(err212);
}
errors++;
}
}
let i7 = data67.length;
let j0;
if(i7 > 1){
outer0:
for(;i7--;){
for(j0 = i7; j0--;){
if(func0(data67[i7], data67[j0])){
const err213 = {instancePath:instancePath+"/users/" + i5+"/permissions",schemaPath:"#/properties/users/items/properties/permissions/uniqueItems",keyword:"uniqueItems",params:{i: i7, j: j0},message:"must NOT have duplicate items (items ## "+j0+" and "+i7+" are identical)"};
if(vErrors === null){
vErrors = [err213];
}
else {
vErrors.push(err213);
}
errors++;
break outer0;
}
}
}
}
}
else {
const err214 = {instancePath:instancePath+"/users/" + i5+"/permissions",schemaPath:"#/properties/users/items/properties/permissions/type",keyword:"type",params:{type: "array"},message:"must be array"};
if(vErrors === null){
vErrors = [err214];
}
else {
vErrors.push(err214);
}
errors++;
}
}
if(data61.directories !== undefined){
let data69 = data61.directories;
if(Array.isArray(data69)){
if(data69.length > 100){
const err215 = {instancePath:instancePath+"/users/" + i5+"/directories",schemaPath:"#/properties/users/items/properties/directories/maxItems",keyword:"maxItems",params:{limit: 100},message:"must NOT have more than 100 items"};
if(vErrors === null){
vErrors = [err215];
}
else {
vErrors.push(err215);
}
errors++;
}
const len7 = data69.length;
for(let i8=0; i8<len7; i8++){
let data70 = data69[i8];
if(data70 && typeof data70 == "object" && !Array.isArray(data70)){
if(data70.path === undefined){
const err216 = {instancePath:instancePath+"/users/" + i5+"/directories/" + i8,schemaPath:"#/properties/users/items/properties/directories/items/required",keyword:"required",params:{missingProperty: "path"},message:"must have required property '"+"path"+"'"};
if(vErrors === null){
vErrors = [err216];
}
else {
vErrors.push(err216);
}
errors++;
}
if(data70.permissions === undefined){
const err217 = {instancePath:instancePath+"/users/" + i5+"/directories/" + i8,schemaPath:"#/properties/users/items/properties/directories/items/required",keyword:"required",params:{missingProperty: "permissions"},message:"must have required property '"+"permissions"+"'"};
if(vErrors === null){
vErrors = [err217];
}
else {
vErrors.push(err217);
}
errors++;
}
for(const key18 in data70){
if(!((key18 === "path") || (key18 === "permissions"))){
const err218 = {instancePath:instancePath+"/users/" + i5+"/directories/" + i8,schemaPath:"#/properties/users/items/properties/directories/items/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key18},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err218];
}
else {
vErrors.push(err218);
}
errors++;
}
}
if(data70.path !== undefined){
let data71 = data70.path;
if(typeof data71 === "string"){
if(func3(data71) > 1024){
const err219 = {instancePath:instancePath+"/users/" + i5+"/directories/" + i8+"/path",schemaPath:"#/properties/users/items/properties/directories/items/properties/path/maxLength",keyword:"maxLength",params:{limit: 1024},message:"must NOT have more than 1024 characters"};
if(vErrors === null){
vErrors = [err219];
}
else {
vErrors.push(err219);
}
errors++;
}
if(!(formats16.validate(data71))){
const err220 = {instancePath:instancePath+"/users/" + i5+"/directories/" + i8+"/path",schemaPath:"#/properties/users/items/properties/directories/items/properties/path/format",keyword:"format",params:{format: "directory-path"},message:"must match format \""+"directory-path"+"\""};
if(vErrors === null){
vErrors = [err220];
}
else {
vErrors.push(err220);
}
errors++;
}
}
else {
const err221 = {instancePath:instancePath+"/users/" + i5+"/directories/" + i8+"/path",schemaPath:"#/properties/users/items/properties/directories/items/properties/path/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err221];
}
else {
vErrors.push(err221);
}
errors++;
}
}
if(data70.permissions !== undefined){
let data72 = data70.permissions;
if(Array.isArray(data72)){
const len8 = data72.length;
for(let i9=0; i9<len8; i9++){
let data73 = data72[i9];
if(!(((((((((data73 === "List") || (data73 === "Read")) || (data73 === "Write")) || (data73 === "Append")) || (data73 === "Delete")) || (data73 === "Rename")) || (data73 === "MakeDirectory")) || (data73 === "RemoveDirectory")) || (data73 === "SetModificationTime"))){
const err222 = {instancePath:instancePath+"/users/" + i5+"/directories/" + i8+"/permissions/" + i9,schemaPath:"#/properties/users/items/properties/directories/items/properties/permissions/items/enum",keyword:"enum",params:{allowedValues: schema11.properties.users.items.properties.directories.items.properties.permissions.items.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err222];
}
else {
vErrors.push(err222);
}
errors++;
}
}
let i10 = data72.length;
let j1;
if(i10 > 1){
outer1:
for(;i10--;){
for(j1 = i10; j1--;){
if(func0(data72[i10], data72[j1])){
const err223 = {instancePath:instancePath+"/users/" + i5+"/directories/" + i8+"/permissions",schemaPath:"#/properties/users/items/properties/directories/items/properties/permissions/uniqueItems",keyword:"uniqueItems",params:{i: i10, j: j1},message:"must NOT have duplicate items (items ## "+j1+" and "+i10+" are identical)"};
if(vErrors === null){
vErrors = [err223];
}
else {
vErrors.push(err223);
}
errors++;
break outer1;
}
}
}
}
}
else {
const err224 = {instancePath:instancePath+"/users/" + i5+"/directories/" + i8+"/permissions",schemaPath:"#/properties/users/items/properties/directories/items/properties/permissions/type",keyword:"type",params:{type: "array"},message:"must be array"};
if(vErrors === null){
vErrors = [err224];
}
else {
vErrors.push(err224);
}
errors++;
}
}
}
else {
const err225 = {instancePath:instancePath+"/users/" + i5+"/directories/" + i8,schemaPath:"#/properties/users/items/properties/directories/items/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err225];
}
else {
vErrors.push(err225);
}
errors++;
}
}
}
else {
const err226 = {instancePath:instancePath+"/users/" + i5+"/directories",schemaPath:"#/properties/users/items/properties/directories/type",keyword:"type",params:{type: "array"},message:"must be array"};
if(vErrors === null){
vErrors = [err226];
}
else {
vErrors.push(err226);
}
errors++;
}
}
if(data61.mounts !== undefined){
let data74 = data61.mounts;
if(Array.isArray(data74)){
if(data74.length > 100){
const err227 = {instancePath:instancePath+"/users/" + i5+"/mounts",schemaPath:"#/properties/users/items/properties/mounts/maxItems",keyword:"maxItems",params:{limit: 100},message:"must NOT have more than 100 items"};
if(vErrors === null){
vErrors = [err227];
}
else {
vErrors.push(err227);
}
errors++;
}
const len9 = data74.length;
for(let i11=0; i11<len9; i11++){
let data75 = data74[i11];
if(data75 && typeof data75 == "object" && !Array.isArray(data75)){
if(data75.path === undefined){
const err228 = {instancePath:instancePath+"/users/" + i5+"/mounts/" + i11,schemaPath:"#/properties/users/items/properties/mounts/items/required",keyword:"required",params:{missingProperty: "path"},message:"must have required property '"+"path"+"'"};
if(vErrors === null){
vErrors = [err228];
}
else {
vErrors.push(err228);
}
errors++;
}
if(data75.subPath === undefined){
const err229 = {instancePath:instancePath+"/users/" + i5+"/mounts/" + i11,schemaPath:"#/properties/users/items/properties/mounts/items/required",keyword:"required",params:{missingProperty: "subPath"},message:"must have required property '"+"subPath"+"'"};
if(vErrors === null){
vErrors = [err229];
}
else {
vErrors.push(err229);
}
errors++;
}
if(data75.access === undefined){
const err230 = {instancePath:instancePath+"/users/" + i5+"/mounts/" + i11,schemaPath:"#/properties/users/items/properties/mounts/items/required",keyword:"required",params:{missingProperty: "access"},message:"must have required property '"+"access"+"'"};
if(vErrors === null){
vErrors = [err230];
}
else {
vErrors.push(err230);
}
errors++;
}
for(const key19 in data75){
if(!((((key19 === "path") || (key19 === "storage")) || (key19 === "subPath")) || (key19 === "access"))){
const err231 = {instancePath:instancePath+"/users/" + i5+"/mounts/" + i11,schemaPath:"#/properties/users/items/properties/mounts/items/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key19},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err231];
}
else {
vErrors.push(err231);
}
errors++;
}
}
if(data75.path !== undefined){
let data76 = data75.path;
if(typeof data76 === "string"){
if(func3(data76) > 1024){
const err232 = {instancePath:instancePath+"/users/" + i5+"/mounts/" + i11+"/path",schemaPath:"#/properties/users/items/properties/mounts/items/properties/path/maxLength",keyword:"maxLength",params:{limit: 1024},message:"must NOT have more than 1024 characters"};
if(vErrors === null){
vErrors = [err232];
}
else {
vErrors.push(err232);
}
errors++;
}
if(!(formats16.validate(data76))){
const err233 = {instancePath:instancePath+"/users/" + i5+"/mounts/" + i11+"/path",schemaPath:"#/properties/users/items/properties/mounts/items/properties/path/format",keyword:"format",params:{format: "directory-path"},message:"must match format \""+"directory-path"+"\""};
if(vErrors === null){
vErrors = [err233];
}
else {
vErrors.push(err233);
}
errors++;
}
}
else {
const err234 = {instancePath:instancePath+"/users/" + i5+"/mounts/" + i11+"/path",schemaPath:"#/properties/users/items/properties/mounts/items/properties/path/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err234];
}
else {
vErrors.push(err234);
}
errors++;
}
}
if(data75.storage !== undefined){
let data77 = data75.storage;
if(typeof data77 === "string"){
if(!pattern5.test(data77)){
const err235 = {instancePath:instancePath+"/users/" + i5+"/mounts/" + i11+"/storage",schemaPath:"#/properties/users/items/properties/mounts/items/properties/storage/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$"},message:"must match pattern \""+"^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$"+"\""};
if(vErrors === null){
vErrors = [err235];
}
else {
vErrors.push(err235);
}
errors++;
}
}
else {
const err236 = {instancePath:instancePath+"/users/" + i5+"/mounts/" + i11+"/storage",schemaPath:"#/properties/users/items/properties/mounts/items/properties/storage/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err236];
}
else {
vErrors.push(err236);
}
errors++;
}
}
if(data75.subPath !== undefined){
let data78 = data75.subPath;
if(typeof data78 === "string"){
if(func3(data78) > 1024){
const err237 = {instancePath:instancePath+"/users/" + i5+"/mounts/" + i11+"/subPath",schemaPath:"#/properties/users/items/properties/mounts/items/properties/subPath/maxLength",keyword:"maxLength",params:{limit: 1024},message:"must NOT have more than 1024 characters"};
if(vErrors === null){
vErrors = [err237];
}
else {
vErrors.push(err237);
}
errors++;
}
if(!(formats8.validate(data78))){
const err238 = {instancePath:instancePath+"/users/" + i5+"/mounts/" + i11+"/subPath",schemaPath:"#/properties/users/items/properties/mounts/items/properties/subPath/format",keyword:"format",params:{format: "virtual-path"},message:"must match format \""+"virtual-path"+"\""};
if(vErrors === null){
vErrors = [err238];
}
else {
vErrors.push(err238);
}
errors++;
}
}
else {
const err239 = {instancePath:instancePath+"/users/" + i5+"/mounts/" + i11+"/subPath",schemaPath:"#/properties/users/items/properties/mounts/items/properties/subPath/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err239];
}
else {
vErrors.push(err239);
}
errors++;
}
}
if(data75.access !== undefined){
let data79 = data75.access;
if(!((data79 === "ReadWrite") || (data79 === "ReadOnly"))){
const err240 = {instancePath:instancePath+"/users/" + i5+"/mounts/" + i11+"/access",schemaPath:"#/properties/users/items/properties/mounts/items/properties/access/enum",keyword:"enum",params:{allowedValues: schema11.properties.users.items.properties.mounts.items.properties.access.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err240];
}
else {
vErrors.push(err240);
}
errors++;
}
}
}
else {
const err241 = {instancePath:instancePath+"/users/" + i5+"/mounts/" + i11,schemaPath:"#/properties/users/items/properties/mounts/items/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err241];
}
else {
vErrors.push(err241);
}
errors++;
}
}
}
else {
const err242 = {instancePath:instancePath+"/users/" + i5+"/mounts",schemaPath:"#/properties/users/items/properties/mounts/type",keyword:"type",params:{type: "array"},message:"must be array"};
if(vErrors === null){
vErrors = [err242];
}
else {
vErrors.push(err242);
}
errors++;
}
}
if(data61.quota !== undefined){
let data80 = data61.quota;
if(data80 && typeof data80 == "object" && !Array.isArray(data80)){
for(const key20 in data80){
if(!((key20 === "bytes") || (key20 === "files"))){
const err243 = {instancePath:instancePath+"/users/" + i5+"/quota",schemaPath:"#/properties/users/items/properties/quota/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key20},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err243];
}
else {
vErrors.push(err243);
}
errors++;
}
}
if(data80.bytes !== undefined){
let data81 = data80.bytes;
if(!(((typeof data81 == "number") && (!(data81 % 1) && !isNaN(data81))) && (isFinite(data81)))){
const err244 = {instancePath:instancePath+"/users/" + i5+"/quota/bytes",schemaPath:"#/properties/users/items/properties/quota/properties/bytes/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err244];
}
else {
vErrors.push(err244);
}
errors++;
}
if((typeof data81 == "number") && (isFinite(data81))){
if(data81 > 9007199254740991 || isNaN(data81)){
const err245 = {instancePath:instancePath+"/users/" + i5+"/quota/bytes",schemaPath:"#/properties/users/items/properties/quota/properties/bytes/maximum",keyword:"maximum",params:{comparison: "<=", limit: 9007199254740991},message:"must be <= 9007199254740991"};
if(vErrors === null){
vErrors = [err245];
}
else {
vErrors.push(err245);
}
errors++;
}
if(data81 < 0 || isNaN(data81)){
const err246 = {instancePath:instancePath+"/users/" + i5+"/quota/bytes",schemaPath:"#/properties/users/items/properties/quota/properties/bytes/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"};
if(vErrors === null){
vErrors = [err246];
}
else {
vErrors.push(err246);
}
errors++;
}
}
}
if(data80.files !== undefined){
let data82 = data80.files;
if(!(((typeof data82 == "number") && (!(data82 % 1) && !isNaN(data82))) && (isFinite(data82)))){
const err247 = {instancePath:instancePath+"/users/" + i5+"/quota/files",schemaPath:"#/properties/users/items/properties/quota/properties/files/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err247];
}
else {
vErrors.push(err247);
}
errors++;
}
if((typeof data82 == "number") && (isFinite(data82))){
if(data82 > 9007199254740991 || isNaN(data82)){
const err248 = {instancePath:instancePath+"/users/" + i5+"/quota/files",schemaPath:"#/properties/users/items/properties/quota/properties/files/maximum",keyword:"maximum",params:{comparison: "<=", limit: 9007199254740991},message:"must be <= 9007199254740991"};
if(vErrors === null){
vErrors = [err248];
}
else {
vErrors.push(err248);
}
errors++;
}
if(data82 < 0 || isNaN(data82)){
const err249 = {instancePath:instancePath+"/users/" + i5+"/quota/files",schemaPath:"#/properties/users/items/properties/quota/properties/files/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"};
if(vErrors === null){
vErrors = [err249];
}
else {
vErrors.push(err249);
}
errors++;
}
}
}
}
else {
const err250 = {instancePath:instancePath+"/users/" + i5+"/quota",schemaPath:"#/properties/users/items/properties/quota/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err250];
}
else {
vErrors.push(err250);
}
errors++;
}
}
if(data61.limits !== undefined){
let data83 = data61.limits;
if(data83 && typeof data83 == "object" && !Array.isArray(data83)){
for(const key21 in data83){
if(!(((key21 === "sessions") || (key21 === "uploadBytesPerSecond")) || (key21 === "downloadBytesPerSecond"))){
const err251 = {instancePath:instancePath+"/users/" + i5+"/limits",schemaPath:"#/properties/users/items/properties/limits/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key21},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err251];
}
else {
vErrors.push(err251);
}
errors++;
}
}
if(data83.sessions !== undefined){
let data84 = data83.sessions;
if(!(((typeof data84 == "number") && (!(data84 % 1) && !isNaN(data84))) && (isFinite(data84)))){
const err252 = {instancePath:instancePath+"/users/" + i5+"/limits/sessions",schemaPath:"#/properties/users/items/properties/limits/properties/sessions/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err252];
}
else {
vErrors.push(err252);
}
errors++;
}
if((typeof data84 == "number") && (isFinite(data84))){
if(data84 > 1000000 || isNaN(data84)){
const err253 = {instancePath:instancePath+"/users/" + i5+"/limits/sessions",schemaPath:"#/properties/users/items/properties/limits/properties/sessions/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1000000},message:"must be <= 1000000"};
if(vErrors === null){
vErrors = [err253];
}
else {
vErrors.push(err253);
}
errors++;
}
if(data84 < 1 || isNaN(data84)){
const err254 = {instancePath:instancePath+"/users/" + i5+"/limits/sessions",schemaPath:"#/properties/users/items/properties/limits/properties/sessions/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"};
if(vErrors === null){
vErrors = [err254];
}
else {
vErrors.push(err254);
}
errors++;
}
}
}
if(data83.uploadBytesPerSecond !== undefined){
let data85 = data83.uploadBytesPerSecond;
if(!(((typeof data85 == "number") && (!(data85 % 1) && !isNaN(data85))) && (isFinite(data85)))){
const err255 = {instancePath:instancePath+"/users/" + i5+"/limits/uploadBytesPerSecond",schemaPath:"#/properties/users/items/properties/limits/properties/uploadBytesPerSecond/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err255];
}
else {
vErrors.push(err255);
}
errors++;
}
if((typeof data85 == "number") && (isFinite(data85))){
if(data85 > 9007199254740991 || isNaN(data85)){
const err256 = {instancePath:instancePath+"/users/" + i5+"/limits/uploadBytesPerSecond",schemaPath:"#/properties/users/items/properties/limits/properties/uploadBytesPerSecond/maximum",keyword:"maximum",params:{comparison: "<=", limit: 9007199254740991},message:"must be <= 9007199254740991"};
if(vErrors === null){
vErrors = [err256];
}
else {
vErrors.push(err256);
}
errors++;
}
if(data85 < 1 || isNaN(data85)){
const err257 = {instancePath:instancePath+"/users/" + i5+"/limits/uploadBytesPerSecond",schemaPath:"#/properties/users/items/properties/limits/properties/uploadBytesPerSecond/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"};
if(vErrors === null){
vErrors = [err257];
}
else {
vErrors.push(err257);
}
errors++;
}
}
}
if(data83.downloadBytesPerSecond !== undefined){
let data86 = data83.downloadBytesPerSecond;
if(!(((typeof data86 == "number") && (!(data86 % 1) && !isNaN(data86))) && (isFinite(data86)))){
const err258 = {instancePath:instancePath+"/users/" + i5+"/limits/downloadBytesPerSecond",schemaPath:"#/properties/users/items/properties/limits/properties/downloadBytesPerSecond/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err258];
}
else {
vErrors.push(err258);
}
errors++;
}
if((typeof data86 == "number") && (isFinite(data86))){
if(data86 > 9007199254740991 || isNaN(data86)){
const err259 = {instancePath:instancePath+"/users/" + i5+"/limits/downloadBytesPerSecond",schemaPath:"#/properties/users/items/properties/limits/properties/downloadBytesPerSecond/maximum",keyword:"maximum",params:{comparison: "<=", limit: 9007199254740991},message:"must be <= 9007199254740991"};
if(vErrors === null){
vErrors = [err259];
}
else {
vErrors.push(err259);
}
errors++;
}
if(data86 < 1 || isNaN(data86)){
const err260 = {instancePath:instancePath+"/users/" + i5+"/limits/downloadBytesPerSecond",schemaPath:"#/properties/users/items/properties/limits/properties/downloadBytesPerSecond/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"};
if(vErrors === null){
vErrors = [err260];
}
else {
vErrors.push(err260);
}
errors++;
}
}
}
}
else {
const err261 = {instancePath:instancePath+"/users/" + i5+"/limits",schemaPath:"#/properties/users/items/properties/limits/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err261];
}
else {
vErrors.push(err261);
}
errors++;
}
}
if(data61.files !== undefined){
let data87 = data61.files;
if(data87 && typeof data87 == "object" && !Array.isArray(data87)){
for(const key22 in data87){
if(!((key22 === "fileMode") || (key22 === "directoryMode"))){
const err262 = {instancePath:instancePath+"/users/" + i5+"/files",schemaPath:"#/properties/users/items/properties/files/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key22},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err262];
}
else {
vErrors.push(err262);
}
errors++;
}
}
if(data87.fileMode !== undefined){
let data88 = data87.fileMode;
if(typeof data88 === "string"){
if(!(formats22.validate(data88))){
const err263 = {instancePath:instancePath+"/users/" + i5+"/files/fileMode",schemaPath:"#/properties/users/items/properties/files/properties/fileMode/format",keyword:"format",params:{format: "file-mode"},message:"must match format \""+"file-mode"+"\""};
if(vErrors === null){
vErrors = [err263];
}
else {
vErrors.push(err263);
}
errors++;
}
}
else {
const err264 = {instancePath:instancePath+"/users/" + i5+"/files/fileMode",schemaPath:"#/properties/users/items/properties/files/properties/fileMode/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err264];
}
else {
vErrors.push(err264);
}
errors++;
}
}
if(data87.directoryMode !== undefined){
let data89 = data87.directoryMode;
if(typeof data89 === "string"){
if(!(formats24.validate(data89))){
const err265 = {instancePath:instancePath+"/users/" + i5+"/files/directoryMode",schemaPath:"#/properties/users/items/properties/files/properties/directoryMode/format",keyword:"format",params:{format: "directory-mode"},message:"must match format \""+"directory-mode"+"\""};
if(vErrors === null){
vErrors = [err265];
}
else {
vErrors.push(err265);
}
errors++;
}
}
else {
const err266 = {instancePath:instancePath+"/users/" + i5+"/files/directoryMode",schemaPath:"#/properties/users/items/properties/files/properties/directoryMode/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err266];
}
else {
vErrors.push(err266);
}
errors++;
}
}
}
else {
const err267 = {instancePath:instancePath+"/users/" + i5+"/files",schemaPath:"#/properties/users/items/properties/files/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err267];
}
else {
vErrors.push(err267);
}
errors++;
}
}
if(data61.allowedClients !== undefined){
let data90 = data61.allowedClients;
if(Array.isArray(data90)){
if(data90.length > 20000){
const err268 = {instancePath:instancePath+"/users/" + i5+"/allowedClients",schemaPath:"#/properties/users/items/properties/allowedClients/maxItems",keyword:"maxItems",params:{limit: 20000},message:"must NOT have more than 20000 items"};
if(vErrors === null){
vErrors = [err268];
}
else {
vErrors.push(err268);
}
errors++;
}
const len10 = data90.length;
for(let i12=0; i12<len10; i12++){
let data91 = data90[i12];
if(typeof data91 === "string"){
if(!(formats2.validate(data91))){
const err269 = {instancePath:instancePath+"/users/" + i5+"/allowedClients/" + i12,schemaPath:"#/properties/users/items/properties/allowedClients/items/format",keyword:"format",params:{format: "address-or-cidr"},message:"must match format \""+"address-or-cidr"+"\""};
if(vErrors === null){
vErrors = [err269];
}
else {
vErrors.push(err269);
}
errors++;
}
}
else {
const err270 = {instancePath:instancePath+"/users/" + i5+"/allowedClients/" + i12,schemaPath:"#/properties/users/items/properties/allowedClients/items/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err270];
}
else {
vErrors.push(err270);
}
errors++;
}
}
}
else {
const err271 = {instancePath:instancePath+"/users/" + i5+"/allowedClients",schemaPath:"#/properties/users/items/properties/allowedClients/type",keyword:"type",params:{type: "array"},message:"must be array"};
if(vErrors === null){
vErrors = [err271];
}
else {
vErrors.push(err271);
}
errors++;
}
}
if(data61.state !== undefined){
let data92 = data61.state;
if(!((data92 === "Enabled") || (data92 === "Disabled"))){
const err272 = {instancePath:instancePath+"/users/" + i5+"/state",schemaPath:"#/properties/users/items/properties/state/enum",keyword:"enum",params:{allowedValues: schema11.properties.users.items.properties.state.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err272];
}
else {
vErrors.push(err272);
}
errors++;
}
}
if(data61.expiresAt !== undefined){
let data93 = data61.expiresAt;
if(typeof data93 === "string"){
if(func3(data93) > 64){
const err273 = {instancePath:instancePath+"/users/" + i5+"/expiresAt",schemaPath:"#/properties/users/items/properties/expiresAt/maxLength",keyword:"maxLength",params:{limit: 64},message:"must NOT have more than 64 characters"};
if(vErrors === null){
vErrors = [err273];
}
else {
vErrors.push(err273);
}
errors++;
}
if(!(formats28.validate(data93))){
const err274 = {instancePath:instancePath+"/users/" + i5+"/expiresAt",schemaPath:"#/properties/users/items/properties/expiresAt/format",keyword:"format",params:{format: "date-time"},message:"must match format \""+"date-time"+"\""};
if(vErrors === null){
vErrors = [err274];
}
else {
vErrors.push(err274);
}
errors++;
}
}
else {
const err275 = {instancePath:instancePath+"/users/" + i5+"/expiresAt",schemaPath:"#/properties/users/items/properties/expiresAt/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err275];
}
else {
vErrors.push(err275);
}
errors++;
}
}
}
else {
const err276 = {instancePath:instancePath+"/users/" + i5,schemaPath:"#/properties/users/items/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err276];
}
else {
vErrors.push(err276);
}
errors++;
}
}
}
else {
const err277 = {instancePath:instancePath+"/users",schemaPath:"#/properties/users/type",keyword:"type",params:{type: "array"},message:"must be array"};
if(vErrors === null){
vErrors = [err277];
}
else {
vErrors.push(err277);
}
errors++;
}
}
if(data.check !== undefined){
let data94 = data.check;
if(data94 && typeof data94 == "object" && !Array.isArray(data94)){
if(data94.token === undefined){
const err278 = {instancePath:instancePath+"/check",schemaPath:"#/properties/check/required",keyword:"required",params:{missingProperty: "token"},message:"must have required property '"+"token"+"'"};
if(vErrors === null){
vErrors = [err278];
}
else {
vErrors.push(err278);
}
errors++;
}
for(const key23 in data94){
if(!(key23 === "token")){
const err279 = {instancePath:instancePath+"/check",schemaPath:"#/properties/check/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key23},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err279];
}
else {
vErrors.push(err279);
}
errors++;
}
}
if(data94.token !== undefined){
let data95 = data94.token;
if(typeof data95 === "string"){
if(func3(data95) > 512){
const err280 = {instancePath:instancePath+"/check/token",schemaPath:"#/properties/check/properties/token/maxLength",keyword:"maxLength",params:{limit: 512},message:"must NOT have more than 512 characters"};
if(vErrors === null){
vErrors = [err280];
}
else {
vErrors.push(err280);
}
errors++;
}
if(func3(data95) < 32){
const err281 = {instancePath:instancePath+"/check/token",schemaPath:"#/properties/check/properties/token/minLength",keyword:"minLength",params:{limit: 32},message:"must NOT have fewer than 32 characters"};
if(vErrors === null){
vErrors = [err281];
}
else {
vErrors.push(err281);
}
errors++;
}
}
else {
const err282 = {instancePath:instancePath+"/check/token",schemaPath:"#/properties/check/properties/token/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err282];
}
else {
vErrors.push(err282);
}
errors++;
}
}
}
else {
const err283 = {instancePath:instancePath+"/check",schemaPath:"#/properties/check/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err283];
}
else {
vErrors.push(err283);
}
errors++;
}
}
if(data.limits !== undefined){
let data96 = data.limits;
if(data96 && typeof data96 == "object" && !Array.isArray(data96)){
if(data96.sessions === undefined){
const err284 = {instancePath:instancePath+"/limits",schemaPath:"#/properties/limits/required",keyword:"required",params:{missingProperty: "sessions"},message:"must have required property '"+"sessions"+"'"};
if(vErrors === null){
vErrors = [err284];
}
else {
vErrors.push(err284);
}
errors++;
}
if(data96.sessionsPerClient === undefined){
const err285 = {instancePath:instancePath+"/limits",schemaPath:"#/properties/limits/required",keyword:"required",params:{missingProperty: "sessionsPerClient"},message:"must have required property '"+"sessionsPerClient"+"'"};
if(vErrors === null){
vErrors = [err285];
}
else {
vErrors.push(err285);
}
errors++;
}
if(data96.loginTimeoutSeconds === undefined){
const err286 = {instancePath:instancePath+"/limits",schemaPath:"#/properties/limits/required",keyword:"required",params:{missingProperty: "loginTimeoutSeconds"},message:"must have required property '"+"loginTimeoutSeconds"+"'"};
if(vErrors === null){
vErrors = [err286];
}
else {
vErrors.push(err286);
}
errors++;
}
if(data96.idleTimeoutSeconds === undefined){
const err287 = {instancePath:instancePath+"/limits",schemaPath:"#/properties/limits/required",keyword:"required",params:{missingProperty: "idleTimeoutSeconds"},message:"must have required property '"+"idleTimeoutSeconds"+"'"};
if(vErrors === null){
vErrors = [err287];
}
else {
vErrors.push(err287);
}
errors++;
}
if(data96.dataConnectTimeoutSeconds === undefined){
const err288 = {instancePath:instancePath+"/limits",schemaPath:"#/properties/limits/required",keyword:"required",params:{missingProperty: "dataConnectTimeoutSeconds"},message:"must have required property '"+"dataConnectTimeoutSeconds"+"'"};
if(vErrors === null){
vErrors = [err288];
}
else {
vErrors.push(err288);
}
errors++;
}
if(data96.stalledTransferTimeoutSeconds === undefined){
const err289 = {instancePath:instancePath+"/limits",schemaPath:"#/properties/limits/required",keyword:"required",params:{missingProperty: "stalledTransferTimeoutSeconds"},message:"must have required property '"+"stalledTransferTimeoutSeconds"+"'"};
if(vErrors === null){
vErrors = [err289];
}
else {
vErrors.push(err289);
}
errors++;
}
if(data96.commandLineBytes === undefined){
const err290 = {instancePath:instancePath+"/limits",schemaPath:"#/properties/limits/required",keyword:"required",params:{missingProperty: "commandLineBytes"},message:"must have required property '"+"commandLineBytes"+"'"};
if(vErrors === null){
vErrors = [err290];
}
else {
vErrors.push(err290);
}
errors++;
}
if(data96.queuedCommands === undefined){
const err291 = {instancePath:instancePath+"/limits",schemaPath:"#/properties/limits/required",keyword:"required",params:{missingProperty: "queuedCommands"},message:"must have required property '"+"queuedCommands"+"'"};
if(vErrors === null){
vErrors = [err291];
}
else {
vErrors.push(err291);
}
errors++;
}
if(data96.unknownCommands === undefined){
const err292 = {instancePath:instancePath+"/limits",schemaPath:"#/properties/limits/required",keyword:"required",params:{missingProperty: "unknownCommands"},message:"must have required property '"+"unknownCommands"+"'"};
if(vErrors === null){
vErrors = [err292];
}
else {
vErrors.push(err292);
}
errors++;
}
if(data96.listingEntries === undefined){
const err293 = {instancePath:instancePath+"/limits",schemaPath:"#/properties/limits/required",keyword:"required",params:{missingProperty: "listingEntries"},message:"must have required property '"+"listingEntries"+"'"};
if(vErrors === null){
vErrors = [err293];
}
else {
vErrors.push(err293);
}
errors++;
}
if(data96.checksumBytes === undefined){
const err294 = {instancePath:instancePath+"/limits",schemaPath:"#/properties/limits/required",keyword:"required",params:{missingProperty: "checksumBytes"},message:"must have required property '"+"checksumBytes"+"'"};
if(vErrors === null){
vErrors = [err294];
}
else {
vErrors.push(err294);
}
errors++;
}
if(data96.failedLogins === undefined){
const err295 = {instancePath:instancePath+"/limits",schemaPath:"#/properties/limits/required",keyword:"required",params:{missingProperty: "failedLogins"},message:"must have required property '"+"failedLogins"+"'"};
if(vErrors === null){
vErrors = [err295];
}
else {
vErrors.push(err295);
}
errors++;
}
for(const key24 in data96){
if(!(func2.call(schema11.properties.limits.properties, key24))){
const err296 = {instancePath:instancePath+"/limits",schemaPath:"#/properties/limits/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key24},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err296];
}
else {
vErrors.push(err296);
}
errors++;
}
}
if(data96.sessions !== undefined){
let data97 = data96.sessions;
if(!(((typeof data97 == "number") && (!(data97 % 1) && !isNaN(data97))) && (isFinite(data97)))){
const err297 = {instancePath:instancePath+"/limits/sessions",schemaPath:"#/properties/limits/properties/sessions/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err297];
}
else {
vErrors.push(err297);
}
errors++;
}
if((typeof data97 == "number") && (isFinite(data97))){
if(data97 > 1000000 || isNaN(data97)){
const err298 = {instancePath:instancePath+"/limits/sessions",schemaPath:"#/properties/limits/properties/sessions/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1000000},message:"must be <= 1000000"};
if(vErrors === null){
vErrors = [err298];
}
else {
vErrors.push(err298);
}
errors++;
}
if(data97 < 1 || isNaN(data97)){
const err299 = {instancePath:instancePath+"/limits/sessions",schemaPath:"#/properties/limits/properties/sessions/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"};
if(vErrors === null){
vErrors = [err299];
}
else {
vErrors.push(err299);
}
errors++;
}
}
}
if(data96.sessionsPerClient !== undefined){
let data98 = data96.sessionsPerClient;
if(!(((typeof data98 == "number") && (!(data98 % 1) && !isNaN(data98))) && (isFinite(data98)))){
const err300 = {instancePath:instancePath+"/limits/sessionsPerClient",schemaPath:"#/properties/limits/properties/sessionsPerClient/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err300];
}
else {
vErrors.push(err300);
}
errors++;
}
if((typeof data98 == "number") && (isFinite(data98))){
if(data98 > 1000000 || isNaN(data98)){
const err301 = {instancePath:instancePath+"/limits/sessionsPerClient",schemaPath:"#/properties/limits/properties/sessionsPerClient/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1000000},message:"must be <= 1000000"};
if(vErrors === null){
vErrors = [err301];
}
else {
vErrors.push(err301);
}
errors++;
}
if(data98 < 1 || isNaN(data98)){
const err302 = {instancePath:instancePath+"/limits/sessionsPerClient",schemaPath:"#/properties/limits/properties/sessionsPerClient/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"};
if(vErrors === null){
vErrors = [err302];
}
else {
vErrors.push(err302);
}
errors++;
}
}
}
if(data96.loginTimeoutSeconds !== undefined){
let data99 = data96.loginTimeoutSeconds;
if(!(((typeof data99 == "number") && (!(data99 % 1) && !isNaN(data99))) && (isFinite(data99)))){
const err303 = {instancePath:instancePath+"/limits/loginTimeoutSeconds",schemaPath:"#/properties/limits/properties/loginTimeoutSeconds/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err303];
}
else {
vErrors.push(err303);
}
errors++;
}
if((typeof data99 == "number") && (isFinite(data99))){
if(data99 > 86400 || isNaN(data99)){
const err304 = {instancePath:instancePath+"/limits/loginTimeoutSeconds",schemaPath:"#/properties/limits/properties/loginTimeoutSeconds/maximum",keyword:"maximum",params:{comparison: "<=", limit: 86400},message:"must be <= 86400"};
if(vErrors === null){
vErrors = [err304];
}
else {
vErrors.push(err304);
}
errors++;
}
if(data99 < 1 || isNaN(data99)){
const err305 = {instancePath:instancePath+"/limits/loginTimeoutSeconds",schemaPath:"#/properties/limits/properties/loginTimeoutSeconds/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"};
if(vErrors === null){
vErrors = [err305];
}
else {
vErrors.push(err305);
}
errors++;
}
}
}
if(data96.idleTimeoutSeconds !== undefined){
let data100 = data96.idleTimeoutSeconds;
if(!(((typeof data100 == "number") && (!(data100 % 1) && !isNaN(data100))) && (isFinite(data100)))){
const err306 = {instancePath:instancePath+"/limits/idleTimeoutSeconds",schemaPath:"#/properties/limits/properties/idleTimeoutSeconds/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err306];
}
else {
vErrors.push(err306);
}
errors++;
}
if((typeof data100 == "number") && (isFinite(data100))){
if(data100 > 86400 || isNaN(data100)){
const err307 = {instancePath:instancePath+"/limits/idleTimeoutSeconds",schemaPath:"#/properties/limits/properties/idleTimeoutSeconds/maximum",keyword:"maximum",params:{comparison: "<=", limit: 86400},message:"must be <= 86400"};
if(vErrors === null){
vErrors = [err307];
}
else {
vErrors.push(err307);
}
errors++;
}
if(data100 < 1 || isNaN(data100)){
const err308 = {instancePath:instancePath+"/limits/idleTimeoutSeconds",schemaPath:"#/properties/limits/properties/idleTimeoutSeconds/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"};
if(vErrors === null){
vErrors = [err308];
}
else {
vErrors.push(err308);
}
errors++;
}
}
}
if(data96.dataConnectTimeoutSeconds !== undefined){
let data101 = data96.dataConnectTimeoutSeconds;
if(!(((typeof data101 == "number") && (!(data101 % 1) && !isNaN(data101))) && (isFinite(data101)))){
const err309 = {instancePath:instancePath+"/limits/dataConnectTimeoutSeconds",schemaPath:"#/properties/limits/properties/dataConnectTimeoutSeconds/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err309];
}
else {
vErrors.push(err309);
}
errors++;
}
if((typeof data101 == "number") && (isFinite(data101))){
if(data101 > 86400 || isNaN(data101)){
const err310 = {instancePath:instancePath+"/limits/dataConnectTimeoutSeconds",schemaPath:"#/properties/limits/properties/dataConnectTimeoutSeconds/maximum",keyword:"maximum",params:{comparison: "<=", limit: 86400},message:"must be <= 86400"};
if(vErrors === null){
vErrors = [err310];
}
else {
vErrors.push(err310);
}
errors++;
}
if(data101 < 1 || isNaN(data101)){
const err311 = {instancePath:instancePath+"/limits/dataConnectTimeoutSeconds",schemaPath:"#/properties/limits/properties/dataConnectTimeoutSeconds/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"};
if(vErrors === null){
vErrors = [err311];
}
else {
vErrors.push(err311);
}
errors++;
}
}
}
if(data96.stalledTransferTimeoutSeconds !== undefined){
let data102 = data96.stalledTransferTimeoutSeconds;
if(!(((typeof data102 == "number") && (!(data102 % 1) && !isNaN(data102))) && (isFinite(data102)))){
const err312 = {instancePath:instancePath+"/limits/stalledTransferTimeoutSeconds",schemaPath:"#/properties/limits/properties/stalledTransferTimeoutSeconds/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err312];
}
else {
vErrors.push(err312);
}
errors++;
}
if((typeof data102 == "number") && (isFinite(data102))){
if(data102 > 86400 || isNaN(data102)){
const err313 = {instancePath:instancePath+"/limits/stalledTransferTimeoutSeconds",schemaPath:"#/properties/limits/properties/stalledTransferTimeoutSeconds/maximum",keyword:"maximum",params:{comparison: "<=", limit: 86400},message:"must be <= 86400"};
if(vErrors === null){
vErrors = [err313];
}
else {
vErrors.push(err313);
}
errors++;
}
if(data102 < 1 || isNaN(data102)){
const err314 = {instancePath:instancePath+"/limits/stalledTransferTimeoutSeconds",schemaPath:"#/properties/limits/properties/stalledTransferTimeoutSeconds/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"};
if(vErrors === null){
vErrors = [err314];
}
else {
vErrors.push(err314);
}
errors++;
}
}
}
if(data96.commandLineBytes !== undefined){
let data103 = data96.commandLineBytes;
if(!(((typeof data103 == "number") && (!(data103 % 1) && !isNaN(data103))) && (isFinite(data103)))){
const err315 = {instancePath:instancePath+"/limits/commandLineBytes",schemaPath:"#/properties/limits/properties/commandLineBytes/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err315];
}
else {
vErrors.push(err315);
}
errors++;
}
if((typeof data103 == "number") && (isFinite(data103))){
if(data103 > 65536 || isNaN(data103)){
const err316 = {instancePath:instancePath+"/limits/commandLineBytes",schemaPath:"#/properties/limits/properties/commandLineBytes/maximum",keyword:"maximum",params:{comparison: "<=", limit: 65536},message:"must be <= 65536"};
if(vErrors === null){
vErrors = [err316];
}
else {
vErrors.push(err316);
}
errors++;
}
if(data103 < 512 || isNaN(data103)){
const err317 = {instancePath:instancePath+"/limits/commandLineBytes",schemaPath:"#/properties/limits/properties/commandLineBytes/minimum",keyword:"minimum",params:{comparison: ">=", limit: 512},message:"must be >= 512"};
if(vErrors === null){
vErrors = [err317];
}
else {
vErrors.push(err317);
}
errors++;
}
}
}
if(data96.queuedCommands !== undefined){
let data104 = data96.queuedCommands;
if(!(((typeof data104 == "number") && (!(data104 % 1) && !isNaN(data104))) && (isFinite(data104)))){
const err318 = {instancePath:instancePath+"/limits/queuedCommands",schemaPath:"#/properties/limits/properties/queuedCommands/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err318];
}
else {
vErrors.push(err318);
}
errors++;
}
if((typeof data104 == "number") && (isFinite(data104))){
if(data104 > 1024 || isNaN(data104)){
const err319 = {instancePath:instancePath+"/limits/queuedCommands",schemaPath:"#/properties/limits/properties/queuedCommands/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1024},message:"must be <= 1024"};
if(vErrors === null){
vErrors = [err319];
}
else {
vErrors.push(err319);
}
errors++;
}
if(data104 < 1 || isNaN(data104)){
const err320 = {instancePath:instancePath+"/limits/queuedCommands",schemaPath:"#/properties/limits/properties/queuedCommands/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"};
if(vErrors === null){
vErrors = [err320];
}
else {
vErrors.push(err320);
}
errors++;
}
}
}
if(data96.unknownCommands !== undefined){
let data105 = data96.unknownCommands;
if(!(((typeof data105 == "number") && (!(data105 % 1) && !isNaN(data105))) && (isFinite(data105)))){
const err321 = {instancePath:instancePath+"/limits/unknownCommands",schemaPath:"#/properties/limits/properties/unknownCommands/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err321];
}
else {
vErrors.push(err321);
}
errors++;
}
if((typeof data105 == "number") && (isFinite(data105))){
if(data105 > 1000 || isNaN(data105)){
const err322 = {instancePath:instancePath+"/limits/unknownCommands",schemaPath:"#/properties/limits/properties/unknownCommands/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1000},message:"must be <= 1000"};
if(vErrors === null){
vErrors = [err322];
}
else {
vErrors.push(err322);
}
errors++;
}
if(data105 < 1 || isNaN(data105)){
const err323 = {instancePath:instancePath+"/limits/unknownCommands",schemaPath:"#/properties/limits/properties/unknownCommands/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"};
if(vErrors === null){
vErrors = [err323];
}
else {
vErrors.push(err323);
}
errors++;
}
}
}
if(data96.listingEntries !== undefined){
let data106 = data96.listingEntries;
if(!(((typeof data106 == "number") && (!(data106 % 1) && !isNaN(data106))) && (isFinite(data106)))){
const err324 = {instancePath:instancePath+"/limits/listingEntries",schemaPath:"#/properties/limits/properties/listingEntries/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err324];
}
else {
vErrors.push(err324);
}
errors++;
}
if((typeof data106 == "number") && (isFinite(data106))){
if(data106 > 1000000000 || isNaN(data106)){
const err325 = {instancePath:instancePath+"/limits/listingEntries",schemaPath:"#/properties/limits/properties/listingEntries/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1000000000},message:"must be <= 1000000000"};
if(vErrors === null){
vErrors = [err325];
}
else {
vErrors.push(err325);
}
errors++;
}
if(data106 < 1 || isNaN(data106)){
const err326 = {instancePath:instancePath+"/limits/listingEntries",schemaPath:"#/properties/limits/properties/listingEntries/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"};
if(vErrors === null){
vErrors = [err326];
}
else {
vErrors.push(err326);
}
errors++;
}
}
}
if(data96.checksumBytes !== undefined){
let data107 = data96.checksumBytes;
if(!(((typeof data107 == "number") && (!(data107 % 1) && !isNaN(data107))) && (isFinite(data107)))){
const err327 = {instancePath:instancePath+"/limits/checksumBytes",schemaPath:"#/properties/limits/properties/checksumBytes/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err327];
}
else {
vErrors.push(err327);
}
errors++;
}
if((typeof data107 == "number") && (isFinite(data107))){
if(data107 > 9007199254740991 || isNaN(data107)){
const err328 = {instancePath:instancePath+"/limits/checksumBytes",schemaPath:"#/properties/limits/properties/checksumBytes/maximum",keyword:"maximum",params:{comparison: "<=", limit: 9007199254740991},message:"must be <= 9007199254740991"};
if(vErrors === null){
vErrors = [err328];
}
else {
vErrors.push(err328);
}
errors++;
}
if(data107 < 1 || isNaN(data107)){
const err329 = {instancePath:instancePath+"/limits/checksumBytes",schemaPath:"#/properties/limits/properties/checksumBytes/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"};
if(vErrors === null){
vErrors = [err329];
}
else {
vErrors.push(err329);
}
errors++;
}
}
}
if(data96.failedLogins !== undefined){
let data108 = data96.failedLogins;
if(data108 && typeof data108 == "object" && !Array.isArray(data108)){
if(data108.perSession === undefined){
const err330 = {instancePath:instancePath+"/limits/failedLogins",schemaPath:"#/properties/limits/properties/failedLogins/required",keyword:"required",params:{missingProperty: "perSession"},message:"must have required property '"+"perSession"+"'"};
if(vErrors === null){
vErrors = [err330];
}
else {
vErrors.push(err330);
}
errors++;
}
if(data108.delaySeconds === undefined){
const err331 = {instancePath:instancePath+"/limits/failedLogins",schemaPath:"#/properties/limits/properties/failedLogins/required",keyword:"required",params:{missingProperty: "delaySeconds"},message:"must have required property '"+"delaySeconds"+"'"};
if(vErrors === null){
vErrors = [err331];
}
else {
vErrors.push(err331);
}
errors++;
}
if(data108.attempts === undefined){
const err332 = {instancePath:instancePath+"/limits/failedLogins",schemaPath:"#/properties/limits/properties/failedLogins/required",keyword:"required",params:{missingProperty: "attempts"},message:"must have required property '"+"attempts"+"'"};
if(vErrors === null){
vErrors = [err332];
}
else {
vErrors.push(err332);
}
errors++;
}
if(data108.periodSeconds === undefined){
const err333 = {instancePath:instancePath+"/limits/failedLogins",schemaPath:"#/properties/limits/properties/failedLogins/required",keyword:"required",params:{missingProperty: "periodSeconds"},message:"must have required property '"+"periodSeconds"+"'"};
if(vErrors === null){
vErrors = [err333];
}
else {
vErrors.push(err333);
}
errors++;
}
if(data108.banSeconds === undefined){
const err334 = {instancePath:instancePath+"/limits/failedLogins",schemaPath:"#/properties/limits/properties/failedLogins/required",keyword:"required",params:{missingProperty: "banSeconds"},message:"must have required property '"+"banSeconds"+"'"};
if(vErrors === null){
vErrors = [err334];
}
else {
vErrors.push(err334);
}
errors++;
}
for(const key25 in data108){
if(!(((((key25 === "perSession") || (key25 === "delaySeconds")) || (key25 === "attempts")) || (key25 === "periodSeconds")) || (key25 === "banSeconds"))){
const err335 = {instancePath:instancePath+"/limits/failedLogins",schemaPath:"#/properties/limits/properties/failedLogins/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key25},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err335];
}
else {
vErrors.push(err335);
}
errors++;
}
}
if(data108.perSession !== undefined){
let data109 = data108.perSession;
if(!(((typeof data109 == "number") && (!(data109 % 1) && !isNaN(data109))) && (isFinite(data109)))){
const err336 = {instancePath:instancePath+"/limits/failedLogins/perSession",schemaPath:"#/properties/limits/properties/failedLogins/properties/perSession/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err336];
}
else {
vErrors.push(err336);
}
errors++;
}
if((typeof data109 == "number") && (isFinite(data109))){
if(data109 > 1000 || isNaN(data109)){
const err337 = {instancePath:instancePath+"/limits/failedLogins/perSession",schemaPath:"#/properties/limits/properties/failedLogins/properties/perSession/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1000},message:"must be <= 1000"};
if(vErrors === null){
vErrors = [err337];
}
else {
vErrors.push(err337);
}
errors++;
}
if(data109 < 1 || isNaN(data109)){
const err338 = {instancePath:instancePath+"/limits/failedLogins/perSession",schemaPath:"#/properties/limits/properties/failedLogins/properties/perSession/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"};
if(vErrors === null){
vErrors = [err338];
}
else {
vErrors.push(err338);
}
errors++;
}
}
}
if(data108.delaySeconds !== undefined){
let data110 = data108.delaySeconds;
if(!(((typeof data110 == "number") && (!(data110 % 1) && !isNaN(data110))) && (isFinite(data110)))){
const err339 = {instancePath:instancePath+"/limits/failedLogins/delaySeconds",schemaPath:"#/properties/limits/properties/failedLogins/properties/delaySeconds/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err339];
}
else {
vErrors.push(err339);
}
errors++;
}
if((typeof data110 == "number") && (isFinite(data110))){
if(data110 > 60 || isNaN(data110)){
const err340 = {instancePath:instancePath+"/limits/failedLogins/delaySeconds",schemaPath:"#/properties/limits/properties/failedLogins/properties/delaySeconds/maximum",keyword:"maximum",params:{comparison: "<=", limit: 60},message:"must be <= 60"};
if(vErrors === null){
vErrors = [err340];
}
else {
vErrors.push(err340);
}
errors++;
}
if(data110 < 0 || isNaN(data110)){
const err341 = {instancePath:instancePath+"/limits/failedLogins/delaySeconds",schemaPath:"#/properties/limits/properties/failedLogins/properties/delaySeconds/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"};
if(vErrors === null){
vErrors = [err341];
}
else {
vErrors.push(err341);
}
errors++;
}
}
}
if(data108.attempts !== undefined){
let data111 = data108.attempts;
if(!(((typeof data111 == "number") && (!(data111 % 1) && !isNaN(data111))) && (isFinite(data111)))){
const err342 = {instancePath:instancePath+"/limits/failedLogins/attempts",schemaPath:"#/properties/limits/properties/failedLogins/properties/attempts/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err342];
}
else {
vErrors.push(err342);
}
errors++;
}
if((typeof data111 == "number") && (isFinite(data111))){
if(data111 > 1000000 || isNaN(data111)){
const err343 = {instancePath:instancePath+"/limits/failedLogins/attempts",schemaPath:"#/properties/limits/properties/failedLogins/properties/attempts/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1000000},message:"must be <= 1000000"};
if(vErrors === null){
vErrors = [err343];
}
else {
vErrors.push(err343);
}
errors++;
}
if(data111 < 1 || isNaN(data111)){
const err344 = {instancePath:instancePath+"/limits/failedLogins/attempts",schemaPath:"#/properties/limits/properties/failedLogins/properties/attempts/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"};
if(vErrors === null){
vErrors = [err344];
}
else {
vErrors.push(err344);
}
errors++;
}
}
}
if(data108.periodSeconds !== undefined){
let data112 = data108.periodSeconds;
if(!(((typeof data112 == "number") && (!(data112 % 1) && !isNaN(data112))) && (isFinite(data112)))){
const err345 = {instancePath:instancePath+"/limits/failedLogins/periodSeconds",schemaPath:"#/properties/limits/properties/failedLogins/properties/periodSeconds/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err345];
}
else {
vErrors.push(err345);
}
errors++;
}
if((typeof data112 == "number") && (isFinite(data112))){
if(data112 > 86400 || isNaN(data112)){
const err346 = {instancePath:instancePath+"/limits/failedLogins/periodSeconds",schemaPath:"#/properties/limits/properties/failedLogins/properties/periodSeconds/maximum",keyword:"maximum",params:{comparison: "<=", limit: 86400},message:"must be <= 86400"};
if(vErrors === null){
vErrors = [err346];
}
else {
vErrors.push(err346);
}
errors++;
}
if(data112 < 1 || isNaN(data112)){
const err347 = {instancePath:instancePath+"/limits/failedLogins/periodSeconds",schemaPath:"#/properties/limits/properties/failedLogins/properties/periodSeconds/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"};
if(vErrors === null){
vErrors = [err347];
}
else {
vErrors.push(err347);
}
errors++;
}
}
}
if(data108.banSeconds !== undefined){
let data113 = data108.banSeconds;
if(!(((typeof data113 == "number") && (!(data113 % 1) && !isNaN(data113))) && (isFinite(data113)))){
const err348 = {instancePath:instancePath+"/limits/failedLogins/banSeconds",schemaPath:"#/properties/limits/properties/failedLogins/properties/banSeconds/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err348];
}
else {
vErrors.push(err348);
}
errors++;
}
if((typeof data113 == "number") && (isFinite(data113))){
if(data113 > 86400 || isNaN(data113)){
const err349 = {instancePath:instancePath+"/limits/failedLogins/banSeconds",schemaPath:"#/properties/limits/properties/failedLogins/properties/banSeconds/maximum",keyword:"maximum",params:{comparison: "<=", limit: 86400},message:"must be <= 86400"};
if(vErrors === null){
vErrors = [err349];
}
else {
vErrors.push(err349);
}
errors++;
}
if(data113 < 0 || isNaN(data113)){
const err350 = {instancePath:instancePath+"/limits/failedLogins/banSeconds",schemaPath:"#/properties/limits/properties/failedLogins/properties/banSeconds/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"};
if(vErrors === null){
vErrors = [err350];
}
else {
vErrors.push(err350);
}
errors++;
}
}
}
}
else {
const err351 = {instancePath:instancePath+"/limits/failedLogins",schemaPath:"#/properties/limits/properties/failedLogins/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err351];
}
else {
vErrors.push(err351);
}
errors++;
}
}
}
else {
const err352 = {instancePath:instancePath+"/limits",schemaPath:"#/properties/limits/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err352];
}
else {
vErrors.push(err352);
}
errors++;
}
}
if(data.files !== undefined){
let data114 = data.files;
if(data114 && typeof data114 == "object" && !Array.isArray(data114)){
for(const key26 in data114){
if(!((key26 === "fileMode") || (key26 === "directoryMode"))){
const err353 = {instancePath:instancePath+"/files",schemaPath:"#/properties/files/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key26},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err353];
}
else {
vErrors.push(err353);
}
errors++;
}
}
if(data114.fileMode !== undefined){
let data115 = data114.fileMode;
if(typeof data115 === "string"){
if(!(formats22.validate(data115))){
const err354 = {instancePath:instancePath+"/files/fileMode",schemaPath:"#/properties/files/properties/fileMode/format",keyword:"format",params:{format: "file-mode"},message:"must match format \""+"file-mode"+"\""};
if(vErrors === null){
vErrors = [err354];
}
else {
vErrors.push(err354);
}
errors++;
}
}
else {
const err355 = {instancePath:instancePath+"/files/fileMode",schemaPath:"#/properties/files/properties/fileMode/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err355];
}
else {
vErrors.push(err355);
}
errors++;
}
}
if(data114.directoryMode !== undefined){
let data116 = data114.directoryMode;
if(typeof data116 === "string"){
if(!(formats24.validate(data116))){
const err356 = {instancePath:instancePath+"/files/directoryMode",schemaPath:"#/properties/files/properties/directoryMode/format",keyword:"format",params:{format: "directory-mode"},message:"must match format \""+"directory-mode"+"\""};
if(vErrors === null){
vErrors = [err356];
}
else {
vErrors.push(err356);
}
errors++;
}
}
else {
const err357 = {instancePath:instancePath+"/files/directoryMode",schemaPath:"#/properties/files/properties/directoryMode/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err357];
}
else {
vErrors.push(err357);
}
errors++;
}
}
}
else {
const err358 = {instancePath:instancePath+"/files",schemaPath:"#/properties/files/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err358];
}
else {
vErrors.push(err358);
}
errors++;
}
}
if(data.uploads !== undefined){
let data117 = data.uploads;
if(data117 && typeof data117 == "object" && !Array.isArray(data117)){
if(data117.incomplete === undefined){
const err359 = {instancePath:instancePath+"/uploads",schemaPath:"#/properties/uploads/required",keyword:"required",params:{missingProperty: "incomplete"},message:"must have required property '"+"incomplete"+"'"};
if(vErrors === null){
vErrors = [err359];
}
else {
vErrors.push(err359);
}
errors++;
}
if(data117.sync === undefined){
const err360 = {instancePath:instancePath+"/uploads",schemaPath:"#/properties/uploads/required",keyword:"required",params:{missingProperty: "sync"},message:"must have required property '"+"sync"+"'"};
if(vErrors === null){
vErrors = [err360];
}
else {
vErrors.push(err360);
}
errors++;
}
if(data117.missingCloseNotify === undefined){
const err361 = {instancePath:instancePath+"/uploads",schemaPath:"#/properties/uploads/required",keyword:"required",params:{missingProperty: "missingCloseNotify"},message:"must have required property '"+"missingCloseNotify"+"'"};
if(vErrors === null){
vErrors = [err361];
}
else {
vErrors.push(err361);
}
errors++;
}
for(const key27 in data117){
if(!(((key27 === "incomplete") || (key27 === "sync")) || (key27 === "missingCloseNotify"))){
const err362 = {instancePath:instancePath+"/uploads",schemaPath:"#/properties/uploads/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key27},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err362];
}
else {
vErrors.push(err362);
}
errors++;
}
}
if(data117.incomplete !== undefined){
let data118 = data117.incomplete;
if(!((data118 === "Keep") || (data118 === "Remove"))){
const err363 = {instancePath:instancePath+"/uploads/incomplete",schemaPath:"#/properties/uploads/properties/incomplete/enum",keyword:"enum",params:{allowedValues: schema11.properties.uploads.properties.incomplete.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err363];
}
else {
vErrors.push(err363);
}
errors++;
}
}
if(data117.sync !== undefined){
let data119 = data117.sync;
if(!((data119 === "Always") || (data119 === "Never"))){
const err364 = {instancePath:instancePath+"/uploads/sync",schemaPath:"#/properties/uploads/properties/sync/enum",keyword:"enum",params:{allowedValues: schema11.properties.uploads.properties.sync.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err364];
}
else {
vErrors.push(err364);
}
errors++;
}
}
if(data117.missingCloseNotify !== undefined){
let data120 = data117.missingCloseNotify;
if(!((data120 === "Deny") || (data120 === "Allow"))){
const err365 = {instancePath:instancePath+"/uploads/missingCloseNotify",schemaPath:"#/properties/uploads/properties/missingCloseNotify/enum",keyword:"enum",params:{allowedValues: schema11.properties.uploads.properties.missingCloseNotify.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err365];
}
else {
vErrors.push(err365);
}
errors++;
}
}
}
else {
const err366 = {instancePath:instancePath+"/uploads",schemaPath:"#/properties/uploads/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err366];
}
else {
vErrors.push(err366);
}
errors++;
}
}
if(data.storage !== undefined){
let data121 = data.storage;
if(data121 && typeof data121 == "object" && !Array.isArray(data121)){
if(Object.keys(data121).length > 1){
const err367 = {instancePath:instancePath+"/storage",schemaPath:"#/properties/storage/maxProperties",keyword:"maxProperties",params:{limit: 1},message:"must NOT have more than 1 properties"};
if(vErrors === null){
vErrors = [err367];
}
else {
vErrors.push(err367);
}
errors++;
}
if(Object.keys(data121).length < 1){
const err368 = {instancePath:instancePath+"/storage",schemaPath:"#/properties/storage/minProperties",keyword:"minProperties",params:{limit: 1},message:"must NOT have fewer than 1 properties"};
if(vErrors === null){
vErrors = [err368];
}
else {
vErrors.push(err368);
}
errors++;
}
for(const key28 in data121){
if(!((key28 === "root") || (key28 === "objectStorage"))){
const err369 = {instancePath:instancePath+"/storage",schemaPath:"#/properties/storage/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key28},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err369];
}
else {
vErrors.push(err369);
}
errors++;
}
}
if(data121.root !== undefined){
let data122 = data121.root;
if(typeof data122 === "string"){
if(func3(data122) < 1){
const err370 = {instancePath:instancePath+"/storage/root",schemaPath:"#/properties/storage/properties/root/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters"};
if(vErrors === null){
vErrors = [err370];
}
else {
vErrors.push(err370);
}
errors++;
}
if(!pattern1.test(data122)){
const err371 = {instancePath:instancePath+"/storage/root",schemaPath:"#/properties/storage/properties/root/pattern",keyword:"pattern",params:{pattern: "^/"},message:"must match pattern \""+"^/"+"\""};
if(vErrors === null){
vErrors = [err371];
}
else {
vErrors.push(err371);
}
errors++;
}
}
else {
const err372 = {instancePath:instancePath+"/storage/root",schemaPath:"#/properties/storage/properties/root/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err372];
}
else {
vErrors.push(err372);
}
errors++;
}
}
if(data121.objectStorage !== undefined){
let data123 = data121.objectStorage;
if(data123 && typeof data123 == "object" && !Array.isArray(data123)){
if(data123.bucket === undefined){
const err373 = {instancePath:instancePath+"/storage/objectStorage",schemaPath:"#/properties/storage/properties/objectStorage/required",keyword:"required",params:{missingProperty: "bucket"},message:"must have required property '"+"bucket"+"'"};
if(vErrors === null){
vErrors = [err373];
}
else {
vErrors.push(err373);
}
errors++;
}
if(data123.prefix === undefined){
const err374 = {instancePath:instancePath+"/storage/objectStorage",schemaPath:"#/properties/storage/properties/objectStorage/required",keyword:"required",params:{missingProperty: "prefix"},message:"must have required property '"+"prefix"+"'"};
if(vErrors === null){
vErrors = [err374];
}
else {
vErrors.push(err374);
}
errors++;
}
if(data123.region === undefined){
const err375 = {instancePath:instancePath+"/storage/objectStorage",schemaPath:"#/properties/storage/properties/objectStorage/required",keyword:"required",params:{missingProperty: "region"},message:"must have required property '"+"region"+"'"};
if(vErrors === null){
vErrors = [err375];
}
else {
vErrors.push(err375);
}
errors++;
}
if(data123.forcePathStyle === undefined){
const err376 = {instancePath:instancePath+"/storage/objectStorage",schemaPath:"#/properties/storage/properties/objectStorage/required",keyword:"required",params:{missingProperty: "forcePathStyle"},message:"must have required property '"+"forcePathStyle"+"'"};
if(vErrors === null){
vErrors = [err376];
}
else {
vErrors.push(err376);
}
errors++;
}
if(data123.credentials === undefined){
const err377 = {instancePath:instancePath+"/storage/objectStorage",schemaPath:"#/properties/storage/properties/objectStorage/required",keyword:"required",params:{missingProperty: "credentials"},message:"must have required property '"+"credentials"+"'"};
if(vErrors === null){
vErrors = [err377];
}
else {
vErrors.push(err377);
}
errors++;
}
if(data123.multipart === undefined){
const err378 = {instancePath:instancePath+"/storage/objectStorage",schemaPath:"#/properties/storage/properties/objectStorage/required",keyword:"required",params:{missingProperty: "multipart"},message:"must have required property '"+"multipart"+"'"};
if(vErrors === null){
vErrors = [err378];
}
else {
vErrors.push(err378);
}
errors++;
}
for(const key29 in data123){
if(!(func2.call(schema11.properties.storage.properties.objectStorage.properties, key29))){
const err379 = {instancePath:instancePath+"/storage/objectStorage",schemaPath:"#/properties/storage/properties/objectStorage/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key29},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err379];
}
else {
vErrors.push(err379);
}
errors++;
}
}
if(data123.bucket !== undefined){
let data124 = data123.bucket;
if(typeof data124 === "string"){
if(func3(data124) > 63){
const err380 = {instancePath:instancePath+"/storage/objectStorage/bucket",schemaPath:"#/properties/storage/properties/objectStorage/properties/bucket/maxLength",keyword:"maxLength",params:{limit: 63},message:"must NOT have more than 63 characters"};
if(vErrors === null){
vErrors = [err380];
}
else {
vErrors.push(err380);
}
errors++;
}
if(func3(data124) < 3){
const err381 = {instancePath:instancePath+"/storage/objectStorage/bucket",schemaPath:"#/properties/storage/properties/objectStorage/properties/bucket/minLength",keyword:"minLength",params:{limit: 3},message:"must NOT have fewer than 3 characters"};
if(vErrors === null){
vErrors = [err381];
}
else {
vErrors.push(err381);
}
errors++;
}
if(!pattern7.test(data124)){
const err382 = {instancePath:instancePath+"/storage/objectStorage/bucket",schemaPath:"#/properties/storage/properties/objectStorage/properties/bucket/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9][a-z0-9.-]*[a-z0-9]$"},message:"must match pattern \""+"^[a-z0-9][a-z0-9.-]*[a-z0-9]$"+"\""};
if(vErrors === null){
vErrors = [err382];
}
else {
vErrors.push(err382);
}
errors++;
}
}
else {
const err383 = {instancePath:instancePath+"/storage/objectStorage/bucket",schemaPath:"#/properties/storage/properties/objectStorage/properties/bucket/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err383];
}
else {
vErrors.push(err383);
}
errors++;
}
}
if(data123.prefix !== undefined){
let data125 = data123.prefix;
if(typeof data125 === "string"){
if(func3(data125) > 512){
const err384 = {instancePath:instancePath+"/storage/objectStorage/prefix",schemaPath:"#/properties/storage/properties/objectStorage/properties/prefix/maxLength",keyword:"maxLength",params:{limit: 512},message:"must NOT have more than 512 characters"};
if(vErrors === null){
vErrors = [err384];
}
else {
vErrors.push(err384);
}
errors++;
}
if(!(formats34.validate(data125))){
const err385 = {instancePath:instancePath+"/storage/objectStorage/prefix",schemaPath:"#/properties/storage/properties/objectStorage/properties/prefix/format",keyword:"format",params:{format: "key-prefix"},message:"must match format \""+"key-prefix"+"\""};
if(vErrors === null){
vErrors = [err385];
}
else {
vErrors.push(err385);
}
errors++;
}
}
else {
const err386 = {instancePath:instancePath+"/storage/objectStorage/prefix",schemaPath:"#/properties/storage/properties/objectStorage/properties/prefix/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err386];
}
else {
vErrors.push(err386);
}
errors++;
}
}
if(data123.region !== undefined){
let data126 = data123.region;
if(typeof data126 === "string"){
if(func3(data126) > 64){
const err387 = {instancePath:instancePath+"/storage/objectStorage/region",schemaPath:"#/properties/storage/properties/objectStorage/properties/region/maxLength",keyword:"maxLength",params:{limit: 64},message:"must NOT have more than 64 characters"};
if(vErrors === null){
vErrors = [err387];
}
else {
vErrors.push(err387);
}
errors++;
}
if(func3(data126) < 1){
const err388 = {instancePath:instancePath+"/storage/objectStorage/region",schemaPath:"#/properties/storage/properties/objectStorage/properties/region/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters"};
if(vErrors === null){
vErrors = [err388];
}
else {
vErrors.push(err388);
}
errors++;
}
if(!pattern8.test(data126)){
const err389 = {instancePath:instancePath+"/storage/objectStorage/region",schemaPath:"#/properties/storage/properties/objectStorage/properties/region/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9-]+$"},message:"must match pattern \""+"^[A-Za-z0-9-]+$"+"\""};
if(vErrors === null){
vErrors = [err389];
}
else {
vErrors.push(err389);
}
errors++;
}
}
else {
const err390 = {instancePath:instancePath+"/storage/objectStorage/region",schemaPath:"#/properties/storage/properties/objectStorage/properties/region/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err390];
}
else {
vErrors.push(err390);
}
errors++;
}
}
if(data123.endpoint !== undefined){
let data127 = data123.endpoint;
if(typeof data127 === "string"){
if(func3(data127) > 1024){
const err391 = {instancePath:instancePath+"/storage/objectStorage/endpoint",schemaPath:"#/properties/storage/properties/objectStorage/properties/endpoint/maxLength",keyword:"maxLength",params:{limit: 1024},message:"must NOT have more than 1024 characters"};
if(vErrors === null){
vErrors = [err391];
}
else {
vErrors.push(err391);
}
errors++;
}
if(!(formats36.validate(data127))){
const err392 = {instancePath:instancePath+"/storage/objectStorage/endpoint",schemaPath:"#/properties/storage/properties/objectStorage/properties/endpoint/format",keyword:"format",params:{format: "http-url"},message:"must match format \""+"http-url"+"\""};
if(vErrors === null){
vErrors = [err392];
}
else {
vErrors.push(err392);
}
errors++;
}
}
else {
const err393 = {instancePath:instancePath+"/storage/objectStorage/endpoint",schemaPath:"#/properties/storage/properties/objectStorage/properties/endpoint/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err393];
}
else {
vErrors.push(err393);
}
errors++;
}
}
if(data123.forcePathStyle !== undefined){
if(typeof data123.forcePathStyle !== "boolean"){
const err394 = {instancePath:instancePath+"/storage/objectStorage/forcePathStyle",schemaPath:"#/properties/storage/properties/objectStorage/properties/forcePathStyle/type",keyword:"type",params:{type: "boolean"},message:"must be boolean"};
if(vErrors === null){
vErrors = [err394];
}
else {
vErrors.push(err394);
}
errors++;
}
}
if(data123.credentials !== undefined){
let data129 = data123.credentials;
if(data129 && typeof data129 == "object" && !Array.isArray(data129)){
if(data129.type === undefined){
const err395 = {instancePath:instancePath+"/storage/objectStorage/credentials",schemaPath:"#/properties/storage/properties/objectStorage/properties/credentials/required",keyword:"required",params:{missingProperty: "type"},message:"must have required property '"+"type"+"'"};
if(vErrors === null){
vErrors = [err395];
}
else {
vErrors.push(err395);
}
errors++;
}
const tag2 = data129.type;
if(typeof tag2 == "string"){
if(tag2 === "Chain"){
if(data129 && typeof data129 == "object" && !Array.isArray(data129)){
if(data129.type === undefined){
const err396 = {instancePath:instancePath+"/storage/objectStorage/credentials",schemaPath:"#/properties/storage/properties/objectStorage/properties/credentials/oneOf/0/required",keyword:"required",params:{missingProperty: "type"},message:"must have required property '"+"type"+"'"};
if(vErrors === null){
vErrors = [err396];
}
else {
vErrors.push(err396);
}
errors++;
}
for(const key30 in data129){
if(!(key30 === "type")){
const err397 = {instancePath:instancePath+"/storage/objectStorage/credentials",schemaPath:"#/properties/storage/properties/objectStorage/properties/credentials/oneOf/0/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key30},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err397];
}
else {
vErrors.push(err397);
}
errors++;
}
}
if(data129.type !== undefined){
if("Chain" !== data129.type){
const err398 = {instancePath:instancePath+"/storage/objectStorage/credentials/type",schemaPath:"#/properties/storage/properties/objectStorage/properties/credentials/oneOf/0/properties/type/const",keyword:"const",params:{allowedValue: "Chain"},message:"must be equal to constant"};
if(vErrors === null){
vErrors = [err398];
}
else {
vErrors.push(err398);
}
errors++;
}
}
}
else {
const err399 = {instancePath:instancePath+"/storage/objectStorage/credentials",schemaPath:"#/properties/storage/properties/objectStorage/properties/credentials/oneOf/0/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err399];
}
else {
vErrors.push(err399);
}
errors++;
}
}
else if(tag2 === "Files"){
if(data129 && typeof data129 == "object" && !Array.isArray(data129)){
if(data129.type === undefined){
const err400 = {instancePath:instancePath+"/storage/objectStorage/credentials",schemaPath:"#/properties/storage/properties/objectStorage/properties/credentials/oneOf/1/required",keyword:"required",params:{missingProperty: "type"},message:"must have required property '"+"type"+"'"};
if(vErrors === null){
vErrors = [err400];
}
else {
vErrors.push(err400);
}
errors++;
}
if(data129.directory === undefined){
const err401 = {instancePath:instancePath+"/storage/objectStorage/credentials",schemaPath:"#/properties/storage/properties/objectStorage/properties/credentials/oneOf/1/required",keyword:"required",params:{missingProperty: "directory"},message:"must have required property '"+"directory"+"'"};
if(vErrors === null){
vErrors = [err401];
}
else {
vErrors.push(err401);
}
errors++;
}
for(const key31 in data129){
if(!((key31 === "type") || (key31 === "directory"))){
const err402 = {instancePath:instancePath+"/storage/objectStorage/credentials",schemaPath:"#/properties/storage/properties/objectStorage/properties/credentials/oneOf/1/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key31},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err402];
}
else {
vErrors.push(err402);
}
errors++;
}
}
if(data129.type !== undefined){
if("Files" !== data129.type){
const err403 = {instancePath:instancePath+"/storage/objectStorage/credentials/type",schemaPath:"#/properties/storage/properties/objectStorage/properties/credentials/oneOf/1/properties/type/const",keyword:"const",params:{allowedValue: "Files"},message:"must be equal to constant"};
if(vErrors === null){
vErrors = [err403];
}
else {
vErrors.push(err403);
}
errors++;
}
}
if(data129.directory !== undefined){
let data132 = data129.directory;
if(typeof data132 === "string"){
if(func3(data132) > 4096){
const err404 = {instancePath:instancePath+"/storage/objectStorage/credentials/directory",schemaPath:"#/properties/storage/properties/objectStorage/properties/credentials/oneOf/1/properties/directory/maxLength",keyword:"maxLength",params:{limit: 4096},message:"must NOT have more than 4096 characters"};
if(vErrors === null){
vErrors = [err404];
}
else {
vErrors.push(err404);
}
errors++;
}
if(func3(data132) < 1){
const err405 = {instancePath:instancePath+"/storage/objectStorage/credentials/directory",schemaPath:"#/properties/storage/properties/objectStorage/properties/credentials/oneOf/1/properties/directory/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters"};
if(vErrors === null){
vErrors = [err405];
}
else {
vErrors.push(err405);
}
errors++;
}
if(!pattern1.test(data132)){
const err406 = {instancePath:instancePath+"/storage/objectStorage/credentials/directory",schemaPath:"#/properties/storage/properties/objectStorage/properties/credentials/oneOf/1/properties/directory/pattern",keyword:"pattern",params:{pattern: "^/"},message:"must match pattern \""+"^/"+"\""};
if(vErrors === null){
vErrors = [err406];
}
else {
vErrors.push(err406);
}
errors++;
}
}
else {
const err407 = {instancePath:instancePath+"/storage/objectStorage/credentials/directory",schemaPath:"#/properties/storage/properties/objectStorage/properties/credentials/oneOf/1/properties/directory/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err407];
}
else {
vErrors.push(err407);
}
errors++;
}
}
}
else {
const err408 = {instancePath:instancePath+"/storage/objectStorage/credentials",schemaPath:"#/properties/storage/properties/objectStorage/properties/credentials/oneOf/1/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err408];
}
else {
vErrors.push(err408);
}
errors++;
}
}
else if(tag2 === "WebIdentity"){
if(data129 && typeof data129 == "object" && !Array.isArray(data129)){
if(data129.type === undefined){
const err409 = {instancePath:instancePath+"/storage/objectStorage/credentials",schemaPath:"#/properties/storage/properties/objectStorage/properties/credentials/oneOf/2/required",keyword:"required",params:{missingProperty: "type"},message:"must have required property '"+"type"+"'"};
if(vErrors === null){
vErrors = [err409];
}
else {
vErrors.push(err409);
}
errors++;
}
if(data129.roleArn === undefined){
const err410 = {instancePath:instancePath+"/storage/objectStorage/credentials",schemaPath:"#/properties/storage/properties/objectStorage/properties/credentials/oneOf/2/required",keyword:"required",params:{missingProperty: "roleArn"},message:"must have required property '"+"roleArn"+"'"};
if(vErrors === null){
vErrors = [err410];
}
else {
vErrors.push(err410);
}
errors++;
}
if(data129.tokenFile === undefined){
const err411 = {instancePath:instancePath+"/storage/objectStorage/credentials",schemaPath:"#/properties/storage/properties/objectStorage/properties/credentials/oneOf/2/required",keyword:"required",params:{missingProperty: "tokenFile"},message:"must have required property '"+"tokenFile"+"'"};
if(vErrors === null){
vErrors = [err411];
}
else {
vErrors.push(err411);
}
errors++;
}
for(const key32 in data129){
if(!((((key32 === "type") || (key32 === "roleArn")) || (key32 === "tokenFile")) || (key32 === "stsEndpoint"))){
const err412 = {instancePath:instancePath+"/storage/objectStorage/credentials",schemaPath:"#/properties/storage/properties/objectStorage/properties/credentials/oneOf/2/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key32},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err412];
}
else {
vErrors.push(err412);
}
errors++;
}
}
if(data129.type !== undefined){
if("WebIdentity" !== data129.type){
const err413 = {instancePath:instancePath+"/storage/objectStorage/credentials/type",schemaPath:"#/properties/storage/properties/objectStorage/properties/credentials/oneOf/2/properties/type/const",keyword:"const",params:{allowedValue: "WebIdentity"},message:"must be equal to constant"};
if(vErrors === null){
vErrors = [err413];
}
else {
vErrors.push(err413);
}
errors++;
}
}
if(data129.roleArn !== undefined){
let data134 = data129.roleArn;
if(typeof data134 === "string"){
if(func3(data134) > 2048){
const err414 = {instancePath:instancePath+"/storage/objectStorage/credentials/roleArn",schemaPath:"#/properties/storage/properties/objectStorage/properties/credentials/oneOf/2/properties/roleArn/maxLength",keyword:"maxLength",params:{limit: 2048},message:"must NOT have more than 2048 characters"};
if(vErrors === null){
vErrors = [err414];
}
else {
vErrors.push(err414);
}
errors++;
}
if(func3(data134) < 20){
const err415 = {instancePath:instancePath+"/storage/objectStorage/credentials/roleArn",schemaPath:"#/properties/storage/properties/objectStorage/properties/credentials/oneOf/2/properties/roleArn/minLength",keyword:"minLength",params:{limit: 20},message:"must NOT have fewer than 20 characters"};
if(vErrors === null){
vErrors = [err415];
}
else {
vErrors.push(err415);
}
errors++;
}
if(!pattern10.test(data134)){
const err416 = {instancePath:instancePath+"/storage/objectStorage/credentials/roleArn",schemaPath:"#/properties/storage/properties/objectStorage/properties/credentials/oneOf/2/properties/roleArn/pattern",keyword:"pattern",params:{pattern: "^arn:[!-~]+$"},message:"must match pattern \""+"^arn:[!-~]+$"+"\""};
if(vErrors === null){
vErrors = [err416];
}
else {
vErrors.push(err416);
}
errors++;
}
}
else {
const err417 = {instancePath:instancePath+"/storage/objectStorage/credentials/roleArn",schemaPath:"#/properties/storage/properties/objectStorage/properties/credentials/oneOf/2/properties/roleArn/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err417];
}
else {
vErrors.push(err417);
}
errors++;
}
}
if(data129.tokenFile !== undefined){
let data135 = data129.tokenFile;
if(typeof data135 === "string"){
if(func3(data135) > 4096){
const err418 = {instancePath:instancePath+"/storage/objectStorage/credentials/tokenFile",schemaPath:"#/properties/storage/properties/objectStorage/properties/credentials/oneOf/2/properties/tokenFile/maxLength",keyword:"maxLength",params:{limit: 4096},message:"must NOT have more than 4096 characters"};
if(vErrors === null){
vErrors = [err418];
}
else {
vErrors.push(err418);
}
errors++;
}
if(func3(data135) < 1){
const err419 = {instancePath:instancePath+"/storage/objectStorage/credentials/tokenFile",schemaPath:"#/properties/storage/properties/objectStorage/properties/credentials/oneOf/2/properties/tokenFile/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters"};
if(vErrors === null){
vErrors = [err419];
}
else {
vErrors.push(err419);
}
errors++;
}
if(!pattern1.test(data135)){
const err420 = {instancePath:instancePath+"/storage/objectStorage/credentials/tokenFile",schemaPath:"#/properties/storage/properties/objectStorage/properties/credentials/oneOf/2/properties/tokenFile/pattern",keyword:"pattern",params:{pattern: "^/"},message:"must match pattern \""+"^/"+"\""};
if(vErrors === null){
vErrors = [err420];
}
else {
vErrors.push(err420);
}
errors++;
}
}
else {
const err421 = {instancePath:instancePath+"/storage/objectStorage/credentials/tokenFile",schemaPath:"#/properties/storage/properties/objectStorage/properties/credentials/oneOf/2/properties/tokenFile/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err421];
}
else {
vErrors.push(err421);
}
errors++;
}
}
if(data129.stsEndpoint !== undefined){
let data136 = data129.stsEndpoint;
if(typeof data136 === "string"){
if(func3(data136) > 1024){
const err422 = {instancePath:instancePath+"/storage/objectStorage/credentials/stsEndpoint",schemaPath:"#/properties/storage/properties/objectStorage/properties/credentials/oneOf/2/properties/stsEndpoint/maxLength",keyword:"maxLength",params:{limit: 1024},message:"must NOT have more than 1024 characters"};
if(vErrors === null){
vErrors = [err422];
}
else {
vErrors.push(err422);
}
errors++;
}
if(!(formats36.validate(data136))){
const err423 = {instancePath:instancePath+"/storage/objectStorage/credentials/stsEndpoint",schemaPath:"#/properties/storage/properties/objectStorage/properties/credentials/oneOf/2/properties/stsEndpoint/format",keyword:"format",params:{format: "http-url"},message:"must match format \""+"http-url"+"\""};
if(vErrors === null){
vErrors = [err423];
}
else {
vErrors.push(err423);
}
errors++;
}
}
else {
const err424 = {instancePath:instancePath+"/storage/objectStorage/credentials/stsEndpoint",schemaPath:"#/properties/storage/properties/objectStorage/properties/credentials/oneOf/2/properties/stsEndpoint/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err424];
}
else {
vErrors.push(err424);
}
errors++;
}
}
}
else {
const err425 = {instancePath:instancePath+"/storage/objectStorage/credentials",schemaPath:"#/properties/storage/properties/objectStorage/properties/credentials/oneOf/2/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err425];
}
else {
vErrors.push(err425);
}
errors++;
}
}
else {
const err426 = {instancePath:instancePath+"/storage/objectStorage/credentials",schemaPath:"#/properties/storage/properties/objectStorage/properties/credentials/discriminator",keyword:"discriminator",params:{error: "mapping", tag: "type", tagValue: tag2},message:"value of tag \"type\" must be in oneOf"};
if(vErrors === null){
vErrors = [err426];
}
else {
vErrors.push(err426);
}
errors++;
}
}
else {
const err427 = {instancePath:instancePath+"/storage/objectStorage/credentials",schemaPath:"#/properties/storage/properties/objectStorage/properties/credentials/discriminator",keyword:"discriminator",params:{error: "tag", tag: "type", tagValue: tag2},message:"tag \"type\" must be string"};
if(vErrors === null){
vErrors = [err427];
}
else {
vErrors.push(err427);
}
errors++;
}
}
else {
const err428 = {instancePath:instancePath+"/storage/objectStorage/credentials",schemaPath:"#/properties/storage/properties/objectStorage/properties/credentials/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err428];
}
else {
vErrors.push(err428);
}
errors++;
}
}
if(data123.caFile !== undefined){
let data137 = data123.caFile;
if(typeof data137 === "string"){
if(func3(data137) > 4096){
const err429 = {instancePath:instancePath+"/storage/objectStorage/caFile",schemaPath:"#/properties/storage/properties/objectStorage/properties/caFile/maxLength",keyword:"maxLength",params:{limit: 4096},message:"must NOT have more than 4096 characters"};
if(vErrors === null){
vErrors = [err429];
}
else {
vErrors.push(err429);
}
errors++;
}
if(func3(data137) < 1){
const err430 = {instancePath:instancePath+"/storage/objectStorage/caFile",schemaPath:"#/properties/storage/properties/objectStorage/properties/caFile/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters"};
if(vErrors === null){
vErrors = [err430];
}
else {
vErrors.push(err430);
}
errors++;
}
if(!pattern1.test(data137)){
const err431 = {instancePath:instancePath+"/storage/objectStorage/caFile",schemaPath:"#/properties/storage/properties/objectStorage/properties/caFile/pattern",keyword:"pattern",params:{pattern: "^/"},message:"must match pattern \""+"^/"+"\""};
if(vErrors === null){
vErrors = [err431];
}
else {
vErrors.push(err431);
}
errors++;
}
}
else {
const err432 = {instancePath:instancePath+"/storage/objectStorage/caFile",schemaPath:"#/properties/storage/properties/objectStorage/properties/caFile/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err432];
}
else {
vErrors.push(err432);
}
errors++;
}
}
if(data123.serverSideEncryption !== undefined){
let data138 = data123.serverSideEncryption;
if(data138 && typeof data138 == "object" && !Array.isArray(data138)){
if(data138.algorithm === undefined){
const err433 = {instancePath:instancePath+"/storage/objectStorage/serverSideEncryption",schemaPath:"#/properties/storage/properties/objectStorage/properties/serverSideEncryption/required",keyword:"required",params:{missingProperty: "algorithm"},message:"must have required property '"+"algorithm"+"'"};
if(vErrors === null){
vErrors = [err433];
}
else {
vErrors.push(err433);
}
errors++;
}
for(const key33 in data138){
if(!((key33 === "algorithm") || (key33 === "kmsKeyId"))){
const err434 = {instancePath:instancePath+"/storage/objectStorage/serverSideEncryption",schemaPath:"#/properties/storage/properties/objectStorage/properties/serverSideEncryption/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key33},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err434];
}
else {
vErrors.push(err434);
}
errors++;
}
}
if(data138.algorithm !== undefined){
let data139 = data138.algorithm;
if(!((data139 === "AES256") || (data139 === "aws:kms"))){
const err435 = {instancePath:instancePath+"/storage/objectStorage/serverSideEncryption/algorithm",schemaPath:"#/properties/storage/properties/objectStorage/properties/serverSideEncryption/properties/algorithm/enum",keyword:"enum",params:{allowedValues: schema11.properties.storage.properties.objectStorage.properties.serverSideEncryption.properties.algorithm.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err435];
}
else {
vErrors.push(err435);
}
errors++;
}
}
if(data138.kmsKeyId !== undefined){
let data140 = data138.kmsKeyId;
if(typeof data140 === "string"){
if(func3(data140) > 2048){
const err436 = {instancePath:instancePath+"/storage/objectStorage/serverSideEncryption/kmsKeyId",schemaPath:"#/properties/storage/properties/objectStorage/properties/serverSideEncryption/properties/kmsKeyId/maxLength",keyword:"maxLength",params:{limit: 2048},message:"must NOT have more than 2048 characters"};
if(vErrors === null){
vErrors = [err436];
}
else {
vErrors.push(err436);
}
errors++;
}
if(func3(data140) < 1){
const err437 = {instancePath:instancePath+"/storage/objectStorage/serverSideEncryption/kmsKeyId",schemaPath:"#/properties/storage/properties/objectStorage/properties/serverSideEncryption/properties/kmsKeyId/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters"};
if(vErrors === null){
vErrors = [err437];
}
else {
vErrors.push(err437);
}
errors++;
}
if(!pattern13.test(data140)){
const err438 = {instancePath:instancePath+"/storage/objectStorage/serverSideEncryption/kmsKeyId",schemaPath:"#/properties/storage/properties/objectStorage/properties/serverSideEncryption/properties/kmsKeyId/pattern",keyword:"pattern",params:{pattern: "^[!-~]+$"},message:"must match pattern \""+"^[!-~]+$"+"\""};
if(vErrors === null){
vErrors = [err438];
}
else {
vErrors.push(err438);
}
errors++;
}
}
else {
const err439 = {instancePath:instancePath+"/storage/objectStorage/serverSideEncryption/kmsKeyId",schemaPath:"#/properties/storage/properties/objectStorage/properties/serverSideEncryption/properties/kmsKeyId/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err439];
}
else {
vErrors.push(err439);
}
errors++;
}
}
}
else {
const err440 = {instancePath:instancePath+"/storage/objectStorage/serverSideEncryption",schemaPath:"#/properties/storage/properties/objectStorage/properties/serverSideEncryption/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err440];
}
else {
vErrors.push(err440);
}
errors++;
}
}
if(data123.storageClass !== undefined){
let data141 = data123.storageClass;
if(typeof data141 === "string"){
if(func3(data141) > 64){
const err441 = {instancePath:instancePath+"/storage/objectStorage/storageClass",schemaPath:"#/properties/storage/properties/objectStorage/properties/storageClass/maxLength",keyword:"maxLength",params:{limit: 64},message:"must NOT have more than 64 characters"};
if(vErrors === null){
vErrors = [err441];
}
else {
vErrors.push(err441);
}
errors++;
}
if(func3(data141) < 1){
const err442 = {instancePath:instancePath+"/storage/objectStorage/storageClass",schemaPath:"#/properties/storage/properties/objectStorage/properties/storageClass/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters"};
if(vErrors === null){
vErrors = [err442];
}
else {
vErrors.push(err442);
}
errors++;
}
if(!pattern14.test(data141)){
const err443 = {instancePath:instancePath+"/storage/objectStorage/storageClass",schemaPath:"#/properties/storage/properties/objectStorage/properties/storageClass/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9_-]+$"},message:"must match pattern \""+"^[A-Za-z0-9_-]+$"+"\""};
if(vErrors === null){
vErrors = [err443];
}
else {
vErrors.push(err443);
}
errors++;
}
}
else {
const err444 = {instancePath:instancePath+"/storage/objectStorage/storageClass",schemaPath:"#/properties/storage/properties/objectStorage/properties/storageClass/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err444];
}
else {
vErrors.push(err444);
}
errors++;
}
}
if(data123.multipart !== undefined){
let data142 = data123.multipart;
if(data142 && typeof data142 == "object" && !Array.isArray(data142)){
if(data142.partSizeBytes === undefined){
const err445 = {instancePath:instancePath+"/storage/objectStorage/multipart",schemaPath:"#/properties/storage/properties/objectStorage/properties/multipart/required",keyword:"required",params:{missingProperty: "partSizeBytes"},message:"must have required property '"+"partSizeBytes"+"'"};
if(vErrors === null){
vErrors = [err445];
}
else {
vErrors.push(err445);
}
errors++;
}
if(data142.concurrency === undefined){
const err446 = {instancePath:instancePath+"/storage/objectStorage/multipart",schemaPath:"#/properties/storage/properties/objectStorage/properties/multipart/required",keyword:"required",params:{missingProperty: "concurrency"},message:"must have required property '"+"concurrency"+"'"};
if(vErrors === null){
vErrors = [err446];
}
else {
vErrors.push(err446);
}
errors++;
}
for(const key34 in data142){
if(!((key34 === "partSizeBytes") || (key34 === "concurrency"))){
const err447 = {instancePath:instancePath+"/storage/objectStorage/multipart",schemaPath:"#/properties/storage/properties/objectStorage/properties/multipart/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key34},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err447];
}
else {
vErrors.push(err447);
}
errors++;
}
}
if(data142.partSizeBytes !== undefined){
let data143 = data142.partSizeBytes;
if(!(((typeof data143 == "number") && (!(data143 % 1) && !isNaN(data143))) && (isFinite(data143)))){
const err448 = {instancePath:instancePath+"/storage/objectStorage/multipart/partSizeBytes",schemaPath:"#/properties/storage/properties/objectStorage/properties/multipart/properties/partSizeBytes/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err448];
}
else {
vErrors.push(err448);
}
errors++;
}
if((typeof data143 == "number") && (isFinite(data143))){
if(data143 > 536870912 || isNaN(data143)){
const err449 = {instancePath:instancePath+"/storage/objectStorage/multipart/partSizeBytes",schemaPath:"#/properties/storage/properties/objectStorage/properties/multipart/properties/partSizeBytes/maximum",keyword:"maximum",params:{comparison: "<=", limit: 536870912},message:"must be <= 536870912"};
if(vErrors === null){
vErrors = [err449];
}
else {
vErrors.push(err449);
}
errors++;
}
if(data143 < 5242880 || isNaN(data143)){
const err450 = {instancePath:instancePath+"/storage/objectStorage/multipart/partSizeBytes",schemaPath:"#/properties/storage/properties/objectStorage/properties/multipart/properties/partSizeBytes/minimum",keyword:"minimum",params:{comparison: ">=", limit: 5242880},message:"must be >= 5242880"};
if(vErrors === null){
vErrors = [err450];
}
else {
vErrors.push(err450);
}
errors++;
}
}
}
if(data142.concurrency !== undefined){
let data144 = data142.concurrency;
if(!(((typeof data144 == "number") && (!(data144 % 1) && !isNaN(data144))) && (isFinite(data144)))){
const err451 = {instancePath:instancePath+"/storage/objectStorage/multipart/concurrency",schemaPath:"#/properties/storage/properties/objectStorage/properties/multipart/properties/concurrency/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err451];
}
else {
vErrors.push(err451);
}
errors++;
}
if((typeof data144 == "number") && (isFinite(data144))){
if(data144 > 16 || isNaN(data144)){
const err452 = {instancePath:instancePath+"/storage/objectStorage/multipart/concurrency",schemaPath:"#/properties/storage/properties/objectStorage/properties/multipart/properties/concurrency/maximum",keyword:"maximum",params:{comparison: "<=", limit: 16},message:"must be <= 16"};
if(vErrors === null){
vErrors = [err452];
}
else {
vErrors.push(err452);
}
errors++;
}
if(data144 < 1 || isNaN(data144)){
const err453 = {instancePath:instancePath+"/storage/objectStorage/multipart/concurrency",schemaPath:"#/properties/storage/properties/objectStorage/properties/multipart/properties/concurrency/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"};
if(vErrors === null){
vErrors = [err453];
}
else {
vErrors.push(err453);
}
errors++;
}
}
}
}
else {
const err454 = {instancePath:instancePath+"/storage/objectStorage/multipart",schemaPath:"#/properties/storage/properties/objectStorage/properties/multipart/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err454];
}
else {
vErrors.push(err454);
}
errors++;
}
}
}
else {
const err455 = {instancePath:instancePath+"/storage/objectStorage",schemaPath:"#/properties/storage/properties/objectStorage/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err455];
}
else {
vErrors.push(err455);
}
errors++;
}
}
}
else {
const err456 = {instancePath:instancePath+"/storage",schemaPath:"#/properties/storage/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err456];
}
else {
vErrors.push(err456);
}
errors++;
}
}
if(data.additionalStorage !== undefined){
let data145 = data.additionalStorage;
if(data145 && typeof data145 == "object" && !Array.isArray(data145)){
if(Object.keys(data145).length > 64){
const err457 = {instancePath:instancePath+"/additionalStorage",schemaPath:"#/properties/additionalStorage/maxProperties",keyword:"maxProperties",params:{limit: 64},message:"must NOT have more than 64 properties"};
if(vErrors === null){
vErrors = [err457];
}
else {
vErrors.push(err457);
}
errors++;
}
for(const key35 in data145){
const _errs322 = errors;
if(typeof key35 === "string"){
if(!pattern5.test(key35)){
const err458 = {instancePath:instancePath+"/additionalStorage",schemaPath:"#/properties/additionalStorage/propertyNames/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$"},message:"must match pattern \""+"^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$"+"\"",propertyName:key35};
if(vErrors === null){
vErrors = [err458];
}
else {
vErrors.push(err458);
}
errors++;
}
}
else {
const err459 = {instancePath:instancePath+"/additionalStorage",schemaPath:"#/properties/additionalStorage/propertyNames/type",keyword:"type",params:{type: "string"},message:"must be string",propertyName:key35};
if(vErrors === null){
vErrors = [err459];
}
else {
vErrors.push(err459);
}
errors++;
}
var valid72 = _errs322 === errors;
if(!valid72){
const err460 = {instancePath:instancePath+"/additionalStorage",schemaPath:"#/properties/additionalStorage/propertyNames",keyword:"propertyNames",params:{propertyName: key35},message:"property name must be valid"};
if(vErrors === null){
vErrors = [err460];
}
else {
vErrors.push(err460);
}
errors++;
}
}
for(const key36 in data145){
let data146 = data145[key36];
if(data146 && typeof data146 == "object" && !Array.isArray(data146)){
if(Object.keys(data146).length > 1){
const err461 = {instancePath:instancePath+"/additionalStorage/" + key36.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/additionalStorage/additionalProperties/maxProperties",keyword:"maxProperties",params:{limit: 1},message:"must NOT have more than 1 properties"};
if(vErrors === null){
vErrors = [err461];
}
else {
vErrors.push(err461);
}
errors++;
}
if(Object.keys(data146).length < 1){
const err462 = {instancePath:instancePath+"/additionalStorage/" + key36.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/additionalStorage/additionalProperties/minProperties",keyword:"minProperties",params:{limit: 1},message:"must NOT have fewer than 1 properties"};
if(vErrors === null){
vErrors = [err462];
}
else {
vErrors.push(err462);
}
errors++;
}
for(const key37 in data146){
if(!((key37 === "root") || (key37 === "objectStorage"))){
const err463 = {instancePath:instancePath+"/additionalStorage/" + key36.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/additionalStorage/additionalProperties/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key37},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err463];
}
else {
vErrors.push(err463);
}
errors++;
}
}
if(data146.root !== undefined){
let data147 = data146.root;
if(typeof data147 === "string"){
if(func3(data147) < 1){
const err464 = {instancePath:instancePath+"/additionalStorage/" + key36.replace(/~/g, "~0").replace(/\//g, "~1")+"/root",schemaPath:"#/properties/additionalStorage/additionalProperties/properties/root/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters"};
if(vErrors === null){
vErrors = [err464];
}
else {
vErrors.push(err464);
}
errors++;
}
if(!pattern1.test(data147)){
const err465 = {instancePath:instancePath+"/additionalStorage/" + key36.replace(/~/g, "~0").replace(/\//g, "~1")+"/root",schemaPath:"#/properties/additionalStorage/additionalProperties/properties/root/pattern",keyword:"pattern",params:{pattern: "^/"},message:"must match pattern \""+"^/"+"\""};
if(vErrors === null){
vErrors = [err465];
}
else {
vErrors.push(err465);
}
errors++;
}
}
else {
const err466 = {instancePath:instancePath+"/additionalStorage/" + key36.replace(/~/g, "~0").replace(/\//g, "~1")+"/root",schemaPath:"#/properties/additionalStorage/additionalProperties/properties/root/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err466];
}
else {
vErrors.push(err466);
}
errors++;
}
}
if(data146.objectStorage !== undefined){
let data148 = data146.objectStorage;
if(data148 && typeof data148 == "object" && !Array.isArray(data148)){
if(data148.bucket === undefined){
const err467 = {instancePath:instancePath+"/additionalStorage/" + key36.replace(/~/g, "~0").replace(/\//g, "~1")+"/objectStorage",schemaPath:"#/properties/additionalStorage/additionalProperties/properties/objectStorage/required",keyword:"required",params:{missingProperty: "bucket"},message:"must have required property '"+"bucket"+"'"};
if(vErrors === null){
vErrors = [err467];
}
else {
vErrors.push(err467);
}
errors++;
}
if(data148.prefix === undefined){
const err468 = {instancePath:instancePath+"/additionalStorage/" + key36.replace(/~/g, "~0").replace(/\//g, "~1")+"/objectStorage",schemaPath:"#/properties/additionalStorage/additionalProperties/properties/objectStorage/required",keyword:"required",params:{missingProperty: "prefix"},message:"must have required property '"+"prefix"+"'"};
if(vErrors === null){
vErrors = [err468];
}
else {
vErrors.push(err468);
}
errors++;
}
if(data148.region === undefined){
const err469 = {instancePath:instancePath+"/additionalStorage/" + key36.replace(/~/g, "~0").replace(/\//g, "~1")+"/objectStorage",schemaPath:"#/properties/additionalStorage/additionalProperties/properties/objectStorage/required",keyword:"required",params:{missingProperty: "region"},message:"must have required property '"+"region"+"'"};
if(vErrors === null){
vErrors = [err469];
}
else {
vErrors.push(err469);
}
errors++;
}
if(data148.forcePathStyle === undefined){
const err470 = {instancePath:instancePath+"/additionalStorage/" + key36.replace(/~/g, "~0").replace(/\//g, "~1")+"/objectStorage",schemaPath:"#/properties/additionalStorage/additionalProperties/properties/objectStorage/required",keyword:"required",params:{missingProperty: "forcePathStyle"},message:"must have required property '"+"forcePathStyle"+"'"};
if(vErrors === null){
vErrors = [err470];
}
else {
vErrors.push(err470);
}
errors++;
}
if(data148.credentials === undefined){
const err471 = {instancePath:instancePath+"/additionalStorage/" + key36.replace(/~/g, "~0").replace(/\//g, "~1")+"/objectStorage",schemaPath:"#/properties/additionalStorage/additionalProperties/properties/objectStorage/required",keyword:"required",params:{missingProperty: "credentials"},message:"must have required property '"+"credentials"+"'"};
if(vErrors === null){
vErrors = [err471];
}
else {
vErrors.push(err471);
}
errors++;
}
if(data148.multipart === undefined){
const err472 = {instancePath:instancePath+"/additionalStorage/" + key36.replace(/~/g, "~0").replace(/\//g, "~1")+"/objectStorage",schemaPath:"#/properties/additionalStorage/additionalProperties/properties/objectStorage/required",keyword:"required",params:{missingProperty: "multipart"},message:"must have required property '"+"multipart"+"'"};
if(vErrors === null){
vErrors = [err472];
}
else {
vErrors.push(err472);
}
errors++;
}
for(const key38 in data148){
if(!(func2.call(schema11.properties.additionalStorage.additionalProperties.properties.objectStorage.properties, key38))){
const err473 = {instancePath:instancePath+"/additionalStorage/" + key36.replace(/~/g, "~0").replace(/\//g, "~1")+"/objectStorage",schemaPath:"#/properties/additionalStorage/additionalProperties/properties/objectStorage/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key38},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err473];
}
else {
vErrors.push(err473);
}
errors++;
}
}
if(data148.bucket !== undefined){
let data149 = data148.bucket;
if(typeof data149 === "string"){
if(func3(data149) > 63){
const err474 = {instancePath:instancePath+"/additionalStorage/" + key36.replace(/~/g, "~0").replace(/\//g, "~1")+"/objectStorage/bucket",schemaPath:"#/properties/additionalStorage/additionalProperties/properties/objectStorage/properties/bucket/maxLength",keyword:"maxLength",params:{limit: 63},message:"must NOT have more than 63 characters"};
if(vErrors === null){
vErrors = [err474];
}
else {
vErrors.push(err474);
}
errors++;
}
if(func3(data149) < 3){
const err475 = {instancePath:instancePath+"/additionalStorage/" + key36.replace(/~/g, "~0").replace(/\//g, "~1")+"/objectStorage/bucket",schemaPath:"#/properties/additionalStorage/additionalProperties/properties/objectStorage/properties/bucket/minLength",keyword:"minLength",params:{limit: 3},message:"must NOT have fewer than 3 characters"};
if(vErrors === null){
vErrors = [err475];
}
else {
vErrors.push(err475);
}
errors++;
}
if(!pattern7.test(data149)){
const err476 = {instancePath:instancePath+"/additionalStorage/" + key36.replace(/~/g, "~0").replace(/\//g, "~1")+"/objectStorage/bucket",schemaPath:"#/properties/additionalStorage/additionalProperties/properties/objectStorage/properties/bucket/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9][a-z0-9.-]*[a-z0-9]$"},message:"must match pattern \""+"^[a-z0-9][a-z0-9.-]*[a-z0-9]$"+"\""};
if(vErrors === null){
vErrors = [err476];
}
else {
vErrors.push(err476);
}
errors++;
}
}
else {
const err477 = {instancePath:instancePath+"/additionalStorage/" + key36.replace(/~/g, "~0").replace(/\//g, "~1")+"/objectStorage/bucket",schemaPath:"#/properties/additionalStorage/additionalProperties/properties/objectStorage/properties/bucket/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err477];
}
else {
vErrors.push(err477);
}
errors++;
}
}
if(data148.prefix !== undefined){
let data150 = data148.prefix;
if(typeof data150 === "string"){
if(func3(data150) > 512){
const err478 = {instancePath:instancePath+"/additionalStorage/" + key36.replace(/~/g, "~0").replace(/\//g, "~1")+"/objectStorage/prefix",schemaPath:"#/properties/additionalStorage/additionalProperties/properties/objectStorage/properties/prefix/maxLength",keyword:"maxLength",params:{limit: 512},message:"must NOT have more than 512 characters"};
if(vErrors === null){
vErrors = [err478];
}
else {
vErrors.push(err478);
}
errors++;
}
if(!(formats34.validate(data150))){
const err479 = {instancePath:instancePath+"/additionalStorage/" + key36.replace(/~/g, "~0").replace(/\//g, "~1")+"/objectStorage/prefix",schemaPath:"#/properties/additionalStorage/additionalProperties/properties/objectStorage/properties/prefix/format",keyword:"format",params:{format: "key-prefix"},message:"must match format \""+"key-prefix"+"\""};
if(vErrors === null){
vErrors = [err479];
}
else {
vErrors.push(err479);
}
errors++;
}
}
else {
const err480 = {instancePath:instancePath+"/additionalStorage/" + key36.replace(/~/g, "~0").replace(/\//g, "~1")+"/objectStorage/prefix",schemaPath:"#/properties/additionalStorage/additionalProperties/properties/objectStorage/properties/prefix/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err480];
}
else {
vErrors.push(err480);
}
errors++;
}
}
if(data148.region !== undefined){
let data151 = data148.region;
if(typeof data151 === "string"){
if(func3(data151) > 64){
const err481 = {instancePath:instancePath+"/additionalStorage/" + key36.replace(/~/g, "~0").replace(/\//g, "~1")+"/objectStorage/region",schemaPath:"#/properties/additionalStorage/additionalProperties/properties/objectStorage/properties/region/maxLength",keyword:"maxLength",params:{limit: 64},message:"must NOT have more than 64 characters"};
if(vErrors === null){
vErrors = [err481];
}
else {
vErrors.push(err481);
}
errors++;
}
if(func3(data151) < 1){
const err482 = {instancePath:instancePath+"/additionalStorage/" + key36.replace(/~/g, "~0").replace(/\//g, "~1")+"/objectStorage/region",schemaPath:"#/properties/additionalStorage/additionalProperties/properties/objectStorage/properties/region/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters"};
if(vErrors === null){
vErrors = [err482];
}
else {
vErrors.push(err482);
}
errors++;
}
if(!pattern8.test(data151)){
const err483 = {instancePath:instancePath+"/additionalStorage/" + key36.replace(/~/g, "~0").replace(/\//g, "~1")+"/objectStorage/region",schemaPath:"#/properties/additionalStorage/additionalProperties/properties/objectStorage/properties/region/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9-]+$"},message:"must match pattern \""+"^[A-Za-z0-9-]+$"+"\""};
if(vErrors === null){
vErrors = [err483];
}
else {
vErrors.push(err483);
}
errors++;
}
}
else {
const err484 = {instancePath:instancePath+"/additionalStorage/" + key36.replace(/~/g, "~0").replace(/\//g, "~1")+"/objectStorage/region",schemaPath:"#/properties/additionalStorage/additionalProperties/properties/objectStorage/properties/region/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err484];
}
else {
vErrors.push(err484);
}
errors++;
}
}
if(data148.endpoint !== undefined){
let data152 = data148.endpoint;
if(typeof data152 === "string"){
if(func3(data152) > 1024){
const err485 = {instancePath:instancePath+"/additionalStorage/" + key36.replace(/~/g, "~0").replace(/\//g, "~1")+"/objectStorage/endpoint",schemaPath:"#/properties/additionalStorage/additionalProperties/properties/objectStorage/properties/endpoint/maxLength",keyword:"maxLength",params:{limit: 1024},message:"must NOT have more than 1024 characters"};
if(vErrors === null){
vErrors = [err485];
}
else {
vErrors.push(err485);
}
errors++;
}
if(!(formats36.validate(data152))){
const err486 = {instancePath:instancePath+"/additionalStorage/" + key36.replace(/~/g, "~0").replace(/\//g, "~1")+"/objectStorage/endpoint",schemaPath:"#/properties/additionalStorage/additionalProperties/properties/objectStorage/properties/endpoint/format",keyword:"format",params:{format: "http-url"},message:"must match format \""+"http-url"+"\""};
if(vErrors === null){
vErrors = [err486];
}
else {
vErrors.push(err486);
}
errors++;
}
}
else {
const err487 = {instancePath:instancePath+"/additionalStorage/" + key36.replace(/~/g, "~0").replace(/\//g, "~1")+"/objectStorage/endpoint",schemaPath:"#/properties/additionalStorage/additionalProperties/properties/objectStorage/properties/endpoint/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err487];
}
else {
vErrors.push(err487);
}
errors++;
}
}
if(data148.forcePathStyle !== undefined){
if(typeof data148.forcePathStyle !== "boolean"){
const err488 = {instancePath:instancePath+"/additionalStorage/" + key36.replace(/~/g, "~0").replace(/\//g, "~1")+"/objectStorage/forcePathStyle",schemaPath:"#/properties/additionalStorage/additionalProperties/properties/objectStorage/properties/forcePathStyle/type",keyword:"type",params:{type: "boolean"},message:"must be boolean"};
if(vErrors === null){
vErrors = [err488];
}
else {
vErrors.push(err488);
}
errors++;
}
}
if(data148.credentials !== undefined){
let data154 = data148.credentials;
if(data154 && typeof data154 == "object" && !Array.isArray(data154)){
if(data154.type === undefined){
const err489 = {instancePath:instancePath+"/additionalStorage/" + key36.replace(/~/g, "~0").replace(/\//g, "~1")+"/objectStorage/credentials",schemaPath:"#/properties/additionalStorage/additionalProperties/properties/objectStorage/properties/credentials/required",keyword:"required",params:{missingProperty: "type"},message:"must have required property '"+"type"+"'"};
if(vErrors === null){
vErrors = [err489];
}
else {
vErrors.push(err489);
}
errors++;
}
const tag3 = data154.type;
if(typeof tag3 == "string"){
if(tag3 === "Chain"){
if(data154 && typeof data154 == "object" && !Array.isArray(data154)){
if(data154.type === undefined){
const err490 = {instancePath:instancePath+"/additionalStorage/" + key36.replace(/~/g, "~0").replace(/\//g, "~1")+"/objectStorage/credentials",schemaPath:"#/properties/additionalStorage/additionalProperties/properties/objectStorage/properties/credentials/oneOf/0/required",keyword:"required",params:{missingProperty: "type"},message:"must have required property '"+"type"+"'"};
if(vErrors === null){
vErrors = [err490];
}
else {
vErrors.push(err490);
}
errors++;
}
for(const key39 in data154){
if(!(key39 === "type")){
const err491 = {instancePath:instancePath+"/additionalStorage/" + key36.replace(/~/g, "~0").replace(/\//g, "~1")+"/objectStorage/credentials",schemaPath:"#/properties/additionalStorage/additionalProperties/properties/objectStorage/properties/credentials/oneOf/0/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key39},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err491];
}
else {
vErrors.push(err491);
}
errors++;
}
}
if(data154.type !== undefined){
if("Chain" !== data154.type){
const err492 = {instancePath:instancePath+"/additionalStorage/" + key36.replace(/~/g, "~0").replace(/\//g, "~1")+"/objectStorage/credentials/type",schemaPath:"#/properties/additionalStorage/additionalProperties/properties/objectStorage/properties/credentials/oneOf/0/properties/type/const",keyword:"const",params:{allowedValue: "Chain"},message:"must be equal to constant"};
if(vErrors === null){
vErrors = [err492];
}
else {
vErrors.push(err492);
}
errors++;
}
}
}
else {
const err493 = {instancePath:instancePath+"/additionalStorage/" + key36.replace(/~/g, "~0").replace(/\//g, "~1")+"/objectStorage/credentials",schemaPath:"#/properties/additionalStorage/additionalProperties/properties/objectStorage/properties/credentials/oneOf/0/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err493];
}
else {
vErrors.push(err493);
}
errors++;
}
}
else if(tag3 === "Files"){
if(data154 && typeof data154 == "object" && !Array.isArray(data154)){
if(data154.type === undefined){
const err494 = {instancePath:instancePath+"/additionalStorage/" + key36.replace(/~/g, "~0").replace(/\//g, "~1")+"/objectStorage/credentials",schemaPath:"#/properties/additionalStorage/additionalProperties/properties/objectStorage/properties/credentials/oneOf/1/required",keyword:"required",params:{missingProperty: "type"},message:"must have required property '"+"type"+"'"};
if(vErrors === null){
vErrors = [err494];
}
else {
vErrors.push(err494);
}
errors++;
}
if(data154.directory === undefined){
const err495 = {instancePath:instancePath+"/additionalStorage/" + key36.replace(/~/g, "~0").replace(/\//g, "~1")+"/objectStorage/credentials",schemaPath:"#/properties/additionalStorage/additionalProperties/properties/objectStorage/properties/credentials/oneOf/1/required",keyword:"required",params:{missingProperty: "directory"},message:"must have required property '"+"directory"+"'"};
if(vErrors === null){
vErrors = [err495];
}
else {
vErrors.push(err495);
}
errors++;
}
for(const key40 in data154){
if(!((key40 === "type") || (key40 === "directory"))){
const err496 = {instancePath:instancePath+"/additionalStorage/" + key36.replace(/~/g, "~0").replace(/\//g, "~1")+"/objectStorage/credentials",schemaPath:"#/properties/additionalStorage/additionalProperties/properties/objectStorage/properties/credentials/oneOf/1/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key40},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err496];
}
else {
vErrors.push(err496);
}
errors++;
}
}
if(data154.type !== undefined){
if("Files" !== data154.type){
const err497 = {instancePath:instancePath+"/additionalStorage/" + key36.replace(/~/g, "~0").replace(/\//g, "~1")+"/objectStorage/credentials/type",schemaPath:"#/properties/additionalStorage/additionalProperties/properties/objectStorage/properties/credentials/oneOf/1/properties/type/const",keyword:"const",params:{allowedValue: "Files"},message:"must be equal to constant"};
if(vErrors === null){
vErrors = [err497];
}
else {
vErrors.push(err497);
}
errors++;
}
}
if(data154.directory !== undefined){
let data157 = data154.directory;
if(typeof data157 === "string"){
if(func3(data157) > 4096){
const err498 = {instancePath:instancePath+"/additionalStorage/" + key36.replace(/~/g, "~0").replace(/\//g, "~1")+"/objectStorage/credentials/directory",schemaPath:"#/properties/additionalStorage/additionalProperties/properties/objectStorage/properties/credentials/oneOf/1/properties/directory/maxLength",keyword:"maxLength",params:{limit: 4096},message:"must NOT have more than 4096 characters"};
if(vErrors === null){
vErrors = [err498];
}
else {
vErrors.push(err498);
}
errors++;
}
if(func3(data157) < 1){
const err499 = {instancePath:instancePath+"/additionalStorage/" + key36.replace(/~/g, "~0").replace(/\//g, "~1")+"/objectStorage/credentials/directory",schemaPath:"#/properties/additionalStorage/additionalProperties/properties/objectStorage/properties/credentials/oneOf/1/properties/directory/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters"};
if(vErrors === null){
vErrors = [err499];
}
else {
vErrors.push(err499);
}
errors++;
}
if(!pattern1.test(data157)){
const err500 = {instancePath:instancePath+"/additionalStorage/" + key36.replace(/~/g, "~0").replace(/\//g, "~1")+"/objectStorage/credentials/directory",schemaPath:"#/properties/additionalStorage/additionalProperties/properties/objectStorage/properties/credentials/oneOf/1/properties/directory/pattern",keyword:"pattern",params:{pattern: "^/"},message:"must match pattern \""+"^/"+"\""};
if(vErrors === null){
vErrors = [err500];
}
else {
vErrors.push(err500);
}
errors++;
}
}
else {
const err501 = {instancePath:instancePath+"/additionalStorage/" + key36.replace(/~/g, "~0").replace(/\//g, "~1")+"/objectStorage/credentials/directory",schemaPath:"#/properties/additionalStorage/additionalProperties/properties/objectStorage/properties/credentials/oneOf/1/properties/directory/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err501];
}
else {
vErrors.push(err501);
}
errors++;
}
}
}
else {
const err502 = {instancePath:instancePath+"/additionalStorage/" + key36.replace(/~/g, "~0").replace(/\//g, "~1")+"/objectStorage/credentials",schemaPath:"#/properties/additionalStorage/additionalProperties/properties/objectStorage/properties/credentials/oneOf/1/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err502];
}
else {
vErrors.push(err502);
}
errors++;
}
}
else if(tag3 === "WebIdentity"){
if(data154 && typeof data154 == "object" && !Array.isArray(data154)){
if(data154.type === undefined){
const err503 = {instancePath:instancePath+"/additionalStorage/" + key36.replace(/~/g, "~0").replace(/\//g, "~1")+"/objectStorage/credentials",schemaPath:"#/properties/additionalStorage/additionalProperties/properties/objectStorage/properties/credentials/oneOf/2/required",keyword:"required",params:{missingProperty: "type"},message:"must have required property '"+"type"+"'"};
if(vErrors === null){
vErrors = [err503];
}
else {
vErrors.push(err503);
}
errors++;
}
if(data154.roleArn === undefined){
const err504 = {instancePath:instancePath+"/additionalStorage/" + key36.replace(/~/g, "~0").replace(/\//g, "~1")+"/objectStorage/credentials",schemaPath:"#/properties/additionalStorage/additionalProperties/properties/objectStorage/properties/credentials/oneOf/2/required",keyword:"required",params:{missingProperty: "roleArn"},message:"must have required property '"+"roleArn"+"'"};
if(vErrors === null){
vErrors = [err504];
}
else {
vErrors.push(err504);
}
errors++;
}
if(data154.tokenFile === undefined){
const err505 = {instancePath:instancePath+"/additionalStorage/" + key36.replace(/~/g, "~0").replace(/\//g, "~1")+"/objectStorage/credentials",schemaPath:"#/properties/additionalStorage/additionalProperties/properties/objectStorage/properties/credentials/oneOf/2/required",keyword:"required",params:{missingProperty: "tokenFile"},message:"must have required property '"+"tokenFile"+"'"};
if(vErrors === null){
vErrors = [err505];
}
else {
vErrors.push(err505);
}
errors++;
}
for(const key41 in data154){
if(!((((key41 === "type") || (key41 === "roleArn")) || (key41 === "tokenFile")) || (key41 === "stsEndpoint"))){
const err506 = {instancePath:instancePath+"/additionalStorage/" + key36.replace(/~/g, "~0").replace(/\//g, "~1")+"/objectStorage/credentials",schemaPath:"#/properties/additionalStorage/additionalProperties/properties/objectStorage/properties/credentials/oneOf/2/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key41},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err506];
}
else {
vErrors.push(err506);
}
errors++;
}
}
if(data154.type !== undefined){
if("WebIdentity" !== data154.type){
const err507 = {instancePath:instancePath+"/additionalStorage/" + key36.replace(/~/g, "~0").replace(/\//g, "~1")+"/objectStorage/credentials/type",schemaPath:"#/properties/additionalStorage/additionalProperties/properties/objectStorage/properties/credentials/oneOf/2/properties/type/const",keyword:"const",params:{allowedValue: "WebIdentity"},message:"must be equal to constant"};
if(vErrors === null){
vErrors = [err507];
}
else {
vErrors.push(err507);
}
errors++;
}
}
if(data154.roleArn !== undefined){
let data159 = data154.roleArn;
if(typeof data159 === "string"){
if(func3(data159) > 2048){
const err508 = {instancePath:instancePath+"/additionalStorage/" + key36.replace(/~/g, "~0").replace(/\//g, "~1")+"/objectStorage/credentials/roleArn",schemaPath:"#/properties/additionalStorage/additionalProperties/properties/objectStorage/properties/credentials/oneOf/2/properties/roleArn/maxLength",keyword:"maxLength",params:{limit: 2048},message:"must NOT have more than 2048 characters"};
if(vErrors === null){
vErrors = [err508];
}
else {
vErrors.push(err508);
}
errors++;
}
if(func3(data159) < 20){
const err509 = {instancePath:instancePath+"/additionalStorage/" + key36.replace(/~/g, "~0").replace(/\//g, "~1")+"/objectStorage/credentials/roleArn",schemaPath:"#/properties/additionalStorage/additionalProperties/properties/objectStorage/properties/credentials/oneOf/2/properties/roleArn/minLength",keyword:"minLength",params:{limit: 20},message:"must NOT have fewer than 20 characters"};
if(vErrors === null){
vErrors = [err509];
}
else {
vErrors.push(err509);
}
errors++;
}
if(!pattern10.test(data159)){
const err510 = {instancePath:instancePath+"/additionalStorage/" + key36.replace(/~/g, "~0").replace(/\//g, "~1")+"/objectStorage/credentials/roleArn",schemaPath:"#/properties/additionalStorage/additionalProperties/properties/objectStorage/properties/credentials/oneOf/2/properties/roleArn/pattern",keyword:"pattern",params:{pattern: "^arn:[!-~]+$"},message:"must match pattern \""+"^arn:[!-~]+$"+"\""};
if(vErrors === null){
vErrors = [err510];
}
else {
vErrors.push(err510);
}
errors++;
}
}
else {
const err511 = {instancePath:instancePath+"/additionalStorage/" + key36.replace(/~/g, "~0").replace(/\//g, "~1")+"/objectStorage/credentials/roleArn",schemaPath:"#/properties/additionalStorage/additionalProperties/properties/objectStorage/properties/credentials/oneOf/2/properties/roleArn/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err511];
}
else {
vErrors.push(err511);
}
errors++;
}
}
if(data154.tokenFile !== undefined){
let data160 = data154.tokenFile;
if(typeof data160 === "string"){
if(func3(data160) > 4096){
const err512 = {instancePath:instancePath+"/additionalStorage/" + key36.replace(/~/g, "~0").replace(/\//g, "~1")+"/objectStorage/credentials/tokenFile",schemaPath:"#/properties/additionalStorage/additionalProperties/properties/objectStorage/properties/credentials/oneOf/2/properties/tokenFile/maxLength",keyword:"maxLength",params:{limit: 4096},message:"must NOT have more than 4096 characters"};
if(vErrors === null){
vErrors = [err512];
}
else {
vErrors.push(err512);
}
errors++;
}
if(func3(data160) < 1){
const err513 = {instancePath:instancePath+"/additionalStorage/" + key36.replace(/~/g, "~0").replace(/\//g, "~1")+"/objectStorage/credentials/tokenFile",schemaPath:"#/properties/additionalStorage/additionalProperties/properties/objectStorage/properties/credentials/oneOf/2/properties/tokenFile/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters"};
if(vErrors === null){
vErrors = [err513];
}
else {
vErrors.push(err513);
}
errors++;
}
if(!pattern1.test(data160)){
const err514 = {instancePath:instancePath+"/additionalStorage/" + key36.replace(/~/g, "~0").replace(/\//g, "~1")+"/objectStorage/credentials/tokenFile",schemaPath:"#/properties/additionalStorage/additionalProperties/properties/objectStorage/properties/credentials/oneOf/2/properties/tokenFile/pattern",keyword:"pattern",params:{pattern: "^/"},message:"must match pattern \""+"^/"+"\""};
if(vErrors === null){
vErrors = [err514];
}
else {
vErrors.push(err514);
}
errors++;
}
}
else {
const err515 = {instancePath:instancePath+"/additionalStorage/" + key36.replace(/~/g, "~0").replace(/\//g, "~1")+"/objectStorage/credentials/tokenFile",schemaPath:"#/properties/additionalStorage/additionalProperties/properties/objectStorage/properties/credentials/oneOf/2/properties/tokenFile/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err515];
}
else {
vErrors.push(err515);
}
errors++;
}
}
if(data154.stsEndpoint !== undefined){
let data161 = data154.stsEndpoint;
if(typeof data161 === "string"){
if(func3(data161) > 1024){
const err516 = {instancePath:instancePath+"/additionalStorage/" + key36.replace(/~/g, "~0").replace(/\//g, "~1")+"/objectStorage/credentials/stsEndpoint",schemaPath:"#/properties/additionalStorage/additionalProperties/properties/objectStorage/properties/credentials/oneOf/2/properties/stsEndpoint/maxLength",keyword:"maxLength",params:{limit: 1024},message:"must NOT have more than 1024 characters"};
if(vErrors === null){
vErrors = [err516];
}
else {
vErrors.push(err516);
}
errors++;
}
if(!(formats36.validate(data161))){
const err517 = {instancePath:instancePath+"/additionalStorage/" + key36.replace(/~/g, "~0").replace(/\//g, "~1")+"/objectStorage/credentials/stsEndpoint",schemaPath:"#/properties/additionalStorage/additionalProperties/properties/objectStorage/properties/credentials/oneOf/2/properties/stsEndpoint/format",keyword:"format",params:{format: "http-url"},message:"must match format \""+"http-url"+"\""};
if(vErrors === null){
vErrors = [err517];
}
else {
vErrors.push(err517);
}
errors++;
}
}
else {
const err518 = {instancePath:instancePath+"/additionalStorage/" + key36.replace(/~/g, "~0").replace(/\//g, "~1")+"/objectStorage/credentials/stsEndpoint",schemaPath:"#/properties/additionalStorage/additionalProperties/properties/objectStorage/properties/credentials/oneOf/2/properties/stsEndpoint/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err518];
}
else {
vErrors.push(err518);
}
errors++;
}
}
}
else {
const err519 = {instancePath:instancePath+"/additionalStorage/" + key36.replace(/~/g, "~0").replace(/\//g, "~1")+"/objectStorage/credentials",schemaPath:"#/properties/additionalStorage/additionalProperties/properties/objectStorage/properties/credentials/oneOf/2/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err519];
}
else {
vErrors.push(err519);
}
errors++;
}
}
else {
const err520 = {instancePath:instancePath+"/additionalStorage/" + key36.replace(/~/g, "~0").replace(/\//g, "~1")+"/objectStorage/credentials",schemaPath:"#/properties/additionalStorage/additionalProperties/properties/objectStorage/properties/credentials/discriminator",keyword:"discriminator",params:{error: "mapping", tag: "type", tagValue: tag3},message:"value of tag \"type\" must be in oneOf"};
if(vErrors === null){
vErrors = [err520];
}
else {
vErrors.push(err520);
}
errors++;
}
}
else {
const err521 = {instancePath:instancePath+"/additionalStorage/" + key36.replace(/~/g, "~0").replace(/\//g, "~1")+"/objectStorage/credentials",schemaPath:"#/properties/additionalStorage/additionalProperties/properties/objectStorage/properties/credentials/discriminator",keyword:"discriminator",params:{error: "tag", tag: "type", tagValue: tag3},message:"tag \"type\" must be string"};
if(vErrors === null){
vErrors = [err521];
}
else {
vErrors.push(err521);
}
errors++;
}
}
else {
const err522 = {instancePath:instancePath+"/additionalStorage/" + key36.replace(/~/g, "~0").replace(/\//g, "~1")+"/objectStorage/credentials",schemaPath:"#/properties/additionalStorage/additionalProperties/properties/objectStorage/properties/credentials/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err522];
}
else {
vErrors.push(err522);
}
errors++;
}
}
if(data148.caFile !== undefined){
let data162 = data148.caFile;
if(typeof data162 === "string"){
if(func3(data162) > 4096){
const err523 = {instancePath:instancePath+"/additionalStorage/" + key36.replace(/~/g, "~0").replace(/\//g, "~1")+"/objectStorage/caFile",schemaPath:"#/properties/additionalStorage/additionalProperties/properties/objectStorage/properties/caFile/maxLength",keyword:"maxLength",params:{limit: 4096},message:"must NOT have more than 4096 characters"};
if(vErrors === null){
vErrors = [err523];
}
else {
vErrors.push(err523);
}
errors++;
}
if(func3(data162) < 1){
const err524 = {instancePath:instancePath+"/additionalStorage/" + key36.replace(/~/g, "~0").replace(/\//g, "~1")+"/objectStorage/caFile",schemaPath:"#/properties/additionalStorage/additionalProperties/properties/objectStorage/properties/caFile/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters"};
if(vErrors === null){
vErrors = [err524];
}
else {
vErrors.push(err524);
}
errors++;
}
if(!pattern1.test(data162)){
const err525 = {instancePath:instancePath+"/additionalStorage/" + key36.replace(/~/g, "~0").replace(/\//g, "~1")+"/objectStorage/caFile",schemaPath:"#/properties/additionalStorage/additionalProperties/properties/objectStorage/properties/caFile/pattern",keyword:"pattern",params:{pattern: "^/"},message:"must match pattern \""+"^/"+"\""};
if(vErrors === null){
vErrors = [err525];
}
else {
vErrors.push(err525);
}
errors++;
}
}
else {
const err526 = {instancePath:instancePath+"/additionalStorage/" + key36.replace(/~/g, "~0").replace(/\//g, "~1")+"/objectStorage/caFile",schemaPath:"#/properties/additionalStorage/additionalProperties/properties/objectStorage/properties/caFile/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err526];
}
else {
vErrors.push(err526);
}
errors++;
}
}
if(data148.serverSideEncryption !== undefined){
let data163 = data148.serverSideEncryption;
if(data163 && typeof data163 == "object" && !Array.isArray(data163)){
if(data163.algorithm === undefined){
const err527 = {instancePath:instancePath+"/additionalStorage/" + key36.replace(/~/g, "~0").replace(/\//g, "~1")+"/objectStorage/serverSideEncryption",schemaPath:"#/properties/additionalStorage/additionalProperties/properties/objectStorage/properties/serverSideEncryption/required",keyword:"required",params:{missingProperty: "algorithm"},message:"must have required property '"+"algorithm"+"'"};
if(vErrors === null){
vErrors = [err527];
}
else {
vErrors.push(err527);
}
errors++;
}
for(const key42 in data163){
if(!((key42 === "algorithm") || (key42 === "kmsKeyId"))){
const err528 = {instancePath:instancePath+"/additionalStorage/" + key36.replace(/~/g, "~0").replace(/\//g, "~1")+"/objectStorage/serverSideEncryption",schemaPath:"#/properties/additionalStorage/additionalProperties/properties/objectStorage/properties/serverSideEncryption/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key42},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err528];
}
else {
vErrors.push(err528);
}
errors++;
}
}
if(data163.algorithm !== undefined){
let data164 = data163.algorithm;
if(!((data164 === "AES256") || (data164 === "aws:kms"))){
const err529 = {instancePath:instancePath+"/additionalStorage/" + key36.replace(/~/g, "~0").replace(/\//g, "~1")+"/objectStorage/serverSideEncryption/algorithm",schemaPath:"#/properties/additionalStorage/additionalProperties/properties/objectStorage/properties/serverSideEncryption/properties/algorithm/enum",keyword:"enum",params:{allowedValues: schema11.properties.additionalStorage.additionalProperties.properties.objectStorage.properties.serverSideEncryption.properties.algorithm.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err529];
}
else {
vErrors.push(err529);
}
errors++;
}
}
if(data163.kmsKeyId !== undefined){
let data165 = data163.kmsKeyId;
if(typeof data165 === "string"){
if(func3(data165) > 2048){
const err530 = {instancePath:instancePath+"/additionalStorage/" + key36.replace(/~/g, "~0").replace(/\//g, "~1")+"/objectStorage/serverSideEncryption/kmsKeyId",schemaPath:"#/properties/additionalStorage/additionalProperties/properties/objectStorage/properties/serverSideEncryption/properties/kmsKeyId/maxLength",keyword:"maxLength",params:{limit: 2048},message:"must NOT have more than 2048 characters"};
if(vErrors === null){
vErrors = [err530];
}
else {
vErrors.push(err530);
}
errors++;
}
if(func3(data165) < 1){
const err531 = {instancePath:instancePath+"/additionalStorage/" + key36.replace(/~/g, "~0").replace(/\//g, "~1")+"/objectStorage/serverSideEncryption/kmsKeyId",schemaPath:"#/properties/additionalStorage/additionalProperties/properties/objectStorage/properties/serverSideEncryption/properties/kmsKeyId/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters"};
if(vErrors === null){
vErrors = [err531];
}
else {
vErrors.push(err531);
}
errors++;
}
if(!pattern13.test(data165)){
const err532 = {instancePath:instancePath+"/additionalStorage/" + key36.replace(/~/g, "~0").replace(/\//g, "~1")+"/objectStorage/serverSideEncryption/kmsKeyId",schemaPath:"#/properties/additionalStorage/additionalProperties/properties/objectStorage/properties/serverSideEncryption/properties/kmsKeyId/pattern",keyword:"pattern",params:{pattern: "^[!-~]+$"},message:"must match pattern \""+"^[!-~]+$"+"\""};
if(vErrors === null){
vErrors = [err532];
}
else {
vErrors.push(err532);
}
errors++;
}
}
else {
const err533 = {instancePath:instancePath+"/additionalStorage/" + key36.replace(/~/g, "~0").replace(/\//g, "~1")+"/objectStorage/serverSideEncryption/kmsKeyId",schemaPath:"#/properties/additionalStorage/additionalProperties/properties/objectStorage/properties/serverSideEncryption/properties/kmsKeyId/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err533];
}
else {
vErrors.push(err533);
}
errors++;
}
}
}
else {
const err534 = {instancePath:instancePath+"/additionalStorage/" + key36.replace(/~/g, "~0").replace(/\//g, "~1")+"/objectStorage/serverSideEncryption",schemaPath:"#/properties/additionalStorage/additionalProperties/properties/objectStorage/properties/serverSideEncryption/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err534];
}
else {
vErrors.push(err534);
}
errors++;
}
}
if(data148.storageClass !== undefined){
let data166 = data148.storageClass;
if(typeof data166 === "string"){
if(func3(data166) > 64){
const err535 = {instancePath:instancePath+"/additionalStorage/" + key36.replace(/~/g, "~0").replace(/\//g, "~1")+"/objectStorage/storageClass",schemaPath:"#/properties/additionalStorage/additionalProperties/properties/objectStorage/properties/storageClass/maxLength",keyword:"maxLength",params:{limit: 64},message:"must NOT have more than 64 characters"};
if(vErrors === null){
vErrors = [err535];
}
else {
vErrors.push(err535);
}
errors++;
}
if(func3(data166) < 1){
const err536 = {instancePath:instancePath+"/additionalStorage/" + key36.replace(/~/g, "~0").replace(/\//g, "~1")+"/objectStorage/storageClass",schemaPath:"#/properties/additionalStorage/additionalProperties/properties/objectStorage/properties/storageClass/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters"};
if(vErrors === null){
vErrors = [err536];
}
else {
vErrors.push(err536);
}
errors++;
}
if(!pattern14.test(data166)){
const err537 = {instancePath:instancePath+"/additionalStorage/" + key36.replace(/~/g, "~0").replace(/\//g, "~1")+"/objectStorage/storageClass",schemaPath:"#/properties/additionalStorage/additionalProperties/properties/objectStorage/properties/storageClass/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9_-]+$"},message:"must match pattern \""+"^[A-Za-z0-9_-]+$"+"\""};
if(vErrors === null){
vErrors = [err537];
}
else {
vErrors.push(err537);
}
errors++;
}
}
else {
const err538 = {instancePath:instancePath+"/additionalStorage/" + key36.replace(/~/g, "~0").replace(/\//g, "~1")+"/objectStorage/storageClass",schemaPath:"#/properties/additionalStorage/additionalProperties/properties/objectStorage/properties/storageClass/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err538];
}
else {
vErrors.push(err538);
}
errors++;
}
}
if(data148.multipart !== undefined){
let data167 = data148.multipart;
if(data167 && typeof data167 == "object" && !Array.isArray(data167)){
if(data167.partSizeBytes === undefined){
const err539 = {instancePath:instancePath+"/additionalStorage/" + key36.replace(/~/g, "~0").replace(/\//g, "~1")+"/objectStorage/multipart",schemaPath:"#/properties/additionalStorage/additionalProperties/properties/objectStorage/properties/multipart/required",keyword:"required",params:{missingProperty: "partSizeBytes"},message:"must have required property '"+"partSizeBytes"+"'"};
if(vErrors === null){
vErrors = [err539];
}
else {
vErrors.push(err539);
}
errors++;
}
if(data167.concurrency === undefined){
const err540 = {instancePath:instancePath+"/additionalStorage/" + key36.replace(/~/g, "~0").replace(/\//g, "~1")+"/objectStorage/multipart",schemaPath:"#/properties/additionalStorage/additionalProperties/properties/objectStorage/properties/multipart/required",keyword:"required",params:{missingProperty: "concurrency"},message:"must have required property '"+"concurrency"+"'"};
if(vErrors === null){
vErrors = [err540];
}
else {
vErrors.push(err540);
}
errors++;
}
for(const key43 in data167){
if(!((key43 === "partSizeBytes") || (key43 === "concurrency"))){
const err541 = {instancePath:instancePath+"/additionalStorage/" + key36.replace(/~/g, "~0").replace(/\//g, "~1")+"/objectStorage/multipart",schemaPath:"#/properties/additionalStorage/additionalProperties/properties/objectStorage/properties/multipart/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key43},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err541];
}
else {
vErrors.push(err541);
}
errors++;
}
}
if(data167.partSizeBytes !== undefined){
let data168 = data167.partSizeBytes;
if(!(((typeof data168 == "number") && (!(data168 % 1) && !isNaN(data168))) && (isFinite(data168)))){
const err542 = {instancePath:instancePath+"/additionalStorage/" + key36.replace(/~/g, "~0").replace(/\//g, "~1")+"/objectStorage/multipart/partSizeBytes",schemaPath:"#/properties/additionalStorage/additionalProperties/properties/objectStorage/properties/multipart/properties/partSizeBytes/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err542];
}
else {
vErrors.push(err542);
}
errors++;
}
if((typeof data168 == "number") && (isFinite(data168))){
if(data168 > 536870912 || isNaN(data168)){
const err543 = {instancePath:instancePath+"/additionalStorage/" + key36.replace(/~/g, "~0").replace(/\//g, "~1")+"/objectStorage/multipart/partSizeBytes",schemaPath:"#/properties/additionalStorage/additionalProperties/properties/objectStorage/properties/multipart/properties/partSizeBytes/maximum",keyword:"maximum",params:{comparison: "<=", limit: 536870912},message:"must be <= 536870912"};
if(vErrors === null){
vErrors = [err543];
}
else {
vErrors.push(err543);
}
errors++;
}
if(data168 < 5242880 || isNaN(data168)){
const err544 = {instancePath:instancePath+"/additionalStorage/" + key36.replace(/~/g, "~0").replace(/\//g, "~1")+"/objectStorage/multipart/partSizeBytes",schemaPath:"#/properties/additionalStorage/additionalProperties/properties/objectStorage/properties/multipart/properties/partSizeBytes/minimum",keyword:"minimum",params:{comparison: ">=", limit: 5242880},message:"must be >= 5242880"};
if(vErrors === null){
vErrors = [err544];
}
else {
vErrors.push(err544);
}
errors++;
}
}
}
if(data167.concurrency !== undefined){
let data169 = data167.concurrency;
if(!(((typeof data169 == "number") && (!(data169 % 1) && !isNaN(data169))) && (isFinite(data169)))){
const err545 = {instancePath:instancePath+"/additionalStorage/" + key36.replace(/~/g, "~0").replace(/\//g, "~1")+"/objectStorage/multipart/concurrency",schemaPath:"#/properties/additionalStorage/additionalProperties/properties/objectStorage/properties/multipart/properties/concurrency/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err545];
}
else {
vErrors.push(err545);
}
errors++;
}
if((typeof data169 == "number") && (isFinite(data169))){
if(data169 > 16 || isNaN(data169)){
const err546 = {instancePath:instancePath+"/additionalStorage/" + key36.replace(/~/g, "~0").replace(/\//g, "~1")+"/objectStorage/multipart/concurrency",schemaPath:"#/properties/additionalStorage/additionalProperties/properties/objectStorage/properties/multipart/properties/concurrency/maximum",keyword:"maximum",params:{comparison: "<=", limit: 16},message:"must be <= 16"};
if(vErrors === null){
vErrors = [err546];
}
else {
vErrors.push(err546);
}
errors++;
}
if(data169 < 1 || isNaN(data169)){
const err547 = {instancePath:instancePath+"/additionalStorage/" + key36.replace(/~/g, "~0").replace(/\//g, "~1")+"/objectStorage/multipart/concurrency",schemaPath:"#/properties/additionalStorage/additionalProperties/properties/objectStorage/properties/multipart/properties/concurrency/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"};
if(vErrors === null){
vErrors = [err547];
}
else {
vErrors.push(err547);
}
errors++;
}
}
}
}
else {
const err548 = {instancePath:instancePath+"/additionalStorage/" + key36.replace(/~/g, "~0").replace(/\//g, "~1")+"/objectStorage/multipart",schemaPath:"#/properties/additionalStorage/additionalProperties/properties/objectStorage/properties/multipart/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err548];
}
else {
vErrors.push(err548);
}
errors++;
}
}
}
else {
const err549 = {instancePath:instancePath+"/additionalStorage/" + key36.replace(/~/g, "~0").replace(/\//g, "~1")+"/objectStorage",schemaPath:"#/properties/additionalStorage/additionalProperties/properties/objectStorage/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err549];
}
else {
vErrors.push(err549);
}
errors++;
}
}
}
else {
const err550 = {instancePath:instancePath+"/additionalStorage/" + key36.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/additionalStorage/additionalProperties/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err550];
}
else {
vErrors.push(err550);
}
errors++;
}
}
}
else {
const err551 = {instancePath:instancePath+"/additionalStorage",schemaPath:"#/properties/additionalStorage/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err551];
}
else {
vErrors.push(err551);
}
errors++;
}
}
if(data.notifications !== undefined){
let data170 = data.notifications;
if(data170 && typeof data170 == "object" && !Array.isArray(data170)){
if(data170.source === undefined){
const err552 = {instancePath:instancePath+"/notifications",schemaPath:"#/properties/notifications/required",keyword:"required",params:{missingProperty: "source"},message:"must have required property '"+"source"+"'"};
if(vErrors === null){
vErrors = [err552];
}
else {
vErrors.push(err552);
}
errors++;
}
if(data170.namespace === undefined){
const err553 = {instancePath:instancePath+"/notifications",schemaPath:"#/properties/notifications/required",keyword:"required",params:{missingProperty: "namespace"},message:"must have required property '"+"namespace"+"'"};
if(vErrors === null){
vErrors = [err553];
}
else {
vErrors.push(err553);
}
errors++;
}
if(data170.server === undefined){
const err554 = {instancePath:instancePath+"/notifications",schemaPath:"#/properties/notifications/required",keyword:"required",params:{missingProperty: "server"},message:"must have required property '"+"server"+"'"};
if(vErrors === null){
vErrors = [err554];
}
else {
vErrors.push(err554);
}
errors++;
}
if(data170.internalSinks === undefined){
const err555 = {instancePath:instancePath+"/notifications",schemaPath:"#/properties/notifications/required",keyword:"required",params:{missingProperty: "internalSinks"},message:"must have required property '"+"internalSinks"+"'"};
if(vErrors === null){
vErrors = [err555];
}
else {
vErrors.push(err555);
}
errors++;
}
if(data170.sinks === undefined){
const err556 = {instancePath:instancePath+"/notifications",schemaPath:"#/properties/notifications/required",keyword:"required",params:{missingProperty: "sinks"},message:"must have required property '"+"sinks"+"'"};
if(vErrors === null){
vErrors = [err556];
}
else {
vErrors.push(err556);
}
errors++;
}
for(const key44 in data170){
if(!((((((key44 === "source") || (key44 === "namespace")) || (key44 === "server")) || (key44 === "internalSinks")) || (key44 === "outboxDirectory")) || (key44 === "sinks"))){
const err557 = {instancePath:instancePath+"/notifications",schemaPath:"#/properties/notifications/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key44},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err557];
}
else {
vErrors.push(err557);
}
errors++;
}
}
if(data170.source !== undefined){
let data171 = data170.source;
if(typeof data171 === "string"){
if(func3(data171) > 1024){
const err558 = {instancePath:instancePath+"/notifications/source",schemaPath:"#/properties/notifications/properties/source/maxLength",keyword:"maxLength",params:{limit: 1024},message:"must NOT have more than 1024 characters"};
if(vErrors === null){
vErrors = [err558];
}
else {
vErrors.push(err558);
}
errors++;
}
if(func3(data171) < 1){
const err559 = {instancePath:instancePath+"/notifications/source",schemaPath:"#/properties/notifications/properties/source/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters"};
if(vErrors === null){
vErrors = [err559];
}
else {
vErrors.push(err559);
}
errors++;
}
}
else {
const err560 = {instancePath:instancePath+"/notifications/source",schemaPath:"#/properties/notifications/properties/source/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err560];
}
else {
vErrors.push(err560);
}
errors++;
}
}
if(data170.namespace !== undefined){
let data172 = data170.namespace;
if(typeof data172 === "string"){
if(func3(data172) > 253){
const err561 = {instancePath:instancePath+"/notifications/namespace",schemaPath:"#/properties/notifications/properties/namespace/maxLength",keyword:"maxLength",params:{limit: 253},message:"must NOT have more than 253 characters"};
if(vErrors === null){
vErrors = [err561];
}
else {
vErrors.push(err561);
}
errors++;
}
if(func3(data172) < 1){
const err562 = {instancePath:instancePath+"/notifications/namespace",schemaPath:"#/properties/notifications/properties/namespace/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters"};
if(vErrors === null){
vErrors = [err562];
}
else {
vErrors.push(err562);
}
errors++;
}
}
else {
const err563 = {instancePath:instancePath+"/notifications/namespace",schemaPath:"#/properties/notifications/properties/namespace/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err563];
}
else {
vErrors.push(err563);
}
errors++;
}
}
if(data170.server !== undefined){
let data173 = data170.server;
if(typeof data173 === "string"){
if(func3(data173) > 253){
const err564 = {instancePath:instancePath+"/notifications/server",schemaPath:"#/properties/notifications/properties/server/maxLength",keyword:"maxLength",params:{limit: 253},message:"must NOT have more than 253 characters"};
if(vErrors === null){
vErrors = [err564];
}
else {
vErrors.push(err564);
}
errors++;
}
if(func3(data173) < 1){
const err565 = {instancePath:instancePath+"/notifications/server",schemaPath:"#/properties/notifications/properties/server/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters"};
if(vErrors === null){
vErrors = [err565];
}
else {
vErrors.push(err565);
}
errors++;
}
}
else {
const err566 = {instancePath:instancePath+"/notifications/server",schemaPath:"#/properties/notifications/properties/server/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err566];
}
else {
vErrors.push(err566);
}
errors++;
}
}
if(data170.internalSinks !== undefined){
let data174 = data170.internalSinks;
if(!((data174 === "Allow") || (data174 === "Deny"))){
const err567 = {instancePath:instancePath+"/notifications/internalSinks",schemaPath:"#/properties/notifications/properties/internalSinks/enum",keyword:"enum",params:{allowedValues: schema11.properties.notifications.properties.internalSinks.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err567];
}
else {
vErrors.push(err567);
}
errors++;
}
}
if(data170.outboxDirectory !== undefined){
let data175 = data170.outboxDirectory;
if(typeof data175 === "string"){
if(func3(data175) > 4096){
const err568 = {instancePath:instancePath+"/notifications/outboxDirectory",schemaPath:"#/properties/notifications/properties/outboxDirectory/maxLength",keyword:"maxLength",params:{limit: 4096},message:"must NOT have more than 4096 characters"};
if(vErrors === null){
vErrors = [err568];
}
else {
vErrors.push(err568);
}
errors++;
}
if(func3(data175) < 1){
const err569 = {instancePath:instancePath+"/notifications/outboxDirectory",schemaPath:"#/properties/notifications/properties/outboxDirectory/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters"};
if(vErrors === null){
vErrors = [err569];
}
else {
vErrors.push(err569);
}
errors++;
}
if(!pattern1.test(data175)){
const err570 = {instancePath:instancePath+"/notifications/outboxDirectory",schemaPath:"#/properties/notifications/properties/outboxDirectory/pattern",keyword:"pattern",params:{pattern: "^/"},message:"must match pattern \""+"^/"+"\""};
if(vErrors === null){
vErrors = [err570];
}
else {
vErrors.push(err570);
}
errors++;
}
}
else {
const err571 = {instancePath:instancePath+"/notifications/outboxDirectory",schemaPath:"#/properties/notifications/properties/outboxDirectory/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err571];
}
else {
vErrors.push(err571);
}
errors++;
}
}
if(data170.sinks !== undefined){
let data176 = data170.sinks;
if(Array.isArray(data176)){
if(data176.length > 16){
const err572 = {instancePath:instancePath+"/notifications/sinks",schemaPath:"#/properties/notifications/properties/sinks/maxItems",keyword:"maxItems",params:{limit: 16},message:"must NOT have more than 16 items"};
if(vErrors === null){
vErrors = [err572];
}
else {
vErrors.push(err572);
}
errors++;
}
if(data176.length < 1){
const err573 = {instancePath:instancePath+"/notifications/sinks",schemaPath:"#/properties/notifications/properties/sinks/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items"};
if(vErrors === null){
vErrors = [err573];
}
else {
vErrors.push(err573);
}
errors++;
}
const len11 = data176.length;
for(let i13=0; i13<len11; i13++){
let data177 = data176[i13];
if(data177 && typeof data177 == "object" && !Array.isArray(data177)){
if(data177.name === undefined){
const err574 = {instancePath:instancePath+"/notifications/sinks/" + i13,schemaPath:"#/properties/notifications/properties/sinks/items/required",keyword:"required",params:{missingProperty: "name"},message:"must have required property '"+"name"+"'"};
if(vErrors === null){
vErrors = [err574];
}
else {
vErrors.push(err574);
}
errors++;
}
if(data177.events === undefined){
const err575 = {instancePath:instancePath+"/notifications/sinks/" + i13,schemaPath:"#/properties/notifications/properties/sinks/items/required",keyword:"required",params:{missingProperty: "events"},message:"must have required property '"+"events"+"'"};
if(vErrors === null){
vErrors = [err575];
}
else {
vErrors.push(err575);
}
errors++;
}
if(data177.paths === undefined){
const err576 = {instancePath:instancePath+"/notifications/sinks/" + i13,schemaPath:"#/properties/notifications/properties/sinks/items/required",keyword:"required",params:{missingProperty: "paths"},message:"must have required property '"+"paths"+"'"};
if(vErrors === null){
vErrors = [err576];
}
else {
vErrors.push(err576);
}
errors++;
}
if(data177.users === undefined){
const err577 = {instancePath:instancePath+"/notifications/sinks/" + i13,schemaPath:"#/properties/notifications/properties/sinks/items/required",keyword:"required",params:{missingProperty: "users"},message:"must have required property '"+"users"+"'"};
if(vErrors === null){
vErrors = [err577];
}
else {
vErrors.push(err577);
}
errors++;
}
if(data177.sink === undefined){
const err578 = {instancePath:instancePath+"/notifications/sinks/" + i13,schemaPath:"#/properties/notifications/properties/sinks/items/required",keyword:"required",params:{missingProperty: "sink"},message:"must have required property '"+"sink"+"'"};
if(vErrors === null){
vErrors = [err578];
}
else {
vErrors.push(err578);
}
errors++;
}
for(const key45 in data177){
if(!(((((key45 === "name") || (key45 === "events")) || (key45 === "paths")) || (key45 === "users")) || (key45 === "sink"))){
const err579 = {instancePath:instancePath+"/notifications/sinks/" + i13,schemaPath:"#/properties/notifications/properties/sinks/items/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key45},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err579];
}
else {
vErrors.push(err579);
}
errors++;
}
}
if(data177.name !== undefined){
let data178 = data177.name;
if(typeof data178 === "string"){
if(!pattern26.test(data178)){
const err580 = {instancePath:instancePath+"/notifications/sinks/" + i13+"/name",schemaPath:"#/properties/notifications/properties/sinks/items/properties/name/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$"},message:"must match pattern \""+"^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$"+"\""};
if(vErrors === null){
vErrors = [err580];
}
else {
vErrors.push(err580);
}
errors++;
}
}
else {
const err581 = {instancePath:instancePath+"/notifications/sinks/" + i13+"/name",schemaPath:"#/properties/notifications/properties/sinks/items/properties/name/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err581];
}
else {
vErrors.push(err581);
}
errors++;
}
}
if(data177.events !== undefined){
let data179 = data177.events;
if(Array.isArray(data179)){
if(data179.length < 1){
const err582 = {instancePath:instancePath+"/notifications/sinks/" + i13+"/events",schemaPath:"#/properties/notifications/properties/sinks/items/properties/events/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items"};
if(vErrors === null){
vErrors = [err582];
}
else {
vErrors.push(err582);
}
errors++;
}
const len12 = data179.length;
for(let i14=0; i14<len12; i14++){
let data180 = data179[i14];
if(!((((((((data180 === "FileUploaded") || (data180 === "FileDownloaded")) || (data180 === "FileDeleted")) || (data180 === "FileRenamed")) || (data180 === "DirectoryCreated")) || (data180 === "DirectoryRemoved")) || (data180 === "LoginSucceeded")) || (data180 === "LoginFailed"))){
const err583 = {instancePath:instancePath+"/notifications/sinks/" + i13+"/events/" + i14,schemaPath:"#/properties/notifications/properties/sinks/items/properties/events/items/enum",keyword:"enum",params:{allowedValues: schema11.properties.notifications.properties.sinks.items.properties.events.items.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err583];
}
else {
vErrors.push(err583);
}
errors++;
}
}
let i15 = data179.length;
let j2;
if(i15 > 1){
outer2:
for(;i15--;){
for(j2 = i15; j2--;){
if(func0(data179[i15], data179[j2])){
const err584 = {instancePath:instancePath+"/notifications/sinks/" + i13+"/events",schemaPath:"#/properties/notifications/properties/sinks/items/properties/events/uniqueItems",keyword:"uniqueItems",params:{i: i15, j: j2},message:"must NOT have duplicate items (items ## "+j2+" and "+i15+" are identical)"};
if(vErrors === null){
vErrors = [err584];
}
else {
vErrors.push(err584);
}
errors++;
break outer2;
}
}
}
}
}
else {
const err585 = {instancePath:instancePath+"/notifications/sinks/" + i13+"/events",schemaPath:"#/properties/notifications/properties/sinks/items/properties/events/type",keyword:"type",params:{type: "array"},message:"must be array"};
if(vErrors === null){
vErrors = [err585];
}
else {
vErrors.push(err585);
}
errors++;
}
}
if(data177.paths !== undefined){
let data181 = data177.paths;
if(Array.isArray(data181)){
if(data181.length > 64){
const err586 = {instancePath:instancePath+"/notifications/sinks/" + i13+"/paths",schemaPath:"#/properties/notifications/properties/sinks/items/properties/paths/maxItems",keyword:"maxItems",params:{limit: 64},message:"must NOT have more than 64 items"};
if(vErrors === null){
vErrors = [err586];
}
else {
vErrors.push(err586);
}
errors++;
}
const len13 = data181.length;
for(let i16=0; i16<len13; i16++){
let data182 = data181[i16];
if(typeof data182 === "string"){
if(func3(data182) > 1024){
const err587 = {instancePath:instancePath+"/notifications/sinks/" + i13+"/paths/" + i16,schemaPath:"#/properties/notifications/properties/sinks/items/properties/paths/items/maxLength",keyword:"maxLength",params:{limit: 1024},message:"must NOT have more than 1024 characters"};
if(vErrors === null){
vErrors = [err587];
}
else {
vErrors.push(err587);
}
errors++;
}
if(func3(data182) < 1){
const err588 = {instancePath:instancePath+"/notifications/sinks/" + i13+"/paths/" + i16,schemaPath:"#/properties/notifications/properties/sinks/items/properties/paths/items/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters"};
if(vErrors === null){
vErrors = [err588];
}
else {
vErrors.push(err588);
}
errors++;
}
}
else {
const err589 = {instancePath:instancePath+"/notifications/sinks/" + i13+"/paths/" + i16,schemaPath:"#/properties/notifications/properties/sinks/items/properties/paths/items/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err589];
}
else {
vErrors.push(err589);
}
errors++;
}
}
}
else {
const err590 = {instancePath:instancePath+"/notifications/sinks/" + i13+"/paths",schemaPath:"#/properties/notifications/properties/sinks/items/properties/paths/type",keyword:"type",params:{type: "array"},message:"must be array"};
if(vErrors === null){
vErrors = [err590];
}
else {
vErrors.push(err590);
}
errors++;
}
}
if(data177.users !== undefined){
let data183 = data177.users;
if(Array.isArray(data183)){
if(data183.length > 100){
const err591 = {instancePath:instancePath+"/notifications/sinks/" + i13+"/users",schemaPath:"#/properties/notifications/properties/sinks/items/properties/users/maxItems",keyword:"maxItems",params:{limit: 100},message:"must NOT have more than 100 items"};
if(vErrors === null){
vErrors = [err591];
}
else {
vErrors.push(err591);
}
errors++;
}
const len14 = data183.length;
for(let i17=0; i17<len14; i17++){
let data184 = data183[i17];
if(typeof data184 === "string"){
if(func3(data184) > 128){
const err592 = {instancePath:instancePath+"/notifications/sinks/" + i13+"/users/" + i17,schemaPath:"#/properties/notifications/properties/sinks/items/properties/users/items/maxLength",keyword:"maxLength",params:{limit: 128},message:"must NOT have more than 128 characters"};
if(vErrors === null){
vErrors = [err592];
}
else {
vErrors.push(err592);
}
errors++;
}
if(func3(data184) < 1){
const err593 = {instancePath:instancePath+"/notifications/sinks/" + i13+"/users/" + i17,schemaPath:"#/properties/notifications/properties/sinks/items/properties/users/items/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters"};
if(vErrors === null){
vErrors = [err593];
}
else {
vErrors.push(err593);
}
errors++;
}
}
else {
const err594 = {instancePath:instancePath+"/notifications/sinks/" + i13+"/users/" + i17,schemaPath:"#/properties/notifications/properties/sinks/items/properties/users/items/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err594];
}
else {
vErrors.push(err594);
}
errors++;
}
}
}
else {
const err595 = {instancePath:instancePath+"/notifications/sinks/" + i13+"/users",schemaPath:"#/properties/notifications/properties/sinks/items/properties/users/type",keyword:"type",params:{type: "array"},message:"must be array"};
if(vErrors === null){
vErrors = [err595];
}
else {
vErrors.push(err595);
}
errors++;
}
}
if(data177.sink !== undefined){
let data185 = data177.sink;
if(data185 && typeof data185 == "object" && !Array.isArray(data185)){
if(data185.type === undefined){
const err596 = {instancePath:instancePath+"/notifications/sinks/" + i13+"/sink",schemaPath:"#/properties/notifications/properties/sinks/items/properties/sink/required",keyword:"required",params:{missingProperty: "type"},message:"must have required property '"+"type"+"'"};
if(vErrors === null){
vErrors = [err596];
}
else {
vErrors.push(err596);
}
errors++;
}
if(data185.url === undefined){
const err597 = {instancePath:instancePath+"/notifications/sinks/" + i13+"/sink",schemaPath:"#/properties/notifications/properties/sinks/items/properties/sink/required",keyword:"required",params:{missingProperty: "url"},message:"must have required property '"+"url"+"'"};
if(vErrors === null){
vErrors = [err597];
}
else {
vErrors.push(err597);
}
errors++;
}
if(data185.mode === undefined){
const err598 = {instancePath:instancePath+"/notifications/sinks/" + i13+"/sink",schemaPath:"#/properties/notifications/properties/sinks/items/properties/sink/required",keyword:"required",params:{missingProperty: "mode"},message:"must have required property '"+"mode"+"'"};
if(vErrors === null){
vErrors = [err598];
}
else {
vErrors.push(err598);
}
errors++;
}
if(data185.headers === undefined){
const err599 = {instancePath:instancePath+"/notifications/sinks/" + i13+"/sink",schemaPath:"#/properties/notifications/properties/sinks/items/properties/sink/required",keyword:"required",params:{missingProperty: "headers"},message:"must have required property '"+"headers"+"'"};
if(vErrors === null){
vErrors = [err599];
}
else {
vErrors.push(err599);
}
errors++;
}
for(const key46 in data185){
if(!((((((key46 === "type") || (key46 === "url")) || (key46 === "mode")) || (key46 === "headers")) || (key46 === "caFile")) || (key46 === "hmacKeyFile"))){
const err600 = {instancePath:instancePath+"/notifications/sinks/" + i13+"/sink",schemaPath:"#/properties/notifications/properties/sinks/items/properties/sink/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key46},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err600];
}
else {
vErrors.push(err600);
}
errors++;
}
}
if(data185.type !== undefined){
if("HTTP" !== data185.type){
const err601 = {instancePath:instancePath+"/notifications/sinks/" + i13+"/sink/type",schemaPath:"#/properties/notifications/properties/sinks/items/properties/sink/properties/type/const",keyword:"const",params:{allowedValue: "HTTP"},message:"must be equal to constant"};
if(vErrors === null){
vErrors = [err601];
}
else {
vErrors.push(err601);
}
errors++;
}
}
if(data185.url !== undefined){
let data187 = data185.url;
if(typeof data187 === "string"){
if(func3(data187) > 2048){
const err602 = {instancePath:instancePath+"/notifications/sinks/" + i13+"/sink/url",schemaPath:"#/properties/notifications/properties/sinks/items/properties/sink/properties/url/maxLength",keyword:"maxLength",params:{limit: 2048},message:"must NOT have more than 2048 characters"};
if(vErrors === null){
vErrors = [err602];
}
else {
vErrors.push(err602);
}
errors++;
}
if(!(formats46.validate(data187))){
const err603 = {instancePath:instancePath+"/notifications/sinks/" + i13+"/sink/url",schemaPath:"#/properties/notifications/properties/sinks/items/properties/sink/properties/url/format",keyword:"format",params:{format: "sink-url"},message:"must match format \""+"sink-url"+"\""};
if(vErrors === null){
vErrors = [err603];
}
else {
vErrors.push(err603);
}
errors++;
}
}
else {
const err604 = {instancePath:instancePath+"/notifications/sinks/" + i13+"/sink/url",schemaPath:"#/properties/notifications/properties/sinks/items/properties/sink/properties/url/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err604];
}
else {
vErrors.push(err604);
}
errors++;
}
}
if(data185.mode !== undefined){
let data188 = data185.mode;
if(!((data188 === "Structured") || (data188 === "Binary"))){
const err605 = {instancePath:instancePath+"/notifications/sinks/" + i13+"/sink/mode",schemaPath:"#/properties/notifications/properties/sinks/items/properties/sink/properties/mode/enum",keyword:"enum",params:{allowedValues: schema11.properties.notifications.properties.sinks.items.properties.sink.properties.mode.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err605];
}
else {
vErrors.push(err605);
}
errors++;
}
}
if(data185.headers !== undefined){
let data189 = data185.headers;
if(Array.isArray(data189)){
if(data189.length > 16){
const err606 = {instancePath:instancePath+"/notifications/sinks/" + i13+"/sink/headers",schemaPath:"#/properties/notifications/properties/sinks/items/properties/sink/properties/headers/maxItems",keyword:"maxItems",params:{limit: 16},message:"must NOT have more than 16 items"};
if(vErrors === null){
vErrors = [err606];
}
else {
vErrors.push(err606);
}
errors++;
}
const len15 = data189.length;
for(let i18=0; i18<len15; i18++){
let data190 = data189[i18];
if(data190 && typeof data190 == "object" && !Array.isArray(data190)){
if(data190.name === undefined){
const err607 = {instancePath:instancePath+"/notifications/sinks/" + i13+"/sink/headers/" + i18,schemaPath:"#/properties/notifications/properties/sinks/items/properties/sink/properties/headers/items/required",keyword:"required",params:{missingProperty: "name"},message:"must have required property '"+"name"+"'"};
if(vErrors === null){
vErrors = [err607];
}
else {
vErrors.push(err607);
}
errors++;
}
if(data190.file === undefined){
const err608 = {instancePath:instancePath+"/notifications/sinks/" + i13+"/sink/headers/" + i18,schemaPath:"#/properties/notifications/properties/sinks/items/properties/sink/properties/headers/items/required",keyword:"required",params:{missingProperty: "file"},message:"must have required property '"+"file"+"'"};
if(vErrors === null){
vErrors = [err608];
}
else {
vErrors.push(err608);
}
errors++;
}
for(const key47 in data190){
if(!((key47 === "name") || (key47 === "file"))){
const err609 = {instancePath:instancePath+"/notifications/sinks/" + i13+"/sink/headers/" + i18,schemaPath:"#/properties/notifications/properties/sinks/items/properties/sink/properties/headers/items/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key47},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err609];
}
else {
vErrors.push(err609);
}
errors++;
}
}
if(data190.name !== undefined){
let data191 = data190.name;
if(typeof data191 === "string"){
if(!pattern27.test(data191)){
const err610 = {instancePath:instancePath+"/notifications/sinks/" + i13+"/sink/headers/" + i18+"/name",schemaPath:"#/properties/notifications/properties/sinks/items/properties/sink/properties/headers/items/properties/name/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9-]{1,128}$"},message:"must match pattern \""+"^[A-Za-z0-9-]{1,128}$"+"\""};
if(vErrors === null){
vErrors = [err610];
}
else {
vErrors.push(err610);
}
errors++;
}
}
else {
const err611 = {instancePath:instancePath+"/notifications/sinks/" + i13+"/sink/headers/" + i18+"/name",schemaPath:"#/properties/notifications/properties/sinks/items/properties/sink/properties/headers/items/properties/name/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err611];
}
else {
vErrors.push(err611);
}
errors++;
}
}
if(data190.file !== undefined){
let data192 = data190.file;
if(typeof data192 === "string"){
if(func3(data192) > 4096){
const err612 = {instancePath:instancePath+"/notifications/sinks/" + i13+"/sink/headers/" + i18+"/file",schemaPath:"#/properties/notifications/properties/sinks/items/properties/sink/properties/headers/items/properties/file/maxLength",keyword:"maxLength",params:{limit: 4096},message:"must NOT have more than 4096 characters"};
if(vErrors === null){
vErrors = [err612];
}
else {
vErrors.push(err612);
}
errors++;
}
if(func3(data192) < 1){
const err613 = {instancePath:instancePath+"/notifications/sinks/" + i13+"/sink/headers/" + i18+"/file",schemaPath:"#/properties/notifications/properties/sinks/items/properties/sink/properties/headers/items/properties/file/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters"};
if(vErrors === null){
vErrors = [err613];
}
else {
vErrors.push(err613);
}
errors++;
}
if(!pattern1.test(data192)){
const err614 = {instancePath:instancePath+"/notifications/sinks/" + i13+"/sink/headers/" + i18+"/file",schemaPath:"#/properties/notifications/properties/sinks/items/properties/sink/properties/headers/items/properties/file/pattern",keyword:"pattern",params:{pattern: "^/"},message:"must match pattern \""+"^/"+"\""};
if(vErrors === null){
vErrors = [err614];
}
else {
vErrors.push(err614);
}
errors++;
}
}
else {
const err615 = {instancePath:instancePath+"/notifications/sinks/" + i13+"/sink/headers/" + i18+"/file",schemaPath:"#/properties/notifications/properties/sinks/items/properties/sink/properties/headers/items/properties/file/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err615];
}
else {
vErrors.push(err615);
}
errors++;
}
}
}
else {
const err616 = {instancePath:instancePath+"/notifications/sinks/" + i13+"/sink/headers/" + i18,schemaPath:"#/properties/notifications/properties/sinks/items/properties/sink/properties/headers/items/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err616];
}
else {
vErrors.push(err616);
}
errors++;
}
}
}
else {
const err617 = {instancePath:instancePath+"/notifications/sinks/" + i13+"/sink/headers",schemaPath:"#/properties/notifications/properties/sinks/items/properties/sink/properties/headers/type",keyword:"type",params:{type: "array"},message:"must be array"};
if(vErrors === null){
vErrors = [err617];
}
else {
vErrors.push(err617);
}
errors++;
}
}
if(data185.caFile !== undefined){
let data193 = data185.caFile;
if(typeof data193 === "string"){
if(func3(data193) > 4096){
const err618 = {instancePath:instancePath+"/notifications/sinks/" + i13+"/sink/caFile",schemaPath:"#/properties/notifications/properties/sinks/items/properties/sink/properties/caFile/maxLength",keyword:"maxLength",params:{limit: 4096},message:"must NOT have more than 4096 characters"};
if(vErrors === null){
vErrors = [err618];
}
else {
vErrors.push(err618);
}
errors++;
}
if(func3(data193) < 1){
const err619 = {instancePath:instancePath+"/notifications/sinks/" + i13+"/sink/caFile",schemaPath:"#/properties/notifications/properties/sinks/items/properties/sink/properties/caFile/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters"};
if(vErrors === null){
vErrors = [err619];
}
else {
vErrors.push(err619);
}
errors++;
}
if(!pattern1.test(data193)){
const err620 = {instancePath:instancePath+"/notifications/sinks/" + i13+"/sink/caFile",schemaPath:"#/properties/notifications/properties/sinks/items/properties/sink/properties/caFile/pattern",keyword:"pattern",params:{pattern: "^/"},message:"must match pattern \""+"^/"+"\""};
if(vErrors === null){
vErrors = [err620];
}
else {
vErrors.push(err620);
}
errors++;
}
}
else {
const err621 = {instancePath:instancePath+"/notifications/sinks/" + i13+"/sink/caFile",schemaPath:"#/properties/notifications/properties/sinks/items/properties/sink/properties/caFile/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err621];
}
else {
vErrors.push(err621);
}
errors++;
}
}
if(data185.hmacKeyFile !== undefined){
let data194 = data185.hmacKeyFile;
if(typeof data194 === "string"){
if(func3(data194) > 4096){
const err622 = {instancePath:instancePath+"/notifications/sinks/" + i13+"/sink/hmacKeyFile",schemaPath:"#/properties/notifications/properties/sinks/items/properties/sink/properties/hmacKeyFile/maxLength",keyword:"maxLength",params:{limit: 4096},message:"must NOT have more than 4096 characters"};
if(vErrors === null){
vErrors = [err622];
}
else {
vErrors.push(err622);
}
errors++;
}
if(func3(data194) < 1){
const err623 = {instancePath:instancePath+"/notifications/sinks/" + i13+"/sink/hmacKeyFile",schemaPath:"#/properties/notifications/properties/sinks/items/properties/sink/properties/hmacKeyFile/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters"};
if(vErrors === null){
vErrors = [err623];
}
else {
vErrors.push(err623);
}
errors++;
}
if(!pattern1.test(data194)){
const err624 = {instancePath:instancePath+"/notifications/sinks/" + i13+"/sink/hmacKeyFile",schemaPath:"#/properties/notifications/properties/sinks/items/properties/sink/properties/hmacKeyFile/pattern",keyword:"pattern",params:{pattern: "^/"},message:"must match pattern \""+"^/"+"\""};
if(vErrors === null){
vErrors = [err624];
}
else {
vErrors.push(err624);
}
errors++;
}
}
else {
const err625 = {instancePath:instancePath+"/notifications/sinks/" + i13+"/sink/hmacKeyFile",schemaPath:"#/properties/notifications/properties/sinks/items/properties/sink/properties/hmacKeyFile/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err625];
}
else {
vErrors.push(err625);
}
errors++;
}
}
}
else {
const err626 = {instancePath:instancePath+"/notifications/sinks/" + i13+"/sink",schemaPath:"#/properties/notifications/properties/sinks/items/properties/sink/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err626];
}
else {
vErrors.push(err626);
}
errors++;
}
}
}
else {
const err627 = {instancePath:instancePath+"/notifications/sinks/" + i13,schemaPath:"#/properties/notifications/properties/sinks/items/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err627];
}
else {
vErrors.push(err627);
}
errors++;
}
}
}
else {
const err628 = {instancePath:instancePath+"/notifications/sinks",schemaPath:"#/properties/notifications/properties/sinks/type",keyword:"type",params:{type: "array"},message:"must be array"};
if(vErrors === null){
vErrors = [err628];
}
else {
vErrors.push(err628);
}
errors++;
}
}
}
else {
const err629 = {instancePath:instancePath+"/notifications",schemaPath:"#/properties/notifications/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err629];
}
else {
vErrors.push(err629);
}
errors++;
}
}
if(data.logging !== undefined){
let data195 = data.logging;
if(data195 && typeof data195 == "object" && !Array.isArray(data195)){
if(data195.level === undefined){
const err630 = {instancePath:instancePath+"/logging",schemaPath:"#/properties/logging/required",keyword:"required",params:{missingProperty: "level"},message:"must have required property '"+"level"+"'"};
if(vErrors === null){
vErrors = [err630];
}
else {
vErrors.push(err630);
}
errors++;
}
if(data195.transferLog === undefined){
const err631 = {instancePath:instancePath+"/logging",schemaPath:"#/properties/logging/required",keyword:"required",params:{missingProperty: "transferLog"},message:"must have required property '"+"transferLog"+"'"};
if(vErrors === null){
vErrors = [err631];
}
else {
vErrors.push(err631);
}
errors++;
}
for(const key48 in data195){
if(!((key48 === "level") || (key48 === "transferLog"))){
const err632 = {instancePath:instancePath+"/logging",schemaPath:"#/properties/logging/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key48},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err632];
}
else {
vErrors.push(err632);
}
errors++;
}
}
if(data195.level !== undefined){
let data196 = data195.level;
if(!((((data196 === "Error") || (data196 === "Warn")) || (data196 === "Info")) || (data196 === "Debug"))){
const err633 = {instancePath:instancePath+"/logging/level",schemaPath:"#/properties/logging/properties/level/enum",keyword:"enum",params:{allowedValues: schema11.properties.logging.properties.level.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err633];
}
else {
vErrors.push(err633);
}
errors++;
}
}
if(data195.transferLog !== undefined){
let data197 = data195.transferLog;
if(!((data197 === "Enabled") || (data197 === "Disabled"))){
const err634 = {instancePath:instancePath+"/logging/transferLog",schemaPath:"#/properties/logging/properties/transferLog/enum",keyword:"enum",params:{allowedValues: schema11.properties.logging.properties.transferLog.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err634];
}
else {
vErrors.push(err634);
}
errors++;
}
}
}
else {
const err635 = {instancePath:instancePath+"/logging",schemaPath:"#/properties/logging/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err635];
}
else {
vErrors.push(err635);
}
errors++;
}
}
if(data.handOverSeconds !== undefined){
let data198 = data.handOverSeconds;
if(!(((typeof data198 == "number") && (!(data198 % 1) && !isNaN(data198))) && (isFinite(data198)))){
const err636 = {instancePath:instancePath+"/handOverSeconds",schemaPath:"#/properties/handOverSeconds/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err636];
}
else {
vErrors.push(err636);
}
errors++;
}
if((typeof data198 == "number") && (isFinite(data198))){
if(data198 > 3600 || isNaN(data198)){
const err637 = {instancePath:instancePath+"/handOverSeconds",schemaPath:"#/properties/handOverSeconds/maximum",keyword:"maximum",params:{comparison: "<=", limit: 3600},message:"must be <= 3600"};
if(vErrors === null){
vErrors = [err637];
}
else {
vErrors.push(err637);
}
errors++;
}
if(data198 < 0 || isNaN(data198)){
const err638 = {instancePath:instancePath+"/handOverSeconds",schemaPath:"#/properties/handOverSeconds/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"};
if(vErrors === null){
vErrors = [err638];
}
else {
vErrors.push(err638);
}
errors++;
}
}
}
if(data.drainPeriodSeconds !== undefined){
let data199 = data.drainPeriodSeconds;
if(!(((typeof data199 == "number") && (!(data199 % 1) && !isNaN(data199))) && (isFinite(data199)))){
const err639 = {instancePath:instancePath+"/drainPeriodSeconds",schemaPath:"#/properties/drainPeriodSeconds/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err639];
}
else {
vErrors.push(err639);
}
errors++;
}
if((typeof data199 == "number") && (isFinite(data199))){
if(data199 > 604800 || isNaN(data199)){
const err640 = {instancePath:instancePath+"/drainPeriodSeconds",schemaPath:"#/properties/drainPeriodSeconds/maximum",keyword:"maximum",params:{comparison: "<=", limit: 604800},message:"must be <= 604800"};
if(vErrors === null){
vErrors = [err640];
}
else {
vErrors.push(err640);
}
errors++;
}
if(data199 < 0 || isNaN(data199)){
const err641 = {instancePath:instancePath+"/drainPeriodSeconds",schemaPath:"#/properties/drainPeriodSeconds/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"};
if(vErrors === null){
vErrors = [err641];
}
else {
vErrors.push(err641);
}
errors++;
}
}
}
}
else {
const err642 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err642];
}
else {
vErrors.push(err642);
}
errors++;
}
validate10.errors = vErrors;
return errors === 0;
}
