package main

import (
	"fmt"
	"math/rand/v2"
	"sync/atomic"
	"time"
)

// worker is one connection with the codes that it created.
type worker struct {
	name   string
	client *client
	codes  []*code
	acts   map[string]*act
}

// code is one code, as far as the server has acknowledged it.
type code struct {
	token, id, secret string // the ClientToken, ActivationId and ActivationCode
	disabled, deleted bool
	unsure            bool // its last change received no response
}

// act has the results of one action.
type act struct {
	done  int
	took  time.Duration
	wrong []string
}

func newWorker(n int, s *server) *worker {
	return &worker{name: fmt.Sprintf("load-%d", n), client: newClient(s, n%2 == 1), acts: map[string]*act{}}
}

// work sends random requests until the server is killed.
func (w *worker) work(killed *atomic.Bool) {
	for n := 0; !killed.Load(); n++ {
		switch rand.IntN(10) {
		case 0, 1, 2:
			w.create(n, killed)
		case 3:
			w.repeat(killed)
		case 4:
			w.disable(killed)
		case 5:
			w.delete(killed)
		case 6:
			w.refuse(killed)
		case 7, 8:
			w.page(killed)
		case 9:
			w.walk(killed)
		}
	}
}

// do sends a request and checks the response with right. It returns false if there was no response,
// which is an error unless the server was killed.
func (w *worker) do(killed *atomic.Bool, right func(answer) bool, action string, parameters ...string) (answer, bool) {
	begin := time.Now()
	a, err := w.client.call(action, parameters...)
	if err != nil && killed.Load() {
		return a, false
	}
	done := w.acts[action]
	if done == nil {
		done = &act{}
		w.acts[action] = done
	}
	done.done++
	done.took += time.Since(begin)
	if err != nil || !right(a) {
		done.wrong = append(done.wrong, fmt.Sprintf("%s %q: %d %s %v", action, parameters, a.status, a.Code, err))
	}
	return a, err == nil
}

func succeeds(a answer) bool { return a.status == 200 }

func (w *worker) create(n int, killed *atomic.Bool) {
	c := &code{token: fmt.Sprint(w.name, "-", n), unsure: true}
	w.codes = append(w.codes, c)
	a, answered := w.do(killed, func(a answer) bool { return succeeds(a) && a.ActivationCode != "" },
		"CreateActivation", "InstanceName", w.name, "ClientToken", c.token, "Tag.1.Key", "worker", "Tag.1.Value", w.name)
	if answered {
		c.id, c.secret, c.unsure = a.ActivationId, a.ActivationCode, false
	}
}

// any returns a random acknowledged code of the worker, or nil.
func (w *worker) any() *code {
	if len(w.codes) == 0 {
		return nil
	}
	if c := w.codes[rand.IntN(len(w.codes))]; !c.unsure {
		return c
	}
	return nil
}

// repeat sends a create again. The response must have the same code, even if it was deleted.
func (w *worker) repeat(killed *atomic.Bool) {
	if c := w.any(); c != nil {
		w.do(killed, func(a answer) bool { return a.ActivationId == c.id && a.ActivationCode == c.secret },
			"CreateActivation", "InstanceName", w.name, "ClientToken", c.token, "Tag.1.Key", "worker", "Tag.1.Value", w.name)
	}
}

func (w *worker) disable(killed *atomic.Bool) {
	if c := w.any(); c != nil {
		_, answered := w.change(c, killed, "DisableActivation")
		c.unsure, c.disabled = !answered, answered && !c.deleted || c.disabled
	}
}

func (w *worker) delete(killed *atomic.Bool) {
	if c := w.any(); c != nil {
		_, answered := w.change(c, killed, "DeleteActivation")
		c.unsure, c.deleted = !answered, answered || c.deleted
	}
}

// change disables or deletes a code. If the code was deleted before, it must not be found.
func (w *worker) change(c *code, killed *atomic.Bool, action string) (answer, bool) {
	return w.do(killed, func(a answer) bool {
		return c.deleted && a.Code == "ActivationId.NotFound" || !c.deleted && succeeds(a)
	}, action, "ActivationId", c.id)
}

// refuse sends a request that the server must refuse.
func (w *worker) refuse(killed *atomic.Bool) {
	w.do(killed, func(a answer) bool { return a.status == 400 && a.Code == "ActivationTTL.ExceedLimit" },
		"CreateActivation", "TimeToLiveInHours", "5")
}

func (w *worker) page(killed *atomic.Bool) {
	w.do(killed, succeeds, "DescribeActivations", "PageNumber", fmt.Sprint(1+rand.IntN(20)), "PageSize", "50")
}

// walk reads two pages by token. A page before the last one must be full, and no code may appear twice.
func (w *worker) walk(killed *atomic.Bool) {
	full := func(a answer) bool { return succeeds(a) && (a.NextToken == "" || len(a.ActivationList) == 20) }
	first, answered := w.do(killed, full, "DescribeActivations", "MaxResults", "20")
	if !answered || first.NextToken == "" {
		return
	}
	seen := map[string]bool{}
	for _, a := range first.ActivationList {
		seen[a.ActivationId] = true
	}
	w.do(killed, func(second answer) bool {
		for _, a := range second.ActivationList {
			if seen[a.ActivationId] {
				return false
			}
		}
		return full(second)
	}, "DescribeActivations", "MaxResults", "20", "NextToken", first.NextToken)
}
