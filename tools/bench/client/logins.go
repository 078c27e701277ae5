package main

import (
	"fmt"
	"time"
)

// crowd logs in all clients at once, each with its own account, and reports the duration until the last client has
// logged in. Then the clients quit, and the next pass starts.
func crowd(target Target, clients int, passes int) {
	for range passes {
		sessions := make([]*Session, clients)
		started := time.Now()
		each(clients, clients, func(number int) {
			own := target
			own.User = fmt.Sprintf("%s-%d", target.User, number)
			sessions[number] = Login(own)
		})
		report(started)
		each(clients, clients, func(number int) {
			sessions[number].Quit()
		})
	}
}
