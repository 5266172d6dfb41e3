package identity

import (
	"bytes"
	"encoding/binary"
	"os"
	"runtime"
	"unicode/utf16"

	"ecs-activation/internal/disk"
)

// largestFile is the size limit of a file with profiles, credentials or a token, in bytes.
const largestFile = 1 << 20

// readText reads a file of profiles or credentials as UTF-8. PowerShell writes UTF-16 with a byte order mark.
func readText(path string) ([]byte, error) {
	raw, err := disk.ReadFile(path, largestFile)
	if err != nil {
		return nil, err
	}
	if text, found := bytes.CutPrefix(raw, []byte("\xff\xfe")); found {
		return fromUTF16(text, binary.LittleEndian), nil
	}
	if text, found := bytes.CutPrefix(raw, []byte("\xfe\xff")); found {
		return fromUTF16(text, binary.BigEndian), nil
	}
	return bytes.TrimPrefix(raw, []byte("\ufeff")), nil
}

// fromUTF16 converts a text to UTF-8.
func fromUTF16(text []byte, order binary.ByteOrder) []byte {
	units := make([]uint16, len(text)/2)
	for i := range units {
		units[i] = order.Uint16(text[2*i:])
	}
	return []byte(string(utf16.Decode(units)))
}

// othersCanRead reports whether other users of this machine can read a file. Windows has no such mode.
func othersCanRead(path string) bool {
	info, err := os.Stat(path)
	return err == nil && runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0
}
