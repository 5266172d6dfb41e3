package identity

import (
	"context"

	"github.com/aliyun/alibaba-cloud-sdk-go/sdk/auth/credentials"
)

// Static returns an identity that signs with a permanent AccessKey.
func Static(source, accessKeyId, secret string) *Identity {
	return Temporary(source, accessKeyId, secret, "")
}

// Temporary returns an identity that signs with a temporary AccessKey and its security token.
// Without a token the AccessKey is a permanent one.
func Temporary(source, accessKeyId, secret, token string) *Identity {
	return &Identity{Source: source, AccessKeyId: accessKeyId, provider: fixed(accessKeyId, secret, token)}
}

// fixed returns a provider of these keys, whose token may be empty.
func fixed(accessKeyId, secret, token string) credentials.CredentialsProvider {
	if token == "" {
		return credentials.NewStaticAKCredentialsProvider(accessKeyId, secret)
	}
	return credentials.NewStaticSTSCredentialsProvider(accessKeyId, secret, token)
}

// expiryMargin is how long before their end temporary credentials are renewed: the SDK's own.
const expiryMargin = 180 // seconds

// fetch is one call of a provider. The SDK's providers know no context and are not safe for
// concurrent use, so there is one call at a time, and all who wait share its result.
type fetch struct {
	ended chan struct{}
	keys  *credentials.Credentials
	err   error
}

// keys returns what to sign with now. The provider keeps it until shortly before it expires.
func (i *Identity) keys(ctx context.Context) (*credentials.Credentials, error) {
	f := i.fetching()
	select {
	case <-f.ended:
		return f.keys, f.err
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

// fetching returns the fetch that is running, or begins one.
func (i *Identity) fetching() *fetch {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.current == nil || i.current.done() {
		i.current = &fetch{ended: make(chan struct{})}
		go i.current.run(i.provider)
	}
	return i.current
}

func (f *fetch) run(provider credentials.CredentialsProvider) {
	defer close(f.ended)
	f.keys, f.err = provider.GetCredentials()
}

// done reports whether the fetch has ended.
func (f *fetch) done() bool {
	select {
	case <-f.ended:
		return true
	default:
		return false
	}
}
