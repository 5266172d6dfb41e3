package identity

import "strings"

// Masked returns enough of an AccessKey ID to distinguish it from others.
func Masked(id string) string {
	if len(id) <= 8 {
		return strings.Repeat("*", len(id))
	}
	return id[:4] + "****" + id[len(id)-4:]
}
