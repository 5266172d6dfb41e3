package many

import (
	"strings"

	"github.com/spf13/pflag"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/batch"
	"ecs-activation/internal/bootstrap"
	"ecs-activation/internal/cli/invoke"
	"ecs-activation/internal/cli/issue"
	"ecs-activation/internal/cmdline"
	"ecs-activation/internal/codefile"
	"ecs-activation/internal/disk"
	"ecs-activation/internal/message"
	"ecs-activation/internal/ui"
	"ecs-activation/internal/view"
)

// Options are the flags of create that a list can be combined with.
type Options struct {
	issue.RequestOptions
	From, saveDir, batch string
	renew, DryRun        bool
	Machine              bootstrap.Machine
}

// Timeout is the default of --timeout with --from.
const Timeout = "1h"

// AddList adds the flags for a list.
func (o *Options) AddList(f *pflag.FlagSet) {
	f.StringVar(&o.From, "from", "", "create one code for each row of a CSV or JSON Lines `file`; - is standard input")
	f.StringVar(&o.saveDir, "save-dir", "", "with --from: write each code to its own file in this `folder`, named by its instance name")
	f.StringVar(&o.batch, "batch", "", "with --from: `name` of the batch (default: a hash of the rows and flags)")
	f.BoolVar(&o.renew, "renew", false, "with --from: make new codes for the rows whose codes are expired, disabled or deleted")
}

// suffixes are the suffixes of the files in --save-dir that are scripts.
func suffixes() map[string]string {
	return map[string]string{bootstrap.Shell: ".sh", bootstrap.PowerShell: ".ps1", bootstrap.CloudInit: ".yaml"}
}

// CheckSingle returns an error if flags for a list were given without one.
func (o Options) CheckSingle(s *invoke.Invocation) error {
	flag := ""
	switch {
	case o.saveDir != "":
		flag = "--save-dir"
	case o.batch != "":
		flag = "--batch"
	case o.renew:
		flag = "--renew"
	default:
		return nil
	}
	return cmdline.Wrong(s.Op, activation.Textf("%s requires --from FILE", flag)).Advise("give a list with one row for each code, or omit %s", flag)
}

// check returns an error if flags contradict each other.
func (m *many) check() error {
	s, o, format := m.s, m.options, m.s.Printer.Format
	_, isFile := suffixes()[format]
	switch {
	case isFile && o.saveDir == "":
		return cmdline.Wrong(s.Op, activation.Textf("-o %s with --from requires --save-dir FOLDER, because each row has its own script", format)).Advise("give --save-dir FOLDER")
	case format == view.FormatCode && o.saveDir != "":
		return cmdline.Wrong(s.Op, activation.Textf("-o code cannot be combined with --from and --save-dir")).Advise("omit -o code or --save-dir")
	case format == bootstrap.Command || format == bootstrap.Environment:
		return cmdline.Wrong(s.Op, activation.Textf("-o %s cannot be combined with --from", format)).Advise(
			"give -o json, jsonl, yaml or table, or --save-dir FOLDER with -o sh, powershell or cloud-init")
	case s.Printer.Select != nil && s.Printer.Document():
		return cmdline.Wrong(s.Op, &message.NeedsFormat{Flag: "--jq with --from", Formats: []string{ui.FormatJSONLines}}).Advise("add -o jsonl")
	case o.saveDir != "" && strings.Contains(o.Machine.Proxy, "@"):
		return cmdline.Usage(s.Op, "--machine-proxy with a user cannot be combined with --save-dir, because the records of the creates would contain the password", "give the proxy without a user")
	}
	return issue.MayPrintCode(s, "")
}

// flags returns the values for what rows do not have, and the problems of empty values.
func (m *many) flags() (batch.Flags, activation.Problems, error) {
	s, o := m.s, m.options
	if err := invoke.ResolveRegion(s); err != nil {
		return batch.Flags{}, nil, err
	}
	flags := batch.Flags{CreateText: o.CreateText, Region: s.Settings.Text("region"), Lenient: o.SkipValidation, Name: o.batch,
		Sandbox: s.Sandbox(), Endpoint: issue.RecordedEndpoint(s)}
	if strings.Contains(flags.Region, ",") {
		return flags, nil, cmdline.Wrong(s.Op, activation.Textf("%s lists several regions: %s", s.Settings.Value("region").Source, flags.Region)).Advise(
			"give one region for rows without one, and the others in a column region")
	}
	if s.Settings.ProfileIsExplicit() && !s.Sandbox() {
		flags.Account = []string{s.Settings.Text("profile")}
	}
	invoke.MentionTags(s, o.Tags)
	problems := issue.EmptyValues(s)
	const longest = 100
	if strings.ContainsFunc(o.batch, func(r rune) bool { return ui.Clean(string(r)) != string(r) }) {
		problems.Add("Batch", o.batch, activation.FormText)
	}
	if n := len([]rune(o.batch)); n > longest {
		problems.Add("Batch", o.batch, activation.Length{Min: 1, Max: longest, Got: n})
	}
	return flags, problems, nil
}

// saveFolder returns the folder for the files.
func (m *many) saveFolder() (batch.Folder, error) {
	s, o := m.s, m.options
	if o.saveDir == "" {
		return batch.Folder{}, nil
	}
	path, err := codefile.RealFolder(o.saveDir) // the records compare the files
	if err != nil {
		return batch.Folder{}, unusableFolder(s, err)
	}
	folder := batch.Folder{Path: path, Suffix: ".json", Disk: disk.OS{}, Now: s.Now()}
	if suffix, isScript := suffixes()[s.Printer.Format]; isScript {
		folder.Suffix, folder.Form = suffix, append([]string{s.Printer.Format}, issue.MachineFlags(s.Cmd)...)
	} else {
		folder.Accept = issue.Accept(s)
	}
	return folder, nil
}

// unusableFolder returns the error of a folder in which no files can be written.
func unusableFolder(s *invoke.Invocation, err error) error {
	return cmdline.Wrong(s.Op, activation.Textf("cannot create the folder for the codes: %w", err)).Advise("give a folder that you can write to")
}
