package main

import (
	"bytes"
	"compress/zlib"
	"io"
	"strings"
	"time"
)

// pipeline sends a command several times without waiting for the replies.
func (session *Session) pipeline(command string, count int) {
	go io.WriteString(session.conn, strings.Repeat(command+"\r\n", count))
	for range count {
		session.reply(command)
	}
}

// guess logs in with wrong passwords in concurrent connections.
func guess(target Target, count int) {
	started := time.Now()
	done := make(chan struct{})
	for range count {
		go func() {
			session := Connect(target)
			session.Command("USER "+target.User, "331")
			session.Command("PASS wrong", "530", "421")
			session.conn.Close()
			done <- struct{}{}
		}()
	}
	for range count {
		<-done
	}
	report(started)
}

// deflated returns a zlib stream that decompresses to length bytes of repeated content.
func deflated(content []byte, length int64) []byte {
	var stream bytes.Buffer
	writer := zlib.NewWriter(&stream)
	for ; length > 0; length -= int64(len(content)) {
		_, err := writer.Write(content[:min(length, int64(len(content)))])
		must(err, "compress")
	}
	must(writer.Close(), "compress")
	return stream.Bytes()
}
