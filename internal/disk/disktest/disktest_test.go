package disktest

import (
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"
	"syscall"
	"testing"

	"ecs-activation/internal/disk"
)

// make creates a file, and syncs its content if sync is set.
func (d *Disk) make(t *testing.T, name, content string, sync bool) disk.File {
	t.Helper()
	f, err := d.Process(nil).Create(name)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Write([]byte(content)); err != nil {
		t.Fatal(err)
	}
	if sync {
		if err := f.Sync(); err != nil {
			t.Fatal(err)
		}
	}
	return f
}

func (d *Disk) syncRoot(t *testing.T) {
	t.Helper()
	if err := d.Process(nil).SyncFolder("/"); err != nil {
		t.Fatal(err)
	}
}

// holds checks the files on the disk: "name=content" for each file of a folder.
func (d *Disk) holds(t *testing.T, folder string, want ...string) {
	t.Helper()
	p := d.Process(nil)
	entries, err := p.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range entries {
		if e.IsDir() {
			got = append(got, e.Name()+"/")
			continue
		}
		content, err := p.Read(path.Join(folder, e.Name()), 1000)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, e.Name()+"="+string(content))
	}
	if !slices.Equal(got, want) {
		t.Errorf("%s holds %q, want %q", folder, got, want)
	}
}

func TestAPowerCutLosesUnsyncedData(t *testing.T) {
	for name, test := range map[string]struct {
		do   func(t *testing.T, d *Disk)
		want []string
	}{
		"a name":           {func(t *testing.T, d *Disk) { d.make(t, "/new", "1", true) }, []string{"old=x"}},
		"content":          {func(t *testing.T, d *Disk) { d.make(t, "/new", "1", false); d.syncRoot(t) }, []string{"new=", "old=x"}},
		"nothing":          {func(t *testing.T, d *Disk) { d.make(t, "/new", "1", true); d.syncRoot(t) }, []string{"new=1", "old=x"}},
		"unsynced content": {func(t *testing.T, d *Disk) { d.more(t, "/old", "y", true); d.more(t, "/old", "z", false) }, []string{"old=xy"}},
		"a removal":        {func(t *testing.T, d *Disk) { check(t, d.Process(nil).Remove("/old")) }, []string{"old=x"}},
		"a synced removal": {func(t *testing.T, d *Disk) { check(t, d.Process(nil).Remove("/old")); d.syncRoot(t) }, nil},
		"a rename":         {func(t *testing.T, d *Disk) { check(t, d.Process(nil).Rename("/old", "/new")) }, []string{"old=x"}},
		"a synced rename":  {func(t *testing.T, d *Disk) { check(t, d.Process(nil).RenameNew("/old", "/new")); d.syncRoot(t) }, []string{"new=x"}},
		"a link":           {func(t *testing.T, d *Disk) { check(t, d.Process(nil).Link("/old", "/new")) }, []string{"old=x"}},
		"a synced link":    {func(t *testing.T, d *Disk) { check(t, d.Process(nil).Link("/old", "/new")); d.syncRoot(t) }, []string{"new=x", "old=x"}},
		"no folder":        {func(t *testing.T, d *Disk) { check(t, d.Process(nil).MkdirAll("/a/b")) }, []string{"a/", "old=x"}},
		"a removed file":   {func(t *testing.T, d *Disk) { d.make(t, "/new", "1", true); check(t, d.Process(nil).Remove("/new")) }, []string{"old=x"}},
	} {
		t.Run(name, func(t *testing.T) {
			d := New()
			d.make(t, "/old", "x", true)
			d.syncRoot(t)
			test.do(t, d)
			before := d.Clone()
			d.PowerCut()
			d.holds(t, "/", test.want...)
			d.PowerCut()
			d.holds(t, "/", test.want...)
			before.PowerCut()
			before.holds(t, "/", test.want...)
		})
	}
}

