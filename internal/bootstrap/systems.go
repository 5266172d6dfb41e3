package bootstrap

import (
	"strconv"
	"strings"
)

// system is an operating system on which the agent can register a machine.
type system struct {
	text  string // as the documentation names it
	since int    // the first major version; 0: every version
	ids   string // the values of ID in /etc/os-release, separated by spaces; empty: not a Linux system
}

// The source of the systems. The page of 2021 named Alibaba Cloud Linux 2 only.
const systemsPage, systemsDate = "CreateActivation", "2026-06-25"

// systems returns the documented systems. Newer versions belong to the list, because the page ends each
// list of versions with "and later".
func systems() []system {
	return []system{
		{"Alibaba Cloud Linux 2/3 and later", 2, "alinux"},
		{"CentOS 6/7/8 and later", 6, "centos"},
		{"Debian 8/9/10 and later", 8, "debian"},
		{"Ubuntu 12/14/16/18 and later", 12, "ubuntu"},
		{"CoreOS", 0, "coreos"},
		{"openSUSE", 0, "opensuse opensuse-leap opensuse-tumbleweed"},
		{"Red Hat 5/6/7 and later", 5, "rhel"},
		{"SUSE Linux Enterprise Server 11/12/15 and later", 11, "sles sles_sap"},
		{"Windows Server 2012/2016/2019 and later", 2012, ""},
	}
}

// documented returns the systems as text, with their source.
func documented() string {
	var texts []string
	for _, s := range systems() {
		texts = append(texts, s.text)
	}
	return strings.Join(texts, ", ") + " (" + systemsPage + ", " + systemsDate + ")"
}

// distributions returns the Linux systems for the shell script: the ID and the first version of each, as
// "debian:8 ubuntu:12".
func distributions() string {
	var words []string
	for _, s := range systems() {
		for id := range strings.FieldsSeq(s.ids) {
			words = append(words, id+":"+strconv.Itoa(s.since))
		}
	}
	return strings.Join(words, " ")
}
