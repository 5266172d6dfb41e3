package ecs

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/identity"
	"ecs-activation/internal/identity/identitytest"
	"ecs-activation/internal/netfault"
)

// Calls whose keys have to be fetched first.

// ofRole returns the identity of a role of this STS.
func ofRole(t testing.TB, sts string) *identity.Identity {
	t.Helper()
	return ofProfile(t, identity.Search{STS: sts}, `"mode":"RamRoleArn","access_key_id":"`+theKeyId+`","access_key_secret":"`+theSecret+`","ram_role_arn":"`+identitytest.Role+`"`)
}

// ofProfile returns the identity of a profile of the aliyun CLI with these fields.
func ofProfile(t testing.TB, search identity.Search, fields string) *identity.Identity {
	t.Helper()
	search.ProfilePath, search.ProfileName, search.Explicit = filepath.Join(t.TempDir(), "config.json"), "x", true
	search.Env = func(string) (string, bool) { return "", false }
	if err := os.WriteFile(search.ProfilePath, []byte(`{"profiles":[{"name":"x",`+fields+`}]}`), 0o600); err != nil {
		t.Fatal(err)
	}
	found, err := search.Find(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// listError returns the error of a list with this identity, from a server that answers well.
func listError(t testing.TB, signer *identity.Identity) (*fakeServer, error) {
	t.Helper()
	s, _ := startServer(t)
	client := s.client(t, func(o *Options) { o.Identity = signer })
	_, err := operations["list"](t.Context(), client)
	return s, err
}

func TestTheKeysOfARoleSignACall(t *testing.T) {
	s, err := listError(t, ofRole(t, identitytest.NewSTS(t).Host()))
	if err != nil {
		t.Fatal(err)
	}
	if query := s.queries()[0]; query.Get("AccessKeyId") != "STS.1" || query.Get("SecurityToken") != theToken {
		t.Errorf("signed with %s and %s", query.Get("AccessKeyId"), query.Get("SecurityToken"))
	}
}

func TestManyCallsShareOneFetchOfTheirCredentials(t *testing.T) {
	sts := identitytest.NewSTS(t)
	signer := ofRole(t, sts.Host())
	s, _ := startServer(t)
	client := s.client(t, func(o *Options) { o.Identity = signer })
	var group sync.WaitGroup
	for range 50 {
		group.Go(func() {
			if _, err := operations["list"](t.Context(), client); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if n := len(sts.Requests()); n != 1 {
		t.Errorf("STS got %d requests", n)
	}
}

func TestAFetchThatHangsEndsWithTheContextOfTheCall(t *testing.T) {
	sts := identitytest.NewSTS(t)
	sts.Instead = hang
	signer := ofRole(t, sts.Host())
	for cause, kind := range map[error]activation.Kind{context.Canceled: activation.KindInterrupted, context.DeadlineExceeded: activation.KindUnavailable, errEnough: activation.KindOther} {
		hint := map[error]string{context.DeadlineExceeded: netfault.CheckNetwork}[cause]
		ctx, cancel := context.WithCancelCause(t.Context())
		time.AfterFunc(50*time.Millisecond, func() { cancel(cause) })
		s, _ := startServer(t)
		client := s.client(t, func(o *Options) { o.Identity = signer })
		begun := time.Now()
		_, err := operations["create"](ctx, client)
		known := wantError(t, err)
		if known.Kind != kind || !errors.Is(err, cause) || known.Err.Error() != cause.Error() || known.Hint != hint || !known.NothingDone || len(s.queries()) != 0 || time.Since(begun) > 5*time.Second {
			t.Errorf("%v: %+v after %s", cause, known, time.Since(begun))
		}
	}
	sts.CloseClientConnections()
}

func TestWhatRepetitionCannotHelpIsGivenUpAtOnce(t *testing.T) {
	for name, err := range map[string]error{
		"a mistyped region of STS":       &net.DNSError{IsNotFound: true, Err: "no such host", Name: "x"},
		"an unknown certificate":         &tls.CertificateVerificationError{Err: x509.UnknownAuthorityError{}},
		"a proxy's address that is none": netfault.ErrProxyAddress,
	} {
		o := noAnswer(unsent{&activation.Error{Kind: activation.KindUnavailable, Err: fmt.Errorf("cannot reach STS: %w", netfault.Explain(err))}})
		if o.maxAttempts != oneAttempt || !o.notExecuted || o.kind() != activation.KindUnavailable {
			t.Errorf("%s: %+v", name, o)
		}
	}
}

func TestARefusalOfSTSEndsACallBeforeTheServiceIsAsked(t *testing.T) {
	sts := identitytest.NewSTS(t)
	sts.Instead = identitytest.STSRefusal("NoPermission")
	s, err := listError(t, ofRole(t, sts.Host()))
	known := wantError(t, err)
	if known.Kind != activation.KindIdentity || known.Code != "NoPermission" || known.RequestID != "R-STS" || !known.NothingDone || known.Op != "list" {
		t.Errorf("%+v", known)
	}
	if a := s.traced(); len(s.queries()) != 0 || len(a) != 1 || a[0].Code != "NoPermission" || a[0].RequestID != "R-STS" || a[0].Wait != 0 {
		t.Errorf("%d requests, traced as %+v", len(s.queries()), a)
	}
	hidesSecrets(t, s.shown(known))
}

func TestSTSThatCannotBeReachedIsTriedAgainAndThenWorthRetrying(t *testing.T) {
	sts := identitytest.NewSTS(t)
	answered := 0
	sts.Instead = func(w http.ResponseWriter, r *http.Request) {
		if answered++; answered < 3 {
			torn("")(w, r)
			return
		}
		sts.Instead = nil
		answer(500, `{"Code":"InternalError","RequestId":"R-2"}`)(w, r)
	}
	s, err := listError(t, ofRole(t, sts.Host()))
	if err != nil || len(s.queries()) != 1 || len(sts.Requests()) < 4 {
		t.Errorf("%v after %d requests", err, len(sts.Requests()))
	}
	for _, a := range s.traced()[:3] {
		if a.Wait == 0 || a.Err == nil || strings.HasPrefix(a.Err.Error(), "cannot list") {
			t.Errorf("traced as %+v", a)
		}
	}

	const host = "127.0.0.1:1" // no server listens there
	s, err = listError(t, ofRole(t, host))
	known := wantError(t, err)
	if known.Kind != activation.KindUnavailable || !known.NothingDone || len(s.traced()) != fewAttempts || !strings.Contains(known.Error(), "cannot reach STS ("+host+")") {
		t.Errorf("%+v after %d attempts", known, len(s.traced()))
	}
	hidesSecrets(t, s.shown(known))
}

func TestAnInstanceWithoutAUsableRoleEndsACallBeforeTheServiceIsAsked(t *testing.T) {
	t.Parallel()
	const role = identitytest.RoleFolder + "web-role"
	for name, instead := range map[string]map[string]http.HandlerFunc{
		"no role":     {identitytest.RoleFolder: http.NotFound},
		"a page":      {role: answer(http.StatusOK, "<html>"+theMark)},
		"a failure":   {role: answer(http.StatusOK, `{"Code":"`+theMark+`","AccessKeyId":"a","AccessKeySecret":"`+theSecret+`","SecurityToken":"t"}`)},
		"an odd name": {identitytest.RoleFolder: answer(http.StatusOK, "../../"+theMark)},
		"a redirect":  {identitytest.RoleFolder: http.RedirectHandler(role+"?"+theMark, http.StatusFound).ServeHTTP},
	} {
		i := identitytest.NewInstance(t)
		i.Instead = instead
		s, err := listError(t, ofProfile(t, identity.Search{Metadata: i.URL}, `"mode":"EcsRamRole"`))
		known := wantError(t, err)
		if known.Kind != activation.KindIdentity || known.Op != "list" || known.Hint == "" || !known.NothingDone || len(s.queries()) != 0 || len(s.traced()) != 1 {
			t.Errorf("%s: %+v after %d requests", name, known, len(s.queries()))
		}
		hidesSecrets(t, s.shown(known))
	}
}

func TestAnExpiredTokenOfTheServiceIsNoRefusalOfSTS(t *testing.T) {
	sts := identitytest.NewSTS(t)
	signer := ofRole(t, sts.Host())
	s, _ := startServer(t, refusal(400, "InvalidSecurityToken.Expired"))
	client := s.client(t, func(o *Options) { o.Identity = signer })
	_, err := operations["list"](t.Context(), client)
	if known := wantError(t, err); known.Kind != activation.KindIdentity || strings.Contains(known.Hint, "STS") {
		t.Errorf("%+v", known)
	}
}
