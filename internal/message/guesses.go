package message

// Guess is a name that other tools have for a command or a flag, and what this tool has instead.
type Guess struct {
	Asked []string // the names, flags with their hyphens
	Words []string // what to write instead
	Alone string   // the command if no argument follows; empty: the same
	Value bool     // a flag whose value is kept
	Says  string   // the hint; empty: "did you mean"
}

// CommandGuesses returns the names of other tools and of the API for commands.
func CommandGuesses() []Guess {
	return []Guess{
		{Asked: []string{"get", "describe"}, Words: []string{"show"}, Alone: "list"},
		{Asked: []string{"info", "inspect", "view", "DescribeManagedInstances"}, Words: []string{"show"}},
		{Asked: []string{"add", "new", "make", "generate", "issue", "CreateActivation"}, Words: []string{"create"}},
		{Asked: []string{"find", "search", "DescribeActivations"}, Words: []string{"list"}},
		{Asked: []string{"remove", "destroy", "del", "DeleteActivation"}, Words: []string{"delete"}},
		{Asked: []string{"deactivate", "revoke", "stop", "cancel", "DisableActivation"}, Words: []string{"disable"}},
		{Asked: []string{"clean", "cleanup", "gc"}, Words: []string{"prune"}},
		{Asked: []string{"resume", "restore"}, Words: []string{"recover"}},
		{Asked: []string{"watch"}, Words: []string{"list", "--watch"}},
		{Asked: []string{"quota", "usage", "whoami"}, Words: []string{"status"}},
		{Asked: []string{"region", "DescribeRegions"}, Words: []string{"regions"}},
		{Asked: []string{"settings"}, Words: []string{"config"}},
		{
			Asked: []string{"login", "logout", "auth", "configure"}, Words: []string{"config"},
			Says: "credentials come from the environment or a profile of the aliyun CLI; to see which are used",
		},
	}
}

// FlagGuesses returns the names of other tools for flags. A row applies to the commands that have the flag.
func FlagGuesses() []Guess {
	const allPages = "all pages are read; to read all regions as well"
	return []Guess{
		{Asked: []string{"--json"}, Words: []string{"-o", "json"}},
		{Asked: []string{"--jsonl"}, Words: []string{"-o", "jsonl"}},
		{Asked: []string{"--yaml"}, Words: []string{"-o", "yaml"}},
		{Asked: []string{"--format", "--out"}, Words: []string{"-o"}, Value: true},
		{Asked: []string{"--no-header"}, Words: []string{"--no-headers"}},
		{Asked: []string{"--query"}, Words: []string{"--jq"}, Value: true, Says: "use --jq with an expression of jq"},
		{Asked: []string{"-A", "--all-namespaces"}, Words: []string{"--all-regions"}},
		{Asked: []string{"-w"}, Words: []string{"--watch"}},
		{Asked: []string{"-l", "--selector"}, Words: []string{"--tag"}, Value: true},
		{Asked: []string{"-r"}, Words: []string{"--region"}, Value: true},
		{Asked: []string{"--no-color", "--no-colour"}, Words: []string{"--color", "never"}},
		{Asked: []string{"--for"}, Words: []string{"--status"}, Value: true},
		{Asked: []string{"--all", "--all-pages"}, Words: []string{"--all-regions"}, Says: allPages},
		{Asked: []string{"--active"}, Words: []string{"--status", "active"}},
		{Asked: []string{"--expired"}, Words: []string{"--status", "expired"}},
		{Asked: []string{"--exhausted"}, Words: []string{"--status", "exhausted"}},
		{Asked: []string{"--disabled"}, Words: []string{"--status", "disabled"}},
		{Asked: []string{"--filter"}, Words: []string{"--status"}, Value: true, Says: "choose codes with --status, --tag, --instance-name or --resource-group-id"},
		{Asked: []string{"--sort-by", "--order-by"}, Words: []string{"--sort"}, Value: true},
		{Asked: []string{"--expires", "--expiration", "--expiry", "--hours", "--lifetime"}, Words: []string{"--ttl"}, Value: true},
		{Asked: []string{"--uses", "--max-uses", "--count"}, Words: []string{"--instance-count"}, Value: true},
		{Asked: []string{"--cidr", "--ip", "--ip-range"}, Words: []string{"--ip-address-range"}, Value: true},
		{Asked: []string{"--name", "-n"}, Words: []string{"--instance-name"}, Value: true},
		{Asked: []string{"--id"}, Words: []string{"--activation-id"}, Value: true},
		{Asked: []string{"--force", "-f", "--assume-yes"}, Words: []string{"--yes"}},
		{Asked: []string{"--verbose", "-v"}, Words: []string{"--debug"}},
		{Asked: []string{"--version", "-V"}, Words: []string{"version"}},
	}
}
