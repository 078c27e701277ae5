package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
)

// receiver accepts CloudEvents in structured mode and stores the subjects of all events.
type receiver struct {
	lock     sync.Mutex
	requests int
	subjects map[string]int
}

// receive serves a sink for events. GET requests return the number of requests, and the number of different subjects
// that begin with the path.
func receive(address string) {
	sink := &receiver{subjects: map[string]int{}}
	must(http.ListenAndServe(address, sink), "receive")
}

func (sink *receiver) ServeHTTP(response http.ResponseWriter, request *http.Request) {
	switch request.Method {
	case http.MethodPost:
		var event struct {
			Subject string `json:"subject"`
		}
		if err := json.NewDecoder(request.Body).Decode(&event); err != nil {
			http.Error(response, err.Error(), http.StatusBadRequest)
			return
		}
		sink.lock.Lock()
		sink.requests++
		sink.subjects[event.Subject]++
		sink.lock.Unlock()
		response.WriteHeader(http.StatusNoContent)
	case http.MethodGet:
		sink.lock.Lock()
		defer sink.lock.Unlock()
		found := 0
		for subject := range sink.subjects {
			if strings.HasPrefix(subject, request.URL.Path) {
				found++
			}
		}
		fmt.Fprintf(response, "%d %d\n", sink.requests, found)
	default:
		response.WriteHeader(http.StatusMethodNotAllowed)
	}
}
