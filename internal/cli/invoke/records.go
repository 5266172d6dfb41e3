package invoke

import (
	"context"
	"errors"
	"path/filepath"
	"time"

	"ecs-activation/internal/batch"
	"ecs-activation/internal/disk"
	"ecs-activation/internal/pending"
	"ecs-activation/internal/process"
)

// This file has what the program keeps in its folder: the records of creates, and the batches.

// RecordStore returns the store of the records of creates.
func RecordStore(p *process.Process) (*pending.Store, error) {
	folder, err := p.StateFolder()
	if err != nil {
		return nil, err
	}
	return pending.New(disk.OS{}, filepath.Join(folder, "pending"), p.Now), nil
}

// BatchLedger returns the ledger of the batches.
func BatchLedger(p *process.Process) (*batch.Ledger, error) {
	folder, err := p.StateFolder()
	if err != nil {
		return nil, err
	}
	return batch.NewLedger(disk.OS{}, filepath.Join(folder, "batches"), p.Now), nil
}

// AgeRecords moves the records of creates in the sandbox into the past, as sandbox advance moves the codes.
func AgeRecords(s *Invocation, by time.Duration) error {
	return recorded(s, func(store *pending.Store, ledger *batch.Ledger) error {
		return errors.Join(store.Age(by), ledger.Age(by))
	})
}

// DiscardRecords deletes the records of creates in the sandbox, as sandbox reset deletes the codes.
func DiscardRecords(ctx context.Context, s *Invocation) error {
	return recorded(s, func(store *pending.Store, ledger *batch.Ledger) error {
		return errors.Join(store.DiscardSandbox(ctx), ledger.DiscardSandbox())
	})
}

// recorded calls a function with the records and the batches.
func recorded(s *Invocation, do func(*pending.Store, *batch.Ledger) error) error {
	store, err := RecordStore(s.Process)
	if err != nil {
		return err
	}
	ledger, err := BatchLedger(s.Process)
	if err != nil {
		return err
	}
	return do(store, ledger)
}
