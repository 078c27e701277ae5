package main

import (
	"fmt"
	"time"
)

// enough is the time after which no further login starts, because some servers need 100 milliseconds for each login.
const enough = 5 * time.Second

// logins logs in and quits a number of times, one after another. It reports the duration and the number of logins.
func logins(target Target, most int) {
	started := time.Now()
	number := 0
	for number < most && time.Since(started) < enough {
		Login(target).Quit()
		number++
	}
	report(started)
	fmt.Println(number)
}

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
