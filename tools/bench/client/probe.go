package main

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"time"
)

// probeInterval is the time between the starts of two requests.
const probeInterval = 5 * time.Millisecond

// probe sends NOOP and GET requests to the page until standard input ends. It prints the number of requests, the 99th percentile and the maximum in milliseconds for each kind of request. Without a page, probe sends only NOOP.
func probe(target Target, page string) {
	session := Login(target)
	requests := []func(){func() { session.Command("NOOP", "200") }}
	if page != "" {
		requests = append(requests, func() {
			response, err := http.Get(page)
			must(err, page)
			io.Copy(io.Discard, response.Body)
			response.Body.Close()
		})
	}
	stop := make(chan struct{})
	results := make([]chan []time.Duration, len(requests))
	for number, request := range requests {
		request()
		results[number] = make(chan []time.Duration)
		go func() { results[number] <- repeat(request, stop) }()
	}
	fmt.Println("ready")
	bufio.NewReader(os.Stdin).ReadString('\n')
	close(stop)
	for _, result := range results {
		took := <-result
		slices.Sort(took)
		fmt.Printf("%d %.3f %.3f\n", len(took), milliseconds(took[len(took)*99/100]), milliseconds(took[len(took)-1]))
	}
}

// repeat returns the durations of requests. A request that takes longer than the interval delays the following requests, so repeat adds the durations that these requests would have had.
func repeat(request func(), stop <-chan struct{}) []time.Duration {
	var took []time.Duration
	for {
		started := time.Now()
		request()
		for rest := time.Since(started); ; rest -= probeInterval {
			took = append(took, rest)
			if rest <= probeInterval {
				break
			}
		}
		select {
		case <-stop:
			return took
		case <-time.After(probeInterval - time.Since(started)):
		}
	}
}

func milliseconds(duration time.Duration) float64 {
	return float64(duration) / float64(time.Millisecond)
}
