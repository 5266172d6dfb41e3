package cli

import (
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/bootstrap"
	"ecs-activation/internal/cli/simulator"
	"ecs-activation/internal/cmdline"
	"ecs-activation/internal/ecs"
	"ecs-activation/internal/fleet"
	"ecs-activation/internal/identity"
	"ecs-activation/internal/message"
	"ecs-activation/internal/process"
	"ecs-activation/internal/sandbox"
	"ecs-activation/internal/ui"
)

// connection is how a command reaches the service, or the sandbox.
type connection struct {
	activation.Service
	client   *ecs.Client
	reader   *fleet.Reader
	identity *identity.Identity
}

// connect finds the identity and the endpoint, or starts the sandbox in this process.
func connect(s *invocation) (*connection, error) { return connectWith(s, nil) }

// connectWith is connect with a function that is called before a request is repeated.
func connectWith(s *invocation, onRetry func()) (*connection, error) {
	c := &connection{}
	options := ecs.Options{UserAgent: message.Program + "/" + s.app.Version, Proxy: s.Proxy, Now: s.Now, Trace: trace(s, c, onRetry)}
	if err := resolveTarget(s, &options); err != nil {
		return nil, err
	}
	client := ecs.New(options)
	s.closers = append(s.closers, func() error { client.Close(); return nil })
	c.Service, c.client, c.reader, c.identity = client, client, fleet.NewReader(client), options.Identity
	if isDryRun(s) {
		c.Service = fleet.DryRun{Service: client}
	}
	return c, nil
}

// isDryRun reports whether the command has --dry-run.
func isDryRun(s *invocation) bool {
	flag := s.cmd.Flag("dry-run")
	return flag != nil && flag.Value.String() == "true"
}

// resolveTarget fills in the endpoint and the identity.
func resolveTarget(s *invocation, options *ecs.Options) (err error) {
	if s.sandbox() {
		return startSandbox(s, options)
	}
	if options.Endpoint, err = endpointOf(s); err != nil {
		return err
	}
	options.Identity, err = findIdentity(s)
	return err
}

// endpointOf returns the endpoint of the settings.
func endpointOf(s *invocation) (ecs.Endpoint, error) {
	value := s.settings.Value("endpoint")
	endpoint, err := ecs.ParseEndpoint(value.Value)
	if err != nil {
		return endpoint, cmdline.Wrong(s.op, activation.Textf("%s: %q %w", value.Source, bootstrap.WithoutUser(value.Value), err))
	}
	return endpoint, nil
}

// addresses returns a function that returns where requests for a region are sent. In the sandbox, which may
// have another port in each process, this is the word sandbox.
func addresses(s *invocation) (func(region string) string, error) {
	if s.sandbox() {
		return func(string) string { return "sandbox" }, nil
	}
	endpoint, err := endpointOf(s)
	return endpoint.Address, err
}

// startSandbox serves the sandbox inside this process and points the client at it.
func startSandbox(s *invocation, options *ecs.Options) error {
	box, err := openSandbox(s)
	if err != nil {
		return err
	}
	ctx, stop := s.withTimeout() // another process may be using the sandbox's file
	server, err := simulator.Start(ctx, box)
	stop()
	if err != nil {
		return err
	}
	s.closers = append(s.closers, server.Close)
	options.Identity = identity.Static("the sandbox", server.Keys.AccessKeyId, server.Keys.AccessKeySecret)
	options.Endpoint, err = ecs.ParseEndpoint(server.URL)
	return err
}

// search returns the places in which an identity is searched.
func search(s *invocation) identity.Search {
	search := identity.Search{
		Env:         s.Env,
		ProfileName: s.settings.Text("profile"),
		Explicit:    s.settings.ProfileIsExplicit(),
		Now:         s.Now,
		Proxy:       s.Proxy,
	}
	if home, err := s.Home(); err == nil { // an account without a home, as in some containers, has no such files
		search.ProfilePath = filepath.Join(home, ".aliyun", "config.json")
		search.CredentialsPath = filepath.Join(home, ".alibabacloud", "credentials")
	}
	return search
}

