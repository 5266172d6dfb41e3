package view

import (
	"time"

	"ecs-activation/internal/issuance"
	"ecs-activation/internal/ui"
)

// Record is the record of a create that is unfinished or recent.
type Record struct {
	ClientToken    string
	State          string
	RegionId       string
	InstanceName   string
	StartedAt      string
	LastAttempt    string
	Attempts       int
	ExpirationTime string // when a code that the create made expires at the latest
	Alive          bool
	ActivationId   string
	Identity       string
	Profile        string
	Endpoint       string
	Sandbox        bool
	Save           string
	Batch          string `json:",omitempty"` // the batch that the create belongs to
}

// NewRecord returns a record as it is now.
func NewRecord(r issuance.Record, now time.Time) Record {
	return Record{
		ClientToken: r.Request.ClientToken, State: string(r.State), RegionId: r.Request.RegionId, InstanceName: r.Request.InstanceName,
		StartedAt: r.StartedAt.Format(time.RFC3339), LastAttempt: r.LastAttempt.Format(time.RFC3339), Attempts: r.Attempts,
		ExpirationTime: expiration(r), Alive: r.Alive(now), ActivationId: r.ActivationId,
		Identity: r.Identity, Profile: r.Profile, Endpoint: r.Endpoint, Sandbox: r.Sandbox, Save: r.Save, Batch: r.Batch,
	}
}

// expiration returns when a code of the record expires at the latest, as RFC 3339.
func expiration(r issuance.Record) string { return r.Expires().Format(time.RFC3339) }

// PrintRecords prints records: a sequence for programs, a table or CSV. Quiet has no effect, because a record has
// no ID to print. A table without records is not printed.
func PrintRecords(p *Printer, records []issuance.Record, now time.Time) error {
	switch {
	case ui.ForPrograms(p.Format):
		views := make([]Record, len(records))
		for i, r := range records {
			views[i] = NewRecord(r, now)
		}
		return printMany(p, views)
	case len(records) == 0 && p.Format != FormatCSV:
		return nil
	}
	return printRows(p, recordColumns(cellStream(p), now), records)
}

// RecordColumns returns the names of the columns of a record.
func RecordColumns() []string { return namesOf(recordColumns(&ui.Stream{}, time.Time{})) }

// recordColumns returns the columns of a table of records.
func recordColumns(out *ui.Stream, now time.Time) []Column[issuance.Record] {
	type record = issuance.Record
	return []Column[record]{
		{Name: "token", Cell: func(r record) string { return r.Request.ClientToken }},
		{Name: "state", Drop: 1, Cell: func(r record) string { return string(r.State) }},
		{Name: "region", Drop: 4, Cell: func(r record) string { return r.Request.RegionId }},
		{Name: "name", CanTruncate: true, Drop: 3, Cell: func(r record) string { return ui.Clean(r.Request.InstanceName) }},
		{Name: "started", Drop: 5, Cell: func(r record) string { return startedText(out, now, r.StartedAt) }},
		{Name: "expires", Drop: 2, Cell: func(r record) string { return timeText(out, now, expiration(r)) }},
		{Name: "identity", CanTruncate: true, Drop: 6, Cell: identityText},
		{Name: "batch", In: InWide, CanTruncate: true, Drop: 7, Cell: func(r record) string { return ui.Clean(r.Batch) }},
	}
}

// identityText returns the identity that signed the create.
func identityText(r issuance.Record) string {
	if r.Sandbox {
		return "sandbox"
	}
	return ui.Clean(r.Identity)
}
