package identity

import (
	"encoding/binary"
	"os"
	"runtime"
	"testing"
	"unicode/utf16"
)

// inUTF16 returns a text in UTF-16 with a byte order mark.
func inUTF16(t *testing.T, text string, order binary.AppendByteOrder) string {
	t.Helper()
	raw := order.AppendUint16(nil, 0xfeff)
	for _, unit := range utf16.Encode([]rune(text)) {
		raw = order.AppendUint16(raw, unit)
	}
	return string(raw)
}

func TestFilesInUTF16AreRead(t *testing.T) {
	for _, order := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
		profile := found(t, search(t, nil, profiles(t, inUTF16(t, prodAndTest, order))))
		if got := signsWith(t, profile); got != "LTAIprod/TOP-SECRET-KEY/" {
			t.Errorf("%v: the profile signs with %s", order, got)
		}
		section := found(t, inFile(t, inUTF16(t, twoSections, order)))
		if got := signsWith(t, section); got != "LTAIdefault/TOP-SECRET-KEY/" {
			t.Errorf("%v: the section signs with %s", order, got)
		}
	}
	if identity := found(t, inFile(t, "\ufeff"+twoSections)); identity.AccessKeyId != "LTAIdefault" {
		t.Error(identity)
	}
}

func TestAFileThatOthersCanReadIsNamed(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows has no such mode")
	}
	s, section := search(t, nil, profiles(t, prodAndTest)), inFile(t, twoSections)
	for path, s := range map[string]Search{s.ProfilePath: s, section.CredentialsPath: section} {
		if identity := found(t, s); identity.Exposed != "" {
			t.Errorf("%s: %s", path, identity.Exposed)
		}
		if err := os.Chmod(path, 0o640); err != nil {
			t.Fatal(err)
		}
		if identity := found(t, s); identity.Exposed != path {
			t.Errorf("%s: %s", path, identity.Exposed)
		}
	}
}
