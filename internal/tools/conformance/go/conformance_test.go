// Package conformance runs the official Go clients against "ecs-activation sandbox serve", over HTTP and HTTPS,
// and fails if a response differs from the documentation. It is a module of its own, so that go.mod of the
// product stays small. "make conformance" runs it.
package conformance

import (
	"flag"
	"testing"
)

var program = flag.String("program", "", "the `path` of ecs-activation")

// whole are the tests of a server without faults.
var whole = []test{
	{"life", life}, {"pagings", pagings}, {"refusals", refusals}, {"wrong keys", wrongKeys}, {"in use", inUse},
}

func TestOverHTTP(t *testing.T) { run(t, nil, whole...) }

func TestOverHTTPS(t *testing.T) { run(t, []string{"--tls"}, whole...) }

func TestFaults(t *testing.T) {
	run(t, []string{"--fault", "throttle=1"}, createIs(400, "Throttling.User"))
	run(t, []string{"--fault", "unavailable=1"}, createIs(503, "ServiceUnavailable"))
	run(t, []string{"--fault", "forbidden=1"}, createIs(403, "Operation.Forbidden"))
}

// test is a sequence of requests with the answers that the documentation promises.
type test struct {
	name string
	run  func(*trial)
}

// trial is a test with one client.
type trial struct {
	*testing.T
	server *server
	kind   kind
	call   call
}

// run runs each test with every client against a new server.
func run(t *testing.T, flags []string, tests ...test) {
	s := serve(t, flags)
	for _, test := range tests {
		for _, kind := range kinds {
			t.Run(test.name+" with "+kind.name, func(t *testing.T) {
				test.run(&trial{t, s, kind, kind.open(t, s, s.keys)})
			})
		}
	}
}
