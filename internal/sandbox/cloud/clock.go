package cloud

import "time"

// Now returns real time.
func (a *Account) Now() time.Time { return a.now }

// Clock returns sandbox time in seconds: real time and all seconds that Advance has ever added.
func (a *Account) Clock() int64 { return a.now.Unix() + a.tx.Advanced }

// timeLayout is how the API writes times: 2021-01-20T06:00:00Z.
const timeLayout = "2006-01-02T15:04:05Z"

func formatTime(t time.Time) string { return t.UTC().Format(timeLayout) }

// ParseTime reads a time as the API writes it.
func ParseTime(text string) (time.Time, error) { return time.Parse(timeLayout, text) }
