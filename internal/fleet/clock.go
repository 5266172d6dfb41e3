package fleet

import "time"

// clock is the service's clock, as this machine follows it between two answers.
type clock struct {
	ahead time.Duration // of this machine's clock
	set   bool
}

// sync sets the clock by an answer that was read at a time of this machine's clock. A Date has whole
// seconds and was written before it was read, so the clock is never ahead of the service's: the answer
// that puts it furthest ahead is the most accurate, and the time that is left does not jump back and
// forth. An answer that is more than slack behind it means that one of the clocks was adjusted.
func (c *clock) sync(date, read time.Time) {
	const slack = 5 * time.Second
	ahead := date.Sub(read)
	if c.set && ahead >= c.ahead-slack {
		ahead = max(ahead, c.ahead)
	}
	c.ahead, c.set = ahead, true
}

// at returns the service's time at a time of this machine's clock, in whole seconds, as its own
// times are.
func (c *clock) at(here time.Time) time.Time { return here.Add(c.ahead).Truncate(time.Second) }

// untilNext returns how long the second of at still lasts.
func (c *clock) untilNext(here time.Time) time.Duration {
	return c.at(here).Add(time.Second).Sub(here.Add(c.ahead))
}
