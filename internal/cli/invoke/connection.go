package invoke

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

// Connection is how a command reaches the service, or the sandbox.
type Connection struct {
	activation.Service
	Client   *ecs.Client
	Reader   *fleet.Reader
	Identity *identity.Identity
}

// Connect finds the identity and the endpoint, or starts the sandbox in this process.
func Connect(s *Invocation) (*Connection, error) { return connectWith(s, nil) }

// connectWith is Connect with a function that is called before a request is repeated.
func connectWith(s *Invocation, onRetry func()) (*Connection, error) {
	if s.LimitMemory != nil {
		s.LimitMemory()
	}
	c := &Connection{}
	options := ecs.Options{UserAgent: message.Program + "/" + s.Program.Version, Proxy: s.Proxy, Env: s.Env, Now: s.Now, Trace: trace(s, c, onRetry)}
	if err := resolveTarget(s, &options); err != nil {
		return nil, err
	}
	client := ecs.New(options)
	s.closers = append(s.closers, func() error { client.Close(); return nil })
	c.Service, c.Client, c.Reader, c.Identity = client, client, fleet.NewReader(client), options.Identity
	if isDryRun(s) {
		c.Service = fleet.DryRun{Service: client}
	}
	return c, nil
}

// isDryRun reports whether the command has --dry-run.
func isDryRun(s *Invocation) bool {
	flag := s.Cmd.Flag("dry-run")
	return flag != nil && flag.Value.String() == "true"
}

// resolveTarget fills in the endpoint and the identity.
func resolveTarget(s *Invocation, options *ecs.Options) (err error) {
	if s.Sandbox() {
		return startSandbox(s, options)
	}
	if options.Endpoint, err = endpointOf(s); err != nil {
		return err
	}
	options.Identity, err = FindIdentity(s)
	return err
}

// endpointOf returns the endpoint of the settings.
func endpointOf(s *Invocation) (ecs.Endpoint, error) {
	value := s.Settings.Value("endpoint")
	endpoint, err := ecs.ParseEndpoint(value.Value)
	if err != nil {
		return endpoint, cmdline.Wrong(s.Op, activation.Textf("%s: %q %w", value.Source, bootstrap.WithoutUser(value.Value), err))
	}
	return endpoint, nil
}

// Addresses returns a function that returns where requests for a region are sent. In the sandbox, which may
// have another port in each process, this is the word sandbox.
func Addresses(s *Invocation) (func(region string) string, error) {
	if s.Sandbox() {
		return func(string) string { return "sandbox" }, nil
	}
	endpoint, err := endpointOf(s)
	return endpoint.Address, err
}

