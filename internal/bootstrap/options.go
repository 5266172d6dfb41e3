package bootstrap

// option is one option of the agent.
type option struct{ name, value string }

// text returns the option as one argument. With "=", a value that starts with "-" is not parsed as an
// option. Agent 2.2.3.578 accepts "--name=value" and "--name value".
func (o option) text(quote func(string) string) string { return "--" + o.name + "=" + quote(o.value) }

// options returns the options of the agent, without the code, which a script adds itself.
func (r Registration) options() []option {
	list := []option{{"RegionId", r.RegionId}, {"ActivationId", r.ActivationId}}
	if r.InstanceName != "" {
		list = append(list, option{"InstanceName", r.InstanceName})
	}
	if r.NetworkMode != "" {
		list = append(list, option{"NetworkMode", r.NetworkMode})
	}
	for _, t := range r.Tags {
		list = append(list, option{"tag", t.TagKey + "=" + t.TagValue})
	}
	return list
}
