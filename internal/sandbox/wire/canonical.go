package wire

import "slices"

// canonicalQuery returns all parameters except one, encoded and sorted by name.
func canonicalQuery(given Parameters, except string) []byte {
	names := make([]string, 0, len(given))
	for name := range given {
		if name != except {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	query := make([]byte, 0, 1024)
	for i, name := range names {
		if i > 0 {
			query = append(query, '&')
		}
		query = appendEncoded(query, name)
		query = append(query, '=')
		query = appendEncoded(query, given[name])
	}
	return query
}

// appendEncoded percent-encodes by RFC 3986: all but letters, digits, - _ . ~
func appendEncoded(to []byte, text string) []byte {
	const hex = "0123456789ABCDEF"
	plain := 0 // text from here on is not appended yet
	for i := range len(text) {
		if b := text[i]; !isUnreserved(b) {
			to = append(to, text[plain:i]...)
			to = append(to, '%', hex[b>>4], hex[b&15])
			plain = i + 1
		}
	}
	return append(to, text[plain:]...)
}

func isUnreserved(b byte) bool {
	return 'a' <= b && b <= 'z' || 'A' <= b && b <= 'Z' || '0' <= b && b <= '9' || b == '-' || b == '_' || b == '.' || b == '~'
}
