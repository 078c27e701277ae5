// Command receiver accepts CloudEvents over HTTP with the official SDKs of CloudEvents and Standard Webhooks. Each
// request results in one line of JSON on standard output. The path /events accepts valid requests. The path /flaky
// rejects the first request for each event with status 503. Other paths return status 404.
package main

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"sync"

	"github.com/cloudevents/sdk-go/v2/binding"
	"github.com/cloudevents/sdk-go/v2/event"
	protocol "github.com/cloudevents/sdk-go/v2/protocol/http"
	webhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
)

const maxBodyBytes = 1 << 20

// result describes one request.
type result struct {
	Status int          `json:"status"`
	Path   string       `json:"path"`
	Mode   string       `json:"mode,omitempty"`
	Error  string       `json:"error,omitempty"`
	Event  *event.Event `json:"event,omitempty"`
}

type receiver struct {
	// authorization is the required value of the header Authorization.
	authorization string
	signature     *webhooks.Webhook
	mutex         sync.Mutex
	// seen contains the events that /flaky has rejected.
	seen map[string]bool
}

func main() {
	if len(os.Args) != 2 {
		log.Fatal("usage: receiver ADDRESS:PORT, with the variables AUTHORIZATION and HMAC_KEY")
	}
	key := base64.StdEncoding.EncodeToString([]byte(os.Getenv("HMAC_KEY")))
	signature, err := webhooks.NewWebhook(key)
	if err != nil {
		log.Fatal(err)
	}
	handler := &receiver{
		authorization: os.Getenv("AUTHORIZATION"),
		signature:     signature,
		seen:          map[string]bool{},
	}
	log.Fatal(http.ListenAndServe(os.Args[1], handler))
}

func (r *receiver) ServeHTTP(response http.ResponseWriter, request *http.Request) {
	found := r.handle(request)
	line, err := json.Marshal(found)
	if err != nil {
		line, found.Status = []byte(fmt.Sprintf(`{"status":500,"error":%q}`, err)), http.StatusInternalServerError
	}
	// The line is complete before the sender receives the response.
	r.mutex.Lock()
	_, err = fmt.Println(string(line))
	r.mutex.Unlock()
	if err != nil {
		log.Fatal(err)
	}
	response.WriteHeader(found.Status)
}

func (r *receiver) handle(request *http.Request) result {
	found := result{Path: request.URL.Path}
	reject := func(status int, reason string) result {
		found.Status, found.Error = status, reason
		return found
	}
	body, err := io.ReadAll(io.LimitReader(request.Body, maxBodyBytes))
	if err != nil {
		return reject(http.StatusBadRequest, err.Error())
	}
	if request.Method == http.MethodGet && found.Path == "/healthz" {
		return reject(http.StatusOK, "")
	}
	if request.Method != http.MethodPost {
		return reject(http.StatusMethodNotAllowed, request.Method)
	}
	if request.Header.Get("Authorization") != r.authorization {
		return reject(http.StatusUnauthorized, "wrong Authorization")
	}
	if err := r.signature.Verify(body, request.Header); err != nil {
		return reject(http.StatusUnauthorized, err.Error())
	}
	message := protocol.NewMessage(request.Header, io.NopCloser(bytes.NewReader(body)))
	found.Mode = message.ReadEncoding().String()
	found.Event, err = binding.ToEvent(request.Context(), message)
	if err == nil {
		err = found.Event.Validate()
	}
	if err != nil {
		return reject(http.StatusBadRequest, err.Error())
	}
	found.Status = r.statusFor(found.Path, found.Event.ID())
	return found
}

func (r *receiver) statusFor(path string, id string) int {
	switch path {
	case "/events":
		return http.StatusNoContent
	case "/flaky":
		r.mutex.Lock()
		defer r.mutex.Unlock()
		if r.seen[id] {
			return http.StatusNoContent
		}
		r.seen[id] = true
		return http.StatusServiceUnavailable
	default:
		return http.StatusNotFound
	}
}