// more appends to a file.
func (d *Disk) more(t *testing.T, name, content string, sync bool) {
	t.Helper()
	f, err := d.Process(nil).Append(name)
	if err == nil {
		_, err = f.Write([]byte(content))
	}
	if err == nil && sync {
		err = f.Sync()
	}
	check(t, err)
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestWithoutAPowerCutUnsyncedDataIsKept(t *testing.T) {
	d := New()
	d.make(t, "/new", "1", false)
	d.more(t, "/new", "2", false)
	d.holds(t, "/", "new=12")
}

func TestACloneIsIndependent(t *testing.T) {
	d := New()
	f := d.make(t, "/a", "1", true)
	check(t, d.Process(nil).Link("/a", "/b"))
	check(t, d.Process(nil).MkdirAll("/sub"))
	c := d.Clone()
	_, err := f.Write([]byte("2"))
	check(t, err)
	c.more(t, "/b", "3", false) // still one file with two names
	check(t, c.Process(nil).Remove("/a"))
	c.make(t, "/sub/x", "", false)
	d.holds(t, "/", "a=12", "b=12", "sub/")
	d.holds(t, "/sub")
	c.holds(t, "/", "b=13", "sub/")
	c.holds(t, "/sub", "x=")
}

func TestErrorsAreThoseOfARealFileSystem(t *testing.T) {
	d := New()
	p := d.Process(nil)
	d.make(t, "/file", "12345", true)
	d.make(t, "/other", "", true)
	check(t, p.MkdirAll("/folder"))
	_, tooLarge := p.Read("/file", 4)
	_, notRegular := p.Read("/folder", 4)
	_, missing := p.Read("/folder/none", 4)
	_, below := p.Read("/file/none", 4)
	_, exists := p.Create("/file")
	_, noFolder := p.Create("/none/file")
	_, noFile := p.Append("/none")
	_, noList := p.ReadDir("/none")
	_, noInfo := p.Lstat("/none")
	_, lockFolder := p.TryLock("/folder")
	for _, test := range []struct {
		name      string
		got, want error
	}{
		{"a large file", tooLarge, disk.ErrTooLarge},
		{"a folder read", notRegular, disk.ErrNotRegular},
		{"a missing file read", missing, fs.ErrNotExist},
		{"a file below a file", below, syscall.ENOTDIR},
		{"a file created twice", exists, fs.ErrExist},
		{"a file in a missing folder", noFolder, fs.ErrNotExist},
		{"a missing file appended to", noFile, fs.ErrNotExist},
		{"a missing folder listed", noList, fs.ErrNotExist},
		{"the info of a missing file", noInfo, fs.ErrNotExist},
		{"a folder locked", lockFolder, disk.ErrNotRegular},
		{"a link that would replace a file", p.Link("/file", "/other"), fs.ErrExist},
		{"a RenameNew that would replace a file", p.RenameNew("/file", "/other"), fs.ErrExist},
		{"a rename onto a folder", p.Rename("/file", "/folder"), syscall.EISDIR},
		{"a rename of a missing file", p.Rename("/none", "/x"), fs.ErrNotExist},
		{"a removal of a missing file", p.Remove("/none"), fs.ErrNotExist},
		{"a sync of a missing folder", p.SyncFolder("/none"), fs.ErrNotExist},
		{"a sync of a file", p.SyncFolder("/file"), syscall.ENOTDIR},
		{"a folder below a file", p.MkdirAll("/file/folder"), syscall.ENOTDIR},
		{"a mode of a missing file", p.Chmod("/none", 0o600), fs.ErrNotExist},
	} {
		if !errors.Is(test.got, test.want) {
			t.Errorf("%s: %v, want %v", test.name, test.got, test.want)
		}
	}
	check(t, p.Rename("/file", "/other"))
	d.holds(t, "/", "folder/", "other=12345")
}

func TestARenameToAnotherNameOfTheSameFileChangesNothing(t *testing.T) {
	d := New()
	d.make(t, "/a", "1", true)
	check(t, d.Process(nil).Link("/a", "/b"))
	check(t, d.Process(nil).Rename("/a", "/b"))
	d.holds(t, "/", "a=1", "b=1")
}

func TestOptionsCauseErrors(t *testing.T) {
	d := New()
	f := d.make(t, "/file", "1", true)
	p := d.Process(nil)
	d.NoLinks, d.NoRenameNew = true, true
	wantError := func(want, got error) {
		t.Helper()
		if !errors.Is(got, want) {
			t.Errorf("%v, want %v", got, want)
		}
	}
	wantError(syscall.EPERM, p.Link("/file", "/x"))
	wantError(errors.ErrUnsupported, p.RenameNew("/file", "/x"))
	d.NoLinks, d.NoRenameNew, d.Full = false, false, true
	_, err := p.Create("/x")
	wantError(syscall.ENOSPC, err)
	_, err = f.Write([]byte("2"))
	wantError(syscall.ENOSPC, err)
	_, err = p.TryLock("/x")
	wantError(syscall.ENOSPC, err)
	wantError(syscall.ENOSPC, p.MkdirAll("/x"))
	d.Full, d.ReadOnly = false, true
	_, err = p.Create("/x")
	wantError(syscall.EROFS, err)
	_, err = p.Append("/file")
	wantError(syscall.EROFS, err)
	wantError(syscall.EROFS, p.Remove("/file"))
	wantError(syscall.EROFS, p.Rename("/file", "/x"))
	wantError(syscall.EROFS, p.Chmod("/file", 0o644))
	_, err = p.TryLock("/file") // an existing lock file is not written to
	wantError(nil, err)
	d.Clone().holds(t, "/", "file=1")
}

func TestALockIsHeldUntilItIsClosedOrItsProcessIsKilled(t *testing.T) {
	d := New()
	for _, end := range []func(p *Process, close func() error) error{
		func(_ *Process, close func() error) error { return close() },
		func(p *Process, close func() error) error {
			p.Kill()
			if err := close(); !errors.Is(err, ErrKilled) {
				t.Errorf("a killed process released its lock: %v", err)
			}
			return nil
		},
		func(*Process, func() error) error { d.PowerCut(); return nil },
	} {
		p := d.Process(nil)
		held, err := p.TryLock("/lock")
		check(t, err)
		for _, other := range []*Process{p, d.Process(nil)} {
			if _, err := other.TryLock("/lock"); !errors.Is(err, disk.ErrLocked) {
				t.Errorf("a second holder: %v", err)
			}
		}
		check(t, end(p, held.Close))
		again, err := d.Process(nil).TryLock("/lock")
		check(t, err)
		if held.Close() == nil {
			t.Error("a lock was released twice")
		}
		if _, err := d.Process(nil).TryLock("/lock"); !errors.Is(err, disk.ErrLocked) {
			t.Errorf("closing an old lock released the new one: %v", err)
		}
		check(t, again.Close())
	}
}

func TestALockIsOnTheFileNotOnItsName(t *testing.T) {
	d := New()
	p := d.Process(nil)
	_, err := p.TryLock("/lock")
	check(t, err)
	check(t, p.Remove("/lock"))
	if _, err := d.Process(nil).TryLock("/lock"); err != nil {
		t.Errorf("a new file of the same name: %v", err)
	}
}

func TestStepIsCalledForEveryChange(t *testing.T) {
	d := New()
	var steps []string
	p := d.Process(func(when When, op, name string) error {
		steps = append(steps, []string{"before", "after"}[when]+" "+op+" "+name)
		return nil
	})
	check(t, p.MkdirAll("/d"))
	f, err := p.Create("/d/f")
	check(t, err)
	_, err = f.Write(nil)
	check(t, errors.Join(err, f.Sync(), f.Close(), p.Link("/d/f", "/d/g"), p.Rename("/d/f", "/d/h"), p.RenameNew("/d/h", "/d/i")))
	check(t, errors.Join(p.Chmod("/d/i", 0o640), p.Remove("/d/i"), p.SyncFolder("/d")))
	l, err := p.TryLock("/d/l")
	check(t, errors.Join(err, l.Close(), p.MkdirAll("/d")))
	_, err = p.Read("/d/g", 9)
	check(t, err)
	var want []string
	for step := range strings.SplitSeq("mkdir /d,create /d/f,write /d/f,sync /d/f,link /d/g,rename /d/h,rename /d/i,chmod /d/i,remove /d/i,syncfolder /d,lock /d/l", ",") {
		want = append(want, "before "+step, "after "+step)
	}
	if !slices.Equal(steps, want) {
		t.Errorf("steps\n%q, want\n%q", steps, want)
	}
	steps = nil
	if p.Remove("/none") == nil || !slices.Equal(steps, []string{"before remove /none"}) {
		t.Errorf("a failed operation has steps %q", steps)
	}
}

func TestAStepCanFailAnOperationAndKillTheProcess(t *testing.T) {
	failed := errors.New("failed")
	for name, test := range map[string]struct {
		when       When
		kill       bool
		step, want error
		holds      []string
	}{
		"an error before":  {Before, false, failed, failed, nil},
		"an error after":   {After, false, failed, failed, []string{"f="}},
		"a kill before":    {Before, true, nil, ErrKilled, nil},
		"a kill after":     {After, true, nil, ErrKilled, []string{"f="}},
		"a kill, an error": {Before, true, failed, failed, nil},
	} {
		t.Run(name, func(t *testing.T) {
			d := New()
			var p *Process
			p = d.Process(func(when When, _, _ string) error {
				if when != test.when {
					return nil
				}
				if test.kill {
					p.Kill()
				}
				return test.step
			})
			if f, err := p.Create("/f"); !errors.Is(err, test.want) || f != nil {
				t.Errorf("%v, want %v", err, test.want)
			}
			if _, err := p.Lstat("/f"); test.kill != errors.Is(err, ErrKilled) {
				t.Errorf("afterwards: %v", err)
			}
			d.holds(t, "/", test.holds...)
		})
	}
}

func TestAKilledProcessChangesNothing(t *testing.T) {
	for name, end := range map[string]func(*Process){
		"killed":    (*Process).Kill,
		"power cut": func(p *Process) { p.disk.PowerCut() },
	} {
		d := New()
		p := d.Process(nil)
		f, err := p.Create("/f")
		check(t, err)
		d.syncRoot(t)
		end(p)
		_, write := f.Write([]byte("x"))
		_, read := p.Read("/f", 9)
		for _, err := range []error{write, f.Sync(), f.Close(), read, p.Remove("/f"), p.Rename("/f", "/g"), p.SyncFolder("/"), p.MkdirAll("/d")} {
			if !errors.Is(err, ErrKilled) {
				t.Errorf("%s: %v", name, err)
			}
		}
		d.holds(t, "/", "f=")
	}
}

func TestALockIsReleasedIfItsStepFails(t *testing.T) {
	d := New()
	p := d.Process(func(when When, _, _ string) error {
		if when == After {
			return errors.New("failed")
		}
		return nil
	})
	if _, err := p.TryLock("/lock"); err == nil {
		t.Error("the error of the step was not returned")
	}
	if _, err := d.Process(nil).TryLock("/lock"); err != nil {
		t.Error(err)
	}
}

func TestModesAndSizes(t *testing.T) {
	d := New()
	p := d.Process(nil)
	d.make(t, "f", "123", false) // a relative path starts at the root as well
	check(t, p.MkdirAll("/d"))
	f, err := p.Lstat("/f")
	check(t, err)
	if f.Mode() != 0o600 || f.Size() != 3 || f.Name() != "f" || f.IsDir() {
		t.Errorf("%v", f)
	}
	check(t, p.Chmod("/f", 0o644))
	if f, _ := p.Lstat("/f"); f.Mode() != 0o644 {
		t.Errorf("%v", f.Mode())
	}
	if d, _ := p.Lstat("/d"); d.Mode() != fs.ModeDir|0o700 || !d.IsDir() {
		t.Errorf("%v", d.Mode())
	}
}
