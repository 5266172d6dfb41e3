package cloud

import (
	"bytes"
	"slices"
)

// dumpChunk is how many codes OldestCodes returns at most.
const dumpChunk = 256

// CodeRegions returns the regions that have or had codes, in order.
func (a *Account) CodeRegions() []string { return a.tx.Codes().Regions() }

// OldestCodes copies the next codes of a region above a key, oldest first and encoded as JSON, and the key of
// the last one. The first call passes nil as the key; no codes are the end.
func (a *Account) OldestCodes(region string, above []byte) (rows [][]byte, last []byte, err error) {
	for key, row := range a.tx.Codes().Rows(region).OldestFirst(above) {
		if len(rows) == dumpChunk {
			break
		}
		if err := checkWhole(row); err != nil {
			return nil, nil, err
		}
		rows, last = append(rows, bytes.Clone(row)), slices.Clone(key)
	}
	return rows, last, nil
}
