package main

import (
	"crypto/sha256"
	"fmt"
	"os"
	"sync"
	"time"
)

// share opens sessions, uploads different content in some of these sessions concurrently, and then downloads all files. It prints the
// duration of the uploads in seconds and the number of files that differ from the sent content.
func share(target Target, sessions int, transfers int, bytes int64) {
	all := make([]*Session, sessions)
	each(sessions, 8, func(number int) {
		all[number] = Login(target)
		if target.TLS {
			// Like lftp, each client resumes the session of its control connection on all data connections.
			all[number].KeepSession()
		}
	})
	fmt.Fprintln(os.Stderr, sessions, "sessions logged in")
	if target.TLS {
		// Two rounds of transfers show the server that the clients keep different sessions.
		for round := 1; round <= 2; round++ {
			each(transfers, 8, func(number int) {
				all[number].Store(fmt.Sprintf("proof-%d", number), []byte("x"), 1)
			})
			fmt.Fprintln(os.Stderr, "round", round, "of small uploads finished")
		}
	}
	// All clients send the first half of their file before any client sends the second half, so that all transfers run concurrently.
	var halfway sync.WaitGroup
	halfway.Add(transfers)
	started := time.Now()
	each(transfers, transfers, func(number int) {
		session := all[number]
		conn := session.Passive()
		session.Command(fmt.Sprintf("STOR shared-%d", number), "150")
		data := session.Protect(conn)
		content := contentOf(number, bytes)
		_, err := data.Write(content[:len(content)/2])
		must(err, "first half")
		halfway.Done()
		halfway.Wait()
		_, err = data.Write(content[len(content)/2:])
		must(err, "second half")
		session.finish(conn, data, "close")
		session.expect("STOR", "226")
	})
	report(started)
	crossed := 0
	var lock sync.Mutex
	each(transfers, 8, func(number int) {
		if all[number].digest(fmt.Sprintf("shared-%d", number)) != sha256.Sum256(contentOf(number, bytes)) {
			lock.Lock()
			crossed++
			lock.Unlock()
		}
	})
	fmt.Println(crossed)
}

func (session *Session) digest(name string) [32]byte {
	conn := session.Passive()
	session.Command("RETR "+name, "150")
	data := session.Protect(conn)
	hash := sha256.New()
	buffer := make([]byte, bufferBytes)
	for {
		count, err := data.Read(buffer)
		hash.Write(buffer[:count])
		if err != nil {
			break
		}
	}
	data.Close()
	session.expect("RETR", "226")
	return [32]byte(hash.Sum(nil))
}

// contentOf returns different content for each number.
func contentOf(number int, bytes int64) []byte {
	content := make([]byte, bytes)
	for index := range content {
		content[index] = byte(number>>(8*(index%3))) ^ byte(index/3)
	}
	return content
}

// each calls work for all numbers below count, with limited concurrency.
func each(count int, workers int, work func(number int)) {
	next := make(chan int)
	var group sync.WaitGroup
	for worker := 0; worker < workers; worker++ {
		group.Add(1)
		go func() {
			defer group.Done()
			for number := range next {
				work(number)
			}
		}()
	}
	for number := 0; number < count; number++ {
		next <- number
	}
	close(next)
	group.Wait()
}
