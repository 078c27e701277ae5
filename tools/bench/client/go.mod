module ftp-operator/bench

go 1.22
