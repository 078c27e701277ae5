<?php
// Runs one job with the PHP extension ftp: HOST PORT USER PASSWORD plain|explicit passive|active JOB [NAME FILE]
[, $host, $port, $user, $password, $protection, $mode, $job] = $argv;
[$name, $file] = [$argv[8] ?? "", $argv[9] ?? ""];
$connect = $protection === "plain" ? "ftp_connect" : "ftp_ssl_connect";
$ftp = $connect($host, (int) $port, 10);
// ftp_put with FTP_AUTORESUME sends SIZE, PASV or PORT, REST and STOR. ftp_get sends REST and RETR.
$done = $ftp !== false && ftp_login($ftp, $user, $password) && ftp_pasv($ftp, $mode === "passive") && match ($job) {
    "upload" => ftp_put($ftp, $name, $file),
    "download" => ftp_get($ftp, $file, $name),
    "resume-upload" => ftp_put($ftp, $name, $file, FTP_BINARY, FTP_AUTORESUME),
    "resume-download" => ftp_get($ftp, $file, $name, FTP_BINARY, FTP_AUTORESUME),
    "list" => print implode("\n", ftp_nlist($ftp, ".")),
};
if (!$done) {
    exit(1);
}
ftp_close($ftp);