// startSandbox serves the sandbox inside this process and points the client at it.
func startSandbox(s *Invocation, options *ecs.Options) error {
	box, err := OpenSandbox(s)
	if err != nil {
		return err
	}
	ctx, stop := s.WithTimeout() // another process may be using the sandbox's file
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
func search(s *Invocation) identity.Search {
	search := identity.Search{
		Env:         s.Env,
		ProfileName: s.Settings.Text("profile"),
		Explicit:    s.Settings.ProfileIsExplicit(),
		Now:         s.Now,
		Proxy:       s.Proxy,
	}
	if name := s.Settings.Value("profile"); !name.FromFlag() {
		search.ProfileSource = name.Source
	}
	if home, err := s.Home(); err == nil { // an account without a home, as in some containers, has no such files
		search.ProfilePath = filepath.Join(home, ".aliyun", "config.json")
		search.CredentialsPath = filepath.Join(home, ".alibabacloud", "credentials")
	}
	return search
}

// FindIdentity returns the identity that signs the requests. It may request the role of the instance from
// its metadata service.
func FindIdentity(s *Invocation) (*identity.Identity, error) {
	ctx, stop := s.WithTimeout()
	defer stop()
	found, err := search(s).Find(ctx)
	if err != nil {
		return nil, withOp(s.Op, err)
	}
	if found.Exposed != "" && s.IO.Err.Terminal {
		s.Program.exposed.Do(func() {
			s.Notef("note: other users of this machine can read %s, which has keys; run:  chmod 600 %s", found.Exposed, message.Words(found.Exposed))
		})
	}
	return found, nil
}

// withOp returns err with the operation that failed.
func withOp(op string, err error) error {
	var known *activation.Error
	if errors.As(err, &known) {
		known.Op = op
	}
	return err
}

// ResolveRegion sets the region of the settings, if they have none, to that of the profile or of the
// sandbox.
func ResolveRegion(s *Invocation) error {
	if s.Sandbox() {
		s.Settings.SetProfileRegion("the sandbox", "cn-hangzhou")
		return nil
	}
	if s.Settings.Text("region") != "" && !s.Settings.ProfileIsExplicit() {
		return nil
	}
	profile, instead, err := search(s).Profile()
	switch {
	case err != nil:
		return withOp(s.Op, err)
	case profile != nil && instead != "":
		s.Notef("note: the region of profile %s is not used, because environment %s is used instead of its keys", profile.Name, instead)
	case profile != nil:
		s.Settings.SetProfileRegion(activation.Origin("profile "+profile.Name), profile.RegionId)
	}
	return nil
}

// needRegion is ResolveRegion for a command that needs a region. If neither a region nor credentials are
// set, it reports the missing credentials, because a user must configure them first.
func needRegion(s *Invocation) error {
	err := ResolveRegion(s)
	if err != nil || s.Settings.Text("region") != "" {
		return err
	}
	for _, name := range []string{"REGION_ID", "REGION"} {
		if value, _ := s.Env(name); value != "" {
			s.Notef("note: %s is set, but not read: it may belong to another cloud; set %s", name, "ALIBABA_CLOUD_REGION_ID")
		}
	}
	if !isDryRun(s) {
		_, err = FindIdentity(s)
	}
	return err
}

// OneRegion returns the region of a command that takes one region, or "" if none is set.
func OneRegion(s *Invocation) (string, error) {
	if err := needRegion(s); err != nil {
		return "", err
	}
	region := s.Settings.Text("region")
	if strings.Contains(region, ",") {
		return "", cmdline.Wrong(s.Op, activation.Textf("this command takes one region, but %s lists several: %s", s.Settings.Value("region").Source, region)).Advise("give one region")
	}
	return region, nil
}

// trace returns a function that reports attempts: all of them with --debug, only repeated ones on a
// terminal.
func trace(s *Invocation, c *Connection, onRetry func()) func(ecs.Attempt) {
	debug := s.Settings.Bool("debug")
	var throttled sync.Once
	return func(a ecs.Attempt) {
		slower := activation.Throttles(a.Code) && c.Reader.Throttled(a.RegionId)
		if slower {
			throttled.Do(func() {
				s.Notef("note: %s is throttling requests (%s); reading more slowly", a.RegionId, ui.Clean(a.Code))
			})
		}
		if a.Wait > 0 && onRetry != nil {
			onRetry()
		}
		switch {
		case debug:
			s.Notef("debug: %s", ui.Clean(a.String()))
		case a.Wait > 0 && s.Printer.Err.Terminal && !slower:
			s.Note(s.Printer.Err.Paint(ui.Faint, ui.Clean(CauseOf(s, a.Retry()))))
		}
	}
}

// SandboxPath returns the file that holds the sandbox.
func SandboxPath(p *process.Process) (string, error) {
	folder, err := p.StateFolder()
	return filepath.Join(folder, "sandbox.db"), err
}

// OpenSandbox returns the sandbox with the limits of the settings. It prints that the sandbox is used.
func OpenSandbox(s *Invocation) (*sandbox.Sandbox, error) {
	path, err := SandboxPath(s.Process)
	if err != nil {
		return nil, err
	}
	box, err := simulator.Open(s.Settings, path, s.Now, s.Notef)
	if errors.As(err, new(*simulator.WrongFault)) {
		err = cmdline.Wrong(s.Op, err)
	}
	return box, err
}

// AllRegions reports whether a command with a flag --all-regions reads all regions. If only a setting has set the flag,
// --region on the command line replaces it.
func AllRegions(s *Invocation, all bool) bool {
	return all && (s.Cmd.Flag("all-regions").Changed || !Given(s, "region"))
}

// RegionsOf returns the regions of the settings, at least one, or all regions.
func RegionsOf(s *Invocation, all bool) ([]string, error) {
	if all {
		if Given(s, "region") {
			return nil, cmdline.Usage(s.Op, "--all-regions and --region cannot be combined", "omit --region to read all regions, or --all-regions to read only that region")
		}
		return activation.Regions(), nil
	}
	if err := needRegion(s); err != nil {
		return nil, err
	}
	var regions []string
	named := s.Settings.Value("region")
	for region := range strings.SplitSeq(named.Value, ",") {
		if region == "" && named.Value != "" {
			return nil, cmdline.Wrong(s.Op, activation.Textf("%s: %q contains an empty region", named.Source, named.Value)).Advise("was a variable in it not set?")
		}
		if !slices.Contains(regions, region) {
			regions = append(regions, region)
		}
	}
	return regions, nil
}