// findIdentity returns the identity that signs the requests. It may request the role of the instance from
// its metadata service.
func findIdentity(s *invocation) (*identity.Identity, error) {
	ctx, stop := s.withTimeout()
	defer stop()
	found, err := search(s).Find(ctx)
	return found, withOp(s.op, err)
}

// withOp returns err with the operation that failed.
func withOp(op string, err error) error {
	var known *activation.Error
	if errors.As(err, &known) {
		known.Op = op
	}
	return err
}

// resolveRegion sets the region of the settings, if they have none, to that of the profile or of the
// sandbox.
func resolveRegion(s *invocation) error {
	if s.sandbox() {
		s.settings.SetProfileRegion("the sandbox", "cn-hangzhou")
		return nil
	}
	if s.settings.Text("region") != "" && !s.settings.ProfileIsExplicit() {
		return nil
	}
	profile, err := search(s).Profile()
	if err != nil {
		return withOp(s.op, err)
	}
	if profile != nil {
		s.settings.SetProfileRegion("profile "+profile.Name, profile.RegionId)
	}
	return nil
}

// needRegion is resolveRegion for a command that needs a region. If neither a region nor credentials are
// set, it reports the missing credentials, because a user must configure them first.
func needRegion(s *invocation) error {
	err := resolveRegion(s)
	if err == nil && s.settings.Text("region") == "" && !isDryRun(s) {
		_, err = findIdentity(s)
	}
	return err
}

// oneRegion returns the region of a command that takes one region, or "" if none is set.
func oneRegion(s *invocation) (string, error) {
	if err := needRegion(s); err != nil {
		return "", err
	}
	region := s.settings.Text("region")
	if strings.Contains(region, ",") {
		return "", cmdline.Wrong(s.op, activation.Textf("this command takes one region, but %s lists several: %s", s.settings.Value("region").Source, region)).Advise("give one region")
	}
	return region, nil
}

// trace returns a function that reports attempts: all of them with --debug, only repeated ones on a
// terminal.
func trace(s *invocation, c *connection, onRetry func()) func(ecs.Attempt) {
	debug := s.settings.Bool("debug")
	var throttled sync.Once
	return func(a ecs.Attempt) {
		slower := activation.Throttles(a.Code) && c.reader.Throttled(a.RegionId)
		if slower {
			throttled.Do(func() {
				s.notef("note: %s is throttling requests (%s); reading more slowly", a.RegionId, ui.Clean(a.Code))
			})
		}
		if a.Wait > 0 && onRetry != nil {
			onRetry()
		}
		switch {
		case debug:
			s.notef("debug: %s", ui.Clean(a.String()))
		case a.Wait > 0 && s.printer.Err.Terminal && !slower:
			s.note(s.printer.Err.Paint(ui.Faint, ui.Clean(causeOf(s, a.Retry()))))
		}
	}
}

// sandboxPath returns the file that holds the sandbox.
func sandboxPath(p *process.Process) (string, error) {
	folder, err := p.StateFolder()
	return filepath.Join(folder, "sandbox.db"), err
}

// openSandbox returns the sandbox with the limits of the settings. It prints that the sandbox is used.
func openSandbox(s *invocation) (*sandbox.Sandbox, error) {
	path, err := sandboxPath(s.Process)
	if err != nil {
		return nil, err
	}
	box, err := simulator.Open(s.settings, path, s.Now, s.notef)
	if errors.As(err, new(*simulator.WrongFault)) {
		err = cmdline.Wrong(s.op, err)
	}
	return box, err
}

// regionsOf returns the regions of the settings, at least one, or all regions.
func regionsOf(s *invocation, all bool) ([]string, error) {
	if all {
		if s.settings.Value("region").FromFlag() {
			return nil, cmdline.Usage(s.op, "--all-regions and --region cannot be combined", "")
		}
		return activation.Regions(), nil
	}
	if err := needRegion(s); err != nil {
		return nil, err
	}
	var regions []string
	named := s.settings.Value("region")
	for region := range strings.SplitSeq(named.Value, ",") {
		if region == "" && named.Value != "" {
			return nil, cmdline.Wrong(s.op, activation.Textf("%s: %q contains an empty region", named.Source, named.Value)).Advise("was a variable in it not set?")
		}
		if !slices.Contains(regions, region) {
			regions = append(regions, region)
		}
	}
	return regions, nil
}
