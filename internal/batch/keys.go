package batch

import (
	"crypto/sha256"
	"encoding/base32"
	"encoding/json"
	"slices"

	"ecs-activation/internal/activation"
)

// The client token of a row is a hash of its batch, its request, its number among equal rows, and its
// generation, which counts the codes that were made for it one after the other. It does not depend on the
// position of the row, so rows can be moved, added and removed.

// hash returns a hash of values as text of 26 characters, in the alphabet of a client token.
func hash(values ...any) string {
	text, _ := json.Marshal(values) // strings, numbers and requests can be encoded
	sum := sha256.Sum256(text)
	return base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(sum[:16])
}

// setKeys sets the keys of rows.
func setKeys(rows []Row) {
	same := map[string]int{}
	for i := range rows {
		content := hash(rows[i].Request)
		same[content]++
		rows[i].Key = hash(content, same[content])
	}
}

// defaultName returns the name of a batch that was given none: a hash of its rows, in any order, and of the
// flags that select the account.
func defaultName(rows []Row, account []string) string {
	keys := make([]string, len(rows))
	for i, r := range rows {
		keys[i] = r.Key
	}
	slices.Sort(keys)
	return hash("name", keys, account)[:12]
}

// id returns what identifies the batch on this machine.
func (b Batch) id() string { return hash("batch", b.Name, b.Sandbox, b.Endpoint) }

// token returns the client token of a row.
func (b Batch) token(r Row, generation int) string { return hash("row", b.id(), r.Key, generation) }

// withToken returns a request with a client token.
func withToken(r activation.CreateRequest, token string) activation.CreateRequest {
	r.ClientToken = token
	return r
}
