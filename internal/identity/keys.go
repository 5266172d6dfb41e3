package identity

import (
	"context"
	"strings"
	"unicode"

	"github.com/aliyun/alibaba-cloud-sdk-go/sdk/auth/credentials"

	"ecs-activation/internal/activation"
)

// Static returns an identity that signs with a permanent AccessKey.
func Static(source, accessKeyId, secret string) *Identity {
	return Temporary(source, accessKeyId, secret, "")
}

// Temporary returns an identity that signs with a temporary AccessKey and its security token. If the
// token is empty, the AccessKey is permanent.
func Temporary(source, accessKeyId, secret, token string) *Identity {
	return &Identity{Source: source, AccessKeyId: accessKeyId, provider: fixed(accessKeyId, secret, token)}
}

// fixed returns a provider that always returns these keys. The token may be empty.
func fixed(accessKeyId, secret, token string) credentials.CredentialsProvider {
	if token == "" {
		return credentials.NewStaticAKCredentialsProvider(accessKeyId, secret)
	}
	return credentials.NewStaticSTSCredentialsProvider(accessKeyId, secret, token)
}

// trimmed returns a key without the blanks and line ends around it, which come from a copied line or the end of a
// file.
func trimmed(key string) string { return strings.TrimSpace(key) }

// copyAgain is the hint for a damaged key.
const copyAgain = "copy the key again"

// checkKeys returns an error with the name of the first key that contains a character that no key has. The
// service would only say that the signature is wrong.
func checkKeys(names, keys [3]string) error {
	for i, key := range keys {
		if strings.ContainsFunc(key, func(r rune) bool { return unicode.IsSpace(r) || !unicode.IsPrint(r) }) {
			return activation.Textf("%s contains a blank or a control character", names[i])
		}
	}
	return nil
}

// expiryMargin is how long before they expire temporary credentials are renewed, as in the SDK.
const expiryMargin = 180 // seconds

// fetch is one call of a provider. The SDK's providers do not accept a context and are not safe for
// concurrent use. So there is only one call at a time, and all callers that wait share its result.
type fetch struct {
	done chan struct{}
	keys *credentials.Credentials
	err  error
}

// keys returns the current keys. The provider caches them until shortly before they expire.
func (i *Identity) keys(ctx context.Context) (*credentials.Credentials, error) {
	f := i.startFetch()
	select {
	case <-f.done:
		return f.keys, f.err
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

// startFetch returns the running fetch, or starts one.
func (i *Identity) startFetch() *fetch {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.current == nil || i.current.isDone() {
		i.current = &fetch{done: make(chan struct{})}
		go i.current.run(i.provider)
	}
	return i.current
}

// run calls the provider and stores its result.
func (f *fetch) run(provider credentials.CredentialsProvider) {
	defer close(f.done)
	f.keys, f.err = provider.GetCredentials()
}

// isDone reports whether the fetch has finished.
func (f *fetch) isDone() bool {
	select {
	case <-f.done:
		return true
	default:
		return false
	}
}
