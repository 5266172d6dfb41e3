package disk

import (
	"bytes"
	"encoding/binary"
	"unicode/utf16"
)

// UTF8 returns a text as UTF-8 without its byte order mark. A text in UTF-16, as PowerShell writes it, is recognized by
// that mark.
func UTF8(text []byte) []byte {
	if units, found := bytes.CutPrefix(text, []byte("\xff\xfe")); found {
		return fromUTF16(units, binary.LittleEndian)
	}
	if units, found := bytes.CutPrefix(text, []byte("\xfe\xff")); found {
		return fromUTF16(units, binary.BigEndian)
	}
	return bytes.TrimPrefix(text, []byte("\ufeff"))
}

// fromUTF16 converts a text to UTF-8.
func fromUTF16(text []byte, order binary.ByteOrder) []byte {
	units := make([]uint16, len(text)/2)
	for i := range units {
		units[i] = order.Uint16(text[2*i:])
	}
	return []byte(string(utf16.Decode(units)))
}
