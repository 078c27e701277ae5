// Load runs a load on an FTP server and prints the duration of the load in seconds.
package main

import (
	"bufio"
	"flag"
	"fmt"
	"os"
	"strings"
	"sync"
	"time"
)

const bufferBytes = 1 << 20

func main() {
	var target Target
	flag.StringVar(&target.Address, "address", "", "host:port of the server")
	flag.StringVar(&target.User, "user", "", "user name")
	flag.StringVar(&target.Password, "password", "", "password")
	flag.StringVar(&target.Directory, "directory", "", "directory to change to")
	flag.BoolVar(&target.TLS, "tls", false, "explicit TLS 1.3 on the control and data connections")
	clients := flag.Int("clients", 1, "number of concurrent sessions")
	count := flag.Int("count", 1, "total number of files, logins or sessions, or number of passes")
	bytes := flag.Int64("bytes", 0, "size of a file in bytes")
	name := flag.String("name", "", "name of a file, prefix of file names, or command")
	before := flag.String("before", "", "commands to send after the login, separated by semicolons")
	fill := flag.String("fill", "\x00", "text that uploads repeat")
	deflate := flag.Bool("deflate", false, "whether to compress uploads for MODE Z")
	page := flag.String("page", "", "URL of a page to request")
	flag.Parse()
	if *before != "" {
		target.Before = strings.Split(*before, ";")
	}

	switch job := flag.Arg(0); job {
	case "download":
		transfer(target, *clients, func(session *Session, number int) {
			session.Retrieve("RETR "+*name, make([]byte, bufferBytes))
		})
	case "upload":
		content := []byte(strings.Repeat(*fill, bufferBytes/len(*fill)))
		length := *bytes
		if *deflate {
			content = deflated(content, *bytes)
			length = int64(len(content))
		}
		transfer(target, *clients, func(session *Session, number int) {
			session.Store(fmt.Sprintf("%s-%d", *name, number), content, length)
		})
	case "small-upload":
		buffer := make([]byte, *bytes)
		transfer(target, *clients, func(session *Session, number int) {
			for file := number; file < *count; file += *clients {
				session.Store(fmt.Sprintf("%s-%d", *name, file), buffer, *bytes)
			}
		})
	case "small-download":
		transfer(target, *clients, func(session *Session, number int) {
			buffer := make([]byte, *bytes+1)
			for file := number; file < *count; file += *clients {
				session.Retrieve(fmt.Sprintf("RETR %s-%d", *name, file), buffer)
			}
		})
	case "list":
		transfer(target, *clients, func(session *Session, number int) {
			fmt.Fprintln(os.Stderr, session.Retrieve(*name, make([]byte, bufferBytes)), "bytes")
		})
	case "pipeline":
		transfer(target, *clients, func(session *Session, number int) {
			session.pipeline(*name, *count)
		})
	case "guess":
		guess(target, *count)
	case "probe":
		probe(target, *page)
	case "login":
		logins(target, *count)
	case "crowd":
		crowd(target, *clients, *count)
	case "idle":
		idle(target, *count)
	case "receive":
		receive(target.Address)
	case "share":
		share(target, *count, *clients, *bytes)
	default:
		must(fmt.Errorf("unknown job %q", job), "load")
	}
}

// transfer logs in all sessions, runs the work concurrently in all sessions, and reports the duration of the work.
func transfer(target Target, clients int, work func(session *Session, number int)) {
	sessions := make([]*Session, clients)
	for number := range sessions {
		sessions[number] = Login(target)
	}
	started := time.Now()
	var group sync.WaitGroup
	for number, session := range sessions {
		group.Add(1)
		go func() {
			defer group.Done()
			work(session, number)
		}()
	}
	group.Wait()
	report(started)
}

func report(started time.Time) {
	fmt.Printf("%.6f\n", time.Since(started).Seconds())
}

// idle keeps logged-in sessions open until standard input ends.
func idle(target Target, count int) {
	sessions := make([]*Session, count)
	var group sync.WaitGroup
	next := make(chan int)
	for worker := 0; worker < 8; worker++ {
		group.Add(1)
		go func() {
			defer group.Done()
			for number := range next {
				sessions[number] = Login(target)
			}
		}()
	}
	for number := range sessions {
		next <- number
	}
	close(next)
	group.Wait()
	fmt.Println("ready")
	bufio.NewReader(os.Stdin).ReadString('\n')
}
