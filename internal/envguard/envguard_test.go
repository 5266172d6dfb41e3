package envguard

import (
	"os"
	"regexp"
	"runtime/metrics"
	"slices"
	"testing"
)

func TestOnlyUnsafeSettingsAreRemovedFromGODEBUG(t *testing.T) {
	for value, want := range map[string]string{
		"":                         "",
		"netdns=go,http2client=0":  "netdns=go,http2client=0",
		"fips140=on,tlsmlkem=0":    "fips140=on,tlsmlkem=0",
		"http2debug=2":             "",
		"xhttp2debug=1,netdns=go":  "netdns=go",
		"a=b, tlsrsakex=1,c=d":     "a=b,c=d",
		"rsa1024min=0,tlssha1=1":   "",
		"tls3des=1#seed,netdns=go": "netdns=go",
	} {
		t.Setenv("GODEBUG", value)
		if err := guardGODEBUG(); err != nil {
			t.Fatal(err)
		}
		if got := os.Getenv("GODEBUG"); got != want {
			t.Errorf("%q becomes %q, not %q", value, got, want)
		}
	}
}

// TestEverySettingOfCryptographyIsKnown fails if a new version of Go has a setting that must be added to isUnsafe or
// to the list here.
func TestEverySettingOfCryptographyIsKnown(t *testing.T) {
	safe := []string{
		"cryptocustomrand",     // the parameter random of functions that this program does not call with its own
		"tls10server",          // servers only; clients have MinVersion
		"tlsunsafeekm",         // this program exports no keying material
		"x509keypairleaf",      // certificates of servers and clients
		"x509rsacrt",           // private keys
		"x509sha256skid",       // new certificates
		"x509usefallbackroots", // this program has no fallback roots
		"x509usepolicies",      // new certificates
	}
	name := regexp.MustCompile(`^/godebug/non-default-behavior/((crypto|fips|rsa|tls|x509).*):events$`)
	count := 0
	for _, metric := range metrics.All() {
		if found := name.FindStringSubmatch(metric.Name); found != nil {
			count++
			if slices.Contains(safe, found[1]) == isUnsafe(found[1]) {
				t.Errorf("decide whether GODEBUG=%s is safe", found[1])
			}
		}
	}
	if count < 10 {
		t.Errorf("%d settings were found", count)
	}
}
