// Package cloud has the rules of the sandbox: what Alibaba Cloud does with activation codes and managed
// instances, as far as its documentation says so or its answers have shown.
//
// It knows neither HTTP nor the file. An action is a method of Account: it takes a typed input, such as
// CreateInput, reads and changes rows through a store.Tx, and returns a typed result or an *Error. Field
// names are those of the API. Package wire turns requests into inputs, and results and errors into answers.
//
// Where to look: each action of the API is in the file of its name (create.go, describe.go, change.go,
// machines.go, deregister.go, regions.go, attributes.go, sts.go). register.go and agent.go are for machines;
// load.go and advance.go serve the commands of the sandbox itself. Below them are the rules they share:
// paging.go and pagetoken.go, tags.go, rules.go, limits.go (the limits of each year), code.go and machine.go
// (what is stored), secrets.go, clock.go, errors.go.
package cloud

import (
	"time"

	"ecs-activation/internal/sandbox/store"
)

// Account is the one account of a sandbox during one transaction. Actions that change nothing work in a
// transaction that can only read: DescribeActivations, DescribeManagedInstances, DescribeRegions,
// DescribeAccountAttributes, Identity and AssumeRole.
type Account struct {
	tx     *store.Tx
	limits Limits
	now    time.Time // real time, UTC
}

// Open returns the account whose state is in tx.
func Open(tx *store.Tx, limits Limits, now time.Time) *Account {
	return &Account{tx: tx, limits: limits, now: now.UTC()}
}

// Credentials returns the permanent key pair.
func (a *Account) Credentials() store.Credentials { return a.tx.Credentials }

// Totals returns the numbers of codes and machines over all regions.
func (a *Account) Totals() (codes, machines int, err error) {
	if codes, err = a.tx.Codes().Total(); err == nil {
		machines, err = a.tx.Machines().Total()
	}
	return codes, machines, err
}

// CheckRegion checks the RegionId of an action that needs one.
func (a *Account) CheckRegion(id string) error {
	if id == "" {
		return Missing("RegionId")
	}
	return a.limits.checkRegion(id)
}
