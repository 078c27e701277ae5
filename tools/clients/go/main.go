// Runs one job with github.com/jlaffaye/ftp: HOST:PORT USER PASSWORD plain|explicit|implicit upload|download|list|resume-download|resume-upload [NAME FILE]
package main

import (
	"crypto/tls"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/jlaffaye/ftp"
)

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func main() {
	address, user, password, protection, job := os.Args[1], os.Args[2], os.Args[3], os.Args[4], os.Args[5]
	config := &tls.Config{InsecureSkipVerify: true, ServerName: "localhost", ClientSessionCache: tls.NewLRUClientSessionCache(8)}
	options := []ftp.DialOption{ftp.DialWithTimeout(10 * time.Second)}
	switch protection {
	case "explicit":
		options = append(options, ftp.DialWithExplicitTLS(config))
	case "implicit":
		options = append(options, ftp.DialWithTLS(config))
	}
	connection, err := ftp.Dial(address, options...)
	must(err)
	must(connection.Login(user, password))
	if job == "list" {
		entries, err := connection.List("")
		must(err)
		for _, entry := range entries {
			fmt.Println(entry.Name)
		}
	} else {
		transfer(connection, job, os.Args[6], os.Args[7])
	}
	must(connection.Quit())
}

func transfer(connection *ftp.ServerConn, job string, name string, path string) {
	switch job {
	case "upload":
		file, err := os.Open(path)
		must(err)
		must(connection.Stor(name, file))
	case "resume-upload":
		size, err := connection.FileSize(name)
		must(err)
		file, err := os.Open(path)
		must(err)
		_, err = file.Seek(size, io.SeekStart)
		must(err)
		must(connection.StorFrom(name, file, uint64(size)))
	default:
		flags := os.O_WRONLY | os.O_CREATE
		if job == "resume-download" {
			flags |= os.O_APPEND
		}
		file, err := os.OpenFile(path, flags, 0o600)
		must(err)
		info, err := file.Stat()
		must(err)
		response, err := connection.RetrFrom(name, uint64(info.Size()))
		must(err)
		_, err = io.Copy(file, response)
		must(err)
		must(response.Close())
		must(file.Close())
	}
}
