package main

import (
	"bufio"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"time"
)

// Target is the server under load, with its credentials.
type Target struct {
	Address  string
	User     string
	Password string
	// Directory is the argument of CWD after the login. Empty means no CWD.
	Directory string
	TLS       bool
	// Before contains commands to send after the login.
	Before []string
}

// Session is a control connection. Errors end the program, because a benchmark with errors has no result.
type Session struct {
	target Target
	conn   net.Conn
	reader *bufio.Reader
	config *tls.Config
}

const timeout = 120 * time.Second

func must(err error, doing string) {
	if err != nil {
		fmt.Fprintf(os.Stderr, "%s: %v\n", doing, err)
		os.Exit(1)
	}
}

// Connect opens a control connection and reads the greeting.
func Connect(target Target) *Session {
	conn, err := net.DialTimeout("tcp", target.Address, timeout)
	must(err, "connect")
	session := &Session{target: target, conn: conn, reader: bufio.NewReader(conn)}
	session.expect("greeting", "220")
	return session
}

// Login opens a control connection, starts TLS if configured, and logs in.
func Login(target Target) *Session {
	session := Connect(target)
	if target.TLS {
		session.secure()
	}
	if code := session.Command("USER "+target.User, "331", "230"); code == "331" {
		session.Command("PASS "+target.Password, "230")
	}
	session.Command("TYPE I", "200")
	if target.Directory != "" {
		session.Command("CWD "+target.Directory, "250")
	}
	for _, command := range target.Before {
		session.Command(command, "200")
	}
	return session
}

func (session *Session) secure() {
	session.Command("AUTH TLS", "234")
	session.config = &tls.Config{
		InsecureSkipVerify: true,
		ServerName:         "localhost",
		MinVersion:         tls.VersionTLS13,
		ClientSessionCache: tls.NewLRUClientSessionCache(4),
	}
	secured := tls.Client(session.conn, session.config)
	must(secured.Handshake(), "control handshake")
	session.conn = secured
	session.reader = bufio.NewReader(secured)
	session.Command("PBSZ 0", "200")
	session.Command("PROT P", "200")
}

// KeepSession makes all later data connections resume the current TLS session. Otherwise, each one resumes the newest session.
func (session *Session) KeepSession() {
	current, _ := session.config.ClientSessionCache.Get(session.config.ServerName)
	session.config.ClientSessionCache = keptSession{current}
}

// keptSession is a session cache with one session that never changes.
type keptSession struct{ state *tls.ClientSessionState }

func (kept keptSession) Get(string) (*tls.ClientSessionState, bool) {
	return kept.state, kept.state != nil
}

func (kept keptSession) Put(string, *tls.ClientSessionState) {}

// Command sends a line and returns the reply code, which must be one of the given codes.
func (session *Session) Command(line string, codes ...string) string {
	session.Send(line)
	return session.expect(line, codes...)
}

// Send sends a line.
func (session *Session) Send(line string) {
	_, err := io.WriteString(session.conn, line+"\r\n")
	must(err, line)
}

func (session *Session) expect(doing string, codes ...string) string {
	code, text := session.reply(doing)
	for _, wanted := range codes {
		if code == wanted {
			return code
		}
	}
	must(fmt.Errorf("%s", strings.TrimSpace(text)), doing)
	return ""
}

func (session *Session) reply(doing string) (string, string) {
	must(session.conn.SetReadDeadline(time.Now().Add(timeout)), doing)
	for first := ""; ; {
		line, err := session.reader.ReadString('\n')
		must(err, doing)
		if len(line) < 4 {
			continue
		}
		if first == "" {
			first = line[:3]
		}
		if line[:3] == first && line[3] == ' ' {
			return first, line
		}
	}
}

// Passive reserves a passive port and connects to it.
func (session *Session) Passive() net.Conn {
	session.Send("EPSV")
	_, text := session.reply("EPSV")
	parts := strings.Split(text, "|")
	if len(parts) < 4 {
		must(fmt.Errorf("%s", text), "EPSV")
	}
	host, _, err := net.SplitHostPort(session.target.Address)
	must(err, "EPSV")
	conn, err := net.DialTimeout("tcp", net.JoinHostPort(host, parts[3]), timeout)
	must(err, "data connection")
	return conn
}

// Protect performs a TLS handshake on a data connection if the session uses TLS.
func (session *Session) Protect(conn net.Conn) net.Conn {
	if !session.target.TLS {
		return conn
	}
	secured := tls.Client(conn, session.config)
	must(secured.Handshake(), "data handshake")
	return secured
}

// Retrieve downloads a file and returns the number of bytes.
func (session *Session) Retrieve(command string, buffer []byte) int64 {
	conn := session.Passive()
	session.Command(command, "150", "125")
	data := session.Protect(conn)
	total := int64(0)
	for {
		count, err := data.Read(buffer)
		total += int64(count)
		if err == io.EOF {
			break
		}
		must(err, command)
	}
	data.Close()
	session.expect(command, "226", "250")
	return total
}

// Store uploads a number of bytes by sending a buffer repeatedly.
func (session *Session) Store(name string, buffer []byte, bytes int64) {
	conn := session.Passive()
	session.Command("STOR "+name, "150", "125")
	data := session.Protect(conn)
	for left := bytes; left > 0; {
		chunk := buffer
		if left < int64(len(chunk)) {
			chunk = chunk[:left]
		}
		count, err := data.Write(chunk)
		must(err, name)
		left -= int64(count)
	}
	session.finish(conn, data, name)
	session.expect(name, "226", "250")
}

// finish ends an upload with close_notify and FIN, and reads the remaining data. Unread data would make the kernel reset the connection.
func (session *Session) finish(conn net.Conn, data net.Conn, doing string) {
	if secured, ok := data.(*tls.Conn); ok {
		must(secured.CloseWrite(), doing)
	}
	must(conn.(*net.TCPConn).CloseWrite(), doing)
	if session.target.TLS {
		io.Copy(io.Discard, data)
	}
	data.Close()
}

// Quit sends QUIT and closes the connection.
func (session *Session) Quit() {
	session.Command("QUIT", "221")
	session.conn.Close()
}
