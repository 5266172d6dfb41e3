package wire

import (
	"context"
	"encoding/base64"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"ecs-activation/internal/sandbox/cloud"
	"ecs-activation/internal/sandbox/store"
)

// accounts returns a function that runs work on the account of a new sandbox.
func accounts(t testing.TB) func(work func(*cloud.Account) error) error {
	limits, err := cloud.LimitsOf("", 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	s := store.New(filepath.Join(t.TempDir(), "sandbox.db"))
	return func(work func(*cloud.Account) error) error {
		return s.Update(context.Background(), func(tx *store.Tx) error { return work(cloud.Open(tx, limits, time.Now())) })
	}
}

func FuzzNoSecurityTokenButOursIsAccepted(f *testing.F) {
	view := accounts(f)
	err := view(func(a *cloud.Account) error {
		own, err := newSecurityToken(a, cloud.Session{AccessKeyId: "STS.x", RoleArn: "acs:ram::1:role/r", Name: "x1", Expires: 1 << 40})
		f.Add(own)
		f.Add(own + "AAAA")
		return err
	})
	if err != nil {
		f.Fatal(err)
	}
	f.Add("")
	f.Add(base64.StdEncoding.EncodeToString([]byte(`{"AccessKeyId":"STS.x","Expires":1e40}`)))
	f.Fuzz(func(t *testing.T, token string) {
		err := view(func(a *cloud.Account) error {
			read, err := readSecurityToken(a, token)
			if err != nil {
				return nil // refused, as it should be
			}
			again, err := newSecurityToken(a, read)
			if plain := strings.NewReplacer("\r", "", "\n", "").Replace(token); err == nil && again != plain {
				return fmt.Errorf("a token that is not ours is read as %+v", read)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	})
}
